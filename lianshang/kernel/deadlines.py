"""When a period ends (民法典 art 200-204): six units, pauses, and why.

Days: the day of the event is not counted (art 201). Hours and minutes: counted from the moment. A natural-day period whose
last day is a day off ends on the first working day after it, at the close of business (art 203).
The engine counts on integers: day numbers for day units, microseconds for the others. All six units share one loop over
the pauses and differ in two functions: how much lies between two points, and which point lies so much further on.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.counting import (
    DAY,
    EPOCH,
    HOUR,
    MICROSECOND,
    MINUTE,
    after_days,
    after_time,
    day_number,
    days_between,
    further,
    instant,
    local,
    shown,
    span,
    time_between,
    wall,
)
from lianshang.kernel.durations import time_words
from lianshang.kernel.profile_limits import UNIT_WORDS

UNITS = ("minutes", "hours", "days", "working-minutes", "working-hours", "working-days")
RECEIPTS = ("as-received", "next-working-day")
FIRST_YEAR, LAST_YEAR = 1949, 2999
YEARS = f"起算年份要在 {FIRST_YEAR} 到 {LAST_YEAR} 之间，请检查日期。"

SIZES = {"minutes": MINUTE, "hours": HOUR, "working-minutes": MINUTE, "working-hours": HOUR}
# A hundred years: whoever asks for more has slipped on the keyboard.
MOST = {
    "minutes": 52_560_000,
    "hours": 876_000,
    "days": 36_500,
    "working-minutes": 52_560_000,
    "working-hours": 876_000,
    "working-days": 36_500,
}

Pauses = Sequence[tuple[datetime, datetime]]
Stops = list[tuple[int, int]]
Between = Callable[[WorkCalendar, int, int], int]
Advance = Callable[[WorkCalendar, int, int], int]


class NoDeadline(ValueError):
    """Nothing can be counted from this. The text is one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Period:
    """What a deadline was counted from; enough to count and to explain it again. `start` has the calendar's zone."""

    start: datetime
    n: int
    unit: str
    calendar: WorkCalendar
    receipt: str
    stops: Stops  # merged pauses: day numbers (from, to] for day units, else microseconds [from, to)


@dataclass(frozen=True)
class Due:
    """The moment, in the calendar's zone, and whether it rests on a day whose notice is not published."""

    at: datetime
    provisional: bool
    period: Period | None = field(default=None, repr=False, compare=False)
    told: tuple[str, ...] = field(default=(), repr=False, compare=False)  # why, where it was not counted by `due`

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """Why it is this time, line by line in Chinese. Made when asked for: the engine is hot."""
        from lianshang.kernel.explanations import explain

        return explain(self)


def due(
    start: datetime,
    n: int,
    unit: str,
    calendar: WorkCalendar,
    *,
    receipt: str = "as-received",
    pauses: Pauses = (),
) -> Due:
    """Return when a period of `n` units from `start` ends. A naive start is in the calendar's zone. N = 0: at the start.

    `receipt` next-working-day: a start on a day off counts as received on the next working day (day units only).
    `pauses`: for day units a day D with from.date < D <= to.date is not counted, as the start day is not; for the others
    the paused span is no time at all. NoDeadline where the input makes no sense.
    """
    try:
        begun = local(start, calendar)
    except OverflowError:
        raise NoDeadline(YEARS) from None
    if not 0 < n <= MOST.get(unit, 0) or receipt not in RECEIPTS or not FIRST_YEAR <= begun.year <= LAST_YEAR:
        _refuse(n, unit, receipt, begun)
        return Due(begun, provisional=False, period=Period(begun, 0, unit, calendar, receipt, []))
    try:
        period = Period(begun, n, unit, calendar, receipt, _stops(pauses, unit, calendar) if pauses else [])
        return COUNTS[unit](period)
    except OverflowError:
        raise NoDeadline("按这个日历算不到终点，请检查期限和日历里的工作日。") from None


def working_days_between(start: date, end: date, calendar: WorkCalendar) -> int:
    """Count working days after `start` up to and with `end`; 0 where `end` is not later."""
    return days_between(calendar, start.toordinal(), end.toordinal()) if start < end else 0


def working_minutes_between(start: datetime, end: datetime, calendar: WorkCalendar) -> int:
    """Count whole working minutes from `start` to `end`; 0 where `end` is not later."""
    first, last = (wall(moment, calendar) for moment in (start, end))
    return time_between(calendar, first, last) // MINUTE if first < last else 0


