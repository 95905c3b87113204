"""Counting along a calendar on integers: day numbers (proleptic ordinals) and microseconds.

Two lines exist for microseconds: the instant since 1970, for periods that run by the clock, and the wall clock of the
calendar's zone since day number 0, for working time. Years come as sorted arrays, so each question is a bisection.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta

from lianshang.kernel.calendars import WorkCalendar, clock_microseconds

MICROSECOND = timedelta(microseconds=1)
MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def days_between(calendar: WorkCalendar, start: int, end: int) -> int:
    """Count working days in (start, end]."""
    first, last = date.fromordinal(start).year, date.fromordinal(end).year
    count = bisect_right(calendar.year(last).days, end) - bisect_right(calendar.year(first).days, start)
    return count + sum(len(calendar.year(number).days) for number in range(first, last))


def after_days(calendar: WorkCalendar, start: int, n: int) -> int:
    """Return the n-th working day after `start`."""
    number = date.fromordinal(start).year
    days = calendar.year(number).days
    position = bisect_right(days, start) + n - 1
    while position >= len(days):
        position -= len(days)
        number += 1
        days = calendar.year(number).days
    return days[position]


def worked_before(calendar: WorkCalendar, point: int) -> tuple[int, int]:
    """Year of a wall-clock point and the working microseconds of that year before it."""
    day, clock = divmod(point, DAY)
    number = date.fromordinal(day).year
    year = calendar.year(number)
    position = bisect_left(year.days, day)
    worked = year.opened[position]
    if position < len(year.days) and year.days[position] == day:
        for opens, closes in year.hours[position]:
            if clock > opens:
                worked += min(clock, closes) - opens
    return number, worked


def time_between(calendar: WorkCalendar, start: int, end: int) -> int:
    """Count working microseconds between two wall-clock points."""
    (first, before), (last, upto) = worked_before(calendar, start), worked_before(calendar, end)
    return upto - before + sum(calendar.year(number).opened[-1] for number in range(first, last))


def after_time(calendar: WorkCalendar, start: int, n: int) -> int:
    """Return the first wall-clock point by which `n` working microseconds have run: a closing rather than an opening."""
    number, worked = worked_before(calendar, start)
    target = worked + n
    year = calendar.year(number)
    while target > year.opened[-1]:
        target -= year.opened[-1]
        number += 1
        year = calendar.year(number)
    position = bisect_left(year.opened, target) - 1
    target -= year.opened[position]
    for opens, closes in year.hours[position]:
        if target <= closes - opens:
            return year.days[position] * DAY + opens + target
        target -= closes - opens
    raise AssertionError("a year's total is the sum of its intervals")


def span(calendar: WorkCalendar, start: int, end: int) -> int:
    return end - start


def further(calendar: WorkCalendar, start: int, n: int) -> int:
    return start + n


def local(moment: datetime, calendar: WorkCalendar) -> datetime:
    """The moment in the calendar's zone; a naive one is meant there already."""
    zone = calendar.zone
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def instant(moment: datetime, calendar: WorkCalendar) -> int:
    """Microseconds since 1970 by the clock that never jumps."""
    return (local(moment, calendar) - EPOCH) // MICROSECOND


def wall(moment: datetime, calendar: WorkCalendar) -> int:
    """Microseconds by the wall clock of the calendar's zone."""
    shown = local(moment, calendar)
    return shown.toordinal() * DAY + clock_microseconds(shown)


def shown(point: int, calendar: WorkCalendar) -> datetime:
    """The moment of a wall-clock point."""
    day, clock = divmod(point, DAY)
    return datetime.fromordinal(day).replace(tzinfo=calendar.zone) + timedelta(microseconds=clock)


def day_number(moment: datetime, calendar: WorkCalendar) -> int:
    return local(moment, calendar).toordinal()
