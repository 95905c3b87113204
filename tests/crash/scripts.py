"""How each use case is brought about: what stands ready before, and the one deed that is broken off at every step.

Steps of cases are found by trying: in which state, by whom. What needs more is written down in `core` and `others`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from lianshang.cases import services
from lianshang.cases.models import Case
from lianshang.cases.states import State
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town
from lianshang.cases.tests.walker import ACTORS, CALLS, Walker, plain
from lianshang.kernel.refusals import Hidden, Refused

AT = MONDAY + 2 * DAY
PEOPLE = (*ACTORS, "complaints", "administrator", "system")


def nothing(*_: Any) -> Any:
    """Nothing stands ready, or nothing more is looked at."""
    return ()


@dataclass(frozen=True)
class Script:
    """`act` does the deed in the town on what `prepare` made, and returns a receipt: what tells this deed from another.

    `keyed`: pressed by a person, in a form with a key. What is done by the worker has none and must bear repeating.
    `also` says what else went wrong in the end.
    """

    name: str
    prepare: Callable[[Town], Any]
    act: Callable[[Town, Any], object]
    keyed: bool = True
    also: Callable[[Town, Any], list[str]] = nothing


def receipt(done: Any) -> str:
    """What the page that follows would name."""
    return f"{type(done).__name__}-{getattr(done, 'pk', done)}-{getattr(done, 'version', '')}"


def of_case(verb: str) -> Script:
    """The script of a step that is called like its service."""
    return Script(
        f"cases.services.{verb}", lambda town: _ready(town, verb), lambda town, found: _step(town, verb, *found)
    )


def _step(town: Town, verb: str, case: Case, name: str) -> str:
    walker = Walker(town, 1)
    walker.at = AT
    CALLS.get(verb, plain)(walker, verb, case, town.actor(name, case))
    return f"{verb}-{case.pk}"


def _ready(town: Town, verb: str) -> tuple[Case, str]:
    """Return a case and the name of somebody who may take the step. Whatever was tried before is undone."""
    for make in _makings(town):
        for name in PEOPLE:
            if _goes(town, verb, make, name):
                return make(), name
    raise LookupError(f"nobody can {verb}: write a script for it in tests/crash/others.py")


def _goes(town: Town, verb: str, make: Callable[[], Case], name: str) -> bool:
    with transaction.atomic():
        try:
            _step(town, verb, make(), name)
        except (Refused, Hidden, LookupError, TypeError):
            return False
        finally:
            transaction.set_rollback(True)
    return True


def _makings(town: Town) -> Iterator[Callable[[], Case]]:
    """Ways to cases of every kind: in each state, with a co-unit, under an order of supervision."""
    for state in State:
        yield lambda state=state: town.in_state(state)
    yield lambda: town.dispatched(co=True)
    yield lambda: town.signed(co=True)
    yield lambda: services.co_sign(town.signed(co=True), actor=town.co_liaison, at=MONDAY + 2 * HOUR)
    yield lambda: services.supervise(town.signed(), actor=town.head, at=MONDAY + 2 * HOUR, grade="oral", note="请抓紧")
    yield lambda: missed(town, 3)


def missed(town: Town, times: int) -> Case:
    """A case whose enterprise could not be reached so often."""
    case = town.in_state(State.CALLBACK)
    for number in range(times):
        case = services.miss_call(case, actor=town.callback, at=MONDAY + (2 + number) * DAY)
    return case
