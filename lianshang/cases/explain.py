"""Why a clock is due when it is, line by line in plain Chinese: the rule, the count, and everything that moved it since."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from lianshang.cases import books
from lianshang.cases.duties import LEAD_DUTY
from lianshang.cases.models import Case, CaseClock, CaseClockChange
from lianshang.cases.moments import words
from lianshang.kernel import limits
from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.clocks import pauses_in
from lianshang.kernel.deadlines import NoDeadline
from lianshang.kernel.editions import calendar_of
from lianshang.kernel.profiles import Limit, Profile

What = CaseClockChange.What


def explain(
    clock: CaseClock, changes: Iterable[CaseClockChange], case: Case, clocks: Iterable[CaseClock] = ()
) -> list[str]:
    """Return the lines. `changes` are those of all clocks of the case, `clocks` all of them: a co-unit counts back.

    Needs `clock.started_by` and `calendar_version.calendar`, `case.profile_version.profile` at hand.
    """
    history = [change for change in changes if change.clock_id == clock.pk]
    return [
        _rule(clock, case),
        *_counted(clock, history, case, list(clocks), list(changes)),
        *_moved(clock, history),
        *_standing(clock),
        f"日历：{clock.calendar_version}。",
    ]


def _rule(clock: CaseClock, case: Case) -> str:
    return f"规则：{clock.rule}（{case.profile_version}，{clock.started_by.kind}、{clock.started_by.urgency}）。"


def _counted(
    clock: CaseClock,
    history: list[CaseClockChange],
    case: Case,
    clocks: list[CaseClock],
    changes: list[CaseClockChange],
) -> Iterator[str]:
    """Tell the first count. After an extension the count is what it was before, the extension is told below."""
    profile = books.profile_of(case.profile_version_id)
    limit = profile.limit(clock.duty, clock.started_by.kind, clock.started_by.urgency)
    if limit is None or limit.form == "promise" or clock.started_by.due_at == clock.first_due_at:
        yield from _promised(clock)
        return
    granted = next((change.at for change in history if change.what == What.EXTEND), None)
    pauses = [pause for pause in pauses_in(history) if granted is None or pause[0] < granted]
    lead_due_at = _lead_due(clock, clocks, changes)
    around = limits.Surroundings(receipt=profile.receipt, lead_due_at=lead_due_at, pauses=pauses)
    calendar = calendar_of(clock.calendar_version_id)
    if limit.form == "period":
        yield from _period(limit, clock, calendar, around)
    else:
        yield from without_period(limit, clock.started_at, calendar, profile, lead_due_at)
        yield f"到期：{'暂按' if clock.provisional else ''}{words(clock.first_due_at, clock.started_at)}。"


def _period(limit: Limit, clock: CaseClock, calendar: WorkCalendar, around: limits.Surroundings) -> Iterator[str]:
    try:
        end = limits.resolve(limit, clock.started_at, calendar, around)
    except NoDeadline as reason:
        yield str(reason)
        return
    if end:
        yield from end.steps


def _promised(clock: CaseClock) -> Iterator[str]:
    event = clock.started_by
    ordered = event.verb == "supervise"
    yield f"起算：{words(clock.started_at)}{'下达督办' if ordered else '作出承诺'}。"
    whose = "督办写明" if ordered else "承诺"
    yield f"到期：{words(event.due_at or clock.first_due_at, clock.started_at)}，是{whose}的时间，不按天数推算。"


def without_period(
    limit: Limit, start: datetime, calendar: WorkCalendar, profile: Profile, lead_due_at: datetime | None = None
) -> Iterator[str]:
    """Tell a limit that is no length of time: same day, by a day of the month, back from the lead's deadline."""
    if limit.form == "same-day":
        yield from _same_day(start, calendar)
    elif limit.form == "monthly":
        yield from _monthly(limit, start, calendar)
    elif limit.form == "before-lead" and lead_due_at:
        yield from _before_lead(limit, start, calendar, profile, lead_due_at)


