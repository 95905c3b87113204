"""Periods as people write them: 2026, 2026-Q3, 2026-11, 2026-11-01..2026-11-23."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class NoPeriod(ValueError):
    """The text names no period. The message is a Chinese sentence."""


@dataclass(frozen=True)
class Period:
    """Whole days from `first` to `last`, both included."""

    first: date
    last: date
    label: str

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the moments [start, end) in `zone`."""
        start, end = self.first, self.last + timedelta(days=1)
        return datetime.combine(start, time(), zone), datetime.combine(end, time(), zone)


def month(day: date) -> Period:
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Period(first, last, f"{first:%Y年%-m月}")


def parse(text: str) -> Period:
    """Read a period. NoPeriod says which forms there are."""
    text = text.strip()
    try:
        return _year(text) or _quarter(text) or _month(text) or _range(text)
    except ValueError:
        raise NoPeriod(f"“{text}”不是时段。可写 2026、2026-Q3、2026-11，或 2026-11-01..2026-11-23。") from None


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
