"""For whom a figure is read, and as of when."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from lianshang.directory.actors import Actor
from lianshang.directory.models import Park
from lianshang.indicators.periods import Period


@dataclass(frozen=True)
class Scope:
    """`reader` None: the whole open ledger, for publication; otherwise what this reader may open, and nothing else counts.

    `at` is the cut-off (截至): what happened later is not there yet. `known` is when we had been told: rows recorded
    later are left out, so that a reading is the same ever after; None means all that is recorded today. `live` says
    that the cut-off is this very moment, so that the columns as they stand answer.
    """

    park: Park
    reader: Actor | None
    at: datetime
    known: datetime | None = None
    live: bool = False

    @property
    def today(self) -> date:
        """The day of the cut-off in the park's zone."""
        return self.at.astimezone(self.park.zoneinfo).date()

    def cut(self, period: Period) -> datetime:
        """Return until when a state is asked within the period: its end, or the cut-off if that comes first."""
        _, end = period.bounds(self.park.zoneinfo)
        return min(self.at, end - timedelta(microseconds=1))

    def until(self, moment: datetime) -> "Scope":
        """Return the scope with an earlier cut-off; a later one changes nothing."""
        return self if moment >= self.at else replace(self, at=moment, live=False)


def now(park: Park, reader: Actor | None, at: datetime) -> Scope:
    """Return the scope of this moment; `at` is the clock, read by the caller."""
    return Scope(park, reader, at, live=True)


def as_of(park: Park, reader: Actor | None, day: date, *, clock: datetime) -> Scope:
    """Return the scope of the end of a day; of today: of this moment, for what is due later today is not late."""
    end = datetime.combine(day + timedelta(days=1), time(), park.zoneinfo) - timedelta(microseconds=1)
    today = clock.astimezone(park.zoneinfo).date()
    return Scope(park, reader, clock if day == today else end)