def remaining_words(now: datetime, due_at: datetime, calendar: WorkCalendar, *, unit: str = "working-days") -> str:
    """Say what is left: 还有 1 个工作日 3 小时; 已超 2 天. Late by the clock, early in the unit of the period.

    A working day is the length of an ordinary one. Units that run by the clock, and a due time outside working hours,
    are told in days of 24 hours.
    """
    if now > due_at:
        late = (now - due_at) // MICROSECOND
        return f"已超 {time_words(late, parts=1)}" if late >= MINUTE else "刚刚超过期限"
    left = (due_at - now) // MICROSECOND
    length, day = DAY, "天"
    last = wall(due_at, calendar)
    if unit.startswith("working") and time_between(calendar, last - MINUTE, last) == MINUTE:
        left = time_between(calendar, wall(now, calendar), last)
        length, day = calendar.day_length, "个工作日"
    left -= left % MINUTE
    return f"还有 {time_words(left, parts=2, day=day, length=length)}" if left >= MINUTE else "还有不到 1 分钟"


def _refuse(n: int, unit: str, receipt: str, start: datetime) -> None:
    """Raise what is wrong; return where the period is empty, which is in order."""
    if unit not in MOST:
        raise NoDeadline(f"没有“{unit}”这个单位，可用：{'、'.join(UNITS)}。")
    if receipt not in RECEIPTS:
        raise NoDeadline(f"没有“{receipt}”这种收件方式，可用：{'、'.join(RECEIPTS)}。")
    if n < 0:
        raise NoDeadline(f"期限不能是负数（{n}），请填 0 或正整数。")
    if n > MOST[unit]:
        raise NoDeadline(f"期限超过 100 年，请检查数字；最多 {MOST[unit]} {UNIT_WORDS[unit]}。")
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise NoDeadline(YEARS)


def _stops(pauses: Pauses, unit: str, calendar: WorkCalendar) -> Stops:
    """Return the pauses as points of the unit's own line, sorted, those that touch as one."""
    stops: Stops = []
    point = POINTS[unit]
    if any(local(resume, calendar) < local(stop, calendar) for stop, resume in pauses):
        raise NoDeadline("暂停的结束早于开始，请检查暂停时间。")
    for stop, resume in sorted((point(stop, calendar), point(resume, calendar)) for stop, resume in pauses):
        if stops and stop <= stops[-1][1]:
            stops[-1] = (stops[-1][0], max(stops[-1][1], resume))
        elif stop < resume:
            stops.append((stop, resume))
    return stops


def _run(period: Period, start: int, n: int, between: Between, advance: Advance) -> int:
    """Return the point where `n` has run since `start`; nothing runs inside a stop."""
    for stop, resume in period.stops:
        if stop > start:
            run = between(period.calendar, start, stop)
            if run >= n:
                break
            n -= run
        start = max(start, resume)
    return advance(period.calendar, start, n)


def _by_clock(period: Period) -> Due:
    start = instant(period.start, period.calendar)
    end = _run(period, start, period.n * SIZES[period.unit], span, further)
    at = (EPOCH + end * MICROSECOND).astimezone(period.calendar.zone)
    return Due(at, provisional=False, period=period)


def _by_working_time(period: Period) -> Due:
    calendar, start = period.calendar, period.start
    end = _run(period, wall(start, calendar), period.n * SIZES[period.unit], time_between, after_time)
    at = shown(end, calendar)
    return Due(at, not calendar.settled(start.date(), at.date()), period)


def _by_working_days(period: Period) -> Due:
    received = _received(period)
    day = _run(period, received, period.n, days_between, after_days)
    return _closing(period, day, period.start.toordinal() + (period.receipt == "as-received"))


def _by_days(period: Period) -> Due:
    calendar = period.calendar
    received = _received(period)
    last = _run(period, received, period.n, span, further)
    day = after_days(calendar, last - 1, 1)
    for stop, resume in period.stops:
        if stop < day <= resume:
            day = after_days(calendar, resume, 1)
    return _closing(period, day, last if period.receipt == "as-received" else period.start.toordinal())


def _received(period: Period) -> int:
    """Return the day of receipt, which is not counted."""
    day = period.start.toordinal()
    return day if period.receipt == "as-received" else after_days(period.calendar, day - 1, 1)


def _closing(period: Period, day: int, first_asked: int) -> Due:
    """Return the close of business of a working day; all days from `first_asked` on had a say in it."""
    calendar, last = period.calendar, date.fromordinal(day)
    year = calendar.year(last.year)
    at = year.closings[bisect_left(year.days, day)]
    return Due(at, not calendar.settled(date.fromordinal(first_asked), last), period)


COUNTS: dict[str, Callable[[Period], Due]] = {
    "minutes": _by_clock,
    "hours": _by_clock,
    "days": _by_days,
    "working-minutes": _by_working_time,
    "working-hours": _by_working_time,
    "working-days": _by_working_days,
}
POINTS: dict[str, Callable[[datetime, WorkCalendar], int]] = {
    "minutes": instant,
    "hours": instant,
    "days": day_number,
    "working-minutes": wall,
    "working-hours": wall,
    "working-days": day_number,
}
