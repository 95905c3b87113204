"""The proof of 100 % feedback: intake = fed back in time + lawfully open + named breaches, for any period.

Over the open ledger, by the reader's own rows. Mistaken entries are no intake; they are listed beside. Each term is a
queryset, so it opens to its rows, and each case stands in exactly one of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Case as Choice
from django.db.models import Count, Exists, OuterRef, Q, When

from lianshang.cases.books import COMMON_DUTIES
from lianshang.cases.duties import LEAD_DUTY
from lianshang.cases.models import Assignment, Case, CaseClock, CaseEvent, CaseQuerySet
from lianshang.cases.states import ENDED, VOID, State

MISTAKEN = Q(close_type__in=VOID)
PARTS = {
    "intake": Q(erroneous=False),
    "in_time": Q(erroneous=False, breached=False, told=True),
    "lawfully_open": Q(erroneous=False, breached=False, told=False),
    "breaches": Q(erroneous=False, breached=True),
    "mistaken": Q(erroneous=True),
}
EVERY = 10**9
TOLD = (*(state for state in ENDED if state != State.MERGED), State.ANSWERED, State.CALLBACK)


@dataclass(frozen=True)
class Equation:
    """The terms at one moment. `balanced` is asked of the rows, not assumed. `registered`: the rows of all terms."""

    registered: CaseQuerySet

    @property
    def intake(self) -> CaseQuerySet:
        return self.registered.filter(PARTS["intake"])

    @property
    def in_time(self) -> CaseQuerySet:
        return self.registered.filter(PARTS["in_time"])

    @property
    def lawfully_open(self) -> CaseQuerySet:
        return self.registered.filter(PARTS["lawfully_open"])

    @property
    def breaches(self) -> CaseQuerySet:
        return self.registered.filter(PARTS["breaches"])

    @property
    def mistaken(self) -> CaseQuerySet:
        return self.registered.filter(PARTS["mistaken"])

    @cached_property
    def counts(self) -> dict[str, int]:
        """Every term by its own condition, in one walk. The slice cuts nothing off: it has each row judged but once."""
        terms = {name: Count("pk", filter=part) for name, part in PARTS.items()}
        return dict(self.registered.order_by()[:EVERY].aggregate(**terms))

    @property
    def balanced(self) -> bool:
        counts = self.counts
        return counts["intake"] == counts["in_time"] + counts["lawfully_open"] + counts["breaches"]


def equation(ledger: CaseQuerySet, start: datetime, end: datetime, now: datetime) -> Equation:
    """Return the equation of what was registered in [start, end), as it stands at `now`."""
    registered = ledger.filter(registered_at__gte=start, registered_at__lt=end)
    return Equation(registered.alias(erroneous=MISTAKEN, breached=_breached(now), told=_told()))


def feedback_clocks() -> Q:
    """The clocks that the promise is measured by: feedback, or handling where the profile sets no feedback limit.

    All duties stand in one list, which is one search in the index of a case's clocks.
    """
    owed = CaseClock.objects.filter(subject=OuterRef("subject"), duty__in=COMMON_DUTIES)
    return Q(duty__in=(*COMMON_DUTIES, LEAD_DUTY)) & (~Q(duty=LEAD_DUTY) | Q(~Exists(owed)))


def _breached(now: datetime) -> Exists:
    clocks = CaseClock.objects.filter(subject=OuterRef("pk")).filter(feedback_clocks())
    return Exists(clocks.late(now))


def _told() -> Choice:
    """The enterprise has its answer: ended, answered, or, where joined to another case, told of that one's result.

    Written as cases, for SQLite looks for the word of each row otherwise, needed or not.
    """
    relayed = CaseEvent.objects.filter(subject=OuterRef("pk"), verb="relay")
    return Choice(When(state__in=TOLD, then=True), When(state=State.MERGED, then=Exists(relayed)), default=False)


@dataclass(frozen=True)
class Breach:
    """One feedback that was given late or is late: whose case, until when, who held it when it fell due."""

    case: Case
    clock: CaseClock
    unit: str


def named(breaches: Iterable[Case], now: datetime, office: str) -> list[Breach]:
    """Name each breach of a page of them, in their order: the lead at the due moment, the office before any dispatch.

    A joined case was held by whoever held the main one.
    """
    cases = {case.pk: case for case in breaches}
    held_as = {case.pk: case.merged_into_id or case.pk for case in cases.values()}
    clocks = CaseClock.objects.filter(subject__in=cases).filter(feedback_clocks()).late(now)
    parts = Assignment.objects.filter(case__in=held_as.values(), part=Assignment.Part.LEAD)
    leads = list(parts.select_related("unit").order_by("pk"))
    place = {pk: n for n, pk in enumerate(cases)}
    return [
        Breach(cases[clock.subject_id], clock, _held_by(held_as[clock.subject_id], clock.due_at, leads) or office)
        for clock in sorted(clocks, key=lambda clock: (place[clock.subject_id], clock.due_at))
    ]


def _held_by(case_id: int, moment: datetime, leads: list[Assignment]) -> str:
    held = [
        part.unit.name
        for part in leads
        if part.case_id == case_id
        and part.dispatched_at <= moment
        and (part.ended_at is None or part.ended_at > moment)
    ]
    return held[-1] if held else ""
