"""What whole days are called."""

from datetime import date

from lianshang.indicators import periods


def label(first: date, last: date) -> str:
    """2026年11月; 2026年第三季度; 2026年; else from day to day."""
    if first.day == 1 and last == periods.month(first).last:
        return periods.month(first).label
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"{first.year}年"
    quarter = periods.parse(f"{first.year}-Q{(first.month + 2) // 3}")
    if (first, last) == (quarter.first, quarter.last):
        return quarter.label
    return f"{periods.chinese(first)}至{periods.chinese(last)}"
