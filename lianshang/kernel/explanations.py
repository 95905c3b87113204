"""Why a deadline is when it is, in plain Chinese, line by line, for the case page (为什么是这个时间).

The days of the period are walked once more, apart from the engine, and joined into stretches: days that count, days off,
paused days. Ordinary weekends inside a run are told in passing; a very long middle is told in one line.
"""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lianshang.kernel.calendars import SATURDAY, WEEKDAY_NAMES, WorkCalendar, clock_microseconds
from lianshang.kernel.counting import DAY, EPOCH, MICROSECOND, shown, wall
from lianshang.kernel.deadlines import Due, Period
from lianshang.kernel.durations import clock_words, day_words, moment_words, time_words

ONE_DAY = timedelta(days=1)
HEAD, TAIL = 9, 4  # lines that are kept before and after a long middle
COUNTED, OFF, WEEKEND, PAUSED, FOLDED = "counted", "off", "weekend", "paused", "folded"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row of one kind. `amount` is what they add to the count: days, or working microseconds."""

    first: date
    last: date
    kind: str
    name: str = ""
    spans: str = ""  # the clock times that count, where that is only a part of the day
    days: int = 0
    amount: int = 0
    skipped: int = 0

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def ordinary(self) -> bool:
        return self.kind == COUNTED and not self.name and not self.spans


def explain(due: Due) -> tuple[str, ...]:
    """Return the lines. A moment that was not counted here (a promise, say) is named after what was told with it."""
    period = due.period
    if period is None:
        return (*due.told, _ending(due))
    if period.n == 0:
        return (f"期限为 0，起算即到期：{moment_words(due.at)}。",)
    lines = {
        "days": _natural_days,
        "working-days": _working_days,
        "working-minutes": _working_time,
        "working-hours": _working_time,
    }.get(period.unit, _by_clock)(period, due.at)
    return (*lines, *_unpublished(due, period), _ending(due, period.start.year))


def _ending(due: Due, this_year: int | None = None) -> str:
    return f"到期：{'暂按' if due.provisional else ''}{moment_words(due.at, this_year)}。"


def _by_clock(period: Period, end: datetime) -> Iterator[str]:
    yield f"起算：{moment_words(period.start)}，从这一刻起按钟点连续计算，夜间和休息日都算（民法典第 201 条）。"
    zone = period.calendar.zone
    spans = [tuple((EPOCH + point * MICROSECOND).astimezone(zone) for point in stop) for stop in period.stops]
    yield from _pauses(((first, last) for first, last in spans), period, end)


def _working_days(period: Period, end: datetime) -> Iterator[str]:
    received = yield from _receipt(period, "工作日")
    days = _stretches(_walk(received + ONE_DAY, end.date()), period)
    count = 0
    for stretch in _folded(_over_weekends(days)):
        count += stretch.amount
        yield _sentence(stretch, _numbers(count - stretch.amount + 1, count, "个工作日"), period)


def _natural_days(period: Period, end: datetime) -> Iterator[str]:
    received = yield from _receipt(period, "自然日")
    days = _stretches(_walk(received + ONE_DAY, end.date()), period)
    count, last = 0, received
    for stretch in _joined(replace(s, kind=COUNTED, name="", amount=s.length) if s.kind != PAUSED else s for s in days):
        if count == period.n:
            break
        amount = min(stretch.amount, period.n - count)
        last = stretch.first + timedelta(days=stretch.length - stretch.amount + amount - 1)
        count += amount
        yield _sentence(replace(stretch, last=last), _numbers(count - amount + 1, count, "天"), period)
    if last != end.date():
        why = _called(period.calendar, last)
        paused = any(last.toordinal() <= stop[0] < end.toordinal() for stop in period.stops)
        after = "下一个不在暂停期的工作日" if paused else "下一个工作日"
        yield f"最后一天{day_words(last, period.start.year)}{why}，顺延到{after}（民法典第 203 条）。"


def _working_time(period: Period, end: datetime) -> Iterator[str]:
    start, calendar = period.start, period.calendar
    clock = clock_microseconds(start)
    inside = any(clock_microseconds(a) <= clock < clock_microseconds(b) for a, b in calendar.intervals(start.date()))
    begins = "从这一刻起只计上班时间" if inside else "不在上班时间，从下一次上班起计"
    yield f"起算：{moment_words(start)}，{begins}。"
    spans = [(shown(first, calendar), shown(last, calendar)) for first, last in period.stops]
    yield from _pauses(spans, period, end)
    total = 0
    for stretch in _folded(_over_weekends(_joined(_timed(period, end)))):
        total += stretch.amount
        said = f"计 {time_words(stretch.amount, length=10**6 * DAY)}，累计 {time_words(total, length=10**6 * DAY)}"
        yield _sentence(stretch, said, period)


def _receipt(period: Period, unit: str) -> Generator[str, None, date]:
    """Tell the start, and return the day of receipt, which is not counted."""
    start, calendar = period.start, period.calendar
    received, year = start.date(), start.year
    rule = f"当天不算，从次日起数{unit}（民法典第 201 条）"
    if calendar.is_working(received):
        yield f"起算：{moment_words(start)}，{rule}。"
        return received
    why = f"，这天{_called(calendar, received)}"
    if period.receipt == "as-received":
        yield f"起算：{moment_words(start)}{why}，按当天收到算；{rule}。"
        return received
    while not calendar.is_working(received):
        received += ONE_DAY
    yield f"收件：{moment_words(start)}{why}，视为下一个工作日收到。"
    yield f"起算：{day_words(received, year)}{rule}。"
    return received


def _pauses(spans: Iterable[tuple[datetime, datetime]], period: Period, end: datetime) -> Iterator[str]:
    year = period.start.year
    for first, last in spans:
        if last > period.start and first < end:
            yield f"暂停：{moment_words(first, year)}至{moment_words(last, year)}不计。"


def _unpublished(due: Due, period: Period) -> Iterator[str]:
    if due.provisional:
        years = range(period.start.year, due.at.year + 1)
        open_years = [str(y) for y in years if not period.calendar.settled(date(y, 1, 1), date(y, 12, 31))]
        yield f"{'、'.join(open_years)} 年的放假安排尚未公布，暂按平常的上班日和法定节日推算，公布后重新计算。"


def _walk(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def _stretches(days: Iterable[date], period: Period) -> Iterator[Stretch]:
    """Return days of a day unit, joined by what they are."""
    return _joined(_one_day(day, period) for day in days)


def _one_day(day: date, period: Period) -> Stretch:
    ordinal = day.toordinal()
    if any(first < ordinal <= last for first, last in period.stops):
        return Stretch(day, day, PAUSED)
    kind, name = _kind(period.calendar, day)
    return Stretch(day, day, kind, name, days=kind == COUNTED, amount=kind == COUNTED)


def _timed(period: Period, end: datetime) -> Iterator[Stretch]:
    """Return days of a working-time unit. A day of which only a part counts is named by its spans, and stays alone."""
    calendar = period.calendar
    first, last = wall(period.start, calendar), wall(end, calendar)
    for day in _walk(period.start.date(), end.date()):
        kind, name = _kind(calendar, day)
        whole = _spans(calendar, day, day.toordinal() * DAY, (day.toordinal() + 1) * DAY)
        eligible = _spans(calendar, day, first, last)
        open_spans = [part for span in eligible for part in _without(span, period.stops)]
        amount = sum(b - a for a, b in open_spans)
        if kind != COUNTED:
            yield Stretch(day, day, kind, name)
        elif amount and open_spans != whole:
            said = "、".join(f"{_clock(a)}–{_clock(b)}" for a, b in open_spans)
            yield Stretch(day, day, COUNTED, name, said, days=1, amount=amount)
        elif amount:
            yield Stretch(day, day, COUNTED, name, days=1, amount=amount)
        elif eligible:
            yield Stretch(day, day, PAUSED)


def _spans(calendar: WorkCalendar, day: date, first: int, last: int) -> list[tuple[int, int]]:
    """Return the working spans of a day that lie between two wall-clock points."""
    midnight = day.toordinal() * DAY
    spans = [(midnight + clock_microseconds(a), midnight + clock_microseconds(b)) for a, b in calendar.intervals(day)]
    return [(max(a, first), min(b, last)) for a, b in spans if a < last and b > first]


def _without(span: tuple[int, int], stops: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start, end = span
    for stop, resume in stops:
        if start < stop < end:
            yield start, stop
        if stop < end and resume > start:
            start = min(resume, end)
    if start < end:
        yield start, end


def _clock(point: int) -> str:
    return clock_words((EPOCH + (point % DAY) * MICROSECOND).time())


def _kind(calendar: WorkCalendar, day: date) -> tuple[str, str]:
    """Return what a day is, and its name unless that is only the day of the week."""
    name = calendar.day_name(day)
    plain = name == WEEKDAY_NAMES[day.weekday()]
    if calendar.is_working(day):
        return COUNTED, "" if plain else name
    if plain:
        return WEEKEND, "周末" if day.weekday() >= SATURDAY else "休息日"
    return OFF, name


def _called(calendar: WorkCalendar, day: date) -> str:
    name = _kind(calendar, day)[1]
    return f"是{name or '工作日'}"


def _joined(days: Iterable[Stretch]) -> Iterator[Stretch]:
    """Join neighbours of one kind and name."""
    held: Stretch | None = None
    for day in days:
        if held and (held.kind, held.name, held.spans) == (day.kind, day.name, day.spans):
            held = _merged(held, day)
            continue
        if held:
            yield held
        held = day
    if held:
        yield held


def _merged(first: Stretch, last: Stretch, skipped: int = 0) -> Stretch:
    return replace(
        first,
        last=last.last,
        days=first.days + last.days,
        amount=first.amount + last.amount,
        skipped=first.skipped + last.skipped + skipped,
    )


def _over_weekends(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Take an ordinary weekend between two ordinary runs into one stretch with them."""
    told: list[Stretch] = []
    for stretch in stretches:
        told.append(stretch)
        if len(told) >= len(("run", "weekend", "run")):
            before, weekend, after = told[-3:]
            if before.ordinary and weekend.kind == WEEKEND and after.ordinary:
                told[-3:] = [_merged(before, after, weekend.length)]
    return told


