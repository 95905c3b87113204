"""The registry. A package declares its indicators in its own `indicators.py`, one function each; duplicates do not boot."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import QuerySet

from lianshang.indicators.periods import Period

KINDS = ("stock", "flow", "persons", "attendances", "rate", "money", "outcome")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Reading:
    """A value and the rows it was computed from. `value` None: nothing to measure, which is not zero; printed “—”."""

    value: Decimal | None
    evidence: QuerySet
    of: QuerySet | None = None  # the denominator of a rate

    @classmethod
    def count(cls, rows: QuerySet) -> "Reading":
        return cls(Decimal(rows.count()), rows)

    @classmethod
    def share(cls, part: QuerySet, *, of: QuerySet) -> "Reading":
        """Percent, cut to two decimals: never rounded up to 100 while an exception exists."""
        total = of.count()
        value = (Decimal(100 * part.count()) / total).quantize(CENT, ROUND_DOWN) if total else None
        return cls(value, part, of)


Measure = Callable[[Any, Period], Reading]


@dataclass(frozen=True)
class Indicator:
    """What is measured. `definition` is one Chinese sentence; `version` counts its changes."""

    key: str
    label: str
    unit: str
    kind: str
    definition: str
    version: int
    measure: Measure


REGISTRY: dict[str, Indicator] = {}


def indicator(
    key: str, *, label: str, unit: str, kind: str, definition: str, version: int = 1
) -> Callable[[Measure], Measure]:
    """Register a function of (scope, period) → Reading."""

    def register(measure: Measure) -> Measure:
        if key in REGISTRY:
            raise ValueError(f"duplicate indicator {key}")
        if kind not in KINDS:
            raise ValueError(f"{key}: no such kind {kind}")
        REGISTRY[key] = Indicator(key, label, unit, kind, definition, version, measure)
        return measure

    return register


@contextmanager
def registered(one: Indicator) -> Iterator[None]:
    """Let a test add an indicator of its own for a while."""
    REGISTRY[one.key] = one
    try:
        yield
    finally:
        del REGISTRY[one.key]
