"""督办: which units are under supervision now, what is proposed, and in which order grades rise.

Nothing of it is stored beside the events. A unit stands under supervision from the order on until it has answered in
writing (信访工作条例 art 40), it is lifted, the unit leaves the case, or the case ends.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Exists, OuterRef, QuerySet

from lianshang.cases import books, escalation, roles
from lianshang.cases.models import Case, CaseClock, CaseEvent, CaseQuerySet
from lianshang.cases.states import OPEN, WITH_UNIT, SuperviseGrade
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role, Unit
from lianshang.kernel.editions import calendar_of
from lianshang.kernel.flow import Transition
from lianshang.kernel.profiles import LEVELS

RELEASES = ("respond_supervision", "lift_supervision", "change_lead", "grant_return", "release")
GRADES = tuple(SuperviseGrade.values)  # in rising order
REPEATED = 2  # times that an answer was sent back: the third is not asked for without supervision
LOOKED_AT = 200  # late clocks, the longest first
MOST = 20  # proposals on a page
REFUSED_RECEIPT, OVERDUE, UNSETTLED, BAD_EFFECT, OTHER = "拒不签收", "超期未办", "应办未办好", "影响不好", "其他"
GROUNDS = (REFUSED_RECEIPT, OVERDUE, UNSETTLED, BAD_EFFECT, OTHER)  # 潍坊 hotline regulation art 26
# What of a late clock and its case tells whether reminding has come to its end, and what a proposal shows.
LATE = (
    "duty", "calendar_version_id", "started_at", "due_at", "unit__name", "subject__key", "subject__number",
    "subject__title", "subject__kind", "subject__urgency", "subject__park_id", "subject__profile_version_id",
    "subject__enterprise_name", "subject__enterprise__name", "subject__lead_unit__name",
)  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """That a unit might be put under supervision, and why."""

    case: Case
    unit: Unit
    ground: str
    why: str


def orders() -> QuerySet[CaseEvent]:
    """Return the orders that stand, as far as events tell; whether the case is still open is the caller's to ask."""
    freed = CaseEvent.objects.filter(
        subject=OuterRef("subject"), unit=OuterRef("unit"), verb__in=RELEASES, ordinal__gt=OuterRef("ordinal")
    )
    return CaseEvent.objects.filter(~Exists(freed), verb="supervise", unit__isnull=False)


def supervised(rows: CaseQuerySet) -> CaseQuerySet:
    """Return those of the cases that are under supervision."""
    return rows.filter(Exists(orders().filter(subject=OuterRef("pk"))), state__in=OPEN)


def marked(cases: Collection[int]) -> dict[int, str]:
    """Return case → the highest grade that stands, in words, in one query: for tags on lists. `cases` by key of the row."""
    if not cases:
        return {}
    told = CaseEvent.objects.filter(subject__in=cases, subject__state__in=OPEN, verb__in=("supervise", *RELEASES))
    stand: dict[tuple[int, int], list[str]] = defaultdict(list)  # case and unit -> grades
    for case, unit, verb, grade in told.order_by("ordinal").values_list("subject", "unit", "verb", "grade"):
        if verb != "supervise":
            stand.pop((case, unit), None)
        elif unit is not None:
            stand[case, unit].append(grade)
    highest: dict[int, str] = {}
    for (case, _), grades in stand.items():
        highest[case] = max(*grades, highest.get(case, GRADES[0]), key=GRADES.index)
    return {case: str(SuperviseGrade(grade).label) for case, grade in highest.items()}


def standing(case: Case, events: Iterable[CaseEvent]) -> dict[int, CaseEvent]:
    """Return unit → the newest order that stands against it. `events` of the case in their order."""
    found: dict[int, CaseEvent] = {}
    for event in events if case.is_open else ():
        if event.unit_id and event.verb == "supervise":
            found[event.unit_id] = event
        elif event.unit_id and event.verb in RELEASES:
            found.pop(event.unit_id, None)
    return found


def told(case: Case) -> list[CaseEvent]:
    """Return the events that supervision hangs on, in their order."""
    rows = case.events.filter(verb__in=("supervise", *RELEASES)).select_related("unit", "actor", "actor_unit")
    return list(rows.order_by("ordinal"))


