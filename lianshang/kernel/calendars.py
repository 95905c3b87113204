"""Which days and hours are working time in China: weekly pattern, make-up days (调休), holidays, half days, local days.

A calendar is a frozen value made of layers: national, then a park's document over it, then a unit's over that.
Days are settled only where the State Council's yearly notice is published. Elsewhere a date is *provisional*: the weekly
pattern counts, except the statutory holidays that 全国年节及纪念日放假办法 fixes; who uses such a date must say so.
The last days of December belong to the next year's notice. They count as published with their own year, and are counted
again when the next notice is loaded.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

from lianshang.kernel.calendar_documents import WEEKDAYS, CalendarFaults, DayRule, Fault, Hours, Layer, read

__all__ = ["CalendarFaults", "DayRule", "Fault", "WorkCalendar", "from_holiday_cn", "load", "national", "overlay"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAY_NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
SATURDAY = 5
DECEMBER = 12
STANDARD_HOURS: Hours = ((time(9), time(12)), (time(13), time(17)))
STANDARD_WEEK = (STANDARD_HOURS,) * 5 + ((),) * 2

# 全国年节及纪念日放假办法 (2024), the holidays of all citizens that have a fixed date.
FESTIVALS = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")
FIXED_HOLIDAYS = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
# The same law's holidays by moon and sun, worked out for years whose notice may not be there yet.
MOVING_HOLIDAYS = {
    **{date(2027, 2, day): "春节" for day in (5, 6, 7, 8)},
    date(2027, 4, 5): "清明节",
    date(2027, 6, 9): "端午节",
    date(2027, 9, 15): "中秋节",
}
FULL_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def clock_microseconds(moment: time | datetime) -> int:
    """Microseconds since midnight by the wall clock."""
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond


@dataclass(slots=True)
class Year:
    """The working days of one year as parallel sorted arrays, for bisection. Day numbers are proleptic ordinals."""

    days: list[int]
    closings: list[datetime]
    hours: list[tuple[tuple[int, int], ...]]  # microseconds since midnight
    opened: list[int]  # working microseconds of the year before each working day; the last one is the year's total


@dataclass(frozen=True)
class WorkCalendar:
    """Frozen and hashable. `weekly` starts on Monday; `days` are sorted by date; `published` ranges are inclusive."""

    name: str
    weekly: tuple[Hours, ...] = STANDARD_WEEK
    days: tuple[tuple[date, DayRule], ...] = ()
    published: tuple[tuple[date, date], ...] = ()
    zone: ZoneInfo = SHANGHAI
    _years: dict[int, Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        return hash((self.name, self.version))

    @property
    def title(self) -> str:
        """The name that people read."""
        return "全国工作日历" if self.name == "national" else self.name

    @cached_property
    def version(self) -> str:
        """Last published year and a digest of all that the calendar says: equal versions give equal deadlines."""
        said = json.dumps([self.dump(), sorted(FIXED_HOLIDAYS), sorted(map(str, MOVING_HOLIDAYS))], sort_keys=True)
        last = str(self.published[-1][1].year) if self.published else "unpublished"
        return f"{last}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"

    @cached_property
    def day_length(self) -> int:
        """Working microseconds of an ordinary day."""
        return sum(clock_microseconds(closes) - clock_microseconds(opens) for opens, closes in self._ordinary_hours)

    def is_working(self, day: date) -> bool:
        return bool(self.intervals(day))

    def intervals(self, day: date) -> Hours:
        """Working hours of the day in order, empty on a day off.

        A make-up day stands for a day of the week that is worked: on Saturday and Sunday it has that day's hours.
        """
        rule = self._rule(day)
        hours = self.weekly[day.weekday()]
        if rule is None:
            return hours
        if rule.hours is not None:
            return rule.hours
        return hours if hours and day.weekday() < SATURDAY else self._ordinary_hours

    def day_name(self, day: date) -> str:
        """春节, 调休上班, 半天 … or the day of the week."""
        rule = self._rule(day)
        return (rule.name if rule else "") or WEEKDAY_NAMES[day.weekday()]

    def provisional(self, day: date) -> bool:
        return not self.settled(day, day)

    def settled(self, first: date, last: date) -> bool:
        """Whether all days from `first` to `last` are published."""
        return any(start <= first and last <= end for start, end in self.published)

    def year(self, number: int) -> Year:
        """Return the arrays of one year, made once. OverflowError where the calendar of dates ends."""
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = self._lay_out(number)
        return found

    def dump(self) -> dict[str, Any]:
        """The document that `load` reads back to an equal calendar."""
        ranges = [[start.isoformat(), end.isoformat()] for start, end in self.published]
        return {
            "name": self.name,
            "zone": self.zone.key,
            "weekly": {key: _written(hours) for key, hours in zip(WEEKDAYS, self.weekly, strict=True)},
            "days": {day.isoformat(): _dumped(rule) for day, rule in self.days},
            "published": ranges[0] if len(ranges) == 1 else ranges,
        }

    @cached_property
    def _rules(self) -> dict[date, DayRule]:
        return dict(self.days)

    @cached_property
    def _ordinary_hours(self) -> Hours:
        return next(hours for hours in self.weekly if hours)

    def _rule(self, day: date) -> DayRule | None:
        stated = self._rules.get(day)
        if stated is None and (guess := _statutory(day)) and self.provisional(day):
            return DayRule(guess, ())
        return stated

    def _lay_out(self, number: int) -> Year:
        if not date.min.year < number < date.max.year:
            raise OverflowError(number)
        year = Year([], [], [], [0])
        for ordinal in range(date(number, 1, 1).toordinal(), date(number + 1, 1, 1).toordinal()):
            day = date.fromordinal(ordinal)
            if hours := self.intervals(day):
                spans = tuple((clock_microseconds(opens), clock_microseconds(closes)) for opens, closes in hours)
                year.days.append(ordinal)
                year.closings.append(datetime.combine(day, hours[-1][1], self.zone))
                year.hours.append(spans)
                year.opened.append(year.opened[-1] + sum(closes - opens for opens, closes in spans))
        return year


@cache
def national() -> WorkCalendar:
    """Return the State Council's days that the package chinesecalendar knows, with the standard hours."""
    from chinese_calendar import constants

    chinese = {holiday.value: FULL_NAMES.get(holiday.chinese, holiday.chinese) for holiday in constants.Holiday}
    days = {day: DayRule(chinese[name], ()) for day, name in constants.holidays.items()}
    days |= dict.fromkeys(constants.workdays, DayRule("调休上班"))
    years = {day.year for day in constants.holidays}
    return _made(WorkCalendar("national"), days, [_whole_year(year) for year in years])


