"""What a calendar would move, before it is published: counted in memory, nothing is stored.

Each open case's clocks are recounted as `recalendar` would, by the editions that would then be in force. At most `MOST`
cases are looked at, those due first, so that the page answers at any size; where there are more, it says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Exists, F, OuterRef

from lianshang.cases import access, books
from lianshang.cases.flow import FLOW
from lianshang.cases.models import Case, CaseClock, CaseClockChange, CaseEvent, CaseQuerySet
from lianshang.cases.states import OPEN, State
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.kernel.book import Book
from lianshang.kernel.editions import Edition

MOST = 1_500  # cases
TOGETHER = 300  # cases read at once
SHOWN = 20  # clocks

Known = Mapping[int | None, Edition]  # unit -> edition; None: everybody else's


@dataclass(frozen=True)
class Moved:
    """One clock of the open ledger that would be due at another time."""

    case: Case
    clock: CaseClock
    old_due_at: datetime
    new_due_at: datetime


@dataclass
class Preview:
    """`shown`: the first of the open ledger, by their new time. `sealed` counts for who answers for sealed cases alone.

    `whole`: every open case was looked at; else the counts are of those due first, and there may be more.
    """

    count: int = 0
    sealed: int = 0
    whole: bool = True
    shown: list[Moved] = field(default_factory=list)


def preview(actor: Actor, known: Known, *, at: datetime) -> Preview:
    """Say what would move in the actor's park. Sealed cases are not even counted but for the officer who may open them."""
    found, moved = Preview(), []
    keys = _waiting(actor, known)
    found.whole = len(keys) <= MOST
    for start in range(0, min(len(keys), MOST), TOGETHER):
        for one in _moved(keys[start : min(start + TOGETHER, MOST)], known, at):
            if one.case.sealed:
                found.sealed += 1
            else:
                moved.append(one)
    moved.sort(key=lambda one: (one.new_due_at, one.clock.pk))
    found.count, found.shown = len(moved), moved[:SHOWN]
    return found


def _waiting(actor: Actor, known: Known) -> list[int]:
    """Return cases with a clock to count anew, the first due first: one more than is looked at."""
    newest = {unit_id: edition.pk for unit_id, edition in known.items()}
    running = CaseClock.objects.running().outdated(newest).filter(subject=OuterRef("pk"))
    order = F("next_due_at").asc(nulls_last=True), "pk"
    found: list[int] = []
    for rows in _seen(actor):
        open_ones = rows.filter(Exists(running), state__in=(*OPEN, State.MERGED)).order_by(*order)
        found += open_ones.values_list("pk", flat=True)[: MOST + 1]
    return found


def _seen(actor: Actor) -> Iterator[CaseQuerySet]:
    """The park's open ledger, whose deadlines its setters answer for; then sealed cases as their officer has them."""
    yield Case.objects.filter(sealed=False)
    if actor.has(Role.COMPLAINTS_OFFICER):
        yield access.cases_visible_to(actor).filter(sealed=True)


def _moved(keys: list[int], known: Known, at: datetime) -> Iterator[Moved]:
    clocks: dict[int, list[CaseClock]] = {key: [] for key in keys}
    changes: dict[int, list[CaseClockChange]] = {key: [] for key in keys}
    rows = CaseClock.objects.filter(subject__in=keys).select_related("started_by", "unit").defer("started_by__note")
    for clock in rows.order_by("started_at", "pk"):
        clocks[clock.subject_id].append(clock)
    past = CaseClockChange.objects.filter(clock__subject__in=keys).annotate(case_id=F("clock__subject"))
    for change in past:
        changes[change.case_id].append(change)
    for case in Case.objects.filter(pk__in=keys).defer("text", "search_text"):
        yield from _of(case, clocks[case.pk], changes[case.pk], known, at)


def _of(
    case: Case, clocks: list[CaseClock], changes: list[CaseClockChange], known: Known, at: datetime
) -> Iterator[Moved]:
    """Tell a book that is never saved that the calendar is another."""
    rules = replace(books.rules(case), edition=lambda unit_id, _: known.get(unit_id, known[None]))
    book = Book(case, rules, clocks, lambda: changes, CaseClock, CaseClockChange)
    event = CaseEvent(park_id=case.park_id, subject=case, at=at, kind=case.kind, urgency=case.urgency)
    book.apply(event, FLOW.transitions["recalendar"].effects)
    for change in book.made:
        if change.new_due_at != change.old_due_at:
            yield Moved(case, change.clock, change.old_due_at, change.new_due_at)
