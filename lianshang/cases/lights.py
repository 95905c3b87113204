"""The light of a clock at a moment, in words: normal, near, late, paused, met, missed, none. Asked, never stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lianshang.cases import books
from lianshang.cases.models import Case, CaseClock
from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.counting import DAY, HOUR, MICROSECOND, MINUTE
from lianshang.kernel.deadlines import remaining_words, working_minutes_between
from lianshang.kernel.durations import time_words
from lianshang.kernel.editions import calendar_of
from lianshang.kernel.profiles import Limit, Near, Span

SIZES = {
    "minutes": MINUTE, "hours": HOUR, "days": DAY, "working-minutes": MINUTE, "working-hours": HOUR,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Light:
    """What the page draws: one of the seven states, what is left or over in words, and the moment itself."""

    state: str
    remaining: str = ""
    due_at: datetime | None = None
    provisional: bool = False

    @property
    def is_late(self) -> bool:
        return self.state in ("late", "missed")


NONE = Light("none")


def light_of(clock: CaseClock, case: Case, now: datetime) -> Light:
    """Return the light of one clock. `near` follows the case's own mechanism profile."""
    profile = books.profile_of(case.profile_version_id)
    calendar = calendar_of(clock.calendar_version_id)
    limit = profile.limit(clock.duty, case.kind, case.urgency)
    if clock.stopped_at:
        return _ended(clock, clock.stopped_at)
    if clock.paused_at:
        return Light("paused", "停钟中，不计时", clock.due_at, clock.provisional)
    if clock.duty in books.QUIET and clock.due_at < now:
        return Light("none", "已过", clock.due_at)  # a window closes; nobody is late with it
    left = remaining_words(now, clock.due_at, calendar, unit=limit.unit if limit and limit.unit else "working-days")
    if clock.due_at < now:
        return Light("late", left, clock.due_at)
    state = "near" if is_near(clock, limit, profile.near, calendar, now) else "normal"
    return Light(state, left, clock.due_at, clock.provisional)


def _ended(clock: CaseClock, stopped_at: datetime) -> Light:
    """A window or duty that was dropped was neither kept nor missed, unless it was late already."""
    if stopped_at > clock.due_at and clock.duty not in books.QUIET:
        over = (stopped_at - clock.due_at) // MICROSECOND
        return Light("missed", f"迟 {time_words(over, parts=1)}", clock.due_at)
    if clock.outcome == CaseClock.Outcome.DROPPED:
        return Light("none", "不再计", clock.due_at)
    return Light("met", "", clock.due_at)


def is_near(clock: CaseClock, limit: Limit | None, near: Near, calendar: WorkCalendar, now: datetime) -> bool:
    """Whether the clock is near its end: so much of it is used up, or no more than so much is left.

    What is left counts only for clocks longer than that: a clock of two hours would be near from its first minute.
    """
    works = bool(limit and limit.unit.startswith("working")) or limit is None or not limit.unit
    whole = _length(clock.started_at, clock.due_at, calendar, working=works)
    used = _length(clock.started_at, now, calendar, working=works)
    if near.fraction and used >= near.fraction * whole:
        return True
    return near.remaining is not None and _within(near.remaining, clock, calendar, now)


def _within(span: Span, clock: CaseClock, calendar: WorkCalendar, now: datetime) -> bool:
    works = span.unit.startswith("working")
    length = span.n * (calendar.day_length if span.unit == "working-days" else SIZES[span.unit])
    whole = _length(clock.started_at, clock.due_at, calendar, working=works)
    return whole > length >= _length(now, clock.due_at, calendar, working=works)


def _length(start: datetime, end: datetime, calendar: WorkCalendar, *, working: bool) -> int:
    """Return microseconds from start to end, by the clock or in working time."""
    if working:
        return working_minutes_between(start, end, calendar) * MINUTE
    return max(end - start, timedelta()) // MICROSECOND


def first_of(clocks: list[CaseClock]) -> CaseClock | None:
    """Return the clock that matters most now: the earliest that runs; windows are no duty, a paused one waits."""
    held = [clock for clock in clocks if clock.stopped_at is None and clock.duty not in books.QUIET]
    return min(held, key=lambda clock: (clock.paused_at is not None, clock.due_at), default=None)
