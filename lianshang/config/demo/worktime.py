"""Moments of the demo, said in working time: `90m`, `3h`, `4d` (same time of day), `4d@10:20`."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.deadlines import due

SPAN = re.compile(r"(\d+)(?:(m|h)|d(?:@(\d{1,2}):(\d{2}))?)", re.ASCII)
MINUTES = {"m": 1, "h": 60}


@dataclass(frozen=True)
class WorkTime:
    """Counts on and back from moments by a calendar; `now` is where the demo's history ends."""

    calendar: WorkCalendar
    now: datetime

    def later(self, moment: datetime, span: str) -> datetime:
        """Return `span` after the moment; for days the time of day may lie outside working hours."""
        n, unit, clock = _parts(span)
        local = moment.astimezone(self.calendar.zone)
        if unit != "d":
            return due(local, n * MINUTES[unit], "working-minutes", self.calendar).at
        return self._on(self._day(local.date(), n), clock or local.time())

    def earlier(self, span: str) -> datetime:
        """Return `span` before `now`. Days count back from today, which is 0 where it is a working day."""
        n, unit, clock = _parts(span)
        if unit != "d":
            return self._minutes_back(n * MINUTES[unit])
        local = self.now.astimezone(self.calendar.zone)
        return self._on(self._day(self._day(local.date() + timedelta(days=1), -1), -n), clock or local.time())

    def _on(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.calendar.zone)

    def _day(self, day: date, n: int) -> date:
        """Return the n-th working day after (or, below 0, before) the day; the day itself for 0."""
        step = timedelta(days=1 if n > 0 else -1)
        left = abs(n)
        while left:
            day += step
            left -= self.calendar.is_working(day)
        return day

    def _minutes_back(self, minutes: int) -> datetime:
        moment, left = self.now.astimezone(self.calendar.zone), timedelta(minutes=minutes)
        day = moment.date()
        while True:
            for opens, closes in reversed(self.calendar.intervals(day)):
                end = min(moment, self._on(day, closes))
                open_for = max(timedelta(0), end - self._on(day, opens))
                if open_for >= left:
                    return end - left
                left -= open_for
            day -= timedelta(days=1)


def _parts(span: str) -> tuple[int, str, time | None]:
    found = SPAN.fullmatch(span)
    if found is None:
        raise ValueError(f"no span of working time: {span!r}")
    n, unit, hour, minute = found.groups()
    return int(n), unit or "d", time(int(hour), int(minute)) if hour else None
