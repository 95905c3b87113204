"""One step on many cases at once: each is a step of its own, and what the rules refuse is told case by case."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lianshang.cases import access
from lianshang.cases.models import Assignment, Case
from lianshang.cases.services import handling
from lianshang.cases.states import OPEN
from lianshang.directory.actors import Actor
from lianshang.directory.models import Person, Role, Unit
from lianshang.kernel.refusals import Hidden, Refused

MOST = 500  # cases of one step


@dataclass(frozen=True)
class Batch:
    """What became of it: the cases done, and those left as they were, each with the reason."""

    done: list[Case] = field(default_factory=list)
    left: list[tuple[Case, str]] = field(default_factory=list)


def urge_all(to: Sequence[tuple[Case, Unit | None]], *, actor: Actor, at: datetime, note: str = "") -> Batch:
    """Urge each case's unit (none: the lead, or the office where there is no lead). Raises `Refused` for none at all."""
    if not to:
        raise Refused("还没有勾选要催的诉求。请先勾选，再催办。")
    return _each(to, lambda case, unit: handling.urge(case, actor=actor, at=at, note=note, unit=unit))


def own_open(actor: Actor, unit: Unit, person: Person | None) -> list[Case]:
    """Return the open cases in which the unit has an open part that this person handles; all of the unit's for None.

    Whoever is no liaison of the unit gets `Hidden`. A complaint about the actor is not among them, not even counted.
    """
    if not actor.serves(Role.LIAISON, unit.pk):
        raise Hidden
    parts = Assignment.objects.filter(unit=unit, ended_at=None)
    parts = parts.filter(handled_by=person) if person else parts
    rows = access.cases_visible_to(actor).filter(state__in=OPEN, pk__in=parts.values("case"))
    return list(rows.order_by("pk")[:MOST])


def hand_over_all(
    unit: Unit, *, before: Person | None, to: Person, actor: Actor, at: datetime, note: str = ""
) -> Batch:
    """交接: all open cases of the unit that `before` handles (None: whoever does) go to another of its people.

    The unit's clocks go on. Raises `Refused` where there is nothing to hand over, `Hidden` for strangers.
    """
    if before == to:
        raise Refused("交接双方是同一个人。请另选接手的人。")
    cases = own_open(actor, unit, before)
    if not cases:
        raise Refused("没有可以交接的在办诉求。")
    return _each(
        [(case, unit) for case in cases],
        lambda case, unit: handling.hand_over(case, actor=actor, at=at, to=to, note=note, unit=unit),
    )


def _each(to: Iterable[tuple[Case, Unit | None]], step: Callable[[Case, Unit | None], Case]) -> Batch:
    """Lock in the order of the cases, so that two batches never wait for each other."""
    batch = Batch()
    for case, unit in sorted(to, key=lambda one: one[0].pk)[:MOST]:
        try:
            batch.done.append(step(case, unit))
        except Refused as reason:
            batch.left.append((case, str(reason)))
    return batch
