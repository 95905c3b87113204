"""A theme in words: each event as a sentence, and whose turn it is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lianshang.cases.lights import NONE, Light, light_of
from lianshang.cases.models import Case, Theme, ThemeCase, ThemeClock, ThemeEvent, ThemeState
from lianshang.cases.moments import words
from lianshang.cases.theme_flow import THEME_FLOW
from lianshang.directory.actors import Actor
from lianshang.kernel.flow import Transition

OFFICE = "综合党委办公室"
SENTENCES = {
    "open_theme": "{who}立为专题，由{unit}主治{due}{cases}",
    "attach": "{who}列入诉求{cases}",
    "detach": "{who}移出诉求{cases}",
    "report": "{who}报进展",
    "ask_close": "{who}申请结题",
    "send_back": "{who}退回再办{due}",
    "postpone": "{who}改期限{due}",
    "close": "{who}结题：{outcome}",
    "reopen": "{who}重新立题，由{unit}主治{due}{cases}",
}
FOREMOST = ("ask_close", "report", "close", "send_back", "reopen")  # buttons in front; the others fold away


@dataclass(frozen=True)
class Turn:
    """What is to be done next, by whom, until when; `verb` where it is the reader's own to do."""

    who: str
    what: str
    light: Light = NONE
    verb: str = ""


def light(theme: Any, clock: Any, now: datetime) -> Light:
    """Return the light of a theme's clock: it has all that a case's light is told from."""
    return light_of(clock, theme, now) if clock else NONE


def turn_of(theme: Theme, clock: ThemeClock | None, actor: Actor, now: datetime) -> Turn:
    """Return the next step. `clock` is the one that runs; `theme` with its owner at hand."""
    if theme.state == ThemeState.CLOSED:
        return Turn("", "已结题。又出现的，可以重新立题。")
    lit = light(theme, clock, now)
    if theme.state == ThemeState.CLOSING:
        return Turn(OFFICE, "审看主治单位的结果，结题或退回再办", lit, _own("close", theme, actor))
    return Turn(str(theme.owner_unit), "办成后申请结题", lit, _own("ask_close", theme, actor))


def _own(verb: str, theme: Theme, actor: Actor) -> str:
    return verb if THEME_FLOW.transitions[verb].allows(actor, theme) else ""


def arranged(offered: Sequence[Transition], first: str) -> tuple[list[Transition], list[Transition]]:
    """Return the buttons in front, the one that answers the sentence first, and those that fold away.

    Cases are taken out beside each case, and new ones listed where they are offered.
    """
    by_name = {move.name: move for move in offered if move.name not in ("detach", "attach")}
    front = [by_name[name] for name in dict.fromkeys((first, *FOREMOST)) if name in by_name][:3]
    return front, [move for move in by_name.values() if move not in front]


def timeline(theme: Theme, visible: Mapping[int, Case]) -> list[dict[str, Any]]:
    """Return the events, the newest first. Cases are named as far as the reader may open them (`visible`, by key)."""
    events = theme.events.select_related("actor", "actor_unit", "unit").order_by("-ordinal")
    moved: dict[int, list[str]] = defaultdict(list)
    for row in ThemeCase.objects.filter(theme=theme, case__in=list(visible)).order_by("case"):
        for event in (row.added_by_id, row.removed_by_id):
            if event:
                moved[event].append(visible[row.case_id].number)
    return [_entry(event, moved[event.pk], theme.task) for event in events]


def _entry(event: ThemeEvent, numbers: Iterable[str], task: str) -> dict[str, Any]:
    """The task stands above the timeline and is not told twice."""
    return {
        "sentence": sentence(event, numbers),
        "at": event.at,
        "who": " ".join(str(one) for one in (event.actor_unit, event.actor) if one) or event.get_by_display(),
        "quote": "" if event.note == task else event.note,
    }


def sentence(event: ThemeEvent, numbers: Iterable[str] = ()) -> str:
    """Return one sentence. Needs `event.actor_unit` and `unit` at hand."""
    told = "、".join(numbers)
    listed = f"：{told}" if event.verb in ("attach", "detach") else f"，列入 {told}"
    said = SENTENCES[event.verb].format(
        who=event.actor_unit or event.actor or event.get_by_display(),
        unit=event.unit,
        due=f"，到{words(event.due_at, event.at)}" if event.due_at else "",
        outcome=event.get_outcome_display(),
        cases=listed if told else "",
    )
    return f"{said}。"
