"""Moments in the words of the pages: 11月30日 周一 17:00, with the year where it is not the one at hand."""

from datetime import datetime

from django.utils import timezone

from lianshang.kernel.calendars import WEEKDAY_NAMES


def words(moment: datetime, beside: datetime | None = None) -> str:
    """Return the moment to the minute, in the zone in force; `beside` is the moment whose year goes without saying."""
    local = timezone.localtime(moment)
    year = timezone.localtime(beside).year if beside else timezone.localdate().year
    return f"{'' if local.year == year else f'{local.year}年'}{_day(local)} {local:%H:%M}"


def _day(local: datetime) -> str:
    return f"{local.month}月{local.day}日 {WEEKDAY_NAMES[local.weekday()]}"
