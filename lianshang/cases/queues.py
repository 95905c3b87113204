"""What waits on a desk, by the clock: one row for each case, the earliest duty of whoever sits there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from lianshang.cases import access, books, briefs, deciders, lights, turns
from lianshang.cases.briefs import BriefCase, BriefClock
from lianshang.cases.duties import DECIDERS
from lianshang.cases.flow import FLOW
from lianshang.cases.holding import WITH_OFFICE
from lianshang.cases.lights import NONE, Light
from lianshang.cases.models import Case, CaseClock, CaseEvent, Recusal
from lianshang.cases.models.case import NOBODYS
from lianshang.cases.states import OPEN, State
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.kernel.models import ProfileVersion

MOST = 200  # rows of one desk; the ledger shows the rest
OFFICE_STATES = (*WITH_OFFICE, State.EXTENSION_REQUESTED, State.REOPENED)
OFFICIALS = (Role.DISPATCHER, Role.CALLBACK_OFFICER, *DECIDERS)  # whose desk holds clocks of the office
SINGLED = (
    ("callback", Role.CALLBACK_OFFICER), ("defer_review", None), ("ruling", None),
)  # fmt: skip # all that stands there for one who neither dispatches nor handles, and for whom
LOOKED_AT = {
    "grant_return": "裁定",
    "grant_extension": "裁定",
    "approve": "审核",
    "conclude": "写会商结果",
}  # either way has its reasons to be read first
DECIDED = ("grant_return", "grant_extension", "conclude", "review_deferred")
# What the light of a row needs to know of its clock.
CLOCK = (
    "duty", "unit_id", "calendar_version_id", "provisional", "started_at", "due_at", "paused_at", "stopped_at", "outcome",
    "subject_id",
)  # fmt: skip
# What a table shows of a case, on a page or in a sheet.
TABLE = (
    "key", "number", "title", "state", "kind", "urgency", "sealed", "anonymous", "registered_at", "closed_at", "park_id",
    "profile_version_id", "merged_into_id", "enterprise_name", "enterprise__name", "lead_unit__name",
)  # fmt: skip


@cache
def _form(verb: str) -> str:
    """The address of a verb's form, looked up once: a desk has many of them."""
    return reverse("cases:act", args=[NOBODYS, verb])


@dataclass(frozen=True)
class Place:
    """Where a case stands on a desk at a moment: by the clock that matters most in it. What is not asked is not worked out."""

    case: Case | BriefCase
    clock: CaseClock | BriefClock | None
    now: datetime

    @cached_property
    def light(self) -> Light:
        return lights.light_of(self.clock, self.case, self.now) if self.clock else NONE

    @cached_property
    def state(self) -> str:
        """The state of the light, without its words."""
        return lights.state_of(self.clock, self.case, self.now) if self.clock else NONE.state

    @cached_property
    def verb(self) -> str:
        return turns.verb_for(self.case, self.clock)

    @property
    def label(self) -> str:
        return LOOKED_AT.get(self.verb) or (FLOW.transitions[self.verb].label if self.verb else "")

    @property
    def what(self) -> str:
        if self.clock is None:
            return self.label
        at_it = (None, self.case.lead_unit_id, books.office_of(self.case.park_id))
        helps = self.clock.unit_id not in at_it and self.clock.duty != "co_reply"
        return f"协办{self.clock.label}" if helps else self.clock.label


@dataclass(frozen=True)
class Row(Place):
    """A place with its case as a table shows it."""

    case: Case
    hint: str = ""  # whom it may be dispatched to

    @property
    def href(self) -> str:
        """The form of the verb; what is decided one way or the other is decided on the case page."""
        if self.verb in LOOKED_AT:
            return f"{self.case.get_absolute_url()}?from=desk"
        return f"{_form(self.verb).replace(str(NOBODYS), str(self.case.key))}?from=desk"

    @property
    def opens_form(self) -> bool:
        return self.verb not in LOOKED_AT

    @property
    def keystroke(self) -> str:
        """The key that presses the row's button: d dispatches, s signs, a does whatever else is due."""
        return {"dispatch": "d", "sign": "s", "co_sign": "s"}.get(self.verb, "a")

    @cached_property
    def cells(self) -> dict[str, Any]:
        """What a table shows of the row. Looked up here once: a template takes much longer to find a word."""
        case, light = self.case, self.light
        return {
            "state": light.state, "left": light.remaining, "provisional": light.provisional,
            "ended": None if self.clock or case.is_open else case.closed_at,
            "url": case.get_absolute_url(), "number": case.number, "title": case.title, "whose": case.whose,
            "what": self.what if case.is_open else "", "unit": str(case.lead_unit or ""),
            "stands": case.get_state_display(), "verb": self.verb,
        }  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """All rows of the desk in the order of the clock, and the sealed cases, which count nowhere."""

    rows: list[Place] = field(default_factory=list)
    sealed: list[Row] = field(default_factory=list)

    @property
    def is_cut(self) -> bool:
        return len(self.rows) >= MOST

    def showing(self, which: str) -> list[Place]:
        """Return all rows, or those that are near or late. A late one is in each of them: nothing hides it."""
        wanted = {"near": ("near", "late"), "late": ("late",)}.get(which)
        return [row for row in self.rows if wanted is None or row.state in wanted]

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)


