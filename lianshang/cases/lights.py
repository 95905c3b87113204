"""The light of a clock at a moment, in words: normal, near, late, paused, met, missed, none. Asked, never stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil

from lianshang.cases import books
from lianshang.cases.briefs import BriefCase, BriefClock
from lianshang.cases.models import Case, CaseClock
from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.counting import DAY, HOUR, MICROSECOND, MINUTE, after_time, shown, time_between, wall
from lianshang.kernel.deadlines import remaining_words, working_minutes_between
from lianshang.kernel.durations import time_words
from lianshang.kernel.editions import calendar_of
from lianshang.kernel.profiles import Limit, Near, Span

AnyClock = CaseClock | BriefClock
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


def light_of(clock: AnyClock, case: Case | BriefCase, now: datetime) -> Light:
    """Return the light of one clock. `near` follows the case's own mechanism profile."""
    if clock.stopped_at:
        return _ended(clock, clock.stopped_at)
    state = state_of(clock, case, now)
    if state == "paused":
        return Light(state, "停钟中，不计时", clock.due_at, clock.provisional)
    if state == "none":
        return Light(state, "已过", clock.due_at)  # a window closes; nobody is late with it
    limit = books.profile_of(case.profile_version_id).limit(clock.duty, case.kind, case.urgency)
    unit = limit.unit if limit and limit.unit else "working-days"
    left = remaining_words(now, clock.due_at, calendar_of(clock.calendar_version_id), unit=unit)
    return Light(state, left, clock.due_at, clock.provisional and state != "late")


def state_of(clock: AnyClock, case: Case | BriefCase, now: datetime) -> str:
    """Return the state of the light alone, for counting: its words take most of the time."""
    if clock.stopped_at:
        return _ended(clock, clock.stopped_at).state
    if clock.paused_at:
        return "paused"
    if clock.due_at < now:
        return "none" if clock.duty in books.QUIET else "late"
    profile = books.profile_of(case.profile_version_id)
    limit = profile.limit(clock.duty, case.kind, case.urgency)
    calendar = calendar_of(clock.calendar_version_id)
    return "near" if is_near(clock, limit, profile.near, calendar, now) else "normal"


def _ended(clock: AnyClock, stopped_at: datetime) -> Light:
    """A window or duty that was dropped was neither kept nor missed, unless it was late already."""
    if stopped_at > clock.due_at and clock.duty not in books.QUIET:
        over = (stopped_at - clock.due_at) // MICROSECOND
        return Light("missed", f"迟 {time_words(over, parts=1)}", clock.due_at)
    if clock.outcome == CaseClock.Outcome.DROPPED:
        return Light("none", "不再计", clock.due_at)
    return Light("met", "", clock.due_at)


def is_near(clock: AnyClock, limit: Limit | None, near: Near, calendar: WorkCalendar, now: datetime) -> bool:
    """Whether the clock is near its end: so much of it is used up, or no more than so much is left.

    What is left counts only for clocks longer than that: a clock of two hours would be near from its first minute.
    """
    works = bool(limit and limit.unit.startswith("working")) or limit is None or not limit.unit
    since = near_since(clock.started_at, clock.due_at, calendar, near, works=works)
    return since is not None and now >= since


@lru_cache(maxsize=8192)
def near_since(start: datetime, end: datetime, calendar: WorkCalendar, near: Near, *, works: bool) -> datetime | None:
    """Return the moment from which a clock is near, or None: it hangs on nothing that changes, so it is worked out once.

    Working time is told in whole minutes. `works`: the share is of working time, and not by the clock.
    """
    found = []
    if near.fraction:
        used = ceil(near.fraction * _length(start, end, calendar, working=works))
        found.append(_after(start, used, calendar, working=works))
    if near.remaining:
        found += _within(near.remaining, start, end, calendar)
    return min(found, default=None)


def _within(span: Span, start: datetime, end: datetime, calendar: WorkCalendar) -> list[datetime]:
    """The moment when no more than this is left; nothing where the whole is no longer than that."""
    works = span.unit.startswith("working")
    length = span.n * (calendar.day_length if span.unit == "working-days" else SIZES[span.unit])
    if _length(start, end, calendar, working=works) <= length:
        return []
    if not works:
        return [end - length * MICROSECOND]
    run = time_between(calendar, wall(start, calendar), wall(end, calendar))
    left = length - length % MINUTE + MINUTE - 1  # the most of which whole minutes still say no more than `length`
    return [shown(after_time(calendar, wall(start, calendar), run - left), calendar)]


def _after(start: datetime, n: int, calendar: WorkCalendar, *, working: bool) -> datetime:
    """Return the first moment by which `n` microseconds have run, or so many whole minutes of working time."""
    if not working or n <= 0:
        return start + n * MICROSECOND
    minutes = -(-n // MINUTE)
    return shown(after_time(calendar, wall(start, calendar), minutes * MINUTE), calendar)


def _length(start: datetime, end: datetime, calendar: WorkCalendar, *, working: bool) -> int:
    """Return microseconds from start to end, by the clock or in working time."""
    if working:
        return working_minutes_between(start, end, calendar) * MINUTE
    return max(end - start, timedelta()) // MICROSECOND


def first_of(clocks: list[CaseClock]) -> CaseClock | None:
    """Return the clock that matters most now: the earliest that runs; windows are no duty, a paused one waits.

    What is to be ruled on comes before all else that runs: the ruling says whether the rest is to be done, and by whom.
    """
    held = [clock for clock in clocks if clock.stopped_at is None and clock.duty not in books.QUIET]
    return min(held, key=lambda one: (one.paused_at is not None, one.duty != "ruling", one.due_at), default=None)
