"""What must exist before anything can be counted: the nation's working calendar, and a history of what is there."""

from importlib.metadata import version

from django.utils import timezone

from lianshang.kernel import calendars, editions
from lianshang.kernel.history.adopting import adopt
from lianshang.kernel.models import CalendarVersion


def seed() -> list[str]:
    """Bring in what the shipped packages know and the database does not yet. Returns what was done, in Chinese."""
    return [*_calendar(), *_history()]


def _history() -> list[str]:
    """Rows from before there was a history are taken in as they stand."""
    taken = adopt()
    return [f"已有的 {taken} 条记录纳入历史，今后可以核对。"] if taken else []


def _calendar() -> list[str]:
    national = calendars.national()
    newest = CalendarVersion.objects.filter(calendar__park=None).order_by("-number").first()
    if newest and newest.published_until >= national.published[-1][1]:
        return []
    source = f"国务院办公厅放假通知（chinesecalendar {version('chinesecalendar')}）"
    made = editions.publish_national(national, source=source, at=timezone.now())
    return [f"载入全国工作日历，已公布至 {made.published_until}。"]
