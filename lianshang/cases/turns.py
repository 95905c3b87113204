"""Whose turn it is in a case: the clock that matters now, in one sentence, and the verb that answers it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lianshang.cases import deciders
from lianshang.cases.books import QUIET
from lianshang.cases.briefs import BriefCase, BriefClock
from lianshang.cases.flow import FLOW
from lianshang.cases.holding import WITH_OFFICE
from lianshang.cases.lights import NONE, Light, first_of, light_of
from lianshang.cases.models import Case, CaseClock
from lianshang.cases.states import State
from lianshang.kernel.flow import Transition

PHRASES = {
    "accept": "派单",
    "sign": "签收",
    "contact": "联系企业",
    "report_in": "报到",
    "handle": "办理并答复企业",
    "co_reply": "把协办结果答复主办单位",
    "feedback": "向企业反馈",
    "stage_feedback": "向企业作阶段反馈",
    "plan": "报送办理计划",
    "progress": "报送月度进展",
    "ruling": "作出裁定",
    "review": "审核答复",
    "callback": "回访企业",
    "rework": "重办并答复企业",
    "promise": "按承诺办成",
    "defer_review": "复核挂账",
    "supervision": "书面回复督办",
}

WAITING: Mapping[str, str] = {
    State.DRAFT: "草稿，还没有登记。",
    State.REGISTERED: "请综合党委办公室研判、派单。",
    State.SCREENED: "请综合党委办公室派单。",
    State.RETURN_REQUESTED: "请{decider}对退单作出裁定。",
    State.CONSULTING: "正在会商，请{decider}写明会商结果。",
    State.EXTENSION_REQUESTED: "请{decider}对延期作出裁定。",
    State.ANSWERED: "请综合党委办公室审核答复。",
    State.CALLBACK: "请回访员回访企业。",
    State.REOPENED: "请原主办单位接着办，或由综合党委办公室变更主办。",
}

VERBS = {
    "accept": "dispatch",
    "sign": "sign",
    "contact": "contact",
    "report_in": "report_in",
    "handle": "answer",
    "rework": "answer",
    "promise": "answer",
    "co_reply": "co_answer",
    "feedback": "progress",
    "stage_feedback": "progress",
    "plan": "plan",
    "progress": "progress",
    "review": "approve",
    "callback": "call_back",
    "defer_review": "review_deferred",
    "supervision": "respond_supervision",
}

OFFICE_VERBS: Mapping[str, str] = {
    State.REGISTERED: "dispatch",
    State.SCREENED: "dispatch",
    State.REOPENED: "change_lead",
    State.RETURN_REQUESTED: "grant_return",
    State.EXTENSION_REQUESTED: "grant_extension",
    State.CONSULTING: "conclude",
    State.ANSWERED: "approve",
    State.CALLBACK: "call_back",
}

# Which buttons stand in front; the others fold away. What a state is about comes before what may be done at any time.
FOREMOST = (
    "register",
    "dispatch",
    "sign",
    "co_sign",
    "report_in",
    "contact",
    "respond_supervision",
    "co_answer",
    "answer",
    "grant_return",
    "deny_return",
    "grant_extension",
    "deny_extension",
    "approve",
    "send_back",
    "call_back",
    "call_back_unsolved",
    "miss_call",
    "conclude",
    "review_deferred",
    "resume_deferred",
    "resume",
    "grant_recusal",
    "deny_recusal",
    "open_identity",
    "refuse_identity",
    "see_identity",
)
OVERSIGHT = ("urge", "supervise")  # in front where there is nothing else to do but to see to it


def verb_for(case: Case | BriefCase, clock: CaseClock | BriefClock | None) -> str:
    """Return the verb that answers the clock in this state; empty where the state allows none."""
    verb = OFFICE_VERBS.get(case.state, "") if clock is None else VERBS.get(clock.duty, "")
    if clock is not None and clock.duty == "ruling":
        verb = OFFICE_VERBS.get(case.state, "")
    if verb == "sign" and clock is not None and clock.unit_id != case.lead_unit_id:
        verb = "co_sign"
    return verb if verb and case.state in FLOW.transitions[verb].moves else ""


@dataclass(frozen=True)
class Turn:
    """What is to be done next, by whom, until when; and beside it what others are late with."""

    who: str
    what: str
    light: Light = NONE
    verb: str = ""
    also: tuple[str, ...] = ()


def turn_of(case: Case, clocks: Iterable[CaseClock], office: str, now: datetime, mine: frozenset[int]) -> Turn:
    """Return the next step: the reader's own if one waits, else the lead's or the office's, else a co-unit's.

    `clocks` with their unit at hand; `office` is the name of the committee's office; `mine` the reader's units.
    """
    if not case.is_open:
        return Turn("", _ended(case))
    held = [clock for clock in clocks if clock.stopped_at is None]
    clock = (
        first_of([c for c in held if _falls_to(c, case) in mine]) or first_of(_without_co_units(held)) or first_of(held)
    )
    if clock is None:
        waiting = WAITING.get(case.state, f"现在是“{case.get_state_display()}”，没有时钟在走。")
        return Turn("", waiting.format(decider=deciders.words(case)))
    asked = clock.duty == "ruling" and deciders.waits_for(case)
    who = deciders.words(case) if asked else str(clock.unit or owing(case, office))
    also = tuple(_late_beside(clock, held, case, now))
    verb = verb_for(case, clock) if _falls_to(clock, case) in mine else ""
    return Turn(who, PHRASES[clock.duty], light_of(clock, case, now), verb, also)


def _falls_to(clock: CaseClock, case: Case) -> int | None:
    return clock.unit_id or (None if case.state in WITH_OFFICE else case.lead_unit_id)


def _without_co_units(clocks: list[CaseClock]) -> list[CaseClock]:
    helping = {clock.unit_id for clock in clocks if clock.duty == "co_reply"}
    return [clock for clock in clocks if clock.unit_id is None or clock.unit_id not in helping]


def _late_beside(chosen: CaseClock, clocks: list[CaseClock], case: Case, now: datetime) -> Iterator[str]:
    """Tell what other units are late with, each its own."""
    for clock in clocks:
        if clock.unit and clock.unit_id != _falls_to(chosen, case) and clock.duty not in QUIET and clock.is_late(now):
            yield f"{clock.unit}{clock.label}{light_of(clock, case, now).remaining}"


def owing(case: Case, office: str) -> str:
    """Who owes what all owe: whoever is at the case."""
    return office if case.lead_unit_id is None or case.state in WITH_OFFICE else str(case.lead_unit)


def _ended(case: Case) -> str:
    if case.state == State.MERGED and case.merged_into_id:
        return f"已并入 {case.merged_into}，结果会一并告知企业。"
    return f"已结束：{case.get_close_type_display()}。"


def arranged(
    offered: Sequence[Transition], first: str, clocks: Iterable[CaseClock]
) -> tuple[list[Transition], list[Transition]]:
    """Return the buttons in front, the one that answers the clock first, and those that fold away.

    What the clocks say is idle now has no button: nothing is resumed that does not stand still. What was done once and
    may be done again folds away.
    """
    running = [clock for clock in clocks if clock.stopped_at is None]
    duties = {clock.duty for clock in running}
    is_paused = any(clock.paused_at for clock in running)
    idle = {"pause"} if is_paused else {"resume"}
    idle |= set() if "co_reply" in duties else {"release"}
    again = {verb for verb in ("contact", "report_in") if verb not in duties}
    by_name = {move.name: move for move in offered if move.name not in idle}
    order = dict.fromkeys((first, *FOREMOST))
    front = [by_name[name] for name in order if name in by_name and name not in again]
    front = front or [by_name[name] for name in OVERSIGHT if name in by_name]
    front += [by_name[name] for name in ("progress",) if name in by_name and by_name[name] not in front]
    front = front[:4]
    return front, [move for move in by_name.values() if move not in front]
