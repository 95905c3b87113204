"""When a message may go out: in the park's working hours, outside the person's quiet hours, at the hours they chose.

Everything is counted from the moment given. What is urgent is not asked.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from lianshang.directory.models import Park
from lianshang.kernel import editions
from lianshang.kernel.calendars import WorkCalendar
from lianshang.notices.models import NoticeRules, NoticeWish

LOOK_AHEAD = 60  # days; no holiday is longer
STEPS = 2 * LOOK_AHEAD


@dataclass(frozen=True)
class Hours:
    """`calendar` None: at any hour. `quiet`: from, until, by the park's clock; it may run over midnight."""

    zone: ZoneInfo
    calendar: WorkCalendar | None = None
    quiet: tuple[time, time] | None = None
    digests: tuple[time, ...] = ()

    def allowed(self, at: datetime) -> bool:
        return (self.calendar is None or is_open(self.calendar, at)) and not self._quiet_until(at)

    def next_allowed(self, at: datetime) -> datetime:
        """Return the first moment from `at` on. Where somebody's quiet hours leave none, the next opening."""
        moment = self._opening(at)
        for _ in range(STEPS):
            until = self._quiet_until(moment)
            if until is None:
                return moment
            moment = self._opening(until)
        return self._opening(at)

    def wanted(self, at: datetime) -> datetime:
        """Return when what is told at `at` should go out: at the next of the chosen hours, or as soon as allowed."""
        if not self.digests:
            return self.next_allowed(at)
        local = at.astimezone(self.zone)
        for step in range(LOOK_AHEAD):
            day = local.date() + timedelta(days=step)
            if self.calendar and not self.calendar.is_working(day):
                continue
            for hour in self.digests:
                moment = datetime.combine(day, hour, self.zone)
                if moment >= at:
                    return self.next_allowed(moment)
        return self.next_allowed(at)

    def _opening(self, at: datetime) -> datetime:
        return next_opening(self.calendar, at) if self.calendar else at

    def _quiet_until(self, at: datetime) -> datetime | None:
        """Return when the quiet hours that hold at `at` end, or None."""
        if self.quiet is None:
            return None
        start, end = self.quiet
        local = at.astimezone(self.zone)
        now = local.time()
        quiet = start <= now < end if start < end else (now >= start or now < end)
        if not quiet:
            return None
        day = local.date() + timedelta(days=1 if now >= end else 0)
        return datetime.combine(day, end, self.zone)


def is_open(calendar: WorkCalendar, at: datetime) -> bool:
    local = at.astimezone(calendar.zone)
    return any(opens <= local.time() < closes for opens, closes in calendar.intervals(local.date()))


def next_opening(calendar: WorkCalendar, at: datetime) -> datetime:
    """Return `at` inside working hours, else the next moment at which they begin."""
    first = at.astimezone(calendar.zone).date()
    for step in range(LOOK_AHEAD):
        day = first + timedelta(days=step)
        for opens, closes in calendar.intervals(day):
            if at < datetime.combine(day, closes, calendar.zone):
                return max(at, datetime.combine(day, opens, calendar.zone))
    return at


def rules_of(park_id: int) -> NoticeRules:
    """Return the park's rules, or the defaults. Needs the park's scope."""
    return NoticeRules.objects.filter(park=park_id).first() or NoticeRules(park_id=park_id)


def calendar_of(park_id: int) -> WorkCalendar | None:
    """Return the park's calendar in force, or None before the nation's is loaded."""
    try:
        return editions.calendar_of(editions.in_force(park_id)[None])
    except LookupError:
        return None


def hours_of(park: Park, wish: NoticeWish | None, *, rules: NoticeRules, calendar: WorkCalendar | None) -> Hours:
    """Return the hours of one person (`wish`), or of the park's groups (None)."""
    quiet = (wish.quiet_from, wish.quiet_until) if wish and wish.quiet_from and wish.quiet_until else None
    digests = tuple(time.fromisoformat(word) for word in wish.digest_hours.split()) if wish else ()
    return Hours(park.zoneinfo, calendar if rules.working_hours else None, quiet, digests)
