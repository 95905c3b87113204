"""The document of a calendar: what a park writes down about its week, its own days off and its half days.

    {"name": "某园区", "weekly": {"mon": ["09:00-12:00", "13:00-17:00"], …},
     "days": {"2026-03-03": {"off": true, "name": "三月三"}, "2026-03-04": {"intervals": ["09:00-12:00"], "name": "半天"},
              "2026-03-07": {"working": true, "name": "调休上班"}},
     "published": ["2026-01-01", "2026-12-31"], "zone": "Asia/Shanghai"}

`weekly` names Monday to Friday, each with its intervals ([] is a day off); Saturday and Sunday may be left out. A day is
one of off, working (the hours of an ordinary working day) or its own intervals. `published` is one range or a list of them.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Hours = tuple[tuple[time, time], ...]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KNOWN = {"name", "weekly", "days", "published", "zone"}
KINDS = {"off", "working", "intervals"}
INTERVAL = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class DayRule:
    """What is said about one date. `hours`: None for those of an ordinary working day, () for a day off."""

    name: str
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a document, and where."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}：{self.message}"


class CalendarFaults(ValueError):
    """The document cannot be used. All faults at once; the text is one Chinese sentence."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{'；'.join(map(str, faults))}。")


@dataclass(frozen=True, slots=True)
class Layer:
    """A document that was read. None: it says nothing about that, the calendar below counts."""

    name: str
    weekly: tuple[Hours, ...] | None
    days: dict[date, DayRule]
    published: tuple[tuple[date, date], ...] | None
    zone: ZoneInfo | None


def read(document: Mapping[Any, Any], *, alone: bool) -> Layer:
    """Read a document, or raise CalendarFaults with every fault. One that stands alone must have a week."""
    faults: list[Fault] = []
    if not isinstance(document, Mapping):
        raise CalendarFaults([Fault("日历", "应是一组“名称: 内容”，如 name、weekly、days")])
    if alone and "weekly" not in document:
        faults.append(Fault("weekly", "缺少每周的上班时间"))
    _refuse_unknown(document, KNOWN, "日历", faults)
    layer = Layer(
        _name(document.get("name"), faults),
        _weekly(document["weekly"], faults) if "weekly" in document else None,
        _days(document.get("days"), faults),
        _published(document["published"], faults) if "published" in document else None,
        _zone(document["zone"], faults) if "zone" in document else None,
    )
    if faults:
        raise CalendarFaults(faults)
    return layer


def _refuse_unknown(entry: Mapping[Any, Any], known: set[str], place: str, faults: list[Fault]) -> None:
    unknown = [str(key) for key in entry if _key(key) not in known]
    if unknown:
        faults.append(Fault(place, f"不认识 {'、'.join(unknown)}，可以写 {'、'.join(sorted(known))}"))


def _key(key: Any) -> str:
    """YAML reads a bare `off` as false and a bare date as a date."""
    if key is False:
        return "off"
    return key.isoformat() if isinstance(key, date) else str(key)


def _name(value: Any, faults: list[Fault]) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    faults.append(Fault("name", "缺少日历名称"))
    return ""


def _weekly(value: Any, faults: list[Fault]) -> tuple[Hours, ...] | None:
    if not isinstance(value, Mapping):
        faults.append(Fault("weekly", "应按星期写，如 mon: [“09:00-12:00”, “13:00-17:00”]"))
        return None
    _refuse_unknown(value, set(WEEKDAYS), "weekly", faults)
    missing = [day for day in WEEKDAYS[:5] if day not in value]
    if missing:
        faults.append(Fault("weekly", f"缺少 {'、'.join(missing)}，不上班的写 []"))
    week = tuple(_hours(value.get(day) or [], f"weekly.{day}", faults) for day in WEEKDAYS)
    if not missing and not any(week) and not any(value.values()):
        faults.append(Fault("weekly", "一周里至少要有 1 个工作日"))
    return week


def _days(value: Any, faults: list[Fault]) -> dict[date, DayRule]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        faults.append(Fault("days", "应按日期写，如 2026-03-03: {off: true, name: 三月三}"))
        return {}
    return {
        day: _day_rule(entry, day, f"days.{day}", faults)
        for key, entry in value.items()
        if (day := _date(key, "days", faults)) is not None
    }


def _day_rule(entry: Any, day: date, place: str, faults: list[Fault]) -> DayRule:
    if not isinstance(entry, Mapping):
        faults.append(Fault(place, "应写 off: true、working: true 或 intervals: [“09:00-12:00”]"))
        return DayRule("")
    said = {_key(key): content for key, content in entry.items()}
    _refuse_unknown(entry, KINDS | {"name"}, place, faults)
    name = str(said.get("name") or "").strip()
    kinds = KINDS & said.keys()
    if len(kinds) != 1 or any(said[kind] is not True for kind in kinds - {"intervals"}):
        faults.append(Fault(place, "off: true（放假）、working: true（上班）、intervals（自定时段）三者写一个"))
    elif "off" in kinds:
        return DayRule(name or "放假", ())
    elif "intervals" in kinds:
        return DayRule(name, _hours(said["intervals"], place, faults))
    return DayRule(name or ("调休上班" if day.weekday() >= len(WEEKDAYS[:5]) else ""))


def _hours(value: Any, place: str, faults: list[Fault]) -> Hours:
    """Intervals of one day, in order and apart from each other."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        faults.append(Fault(place, "时段应是列表，如 [“09:00-12:00”, “13:00-17:00”]"))
        return ()
    hours = tuple(interval for text in value if (interval := _interval(text, place, faults)))
    for (_, closes), (opens, _) in itertools.pairwise(hours):
        if opens < closes:
            faults.append(Fault(place, f"{opens:%H:%M} 开始的时段与前一段重叠，或没有按先后排列"))
    return hours


def _interval(text: Any, place: str, faults: list[Fault]) -> tuple[time, time] | None:
    found = INTERVAL.fullmatch(str(text).strip())
    try:
        a, b, c, d = map(int, found.groups()) if found else (24, 0, 0, 0)
        opens, closes = time(a, b), time(c, d)
    except ValueError:
        faults.append(Fault(place, f"“{text}”不是时段，应写成 09:00-12:00"))
        return None
    if opens < closes:
        return opens, closes
    faults.append(Fault(place, f"“{text}”的结束要晚于开始，过夜的时段请拆成两天"))
    return None


def _published(value: Any, faults: list[Fault]) -> tuple[tuple[date, date], ...]:
    """One [first, last] or a list of them."""
    ranges = value if isinstance(value, list | tuple) else [value]
    if ranges and not isinstance(ranges[0], list | tuple):
        ranges = [ranges]
    return tuple(found for entry in ranges if (found := _range(entry, faults)))


def _range(entry: Any, faults: list[Fault]) -> tuple[date, date] | None:
    if not isinstance(entry, list | tuple) or len(entry) != len(("first", "last")):
        faults.append(Fault("published", "应写首日和末日，如 [2026-01-01, 2026-12-31]"))
        return None
    first, last = (_date(day, "published", faults) for day in entry)
    if first is None or last is None:
        return None
    if last < first:
        faults.append(Fault("published", f"末日 {last} 早于首日 {first}"))
    return first, last


def _date(value: Any, place: str, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(_key(value))
    except ValueError:
        faults.append(Fault(place, f"“{value}”不是日期，应写成 2026-03-03"))
        return None


def _zone(value: Any, faults: list[Fault]) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.append(Fault("zone", f"没有“{value}”这个时区，中国写 Asia/Shanghai"))
        return None
