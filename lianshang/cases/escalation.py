"""The ladder: who is told of a clock that is near or past its end, from the profile, in working time.

Only tells: being late is asked of the clock, with or without a worker. Never a stopped or a paused clock; at night and
on days off only what is urgent, the rest at the next opening.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from lianshang.cases import books, lights, notices, recusal
from lianshang.cases.models import Case, CaseClock
from lianshang.cases.states import WITH_UNIT, Channel
from lianshang.directory.models import Park, Person, Post
from lianshang.kernel import outbox
from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.deadlines import due
from lianshang.kernel.editions import calendar_of
from lianshang.kernel.profiles import Profile, Rung

AHEAD = timedelta(days=30)  # clocks due later than this have nothing to tell yet
URGENT = "紧急"


@outbox.every(60)
def climb(park: Park, now: datetime) -> None:
    """Tell every rung that is reached and was not told, each once: the clock keeps count of its rungs."""
    running = CaseClock.objects.running().filter(paused_at=None, due_at__lt=now + AHEAD).exclude(duty__in=books.QUIET)
    history = Q(subject__channel=Channel.IMPORT) & Q(subject__lead_unit=None)
    for clock in running.exclude(history).select_related("subject").order_by("due_at", "pk"):
        told = tell_reached(clock, now)
        if told > clock.told_rungs:
            CaseClock.objects.filter(pk=clock.pk, told_rungs__lt=told).update(told_rungs=told)


def tell_reached(clock: CaseClock, now: datetime) -> int:
    """Tell the rungs of one clock that are reached and return how many have been told in all."""
    case = clock.subject
    profile, calendar = books.profile_of(case.profile_version_id), calendar_of(clock.calendar_version_id)
    rungs = [rung for rung in profile.rungs(clock.duty) if reached(rung, clock, case, profile, calendar, now)]
    if case.urgency != URGENT and not is_open(calendar, now):
        return clock.told_rungs
    for number, rung in enumerate(rungs[clock.told_rungs :], clock.told_rungs + 1):
        for person in addressees(rung, clock, case, now):
            notices.notify(
                person, case, ref=f"case-clock:{clock.pk}:{number}", words=f"{rung.level}（{clock.label}）", at=now
            )
    return max(clock.told_rungs, len(rungs))


def reached(rung: Rung, clock: CaseClock, case: Case, profile: Profile, calendar: WorkCalendar, now: datetime) -> bool:
    """Whether the moment of a rung has come."""
    if rung.moment == "near":
        limit = profile.limit(clock.duty, case.kind, case.urgency)
        return clock.due_at <= now or lights.is_near(clock, limit, profile.near, calendar, now)
    if rung.moment == "after" and rung.by:
        return due(clock.due_at, rung.by.n, rung.by.unit, calendar).at <= now
    if rung.moment == "before" and rung.by:
        return due(now, rung.by.n, rung.by.unit, calendar).at >= clock.due_at
    return clock.due_at <= now


def is_open(calendar: WorkCalendar, now: datetime) -> bool:
    local = now.astimezone(calendar.zone)
    return any(opens <= local.time() < closes for opens, closes in calendar.intervals(local.date()))


def addressees(rung: Rung, clock: CaseClock, case: Case, now: datetime) -> Iterator[Person]:
    """The holder of the clock and the roles that the rung names; nobody twice, nobody from inside the respondents."""
    seen: set[int] = set()
    for party in rung.reach:
        for person in _party(party, clock, case, now):
            if person.pk not in seen:
                seen.add(person.pk)
                yield person


def _party(party: str, clock: CaseClock, case: Case, now: datetime) -> list[Person]:
    today = timezone.localdate(now)
    if party == "holder":
        return notices.people(case, (_holder(clock, case),), clock.unit_id, on=today)
    posts = Post.objects.in_force(today).filter(role=party).select_related("person").order_by("pk")
    if case.sealed:
        posts = posts.filter(role__in=("complaints_officer", "committee_head"))
    return [post.person for post in recusal.outside(posts, case, on=today)]


def _holder(clock: CaseClock, case: Case) -> str:
    """Which group holds the clock: what is owed to the enterprise is the lead's as soon as there is one."""
    if clock.unit_id is None:
        return notices.LEAD if case.state in WITH_UNIT else notices.OFFICE
    if clock.unit_id != books.office_of(case.park_id):
        return notices.UNIT
    return notices.DECIDER if clock.duty == "ruling" else notices.OFFICE
