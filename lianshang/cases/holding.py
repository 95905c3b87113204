"""Who held a case how long, told from its events: at each moment the office or the lead, and beside them the co-units."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from lianshang.cases import books
from lianshang.cases.models import Assignment, CaseClock, CaseEvent
from lianshang.cases.states import ENDED, State
from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.counting import HOUR, MICROSECOND, MINUTE
from lianshang.kernel.deadlines import working_minutes_between
from lianshang.kernel.durations import time_words

WITH_OFFICE = (
    State.REGISTERED,
    State.SCREENED,
    State.RETURN_REQUESTED,
    State.CONSULTING,
    State.ANSWERED,
    State.CALLBACK,
)  # the committee's office is at it: sends, rules, consults, reviews, calls back


@dataclass
class Holding:
    """The time of one unit in one part. Spans are closed by `now` where the unit still holds the case."""

    unit_id: int | None
    part: str  # 综合党委, 主办, 协办
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    is_now: bool = False
    by_hour: bool = False  # of a sealed case no more than the hour is kept

    @property
    def natural(self) -> str:
        total = sum((end - start) // MICROSECOND for start, end in self.spans)
        if self.by_hour:
            hours = (total + HOUR // 2) // HOUR
            return time_words(hours * HOUR, parts=2) if hours else "不到 1 小时"
        return time_words(total, parts=2) if total >= MINUTE else "不到 1 分钟"

    def working(self, calendar: WorkCalendar) -> str:
        """Working time in the words of working days; what lies outside working hours weighs nothing."""
        minutes = sum(working_minutes_between(start, end, calendar) for start, end in self.spans)
        if self.by_hour:
            minutes = (minutes + 30) // 60 * 60
        return time_words(minutes * MINUTE, parts=2, day="个工作日", length=calendar.day_length)


def holdings(
    events: Iterable[CaseEvent],
    parts: Iterable[Assignment],
    office_id: int | None,
    now: datetime,
    *,
    by_hour: bool = False,
) -> list[Holding]:
    """Return who held it, in the order in which they first did. `events` in their order, from the first.

    `by_hour` of a sealed case, of whose steps no more than the hour is kept.
    """
    told: dict[tuple[int | None, str], Holding] = {}
    for unit_id, role, start, end in _track(list(events), office_id):
        _add(told, (unit_id, role), start, end or now, is_now=end is None)
    for part in parts:
        if part.part == Assignment.Part.CO:
            end = part.answered_at or part.ended_at
            _add(told, (part.unit_id, part.get_part_display()), part.dispatched_at, end or now, is_now=end is None)
    for holding in told.values():
        holding.by_hour = by_hour
    return list(told.values())


def _add(
    told: dict[tuple[int | None, str], Holding],
    holder: tuple[int | None, str],
    start: datetime,
    end: datetime,
    *,
    is_now: bool,
) -> None:
    holding = told.setdefault(holder, Holding(*holder))
    holding.spans.append((start, max(start, end)))
    holding.is_now |= is_now


def _track(events: list[CaseEvent], office_id: int | None) -> list[tuple[int | None, str, datetime, datetime | None]]:
    """Return (unit, part, from, until) one after the other; until None: still."""
    track: list[tuple[int | None, str, datetime, datetime | None]] = []
    lead, held = None, None
    for event in events:
        lead = event.unit_id if event.verb == "dispatch" else lead
        holder = _holder(event.target, lead, office_id)
        if holder == held:
            continue
        if held:
            track[-1] = (*track[-1][:3], event.at)
        if holder:
            track.append((*holder, event.at, None))
        held = holder
    return track


def _holder(state: str, lead: int | None, office_id: int | None) -> tuple[int | None, str] | None:
    if state == State.DRAFT or state in ENDED:
        return None
    if state in WITH_OFFICE or lead is None:
        return office_id, "综合党委"
    return lead, Assignment.Part.LEAD.label


def holder_of(state: str, lead_id: int | None, office_id: int | None) -> int | None:
    """Return the unit that is at a case in this state; None where it has ended."""
    holder = _holder(state, lead_id, office_id)
    return holder[0] if holder else None


def charged(clocks: Iterable[CaseClock], now: datetime) -> dict[int | None, list[tuple[CaseClock, str]]]:
    """Return unit → its own late clocks with how late. Nobody answers for another's clock: a co-unit for its own alone."""
    late: dict[int | None, list[tuple[CaseClock, str]]] = {}
    for clock in clocks:
        if clock.duty not in books.QUIET and clock.is_late(now):
            over = ((clock.stopped_at or now) - clock.due_at) // MICROSECOND
            words = time_words(over, parts=1) if over >= MINUTE else "不到 1 分钟"
            late.setdefault(clock.unit_id, []).append((clock, words))
    return late
