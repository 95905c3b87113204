"""Joined cases (并案): what was joined is told the main one's result, or goes its own way again. Neither knows the other."""

from datetime import datetime
from operator import attrgetter

from django.db import transaction

from lianshang.cases.flow import FLOW
from lianshang.cases.models import Case
from lianshang.cases.states import CloseType, State, Way
from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.kernel.refusals import Refused

TOLD = (State.ANSWERED, State.CALLBACK)
RESULT = "您反映的事项已与同类诉求一并办理，结果：{}。如没有解决，请联系综合党委办公室，可以单独办理。"


@transaction.atomic
def merge(case: Case, *, actor: Actor, at: datetime, into: Case) -> Case:
    """Join to the main case. Its own feedback stays owed until the main case is answered and that is relayed."""
    if into.pk == case.pk or into.park_id != case.park_id or into.sealed != case.sealed:
        raise Refused("只能并入另一件在办的同类诉求；保密件与公开件不能并案。")
    rows = {one.pk: FLOW.lock(one) for one in sorted((case, into), key=lambda one: one.pk)}
    row, main = rows[case.pk], rows[into.pk]
    FLOW.check(row, "merge", actor)
    if not main.is_open:
        raise Refused(f"{main.number} 已经{main.get_state_display()}，不能再并入。请单独派单。")
    if main.state in TOLD:
        raise Refused(f"{main.number} 已经答复，来不及一并办理。请单独派单；结果相同的，答复时照样告知。")
    changes = {"close_type": CloseType.MERGED, "closed_at": at, "merged_into": main}
    return FLOW.move(
        row, "merge", actor=actor, at=at, note=f"并入 {main.number}", close_type=CloseType.MERGED, changes=changes
    )


@transaction.atomic
def separate(case: Case, *, actor: Actor, at: datetime, reason: str = "") -> Case:
    """Take a joined case out again: it waits for dispatch, with the feedback it is owed."""
    changes = {"close_type": "", "closed_at": None, "merged_into": None}
    return FLOW.fire(case, "separate", actor=actor, at=at, note=reason, changes=changes)


def relay(main: Case, *, at: datetime, close_type: str, words: str = "") -> None:
    """Tell those joined to the main case, and those joined to them, what came of it: never in the main one's own words."""
    note = words.strip() or RESULT.format(CloseType(close_type).label)
    for joined in _joined(main):
        row = FLOW.fire(joined, "relay", actor=actors.system(main.park), at=at, note=note, way=Way.PAGE)
        relay(row, at=at, close_type=close_type, words=note)


def set_free(main: Case, *, at: datetime) -> None:
    """Where the main case ends without an answer, each joined one goes its own way again."""
    for joined in _joined(main):
        separate(joined, actor=actors.system(main.park), at=at, reason="并入的诉求没有办理结果。")


def _joined(main: Case) -> list[Case]:
    """Return them in the order of their keys. Sorted here: asked for the order, SQLite walks through all cases for it."""
    rows = main.joined.filter(state=State.MERGED).order_by().only("park")  # each is read again under its lock
    return sorted(rows, key=attrgetter("pk"))