def _folded(stretches: list[Stretch]) -> list[Stretch]:
    """Tell a very long middle in one stretch."""
    if len(stretches) <= HEAD + TAIL + 1:
        return stretches
    middle = stretches[HEAD:-TAIL]
    days, amount = sum(s.days for s in middle), sum(s.amount for s in middle)
    length = (middle[-1].last - middle[0].first).days + 1
    folded = Stretch(middle[0].first, middle[-1].last, FOLDED, days=days, amount=amount, skipped=length - days)
    return [*stretches[:HEAD], folded, *stretches[-TAIL:]]


def _numbers(first: int, last: int, what: str) -> str:
    return f"计第 {first} {what}" if first >= last else f"计第 {first} 至第 {last} {what}"


def _sentence(stretch: Stretch, counted: str, period: Period) -> str:
    year = period.start.year
    days = day_words(stretch.first, year)
    if stretch.last != stretch.first:
        days += f"至{day_words(stretch.last, stretch.first.year)}"
    if stretch.kind == PAUSED:
        rule = "（暂停当天照算，恢复当天不算）" if period.unit in {"days", "working-days"} else ""
        return f"{days}暂停，不计{rule}。"
    if stretch.kind == OFF:
        return f"{days}{stretch.name}{'' if stretch.name.endswith('放假') else '放假'}，不计。"
    if stretch.kind == WEEKEND:
        return f"{days}是{stretch.name}，不计。"
    if stretch.kind == FOLDED:
        return f"{days}{counted}，其间放假、周末等 {stretch.skipped} 天不计。"
    return f"{_labelled(days, stretch)}{counted}{f'，其间周末 {stretch.skipped} 天不计' if stretch.skipped else ''}。"


def _labelled(days: str, stretch: Stretch) -> str:
    name = f"（{stretch.name}）" if stretch.name and stretch.spans else ""
    if stretch.spans:
        return f"{days}{name}{stretch.spans}，"
    return f"{days}是{stretch.name}{'日' if stretch.name.endswith('上班') else ''}，" if stretch.name else days
