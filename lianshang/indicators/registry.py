"""The registry. A subject declares its indicators, one function each, in one file; duplicates do not boot.

How to read a figure, for a page, a briefing or a check of an article:

    scope = scopes.now(park, reader, timezone.now())             # reader None: the open ledger, for publication
    scope = scopes.as_of(park, None, date(2026, 11, 23), clock=timezone.now())
    period = registry.period(one, scope)                         # of its first kind; or periods.parse("2026-11")
    reading = registry.read("cases.intake", scope, period)
    reading.value      Decimal, or None: nothing to measure, printed “—” (`shown(one, reading)` prints it with its unit)
    reading.evidence   the rows; a share has `of`, its denominator; `rows_count`, `of_count` count them
    reading.beside     what is told beside it and not counted in it
    registry.gather    counts for many readings in one query: call it before asking the values of a whole page
    registry.address("cases.intake", period, at=…)               the page of its evidence, which each figure links to

Open the park's scope around all of it. `REGISTRY` has all indicators by key, in the order of their declaration.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from lianshang.directory.models import Park
from lianshang.indicators import periods
from lianshang.indicators.periods import Period
from lianshang.indicators.readings import Reading, gather
from lianshang.indicators.scopes import Scope

__all__ = ["REGISTRY", "Indicator", "Reading", "address", "gather", "indicator", "period", "read", "shown"]

KINDS = ("stock", "flow", "persons", "attendances", "rate", "money", "outcome")
NOTHING = "—"

Measure = Callable[[Scope, Period], Reading]


@dataclass(frozen=True)
class Indicator:
    """What is measured. `definition` is one Chinese sentence (口径); `version` counts its changes.

    `period_kinds` are the kinds of period that it makes sense for, the usual one first. `measures` are the measure
    words that a text may put behind the figure; `names` the words by which a text speaks of it. `sets` names the
    overlapping claims that it belongs to: figures of one such name may count the same row twice.
    """

    key: str
    label: str
    unit: str
    kind: str
    definition: str
    version: int
    measure: Measure
    subject: str = ""
    period_kinds: tuple[str, ...] = periods.KINDS
    measures: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sets: str = ""


REGISTRY: dict[str, Indicator] = {}
BEGINNINGS: list[Callable[[Park], date | None]] = []


def indicator(
    key: str,
    *,
    label: str,
    unit: str,
    kind: str,
    definition: str,
    version: int = 1,
    subject: str = "",
    period_kinds: tuple[str, ...] = (periods.IN_PERIOD, periods.THIS_YEAR, periods.RECENT_YEARS, periods.CUMULATIVE),
    measures: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
    sets: str = "",
) -> Callable[[Measure], Measure]:
    """Register a function of (scope, period) → Reading."""

    def register(measure: Measure) -> Measure:
        if key in REGISTRY:
            raise ValueError(f"duplicate indicator {key}")
        if kind not in KINDS or not set(period_kinds) <= set(periods.KINDS):
            raise ValueError(f"{key}: no such kind {kind} or period {period_kinds}")
        words = measures or (unit,)
        REGISTRY[key] = Indicator(
            key, label, unit, kind, definition, version, measure, subject, period_kinds, words, names or (label,), sets
        )  # fmt: skip
        return measure

    return register


def beginning(found: Callable[[Park], date | None]) -> Callable[[Park], date | None]:
    """Register where a subject's records begin, for “累计”."""
    BEGINNINGS.append(found)
    return found


def began_on(scope: Scope) -> date:
    """Return the day of the park's first record; the day of the cut-off where there is none."""
    return min((day for ask in BEGINNINGS if (day := ask(scope.park))), default=scope.today)


def period(one: Indicator, scope: Scope, kind: str = "") -> Period:
    """Return the period of that kind as of the scope's day, the indicator's usual one by default."""
    kind = kind or one.period_kinds[0]
    day = scope.today
    return periods.of_kind(kind, day, began_on=began_on(scope) if kind == periods.CUMULATIVE else day)


def read(key: str, scope: Scope, over: Period | None = None) -> Reading:
    """Return the reading of an indicator; nothing is counted before its value is asked for. KeyError: no such one."""
    one = REGISTRY[key]
    return one.measure(scope, over or period(one, scope))


def shown(one: Indicator, value: Decimal | None) -> str:
    """Print a value: whole numbers whole, rates and money with two decimals, nothing to measure as “—”."""
    if value is None:
        return NOTHING
    if one.kind in ("rate", "money"):
        return f"{value:.2f}"
    return f"{value:f}".rstrip("0").rstrip(".") if value % 1 else f"{int(value)}"


def address(key: str, over: Period | None = None, *, at: datetime | None = None, **more: str) -> str:
    """Return the address of the figure's page: its rows, over that period, as of that moment (now without it)."""
    asked = dict(more)
    if over:
        asked["period"] = over.text
        asked["kind"] = over.kind
    if at:
        asked["at"] = at.isoformat()
    return reverse("indicators:figure", args=[key]) + (f"?{urlencode(asked)}" if asked else "")


@contextmanager
def registered(one: Indicator) -> Iterator[None]:
    """Let a test add an indicator of its own for a while."""
    REGISTRY[one.key] = one
    try:
        yield
    finally:
        del REGISTRY[one.key]
