"""Periods as people write them (2026, 2026-Q3, 2026-11, 2026-11-01..2026-11-23), and the five kinds that reports speak of.

The kinds are not the same thing: “目前” is a day, the others run from a first day that is always printed.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TO_DATE, IN_PERIOD, THIS_YEAR, RECENT_YEARS, CUMULATIVE = "到目前", "当期", "今年以来", "近年来", "累计"
KINDS = (TO_DATE, IN_PERIOD, THIS_YEAR, RECENT_YEARS, CUMULATIVE)
EARLIEST, LATEST = 1900, 2200  # years that a record may speak of
YEARS_BACK = 2  # “近年来”: this year and the two before it


class NoPeriod(ValueError):
    """The text names no period. The message is a Chinese sentence."""


@dataclass(frozen=True)
class Period:
    """Whole days from `first` to `last`, both included. `kind` is one of `KINDS`."""

    first: date
    last: date
    label: str
    kind: str = IN_PERIOD

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the moments [start, end) in `zone`."""
        start, end = self.first, self.last + timedelta(days=1)
        return datetime.combine(start, time(), zone), datetime.combine(end, time(), zone)

    @property
    def text(self) -> str:
        """As `parse` reads it again."""
        return f"{self.first}..{self.last}"


def of_kind(kind: str, day: date, *, began_on: date) -> Period:
    """Return the period of that kind as of a day; `IN_PERIOD` is the day's month. `began_on`: the first record's day.

    Raises ValueError for no such kind.
    """
    year = date(day.year, 1, 1)
    recent, began = date(day.year - YEARS_BACK, 1, 1), min(began_on, day)
    made = {
        TO_DATE: lambda: Period(day, day, f"截至{chinese(day)}", kind),
        IN_PERIOD: lambda: month(day),
        THIS_YEAR: lambda: Period(year, day, f"{day.year}年以来（截至{day:%-m月%-d日}）", kind),
        RECENT_YEARS: lambda: Period(recent, day, f"{recent.year}年以来（截至{chinese(day)}）", kind),
        CUMULATIVE: lambda: Period(began, day, f"{chinese(began)}至{chinese(day)}累计", kind),
    }
    if kind not in made:
        raise ValueError(f"no such kind of period: {kind}")
    return made[kind]()


def chinese(day: date) -> str:
    return f"{day.year}年{day:%-m月%-d日}"


def month(day: date) -> Period:
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Period(first, last, f"{first:%Y年%-m月}")


def parse(text: str) -> Period:
    """Read a period. NoPeriod says which forms there are."""
    text = text.strip()
    try:
        found = _year(text) or _quarter(text) or _month(text) or _range(text)
    except (ValueError, OverflowError):
        found = None
    if found is None or not EARLIEST <= found.first.year <= found.last.year <= LATEST:
        raise NoPeriod(f"“{text}”不是时段。可写 2026、2026-Q3、2026-11，或 2026-11-01..2026-11-23。")
    return found


def _year(text: str) -> Period | None:
    if not re.fullmatch(r"\d{4}", text):
        return None
    return Period(date(int(text), 1, 1), date(int(text), 12, 31), f"{text}年")


def _quarter(text: str) -> Period | None:
    found = re.fullmatch(r"(\d{4})-?[Qq]([1-4])", text)
    if not found:
        return None
    year, quarter = int(found[1]), int(found[2])
    last = month(date(year, 3 * quarter, 1)).last
    return Period(date(year, 3 * quarter - 2, 1), last, f"{year}年第{'一二三四'[quarter - 1]}季度")


def _month(text: str) -> Period | None:
    found = re.fullmatch(r"(\d{4})-(\d{1,2})", text)
    return month(date(int(found[1]), int(found[2]), 1)) if found else None


def _range(text: str) -> Period:
    first, separator, last = text.partition("..")
    if not separator:
        raise ValueError(text)
    start, end = date.fromisoformat(first.strip()), date.fromisoformat(last.strip())
    if end < start:
        raise ValueError(text)
    return Period(start, end, f"{start:%Y年%-m月%-d日}至{end:%Y年%-m月%-d日}")
