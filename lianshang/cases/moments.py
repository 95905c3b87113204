"""Moments in the words of the pages: 11月30日 周一 17:00, with the year where it is not the one at hand."""

from datetime import datetime

from django.utils import timezone

from lianshang.kernel.calendars import WEEKDAY_NAMES


def words(moment: datetime, beside: datetime | None = None) -> str:
    """Return the moment to the minute, in the zone in force; `beside` is a moment whose year goes without saying."""
    local = timezone.localtime(moment)
    said = beside is not None and local.year == timezone.localtime(beside).year
    year = "" if said else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日 {WEEKDAY_NAMES[local.weekday()]} {local:%H:%M}"
