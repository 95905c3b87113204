"""Dates and lengths of time in the words people use: 11月23日（周一）, 17:00, 1 个工作日 3 小时."""

from datetime import date, datetime, time

from lianshang.kernel.calendars import WEEKDAY_NAMES
from lianshang.kernel.counting import DAY, HOUR, MINUTE

SECOND = 1_000_000


def day_words(day: date, this_year: int | None = None) -> str:
    """11月23日（周一）, with the year where it is not `this_year`."""
    year = "" if day.year == this_year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日（{WEEKDAY_NAMES[day.weekday()]}）"


def clock_words(moment: time | datetime) -> str:
    """9:00; seconds only where there are some."""
    seconds = f":{moment.second:02}" if moment.second else ""
    return f"{moment.hour}:{moment.minute:02}{seconds}"


def moment_words(moment: datetime, this_year: int | None = None) -> str:
    return f"{day_words(moment, this_year)}{clock_words(moment)}"


def time_words(microseconds: int, *, parts: int = 3, day: str = "天", length: int = DAY) -> str:
    """3 小时 20 分钟: the largest part and those right after it, at most `parts`, rounded down.

    `length` is how long one `day` is: 24 hours, or an ordinary working day.
    """
    found: list[tuple[int, str]] = []
    for position, (size, word) in enumerate(((length, day), (HOUR, "小时"), (MINUTE, "分钟"), (SECOND, "秒"))):
        amount, rest = divmod(microseconds, size)
        if amount:
            found.append((position, f"{amount} {word}"))
        microseconds = rest
    first = found[0][0] if found else 0
    return " ".join(text for position, text in found if position < first + parts) or "0 分钟"
