"""The line of steps on a receipt: what was promised until when, and what became of it. Read from the case's own clocks."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from lianshang.cases import books, identities
from lianshang.cases.models import Case, CaseClock, CaseEvent
from lianshang.cases.states import ENDED, CloseType, State

Step = dict[str, object]
OUTCOME = CaseClock.Outcome
OFFICE = "综合党委办公室"
# The lead's duties in the order of a receipt: duty, its word, what fulfils it where the mechanism sets no limit.
LEAD = (
    ("sign", "签收", ("sign",)),
    ("contact", "联系您", ("contact",)),
    ("report_in", "报到", ("report_in",)),
    ("plan", "定办理计划", ("plan",)),
)
CUT_SHORT = {
    State.NOT_ACCEPTED: "不予受理",
    State.REDIRECTED: "移交有权处理的机关",
    State.WITHDRAWN: "您已撤回",
    State.CLOSED: "办结",
}
AGAIN = ("reject", "send_back", "call_back_unsolved", "escalate", "reopen")
WAITING_FOR_YOU = (State.ANSWERED, State.CALLBACK)


class Line:
    """The promises of one case at one moment."""

    def __init__(self, case: Case, events: Sequence[CaseEvent], at: datetime) -> None:
        self.case, self.events, self.at = case, events, at
        self.clocks = list(case.clocks.select_related("unit", "stopped_by"))
        self.profile = books.profile_of(case.profile_version_id)
        self.sent = self.event("dispatch")

    # -- looking things up

    def event(self, *verbs: str) -> CaseEvent | None:
        """Return the newest event of these verbs."""
        return next((event for event in reversed(self.events) if event.verb in verbs), None)

    def clock(self, duty: str) -> CaseClock | None:
        """Return the newest clock of a duty; of those that units hold, the lead's."""
        common = (*books.OFFICE_DUTIES, *books.COMMON_DUTIES)
        held = (c for c in self.clocks if c.duty == duty and (duty in common or c.unit_id == self.case.lead_unit_id))
        return max(held, key=lambda clock: (clock.started_at, clock.round), default=None)

    # -- single steps

    def step(self, label: str, duty: str = "", verbs: tuple[str, ...] = (), *, stays: bool = False) -> Step | None:
        """Return the step of a duty, or None where nothing was promised and nothing happened.

        `stays` keeps it on the line anyhow, as something still to come.
        """
        clock, done = self.clock(duty), self.event(*verbs)
        if clock and clock.outcome == OUTCOME.DONE:
            return _step(label, "done", promised_at=clock.due_at, happened_at=clock.stopped_at)
        if clock and clock.stopped_at is None:
            return self._running(label, clock)
        if done and (self.sent is None or done.ordinal > self.sent.ordinal):
            return _step(label, "done", happened_at=done.at)
        ahead = self._ahead(duty)
        if self.case.state in ENDED or not (stays or ahead):
            return None
        return _step(label, "coming", note=ahead)

    def _running(self, label: str, clock: CaseClock) -> Step:
        note = "按规定暂停计时，恢复后顺延" if clock.paused_at else ""
        if clock.due_at != clock.first_due_at and not note:
            note = f"原定 {timezone.localtime(clock.first_due_at):%-m月%-d日 %H:%M}，已调整"
        state = "late" if clock.is_late(self.at) else "coming"
        return _step(label, state, promised_at=clock.due_at, provisional=clock.provisional, note=note)

    def _ahead(self, duty: str) -> str:
        """Say what the mechanism will promise, before there is a clock: 派单后 5 个工作日内."""
        if not duty or self.sent:
            return ""
        limit = self.profile.limit(duty, self.case.kind, self.case.urgency)
        return f"派单后 {limit}" if limit and limit.form == "period" else ""

    # -- the line

    def steps(self) -> list[Step]:
        """Return the steps in their order; the first that is not done is the current one."""
        if self.case.state == State.MERGED:
            found = self._merged()
        else:
            found = [self._received(), self._dispatched(), *self._lead(), *self._reply(), *self._decision()]
        line = [step | {"by_day": True} if self.case.sealed else step for step in found if step]
        coming = [step for step in line if step["state"] == "coming"]
        if coming and not any(step["state"] == "late" for step in line):
            coming[0]["state"] = "current"
        return line

    def _received(self) -> Step:
        """Of a complaint or report no more than the day is kept."""
        if self.case.sealed:
            return _step(f"收到您的诉求 {timezone.localtime(self.case.registered_at):%-m月%-d日}", "done")
        return _step("收到您的诉求", "done", happened_at=self.case.registered_at)

    def _dispatched(self) -> Step | None:
        unit, clock = self._lead_name(), self.clock("accept")
        if self.sent:
            label = f"派给{unit}" if unit else "派单"
            return _step(label, "done", promised_at=clock.due_at if clock else None, happened_at=self.sent.at)
        return None if self.case.state in ENDED else self.step(f"{OFFICE}派单", "accept", stays=True)

    def _lead(self) -> list[Step | None]:
        reachable = self.case.enterprise_id or identities.reachable(self.case)
        return [self.step(label, duty, verbs) for duty, label, verbs in LEAD if duty != "contact" or reachable]

    def _reply(self) -> list[Step | None]:
        """Stage feedback, a promise, the answer, and the answer after rework: where two are one event, the later one."""
        answer = self.event("answer", "record_closed")
        feedback = self.clock("stage_feedback") or self.clock("feedback")
        again = bool(feedback and feedback.duty == "stage_feedback")
        spoken = None
        if feedback and not (answer and feedback.stopped_by_id == answer.pk):
            spoken = self.step("再次反馈进展" if again else "反馈进展或结果", feedback.duty)
        return [
            self.step("承诺办成", "promise"),
            *sorted_by_time(spoken, self.step("答复办理结果", "handle", ("answer",), stays=True)),
            self._rework(),
        ]

    def _rework(self) -> Step | None:
        again, answer = self.event(*AGAIN), self.event("answer")
        if again is None:
            return None
        if self.clock("rework") is None and answer and answer.ordinal > again.ordinal:
            return _step("重办后答复", "done", happened_at=answer.at)
        return self.step("重办后答复", "rework", stays=True)

    def _decision(self) -> list[Step | None]:
        """What the enterprise decides, and the end."""
        state = self.case.state
        if state in ENDED:
            undone = self.case.close_type == CloseType.UNDONE
            note = CloseType(self.case.close_type).label if state == State.CLOSED and not undone else ""
            ended = CloseType.UNDONE.label if undone else CUT_SHORT[State(state)]
            return [_step(ended, "done", happened_at=self.case.closed_at, note=note)]
        callback = self.clock("callback")
        running = callback is not None and callback.stopped_at is None
        return [
            _step("您确认是否解决", "coming"),
            _step("回访您", "coming", promised_at=callback.due_at, provisional=callback.provisional)
            if running
            else None,
        ]

    def _merged(self) -> list[Step | None]:
        told = self.event("relay")
        return [
            self._received(),
            _step("与同类诉求合并办理", "done", happened_at=self.case.closed_at),
            self.step("告知合并办理的结果", "feedback", ("relay",))
            if not told
            else _step("已告知结果", "done", happened_at=told.at),
        ]

    # -- one sentence

    def now(self) -> str:
        """Say in one sentence who does what until when."""
        state = self.case.state
        if state in WAITING_FOR_YOU:
            return "已答复。请您看看是否解决。"
        if state in ENDED:
            return f"{self.case.get_state_display()}。"
        unit = self._lead_name() or "承办单位"
        who, until, what, duty = {
            State.REGISTERED: (OFFICE, "", "派单", "accept"),
            State.SCREENED: (OFFICE, "", "派单", "accept"),
            State.RETURN_REQUESTED: (OFFICE, "", "重新确定由谁办理", "ruling"),
            State.DISPATCHED: (unit, "", "签收", "sign"),
            State.REWORK: (unit, "正在重办，", "答复", "rework"),
            State.REOPENED: (unit, "重新办理，", "答复", "rework"),
            State.CONSULTING: ("综合党委", "正在会商，", "反馈", "stage_feedback"),
            State.DEFERRED: ("暂时办不成，", "承诺", "办成", "promise"),
        }.get(State(state), (unit, "正在办理，", "答复", "handle"))
        clock = self.clock(duty)
        if clock is None or clock.stopped_at:
            return f"{who}{until}尽快{what}。"
        moment = f"{timezone.localtime(clock.due_at):%-m月%-d日 %H:%M}"
        if clock.is_late(self.at):
            return f"{who}没有按约定在{moment} 前{what}。您可以催办。"
        return f"{who}{until}{'暂按 ' if clock.provisional else ''}{moment} 前{what}。"

    def _lead_name(self) -> str:
        return "" if self.case.sealed or not self.case.lead_unit_id else self.case.lead_unit.name


def sorted_by_time(*steps: Step | None) -> list[Step]:
    """Put steps in the order in which they happened or are promised; what has no time yet comes last."""
    held = [step for step in steps if step]
    timed = [step for step in held if step["happened_at"] or step["promised_at"]]
    timed.sort(key=lambda step: step["happened_at"] or step["promised_at"])  # type: ignore[arg-type,return-value]
    return timed + [step for step in held if step not in timed]


def _step(
    label: str,
    state: str,
    *,
    promised_at: datetime | None = None,
    happened_at: datetime | None = None,
    provisional: bool = False,
    note: str = "",
) -> Step:
    return {
        "label": label,
        "state": state,
        "promised_at": promised_at,
        "happened_at": happened_at,
        "provisional": provisional,
        "note": note,
    }
