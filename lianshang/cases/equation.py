"""The proof of 100 % feedback: intake = fed back in time + lawfully open + named breaches, for any period.

Over the open ledger, by the reader's own rows. Mistaken entries are no intake; they are listed beside. Each term is a
queryset, so it opens to its rows, and each case stands in exactly one of them.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from lianshang.cases.books import COMMON_DUTIES
from lianshang.cases.models import Assignment, Case, CaseClock, CaseEvent, CaseQuerySet
from lianshang.cases.states import ENDED, CloseType, State

TOLD = (*(state for state in ENDED if state != State.MERGED), State.ANSWERED, State.CALLBACK)


@dataclass(frozen=True)
class Equation:
    """The terms at one moment. `balanced` is asked of the rows, not assumed."""

    intake: CaseQuerySet
    in_time: CaseQuerySet
    lawfully_open: CaseQuerySet
    breaches: CaseQuerySet
    mistaken: CaseQuerySet

    @cached_property
    def counts(self) -> dict[str, int]:
        names = ("intake", "in_time", "lawfully_open", "breaches", "mistaken")
        return {name: getattr(self, name).count() for name in names}

    @property
    def balanced(self) -> bool:
        counts = self.counts
        return counts["intake"] == counts["in_time"] + counts["lawfully_open"] + counts["breaches"]


def equation(ledger: CaseQuerySet, start: datetime, end: datetime, now: datetime) -> Equation:
    """Return the equation of what was registered in [start, end), as it stands at `now`."""
    registered = ledger.filter(registered_at__gte=start, registered_at__lt=end)
    mistaken = Q(close_type=CloseType.MISTAKEN)
    intake = registered.exclude(mistaken).alias(breached=_breached(now), told=_told())
    return Equation(
        intake=intake,
        breaches=intake.filter(breached=True),
        in_time=intake.filter(breached=False, told=True),
        lawfully_open=intake.filter(breached=False, told=False),
        mistaken=registered.filter(mistaken),
    )


def feedback_clocks() -> Q:
    """The clocks that the promise is measured by: feedback, or handling where the profile sets no feedback limit."""
    owed = CaseClock.objects.filter(subject=OuterRef("subject"), duty__in=COMMON_DUTIES)
    return Q(duty__in=COMMON_DUTIES) | Q(~Exists(owed), duty="handle")


def _breached(now: datetime) -> Exists:
    clocks = CaseClock.objects.filter(subject=OuterRef("pk")).filter(feedback_clocks())
    return Exists(clocks.late(now))


def _told() -> Q:
    """The enterprise has its answer: ended, answered, or, where joined to another case, told of that one's result."""
    relayed = CaseEvent.objects.filter(subject=OuterRef("pk"), verb="relay")
    return Q(state__in=TOLD) | Q(Exists(relayed), state=State.MERGED)


@dataclass(frozen=True)
class Breach:
    """One feedback that was given late or is late: whose case, until when, who held it when it fell due."""

    case: Case
    clock: CaseClock
    unit: str


def named(breaches: CaseQuerySet, now: datetime, office: str) -> list[Breach]:
    """Name each breach of the rows given (a page of them): the lead at the due moment, the office before any dispatch.

    A joined case was held by whoever held the main one.
    """
    cases = {case.pk: case for case in breaches.select_related("enterprise", "lead_unit")}
    held_as = {case.pk: case.merged_into_id or case.pk for case in cases.values()}
    clocks = CaseClock.objects.filter(subject__in=cases).filter(feedback_clocks()).late(now).order_by("due_at")
    parts = Assignment.objects.filter(case__in=held_as.values(), part=Assignment.Part.LEAD)
    leads = list(parts.select_related("unit").order_by("pk"))
    return [
        Breach(cases[clock.subject_id], clock, _held_by(held_as[clock.subject_id], clock.due_at, leads) or office)
        for clock in clocks
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
