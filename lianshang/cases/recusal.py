"""回避: nobody from inside the respondents of a complaint or report learns of it, whichever of their posts it comes by.

A declared or alleged conflict blocks what staff do in the case until it is decided (信访工作条例 art 28).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from lianshang.cases.models import Case, CaseEvent, Draft, Recusal
from lianshang.directory.models import Post, PostQuerySet
from lianshang.kernel.flow import Transition

ASKED = ("declare_interest", "ask_recusal")
DECISIONS = ("grant_recusal", "deny_recusal")
WAITS = "这件有回避在等决定，决定前先不办。请综合党委负责人决定；负责人也要回避的，请上级决定。"
NOTHING_WAITS = "现在没有等决定的回避。"


def outside(posts: PostQuerySet, case: Case | Draft, *, on: date) -> PostQuerySet:
    """Leave out those who are named in the case or draft, or hold any post that day in the line of a respondent unit."""
    if not case.sealed:
        return posts
    inside = Post.objects.in_force(on).filter(unit__in=case.accused_unit_ids)
    return posts.exclude(person__in=inside.values("person")).exclude(person__in=case.accused_person_ids)


def waiting(case: Case) -> Recusal | None:
    """Return what waits to be decided in a sealed case."""
    rows = Recusal.objects.filter(case=case, decided=None).select_related("asked", "person")
    return rows.first() if case.sealed else None


def waits(events: Iterable[CaseEvent]) -> bool:
    """Whether something waits to be decided, told from the events of a case in their order."""
    asked = False
    for event in events:
        asked = event.verb in ASKED or (asked and event.verb not in DECISIONS)
    return asked


def bars(case: Case, move: Transition, actor: Any) -> str:
    """Return why a step of the staff has to wait; the reporter and the system are not kept waiting."""
    if not case.sealed or actor.kind != "staff" or case._state.adding:
        return ""
    waits = Recusal.objects.filter(case=case, decided=None).exists()
    if move.name in DECISIONS:
        return "" if waits else NOTHING_WAITS
    return WAITS if waits else ""