def desk(actor: Actor, now: datetime) -> Desk:
    """Return what waits for this actor: for its units, and for the office where it serves there.

    The places carry what the order and the lights need; `filled` makes rows of those that are shown.
    """
    clocks = [*briefs.clocks(_held(actor)), *briefs.clocks(_owed(actor))]
    held: dict[int, tuple[bool, datetime, BriefClock | None, BriefCase]] = {}
    for clock, case, _ in sorted(clocks, key=lambda one: (one[0].paused_at is not None, one[0].due_at)):
        held.setdefault(case.pk, (clock.paused_at is not None, clock.due_at, clock, case))
    running = [since for is_paused, since, *_ in held.values() if not is_paused]
    for since, case in _waiting(actor, running[MOST - 1] if len(running) >= MOST else None):
        held.setdefault(case.pk, (False, since, None, case))
    order = sorted(held.values(), key=lambda one: (*one[:2], one[3].pk))[:MOST]
    return Desk([Place(case, clock, now) for *_, clock, case in order], _sealed(actor, now))


def put_to(actor: Actor, now: datetime) -> list[Place]:
    """Return what waits for the word of this actor's own role: rulings that the profile leaves to it, deferrals to review."""
    return [row for row in desk(actor, now).rows if row.verb in DECIDED]


def filled(places: Iterable[Place]) -> list[Row]:
    """Return the places with their cases as a table shows them."""
    places = list(places)
    shown = Case.objects.select_related("enterprise", "lead_unit").only(*TABLE)
    cases = shown.in_bulk([place.case.pk for place in places])
    return [Row(cases[one.case.pk], one.clock, one.now) for one in places if one.case.pk in cases]


def _held(actor: Actor) -> QuerySet[CaseClock]:
    """Clocks of my units; for the office's own people what the office holds."""
    mine = Q(unit__in=actor.units(Role.LIAISON))
    office = books.office_of(actor.park.pk)
    if actor.has(Role.DISPATCHER):
        elsewhere = Q(duty="ruling", subject__decider__isnull=False) & ~Q(subject__decider__in=actor.roles)
        mine |= Q(unit=office) & ~elsewhere
    elif actor.has(Role.CALLBACK_OFFICER):
        mine |= Q(unit=office, duty="callback", subject__state=State.CALLBACK)
    if actor.has(*DECIDERS):
        mine |= Q(unit=office, duty="defer_review", subject__profile_version__in=_reviewed_by(actor))
    mine |= Q(unit=office, duty="ruling", subject__decider__in=actor.roles & set(DECIDERS))
    holders = {*actor.units(Role.LIAISON), *([office] if actor.has(*OFFICIALS) else [])}
    rows = briefs.running().filter(mine, unit__in=holders)  # says nothing new, but lets the database begin in the index
    if not actor.has(Role.LIAISON, Role.DISPATCHER):  # this too, and spares it the cases of all other clocks
        rows = rows.filter(duty__in=[duty for duty, role in SINGLED if role is None or actor.has(role)])
    return rows[:MOST]


def _reviewed_by(actor: Actor) -> list[int]:
    """Return the mechanism editions that leave the review of deferrals to this actor: few, and read once."""
    editions = ProfileVersion.objects.order_by().values_list("pk", flat=True)
    return [pk for pk in editions if deciders.deferral_party(pk) in actor.roles]


def _owed(actor: Actor) -> QuerySet[CaseClock]:
    """The feedback that is owed to the enterprise falls to whoever is at the case."""
    mine = Q(subject__lead_unit__in=actor.units(Role.LIAISON)) & ~Q(subject__state__in=WITH_OFFICE)
    if actor.has(Role.DISPATCHER):
        mine |= Q(subject__state__in=OFFICE_STATES)
    elif not actor.has(Role.LIAISON):
        return CaseClock.objects.none()
    return briefs.running().filter(mine, unit=None)[:MOST]