def _same_day(start: datetime, calendar: WorkCalendar) -> Iterator[str]:
    begun = start.astimezone(calendar.zone)
    yield f"起算：{words(start)}，当天办完，到下班为止。"
    if not calendar.is_working(begun.date()):
        yield f"这天是{calendar.day_name(begun.date())}，不上班，顺延到下一个工作日下班。"
    elif calendar.intervals(begun.date())[-1][1] <= begun.time():
        yield "这时已经下班，顺延到下一个工作日下班。"


def _monthly(limit: Limit, start: datetime, calendar: WorkCalendar) -> Iterator[str]:
    day = start.astimezone(calendar.zone) + timedelta(days=1)
    while day.day != limit.day:
        day += timedelta(days=1)
    yield f"起算：{words(start)}，到下一个 {limit.day} 日（{day.month}月{day.day}日）下班为止。"
    if not calendar.is_working(day.date()):
        yield f"这天是{calendar.day_name(day.date())}，不上班，顺延到下一个工作日下班。"


def _before_lead(
    limit: Limit, start: datetime, calendar: WorkCalendar, profile: Profile, lead_due_at: datetime
) -> Iterator[str]:
    back = limits.resolve(
        Limit("before-lead", n=limit.n, unit=limit.unit), start, calendar, _lead(profile, lead_due_at)
    )
    least = Limit("period", n=limit.at_least, unit=limit.unit)
    floor = limits.resolve(least, start, calendar, _lead(profile, lead_due_at))
    yield f"主办单位的期限是{words(lead_due_at, start)}，协办要早 {limit.n} 个工作日答复主办单位。"
    if floor and back and floor.at >= back.at and limit.at_least:
        yield f"倒推所剩不足 {least.span}，按至少留 {least.span}计："
        yield from floor.steps[:-1]
    elif back:
        yield f"从那天往回数 {limit.n} 个工作日，是{words(back.at, start)}。"


def _lead(profile: Profile, lead_due_at: datetime) -> limits.Surroundings:
    return limits.Surroundings(receipt=profile.receipt, lead_due_at=lead_due_at)


def _lead_due(clock: CaseClock, clocks: list[CaseClock], changes: list[CaseClockChange]) -> datetime | None:
    """Return what the lead's deadline was when this clock was last counted."""
    counted = [c.at for c in changes if c.clock_id == clock.pk and c.what in (What.RECALENDAR, What.RESUME)]
    moment = max(counted, default=clock.started_at)
    lead = [c for c in clocks if c.duty == LEAD_DUTY and c.started_at <= moment]
    if not lead:
        return None
    moved = [c for c in changes if c.clock_id == lead[-1].pk and c.at <= moment]
    return moved[-1].new_due_at if moved else lead[-1].first_due_at


SAID: Mapping[str, str] = {
    What.PAUSE: "{at}起停钟，恢复前不计时。",
    What.RESUME: "{at}恢复计时，停钟期间不计，到期由{old}改为{new}。",
    What.EXTEND: "{at}同意延期，到期由{old}改为{new}。",
    What.RECALENDAR: "{at}日历更新后重新计算，到期由{old}改为{new}。",
}


def _moved(clock: CaseClock, history: list[CaseClockChange]) -> Iterator[str]:
    for change in history:
        same = change.old_due_at == change.new_due_at and change.what in (What.RESUME, What.RECALENDAR)
        said = "{at}{what}，重新计算后到期不变。" if same else SAID[change.what]
        yield said.format(
            at=words(change.at, clock.started_at),
            old=words(change.old_due_at, clock.started_at),
            new=words(change.new_due_at, clock.started_at),
            what=change.get_what_display(),
        )


def _standing(clock: CaseClock) -> Iterator[str]:
    """Tell what holds now: paused, provisional, stopped."""
    if clock.paused_at and clock.stopped_at is None:
        yield "现在停着，不计超期。"
    if clock.provisional and clock.stopped_at is None:
        yield "到期那年的放假安排还没有公布，暂按推算，公布后自动重新计算。"
    if clock.stopped_at:
        yield f"{words(clock.stopped_at, clock.started_at)}{clock.get_outcome_display()}，时钟停止。"