def owed_by(case: Case, units: Collection[int], actor: Actor) -> list[int]:
    """Return those of the supervised units for which this actor answers: liaisons their own, the office's its own."""
    office = books.office_of(case.park_id)
    own = actor.units(Role.LIAISON)
    return [unit for unit in units if unit in own or (unit == office and roles.directs(actor, case))]


def pressable(moves: Sequence[Transition], case: Case, events: Iterable[CaseEvent], actor: Actor) -> list[Transition]:
    """Return the moves without those about a supervision that there is not."""
    units = standing(case, events)
    idle = set() if owed_by(case, units, actor) else {"respond_supervision"}
    idle |= set() if units else {"lift_supervision"}
    return [move for move in moves if move.name not in idle]


def grades_after(last: CaseEvent | None) -> tuple[str, ...]:
    """Return the grades that may follow: any at first, then the same or the next."""
    place = GRADES.index(last.grade) if last and last.grade in GRADES else None
    return GRADES if place is None else GRADES[place : place + 2]


def everywhere() -> dict[int, set[int]]:
    """Return case → its units under supervision, over the whole open ledger."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = orders().filter(subject__state__in=OPEN, subject__sealed=False, subject__closed_at=None)
    for case, unit in rows.values_list("subject", "unit"):
        found[case].add(unit)
    return found


def proposals(now: datetime, under: Mapping[int, Collection[int]]) -> list[Proposal]:
    """Return what the open ledger gives cause for, the longest late first. `under`: what is supervised already."""
    first: dict[int, Proposal] = {}
    for one in (*_overdue(now), *_sent_back()):
        if one.unit.pk not in under.get(one.case.pk, ()):
            first.setdefault(one.case.pk, one)
    return list(first.values())[:MOST]


def proposal_for(case: Case, now: datetime) -> Proposal | None:
    """Return what this case gives cause for, to fill the form with."""
    late = case.clocks.running().filter(paused_at=None, due_at__lt=now).exclude(duty__in=books.QUIET)
    rows = late.select_related("unit", "subject__lead_unit").order_by("due_at", "pk")
    return next(iter([*_late(rows, now), *([_often(case)] if _is_often(case) else [])]), None)


def _overdue(now: datetime) -> list[Proposal]:
    rows = CaseClock.objects.running().exclude(duty__in=(*books.QUIET, "supervision")).filter(paused_at=None)
    rows = rows.filter(due_at__lt=now, subject__sealed=False, subject__state__in=WITH_UNIT)
    rows = rows.select_related("unit", "subject__lead_unit", "subject__enterprise").order_by("due_at", "pk")
    return list(_late(rows.only(*LATE)[:LOOKED_AT], now))


def _late(clocks: Iterable[CaseClock], now: datetime) -> Iterator[Proposal]:
    for clock in clocks:
        case = clock.subject
        unit = clock.unit or case.lead_unit
        if unit is None or unit.pk == books.office_of(case.park_id) or not _beyond_ladder(clock, case, now):
            continue
        ground = REFUSED_RECEIPT if clock.duty == "sign" else OVERDUE
        yield Proposal(case, unit, ground, f"{clock.label}超期，提醒和催办之后仍未办")


def _beyond_ladder(clock: CaseClock, case: Case, now: datetime) -> bool:
    """Whether the profile's own ladder has come to where reminding ends: its level 督办 or above is reached."""
    profile, calendar = books.profile_of(case.profile_version_id), calendar_of(clock.calendar_version_id)
    high = [rung for rung in profile.rungs(clock.duty) if LEVELS.index(rung.level) >= LEVELS.index("督办")]
    return any(escalation.reached(rung, clock, case, profile, calendar, now) for rung in high)


def _sent_back() -> list[Proposal]:
    rows = Case.objects.filter(sealed=False, state__in=WITH_UNIT, closed_at=None, rework_count__gte=REPEATED)
    rows = rows.filter(lead_unit__isnull=False).select_related("lead_unit", "enterprise").order_by("pk")
    return [_often(case) for case in rows[:MOST]]


def _is_often(case: Case) -> bool:
    return case.rework_count >= REPEATED and case.lead_unit is not None


def _often(case: Case) -> Proposal:
    return Proposal(case, cast(Unit, case.lead_unit), UNSETTLED, f"答复已退回 {case.rework_count} 次，企业仍不满意")