def _waiting(actor: Actor, until: datetime | None) -> Iterator[tuple[datetime, BriefCase]]:
    """Cases that wait for the office without a clock, because the mechanism sets none for that step, the oldest first.

    `until`: what was registered later has no place on the desk any more.
    """
    own = actor.roles & set(DECIDERS)
    states: tuple[str, ...] = OFFICE_STATES if actor.has(Role.DISPATCHER) else ()
    states = states or ((State.CALLBACK,) if actor.has(Role.CALLBACK_OFFICER) else ())
    if not states and not own:
        return iter(())
    named = Q(decider__in=own) | Q(decider=None) if states == OFFICE_STATES else Q(decider__in=own)
    waits = Q(state__in=set(states) - set(deciders.PENDING)) | (Q(named, state__in=deciders.PENDING) if own else Q())
    rows = _clockless(actor).filter(waits, **({"registered_at__lte": until} if until else {}))
    return briefs.cases(rows.order_by()[:MOST])


def _clockless(actor: Actor) -> QuerySet[Case]:
    """Open cases for which no clock runs that would stand on this desk of the office: its own, and what is owed by all."""
    own = Q(unit=books.office_of(actor.park.pk)) | (Q(unit=None) if actor.has(Role.DISPATCHER) else Q())
    clocks = CaseClock.objects.running().exclude(duty__in=books.QUIET).filter(own, subject=OuterRef("pk"))
    return Case.objects.filter(~Exists(clocks), sealed=False, closed_at=None)


def _sealed(actor: Actor, now: datetime) -> list[Row]:
    """Sealed cases of whoever handles them, in a place of their own."""
    if not actor.has(Role.LIAISON, Role.COMPLAINTS_OFFICER):
        return []
    rows = access.sealed_open_to(actor).select_related("lead_unit", "enterprise")
    if rows.query.is_empty():
        return []
    cases = list(rows.order_by("next_due_at", "pk")[:MOST])
    clocks = running_clocks(cases)
    return [Row(case, lights.first_of(clocks.get(case.pk, [])), now) for case in cases]


def sealed_put_to_head(actor: Actor, now: datetime) -> list[Row]:
    """Sealed cases that wait for the word of the committee's head; none for a head who stands inside the respondents."""
    if not actor.has(Role.COMMITTEE_HEAD):
        return []
    asked = [party for party, role in deciders.SEALED.items() if role == Role.COMMITTEE_HEAD]
    ruled = Q(state__in=deciders.PENDING, decider__in=asked)
    waiting = Case.objects.filter(ruled | _asks_the_head(), sealed=True, state__in=OPEN)
    keys = list(waiting.order_by().values_list("pk", flat=True))
    if not keys:  # mostly: who may see which is then not asked, which takes longer
        return []
    rows = access.cases_visible_to(actor).filter(pk__in=keys)
    cases = list(rows.select_related("lead_unit", "enterprise").order_by("next_due_at", "pk")[:MOST])
    clocks = running_clocks(cases)
    return [Row(case, lights.first_of(clocks.get(case.pk, [])), now) for case in cases]


def _asks_the_head() -> Q:
    """Complaints in which a recusal waits, or a wish to know who made it that nobody has answered."""
    recusals = Recusal.objects.filter(case=OuterRef("pk"), decided=None)
    answered = CaseEvent.objects.filter(
        subject=OuterRef("subject"), ordinal__gt=OuterRef("ordinal"), verb__in=("open_identity", "refuse_identity")
    )
    wishes = CaseEvent.objects.filter(~Exists(answered), subject=OuterRef("pk"), verb="ask_identity")
    return Q(Exists(recusals)) | Q(Exists(wishes))


def running_clocks(cases: Iterable[Case]) -> dict[int, list[CaseClock]]:
    """Return case → its running clocks that may come first, in one query: the earliest and a ruling, or all where all are paused."""
    told: dict[int, list[CaseClock]] = {}
    wanted = [case.pk for case in cases if case.is_open]
    if wanted:
        first = Q(due_at=F("subject__next_due_at")) | Q(subject__next_due_at=None) | Q(duty="ruling")
        for clock in CaseClock.objects.running().filter(first, subject__in=wanted).only(*CLOCK):
            told.setdefault(clock.subject_id, []).append(clock)
    return told


def lit(cases: Iterable[Case], now: datetime) -> list[Row]:
    """Return the rows of a list with the light of each case's earliest clock."""
    cases = list(cases)
    clocks = running_clocks(cases)
    return [Row(case, lights.first_of(clocks.get(case.pk, [])), now) for case in cases]