def load(document: Mapping[Any, Any]) -> WorkCalendar:
    """Read a document that stands alone. CalendarFaults with every fault and its place."""
    layer = read(document, alone=True)
    base = WorkCalendar(layer.name, zone=layer.zone or SHANGHAI)
    return _laid_over(base, layer)


def overlay(base: WorkCalendar, document: Mapping[Any, Any]) -> WorkCalendar:
    """Lay a park's or unit's document over a calendar: its days win date by date.

    `weekly` replaces the whole week where it is given. `published` replaces the base's range where it is given: with it
    the document answers for all days of that range, the national ones too.
    """
    return _laid_over(base, read(document, alone=False))


def from_holiday_cn(documents: Iterable[Mapping[str, Any]], base: WorkCalendar | None = None) -> WorkCalendar:
    """Merge year files of the holiday-cn form, oldest first, into `base`. A year without days stays provisional.

    All files are merged before anything is asked, for a year's file may hold days of the December before it. Of a year
    that a file covers, the base's own days are dropped; its December only where the next year's file is here too.
    """
    files = sorted((_checked(document, number) for number, document in enumerate(documents, 1)), key=lambda f: f[0])
    covered = {year for year, days in files if days}
    base = base or WorkCalendar("national")
    kept = {
        day: rule
        for day, rule in base.days
        if day.year not in covered or (day.month == DECEMBER and day.year + 1 not in covered)
    }
    for _, days in files:
        kept.update(days)
    return _made(base, kept, [*base.published, *map(_whole_year, covered)])


def missing_festivals(document: Mapping[str, Any]) -> list[str]:
    """Return the festivals for all citizens (全国年节及纪念日放假办法 art 2) that a year's file gives no day off for.

    A year without any days is not published yet, and misses nothing.
    """
    days = [day for day in document.get("days") or () if isinstance(day, Mapping)]
    named = "、".join(str(day.get("name", "")) for day in days if day.get("isOffDay") is True)
    return [festival for festival in FESTIVALS if festival not in named] if days else []


def _laid_over(base: WorkCalendar, layer: Layer) -> WorkCalendar:
    merged = _made(base, {**dict(base.days), **layer.days}, layer.published or base.published)
    return replace(merged, name=layer.name, weekly=layer.weekly or base.weekly, zone=layer.zone or base.zone)


def _made(base: WorkCalendar, days: Mapping[date, DayRule], published: Iterable[tuple[date, date]]) -> WorkCalendar:
    return replace(base, days=tuple(sorted(days.items(), key=lambda item: item[0])), published=_joined(published))


def _joined(ranges: Iterable[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    """Sorted ranges, those that touch or overlap as one."""
    joined: list[tuple[date, date]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1] + timedelta(days=1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _whole_year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _statutory(day: date) -> str | None:
    return FIXED_HOLIDAYS.get((day.month, day.day)) or MOVING_HOLIDAYS.get(day)


def _checked(document: Mapping[str, Any], number: int) -> tuple[int, dict[date, DayRule]]:
    """Year and days of one holiday-cn file, or CalendarFaults."""
    try:
        year = int(document["year"])
    except (KeyError, TypeError, ValueError):
        raise CalendarFaults([Fault(f"第 {number} 个文件", "缺少 year（年份），不是节假日年度文件")]) from None
    if "days" not in document:
        raise CalendarFaults([Fault(f"{year} 年", "缺少 days（放假和调休的日子）；还没有公布的年份写成空的 days")])
    days: dict[date, DayRule] = {}
    faults = []
    for position, entry in enumerate(document["days"] or (), 1):
        try:
            off = {True: True, False: False}[entry["isOffDay"]]
            days[date.fromisoformat(entry["date"])] = DayRule(str(entry["name"]), ()) if off else DayRule("调休上班")
        except (KeyError, TypeError, ValueError):
            faults.append(
                Fault(f"{year} 年第 {position} 天", "要有 name、date（如 2026-02-14）和 isOffDay（true 或 false）")
            )
    if faults:
        raise CalendarFaults(faults)
    return year, days


def _written(hours: Hours) -> list[str]:
    return [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in hours]


def _dumped(rule: DayRule) -> dict[str, Any]:
    named = {"name": rule.name} if rule.name else {}
    if rule.hours is None:
        return {"working": True, **named}
    return {"intervals": _written(rule.hours), **named} if rule.hours else {"off": True, **named}
