"""The ladder: who is told of a clock that is near or past its end, from the profile, in working time.

Only tells: being late is asked of the clock, with or without a worker. Never a stopped or a paused clock, never a case
that has ended; at night and on days off only what is urgent, the rest at the next opening. Each rung of a clock is
noted once for each time it is due, with how many it reached. Where several are reached together, because the worker was away, each person is
told once, of the highest that is for them.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from lianshang.cases import books, briefs, lights, notices, recusal
from lianshang.cases.briefs import BriefCase
from lianshang.cases.lights import AnyClock
from lianshang.cases.models import Case, CaseAlert, CaseClock
from lianshang.cases.states import WITH_UNIT, Channel, State
from lianshang.directory.models import Park, Person, Post, PostQuerySet, Unit
from lianshang.kernel import outbox
from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.deadlines import due
from lianshang.kernel.editions import calendar_of
from lianshang.kernel.profiles import LEVELS, Profile, Rung
from lianshang.notices.hours import is_open
from lianshang.notices.services import in_turn

AHEAD = timedelta(days=30)  # clocks due later than this have nothing to tell yet
URGENT = "紧急"
LEADERS = ("committee_head", "chain_chief", "liaison")  # who is told for a superior unit

Numbered = tuple[int, Rung]


@outbox.every(60)
def climb(park: Park, now: datetime) -> None:
    """Tell every rung that is reached and was not told. Of the cases only what the ladder hangs on is read."""
    running = CaseClock.objects.running().filter(paused_at=None, due_at__lt=now + AHEAD).exclude(duty__in=books.QUIET)
    history = Q(subject__channel=Channel.IMPORT) & Q(subject__lead_unit=None)
    told: dict[int, set[int]] = {}
    for clock, rung in _told().filter(park=park, clock__stopped_at=None).values_list("clock_id", "rung"):
        told.setdefault(clock, set()).add(rung)
    rows = briefs.clocks(running.exclude(history).order_by("due_at", "pk"), "pk")
    outbox.each(rows, partial(_tell_if_new, told, now))


def _tell_if_new(told: dict[int, set[int]], now: datetime, row: tuple[AnyClock, BriefCase, tuple[int]]) -> None:
    clock, case, (pk,) = row
    if _new(clock, case, told.get(pk, set()), now):
        tell_reached(CaseClock.objects.get(park=case.park_id, pk=pk), now)


@transaction.atomic
def tell_reached(clock: CaseClock, now: datetime) -> list[CaseAlert]:
    """Note and tell the rungs of one clock that are reached, and return what was noted.

    The case is locked first, as by everything that could end, pause or extend it meanwhile, and by a second worker.
    """
    case = Case.objects.select_for_update(of=("self",)).get(park=clock.park_id, pk=clock.subject_id)
    row = CaseClock.objects.running().filter(park=clock.park_id, pk=clock.pk, paused_at=None).first()
    if row is None or not lives(case):
        return []
    told = set(_told().filter(park=case.park_id, clock=row).values_list("rung", flat=True))
    new = _new(row, case, told, now)
    reach = {number: list(addressees(rung, row, case, now)) for number, rung in new}
    highest = _highest(new, reach)
    for person in in_turn(person for person, _ in highest.values()):
        _, (number, rung) = highest[person.pk]
        ref, words = f"case-clock:{row.pk}:{number}:{row.due_at.timestamp():.0f}", f"{rung.level}（{row.label}）"
        notices.notify([person], case, ref=ref, words=words, at=now, reminder=True)
    alerts = [
        CaseAlert(
            park=case.park, case=case, clock=row, rung=number, due_at=row.due_at, level=rung.level, at=now,
            told=len(reach[number]),
        )
        for number, rung in new
    ]  # fmt: skip
    if alerts:
        CaseClock.objects.filter(park=case.park_id, pk=row.pk).update(told_rungs=len(told) + len(alerts))
    return CaseAlert.objects.bulk_create(alerts)


def lives(case: Case) -> bool:
    """Whether somebody is still at the case: open, or joined to one that is."""
    while case.state == State.MERGED and case.merged_into:
        case = case.merged_into
    return case.is_open


def _told() -> QuerySet[CaseAlert]:
    """What was told for the time at which its clock is due now. What was told past that time need not be said again."""
    return CaseAlert.objects.filter(Q(due_at=F("clock__due_at")) | Q(at__gt=F("clock__due_at")))


def _new(clock: AnyClock, case: Case | BriefCase, told: set[int], now: datetime) -> list[Numbered]:
    """Return the rungs to tell now, with their places in the ladder: at night none, but for what is urgent."""
    profile, calendar = books.profile_of(case.profile_version_id), calendar_of(clock.calendar_version_id)
    rungs = [
        (number, rung)
        for number, rung in enumerate(profile.rungs(clock.duty), 1)
        if number not in told and reached(rung, clock, case, profile, calendar, now)
    ]
    return rungs if case.urgency == URGENT or is_open(calendar, now) else []


def _highest(new: Iterable[Numbered], reach: dict[int, list[Person]]) -> dict[int, tuple[Person, Numbered]]:
    """Return each person, by their key, with the highest of the rungs that are for them."""
    found: dict[int, tuple[Person, Numbered]] = {}
    for number, rung in sorted(new, key=lambda one: (LEVELS.index(one[1].level), one[0])):
        found |= {person.pk: (person, (number, rung)) for person in reach[number]}
    return found


def reached(
    rung: Rung, clock: AnyClock, case: Case | BriefCase, profile: Profile, calendar: WorkCalendar, now: datetime
) -> bool:
    """Whether the moment of a rung has come."""
    if rung.moment == "near":
        limit = profile.limit(clock.duty, case.kind, case.urgency)
        return clock.due_at <= now or lights.is_near(clock, limit, profile.near, calendar, now)
    if rung.moment == "after" and rung.by:
        return due(clock.due_at, rung.by.n, rung.by.unit, calendar).at <= now
    if rung.moment == "before" and rung.by:
        return due(now, rung.by.n, rung.by.unit, calendar).at >= clock.due_at
    return clock.due_at <= now


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
    if party == "superior":
        return [] if case.sealed else [post.person for post in _superiors(clock, case, today)]
    if party == "holder":
        return _holders(clock, case, today)
    posts = Post.objects.in_force(today).filter(role=party).select_related("person").order_by("pk")
    if case.sealed:
        posts = posts.filter(role__in=("complaints_officer", "committee_head"))
    return [post.person for post in recusal.outside(posts, case, on=today)]


def _superiors(clock: CaseClock, case: Case, on: date) -> PostQuerySet:
    """Who leads the unit above the one that holds the clock."""
    unit = clock.unit_id or case.lead_unit_id or books.office_of(case.park_id)
    above = Unit.objects.filter(pk=unit).values("parent")
    return Post.objects.in_force(on).filter(unit__in=above, role__in=LEADERS).select_related("person").order_by("pk")


def _holders(clock: CaseClock, case: Case, on: date) -> list[Person]:
    """Who holds the clock: where nobody calls back in this park, the office does."""
    group = _holder(clock, case)
    found = notices.people(case, (group,), clock.unit_id, on=on)
    return found if found or group != notices.CALLBACK else notices.people(case, (notices.OFFICE,), None, on=on)


def _holder(clock: CaseClock, case: Case) -> str:
    """Which group holds the clock: what is owed to the enterprise is the lead's as soon as there is one."""
    if clock.unit_id is None:
        return notices.LEAD if case.state in WITH_UNIT else notices.OFFICE
    if clock.unit_id != books.office_of(case.park_id):
        return notices.UNIT
    if clock.duty == "callback":
        return notices.CALLBACK
    return notices.DECIDER if clock.duty == "ruling" else notices.OFFICE
