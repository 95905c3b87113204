"""What the words of a text about time mean for one indicator: over which period, as of when."""

from dataclasses import dataclass
from datetime import date, datetime

from lianshang.directory.models import Park
from lianshang.indicators import periods, registry, scopes
from lianshang.indicators.periods import Period
from lianshang.indicators.registry import Indicator
from lianshang.indicators.scopes import Scope
from lianshang.reports.labels import label
from lianshang.reports.spans import Span


@dataclass(frozen=True)
class Standpoint:
    """Whose figures, and as of which day. `clock` is the present, read by the caller."""

    park: Park
    day: date
    clock: datetime

    def scope(self, day: date | None = None) -> Scope:
        """The open ledger, as figures for publication are over; as of the day, or an earlier one."""
        day = min(day or self.day, self.day)
        if day == self.clock.astimezone(self.park.zoneinfo).date():
            return scopes.now(self.park, None, self.clock)
        return scopes.as_of(self.park, None, day, clock=self.clock)


@dataclass(frozen=True)
class When:
    """A scope and a period to read an indicator for."""

    scope: Scope
    period: Period


def meant(span: Span, one: Indicator, stand: Standpoint) -> list[When]:
    """Return what the words mean, the likeliest first: one period where one is said, else each that the indicator has.

    Empty where the words name a time that we do not read.
    """
    if span.unclear:
        return []
    stock = periods.TO_DATE in one.period_kinds and len(one.period_kinds) == 1
    if span.first and span.last:
        return [_days(span.first, span.last, one, stand, stock=stock, cut=span.cut)]
    scope = stand.scope(span.cut)
    kinds = (span.kind,) if span.kind in one.period_kinds else one.period_kinds
    return [When(scope, registry.period(one, scope, kind)) for kind in kinds]


def _days(first: date, last: date, one: Indicator, stand: Standpoint, *, stock: bool, cut: date | None) -> When:
    """Whole days: what stands at their end for a stock, what happened in them for all else."""
    if stock:
        scope = stand.scope(min(last, cut or last))
        return When(scope, registry.period(one, scope))
    period = Period(first, last, label(first, last))
    return When(stand.scope(cut), period)
