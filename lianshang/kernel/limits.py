"""From a profile's limit to a moment: what `deadlines.due` does not know, because it needs the duty's surroundings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.deadlines import Due, due
from lianshang.kernel.profiles import Limit

Pauses = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True)
class Surroundings:
    """What a limit may refer to besides its own start."""

    receipt: str = "as-received"
    promised_at: datetime | None = None
    lead_due_at: datetime | None = None
    pauses: Pauses = ()


def resolve(limit: Limit, start: datetime, calendar: WorkCalendar, around: Surroundings) -> Due | None:
    """Return when a duty that starts at `start` is due, or None while nothing is promised yet.

    same-day: the close of business of the day of receipt, of the next working day where that is past.
    monthly: the close of the first day N after the start. before-lead: working days back from the lead's due time,
    never less than `at_least` after the start.
    """
    if limit.form == "period":
        return due(start, limit.n, limit.unit, calendar, receipt=around.receipt, pauses=around.pauses)
    if limit.form == "same-day":
        return _same_day(start, calendar)
    if limit.form == "monthly":
        return _monthly(limit.day, start, calendar)
    if limit.form == "before-lead" and around.lead_due_at:
        return _before_lead(limit, start, around.lead_due_at, calendar, around)
    if limit.form == "promise" and around.promised_at:
        return Due(around.promised_at, provisional=False)
    return None


def _close_of(day: datetime, calendar: WorkCalendar) -> datetime:
    ends = calendar.intervals(day.date())[-1][1]
    return datetime.combine(day.date(), ends, tzinfo=calendar.zone)


def _same_day(start: datetime, calendar: WorkCalendar) -> Due:
    day = start.astimezone(calendar.zone)
    while not calendar.is_working(day.date()) or _close_of(day, calendar) <= start:
        day = (day + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Due(_close_of(day, calendar), provisional=calendar.provisional(day.date()))


def _monthly(day_number: int, start: datetime, calendar: WorkCalendar) -> Due:
    day = start.astimezone(calendar.zone) + timedelta(days=1)
    while day.day != day_number:
        day += timedelta(days=1)
    while not calendar.is_working(day.date()):
        day += timedelta(days=1)
    return Due(_close_of(day, calendar), provisional=calendar.provisional(day.date()))


def _before_lead(
    limit: Limit, start: datetime, lead_due_at: datetime, calendar: WorkCalendar, around: Surroundings
) -> Due:
    earliest = due(start, limit.at_least or 0, limit.unit, calendar, receipt=around.receipt, pauses=around.pauses)
    day = lead_due_at.astimezone(calendar.zone)
    back = limit.n
    while back:
        day -= timedelta(days=1)
        back -= calendar.is_working(day.date())
    return max(
        earliest, Due(_close_of(day, calendar), provisional=calendar.provisional(day.date())), key=lambda d: d.at
    )
