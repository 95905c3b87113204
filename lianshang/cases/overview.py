"""What a leader asks of the open ledger: what is late and who holds it, what is near, what lies where, what recurs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lianshang.cases import books, briefs
from lianshang.cases.briefs import BriefCase, BriefClock
from lianshang.cases.holding import WITH_OFFICE, holder_of
from lianshang.cases.lights import Light, light_of, state_of
from lianshang.cases.models import Case, CaseClock
from lianshang.cases.models.case import address_of
from lianshang.cases.states import OPEN
from lianshang.directory.models import Park, Unit

MOST = 50  # late or near cases on one page
AHEAD = timedelta(days=14)  # how far ahead a clock may already be near
RECURS = 3
PERIOD = timedelta(days=90)


# What is shown of a late or near clock's case, beside what its light needs.
NAMES = (
    "subject__key", "subject__title", "subject__enterprise_name", "subject__enterprise__name", "unit__name",
    "subject__lead_unit__name",
)  # fmt: skip


@dataclass(frozen=True)
class Held:
    """A clock with who holds it."""

    clock: BriefClock
    case: BriefCase
    key: UUID
    title: str
    whose: str
    holder: str
    now: datetime

    @property
    def what(self) -> str:
        return self.clock.label

    @property
    def url(self) -> str:
        return address_of(self.key)

    @cached_property
    def state(self) -> str:
        return state_of(self.clock, self.case, self.now)

    @cached_property
    def light(self) -> Light:
        return light_of(self.clock, self.case, self.now)


@dataclass(frozen=True)
class Load:
    """One unit's open cases, in the order of the units: never a ranking."""

    unit: Unit
    open: int
    late: int


def late(now: datetime, office: str) -> list[Held]:
    """Return what is late now, the longest first."""
    return _firsts(_running().filter(due_at__lt=now)[: 2 * MOST], office, now)[:MOST]


def near(now: datetime, office: str) -> list[Held]:
    """Return what is near its end, the next first."""
    soon = _firsts(_running().filter(due_at__gte=now, due_at__lt=now + AHEAD)[: 2 * MOST], office, now)
    return [held for held in soon if held.state == "near"][:MOST]


def _running() -> "QuerySet[CaseClock]":
    return briefs.running().filter(paused_at=None)


def _firsts(clocks: "QuerySet[CaseClock]", office: str, now: datetime) -> list[Held]:
    """The clocks as they come, of each case and holder the first alone: one step answers the others too, or leads to them."""
    first: dict[tuple[int, str], Held] = {}
    for clock, case, (key, title, named, enterprise, unit, lead) in briefs.clocks(clocks, *NAMES):
        holder = unit or (office if case.state in WITH_OFFICE or lead is None else lead)
        whose = enterprise or named or "未署名企业"
        first.setdefault((case.pk, holder), Held(clock, case, key, title, whose, holder, now))
    return list(first.values())


def loads(park: Park, now: datetime, listed: Sequence[Held] | None = None) -> list[Load]:
    """Return how many open cases each unit is at, and how much of what it holds is late.

    `listed`: all that is late as the page lists it, so that both say the same; None: its late clocks are counted.
    """
    office = books.office_of(park.pk)
    cases = Case.objects.filter(sealed=False, closed_at=None, state__in=OPEN)
    held: Counter[int | None] = Counter()
    for row in cases.order_by().values("state", "lead_unit").annotate(n=Count("pk")):
        held[holder_of(row["state"], row["lead_unit"], office)] += row["n"]
    late_of = _late_by_unit(now) if listed is None else Counter()
    named = Counter(one.holder for one in listed or ())
    asked = Q(pk__in=[pk for pk in (*held, *late_of) if pk]) | Q(name__in=list(named), is_active=True)
    units = Unit.objects.filter(asked).order_by("kind", "code")
    return [Load(unit, held[unit.pk], late_of[unit.pk] + named[unit.name]) for unit in units]


def _late_by_unit(now: datetime) -> Counter[int]:
    """Return unit → its late clocks.

    The few sealed ones are counted apart and taken off, so that the others are counted in their index alone. No end
    leaves a unit's clock running.
    """
    over = CaseClock.objects.running().filter(paused_at=None, due_at__lt=now, unit__isnull=False)
    over = over.exclude(duty__in=books.QUIET).order_by()
    sealed = over.filter(subject__in=Case.objects.filter(sealed=True, closed_at=None).order_by())
    every, apart = (Counter(dict(rows.values_list("unit").annotate(n=Count("pk")))) for rows in (over, sealed))
    return every - apart


def recurring(now: datetime) -> list[dict[str, Any]]:
    """Return categories that came up again and again: for study once, not case by case (北京 regulation art 24)."""
    rows = Case.objects.filter(sealed=False, registered_at__gte=now - PERIOD, registered_at__lte=now)
    counted = rows.exclude(category="").order_by().values("category").annotate(n=Count("pk")).filter(n__gte=RECURS)
    return [dict(row) for row in counted.order_by("-n", "category")[:10]]
