"""What a leader asks of the open ledger: what is late and who holds it, what is near, what lies where, what recurs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from lianshang.cases import books
from lianshang.cases.holding import WITH_OFFICE, holder_of
from lianshang.cases.lights import Light, light_of, state_of
from lianshang.cases.models import Case, CaseClock
from lianshang.cases.states import OPEN
from lianshang.directory.models import Park, Unit

MOST = 50  # late or near cases on one page
AHEAD = timedelta(days=14)  # how far ahead a clock may already be near
RECURS = 3
PERIOD = timedelta(days=90)


# What is shown of a clock and its case, and what their light needs to know.
CLOCK = (
    "duty", "calendar_version_id", "provisional", "started_at", "due_at", "paused_at", "stopped_at", "outcome",
)  # fmt: skip
BRIEF = tuple(
    f"subject__{name}"
    for name in ("key", "number", "title", "state", "kind", "urgency", "enterprise_name", "profile_version_id")
)
NAMES = ("unit__name", "subject__enterprise__name", "subject__lead_unit__name")


@dataclass(frozen=True)
class Held:
    """A clock with who holds it."""

    case: Case
    clock: CaseClock
    holder: str
    light: Light

    @property
    def what(self) -> str:
        return self.clock.label


@dataclass(frozen=True)
class Load:
    """One unit's open cases, in the order of the units: never a ranking."""

    unit: Unit
    open: int
    late: int


def _running() -> Any:
    rows = CaseClock.objects.running().exclude(duty__in=books.QUIET).filter(paused_at=None)
    rows = rows.filter(subject__sealed=False, subject__state__in=OPEN).order_by("due_at", "pk")
    return rows.select_related("unit", "subject__enterprise", "subject__lead_unit").only(*CLOCK, *BRIEF, *NAMES)


def late(now: datetime, office: str) -> list[Held]:
    """Return what is late now, the longest first."""
    found = _firsts(_running().filter(due_at__lt=now)[: 2 * MOST], office)[:MOST]
    return [_held(clock, holder, now) for clock, holder in found]


def near(now: datetime, office: str) -> list[Held]:
    """Return what is near its end, the next first."""
    soon = _firsts(_running().filter(due_at__gte=now, due_at__lt=now + AHEAD)[: 2 * MOST], office)
    found = [(clock, holder) for clock, holder in soon if state_of(clock, clock.subject, now) == "near"][:MOST]
    return [_held(clock, holder, now) for clock, holder in found]


def _held(clock: CaseClock, holder: str, now: datetime) -> Held:
    return Held(clock.subject, clock, holder, light_of(clock, clock.subject, now))


def _firsts(clocks: Iterable[CaseClock], office: str) -> list[tuple[CaseClock, str]]:
    """The clocks as they come, of each case and holder the first alone: one step answers the others too, or leads to them."""
    first: dict[tuple[int, str], CaseClock] = {}
    for clock in clocks:
        first.setdefault((clock.subject_id, _holder(clock, office)), clock)
    return [(clock, holder) for (_, holder), clock in first.items()]


def _holder(clock: CaseClock, office: str) -> str:
    if clock.unit:
        return clock.unit.name
    case = clock.subject
    return office if case.state in WITH_OFFICE or case.lead_unit is None else case.lead_unit.name


def loads(park: Park, now: datetime) -> list[Load]:
    """Return how many open cases each unit is at, and how many of its clocks are late."""
    office = books.office_of(park.pk)
    cases = Case.objects.filter(sealed=False, closed_at=None, state__in=OPEN)
    held: Counter[int | None] = Counter()
    for row in cases.order_by().values("state", "lead_unit").annotate(n=Count("pk")):
        held[holder_of(row["state"], row["lead_unit"], office)] += row["n"]
    late_of = _late_by_unit(now)
    units = Unit.objects.filter(pk__in=[pk for pk in (*held, *late_of) if pk]).order_by("kind", "code")
    return [Load(unit, held[unit.pk], late_of.get(unit.pk, 0)) for unit in units]


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
