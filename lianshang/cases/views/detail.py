"""One case: what is next, the matter, the timeline, clocks with their reasons, who holds it; its order and its files."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianshang.cases import (
    access,
    apart,
    books,
    deciders,
    deliveries,
    holding,
    identities,
    roles,
    sealed_card,
    supervision,
    theme_candidates,
    turns,
)
from lianshang.cases.documents import kinds
from lianshang.cases.explain import explain
from lianshang.cases.flow import FLOW
from lianshang.cases.lights import Light, light_of
from lianshang.cases.models import Assignment, Case, CaseClock, CaseClockChange, CaseEvent, CaseFile, Respondent, Saying
from lianshang.cases.phones import masked
from lianshang.cases.sentences import entry
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role, Unit
from lianshang.kernel import editions, file_types, files, idempotency

DIRECT = ("sign", "co_sign")  # no questions: the button on the page is the step
PHOTOS = ("image/jpeg", "image/png", "image/webp", "image/gif")  # what every browser shows
REPORTER = "来件人"  # of a complaint or report: an enterprise or not
HANDED_IN = ("note_down", "register", "supplement")  # steps whose files come from whoever raised the matter


@dataclass(frozen=True)
class ClockView:
    clock: CaseClock
    light: Light
    holder: str
    why: list[str]


@dataclass(frozen=True)
class PartView:
    """A unit's part with its own times and its own lateness."""

    part: Assignment
    late: list[tuple[CaseClock, str]]


@dataclass(frozen=True)
class HoldingView:
    unit: str
    part: str
    natural: str
    working: str
    is_now: bool


@require_safe
def detail(request: HttpRequest, key: UUID) -> HttpResponse:
    case = access.case_for(request.actor, key)
    return render(request, "cases/detail.html", told(case, request.actor, timezone.now()))


def told(case: Case, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return all that the case page shows."""
    events = list(case.events.select_related("actor", "actor_unit", "unit").order_by("ordinal"))
    clocks = list(_clocks_of(case))
    parts = list(case.assignments.select_related("unit", "signed_by", "handled_by"))
    ledger = list(case.first_handlers.select_related("unit", "person")) if parts else []
    case.co_unit_ids = frozenset(p.unit_id for p in parts if p.part == p.Part.CO and not (p.ended_at or p.answered_at))
    case.first_unit_id = ledger[-1].unit_id if ledger else None
    office = Unit.objects.filter(pk=books.office_of(case.park_id)).first()
    turn = turns.turn_of(case, clocks, str(office or "综合党委办公室"), now, actor.unit_ids)
    offered = supervision.pressable(FLOW.offered(case, actor), case, events, actor)
    offered = sealed_card.pressable(offered, case, actor, events, now)
    said = identities.sayings_of(case)
    front, rest = turns.arranged(deciders.pressable(offered, case, actor), turn.verb, clocks)
    return {
        "case": case,
        "turn": turn,
        "front": front,
        "rest": rest,
        "direct": () if case.sealed else DIRECT,
        "papers": kinds.offered(case, actor, {event.verb for event in events}),
        "idempotency_key": idempotency.mint(),
        "whose": "" if case.sealed else case.whose,
        "facts": facts(case, actor),
        "timeline": timeline(case, events, said),
        **_clocks(case, clocks, office, now),
        "parts": _parts(parts, clocks, now),
        "ledger": ledger,
        "holdings": _holdings(case, events, parts, office, now),
        "orders": list(supervision.standing(case, events).values()),
        "complaint": sealed_card.card_of(case, actor, events, said, now) if case.sealed else None,
        "record": deliveries.record_of(case, actor),
        **theme_candidates.beside(case, actor, now),
    }


def timeline(case: Case, events: list[CaseEvent], said: dict[int, Saying]) -> list[dict[str, Any]]:
    """Return the events, the newest first, with the files of each. The matter itself is not told twice."""
    files_of: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in files_told(case):
        files_of[one["event"]].append(one)
    entries = [entry(event, files_of[event.pk], laid=case.park.is_demo) for event in reversed(events)]
    sent = any(event.verb == "dispatch" for event in events)
    told = {row.event_id: row.said for row in case.suggestions.select_related("unit")} if sent else {}
    for one, event in zip(entries, reversed(events), strict=True):
        one["quote"] = said[event.pk].shown if event.pk in said else _own_words(one["quote"], case, event)
        one["quote"] = "" if one["quote"] == case.text else one["quote"]
        if case.sealed and event.by == CaseEvent.By.HOLDER:
            one["who"], one["sentence"] = REPORTER, one["sentence"].replace(event.get_by_display(), REPORTER)
        one["sentence"] = "".join(f"{part.rstrip('。')}。" for part in (one["sentence"], told.get(event.pk)) if part)
    return entries


def _own_words(quote: str, case: Case, event: CaseEvent) -> str:
    """What stands in the event itself: of a sealed case from before words were kept apart, nothing of the reporter's."""
    return "" if case.sealed and (event.by == CaseEvent.By.HOLDER or event.verb in apart.SPOKEN) else quote


def files_told(case: Case) -> list[dict[str, Any]]:
    """Return each file's name, its address, size and event, and whether browsers show it."""
    return [
        {
            "name": _name(case, file, position),
            "url": reverse("cases:file", args=[case.key, position]),
            "size": file.stored.size,
            "event": file.event_id,
            "is_photo": file.stored.media_type in PHOTOS,
        }
        for position, file in enumerate(_files(case), 1)
    ]


def _clocks_of(case: Case) -> QuerySet[CaseClock]:
    """All clocks with the names of what they go by; a calendar's whole document is not read for its name."""
    named = case.clocks.select_related("unit", "started_by", "calendar_version__calendar")
    return named.defer("calendar_version__document")


def _files(case: Case) -> list[CaseFile]:
    """All files of the case; an address names one by its place in this order, from 1."""
    return list(case.files.select_related("stored", "event").order_by("pk"))


def _name(case: Case, file: CaseFile, position: int) -> str:
    """The file's name, or a neutral one where its own may tell who handed it in."""
    if case.sealed and file.event.verb in HANDED_IN:
        return file_types.fitting_name(f"附件{position}", file.stored.media_type)
    return file.name


def _clocks(case: Case, clocks: list[CaseClock], office: Unit | None, now: datetime) -> dict[str, list[ClockView]]:
    """Running clocks, the earliest first, and those that have stopped, the latest first."""
    changes = list(CaseClockChange.objects.filter(clock__in=clocks)) if clocks else []
    owing = turns.owing(case, str(office or "综合党委办公室"))
    views = [
        ClockView(one, light_of(one, case, now), str(one.unit or owing), explain(one, changes, case, clocks))
        for one in clocks
    ]
    running = sorted((v for v in views if v.clock.stopped_at is None), key=lambda v: v.clock.due_at)
    stopped = sorted((v for v in views if v.clock.stopped_at), key=lambda v: v.clock.stopped_at or now, reverse=True)
    return {"running": running, "stopped": stopped}


def _parts(parts: list[Assignment], clocks: list[CaseClock], now: datetime) -> list[PartView]:
    late = holding.charged(clocks, now)
    shown = sorted(parts, key=lambda part: (part.part != Assignment.Part.LEAD, part.pk))
    charged_to = {part.unit_id: part.pk for part in reversed(shown)}  # a unit that took part twice is charged once
    return [PartView(part, late.get(part.unit_id, []) if charged_to[part.unit_id] == part.pk else []) for part in shown]


def _holdings(
    case: Case, events: list[CaseEvent], parts: list[Assignment], office: Unit | None, now: datetime
) -> list[HoldingView]:
    names = {part.unit_id: part.unit.name for part in parts} | {event.unit_id: str(event.unit) for event in events}
    names |= {office.pk: office.name} if office else {}
    known = editions.in_force(case.park_id, max(now, events[-1].recorded_at))
    told_of = holding.holdings(events, parts, office.pk if office else None, now, by_hour=case.sealed)
    return [
        HoldingView(
            names.get(one.unit_id, "综合党委办公室"),
            one.part,
            one.natural,
            one.working(editions.edition(known.get(one.unit_id, known[None])).calendar),
            one.is_now,
        )
        for one in told_of
    ]


def show_phone(case: Case, actor: Actor) -> bool:
    """The enterprise's number is for those who must call: the office, call-back, and the units that take part.

    Of a complaint or report it is for nobody: see `services.identities`.
    """
    if case.sealed:
        return False
    return (
        roles.directs(actor, case)
        or actor.has(Role.CALLBACK_OFFICER)
        or roles.replies(actor, case)
        or roles.helps(actor, case)
    )


def whistler(case: Case, actor: Actor) -> list[tuple[str, Any]]:
    """Who raised it and whom to call, as far as this reader may know."""
    if case.sealed:
        return []
    phone = case.contact_phone if show_phone(case, actor) else masked(case.contact_phone)
    contact = " ".join(part for part in (case.contact_name, phone) if part)
    return [("企业", case.whose), ("联系人", "匿名" if case.anonymous else contact)]


def accused(case: Case, actor: Actor) -> list[tuple[str, Any]]:
    """Whom a complaint or report is about and who stood aside, for the officer who keeps it from them."""
    if not (case.sealed and roles.directs(actor, case)):
        return []
    names: dict[str, list[str]] = {ground: [] for ground in Respondent.Ground.values}
    for one in case.shut_out:
        names[one.ground].append(str(one))
    return [
        ("被反映对象", "、".join(dict.fromkeys(names[Respondent.Ground.ACCUSED]))),
        ("已回避", "、".join(names[Respondent.Ground.RECUSED])),
    ]


def facts(case: Case, actor: Actor) -> list[tuple[str, Any]]:
    return [
        *whistler(case, actor),
        *accused(case, actor),
        ("地点", case.place),
        ("性质", case.get_nature_display()),
        ("类别", "、".join(part for part in (case.kind, case.urgency, case.category) if part)),
        ("来源", case.get_channel_display()),
        ("外部编号", case.external_number),
        ("机制方案", str(case.profile_version)),
    ]


@require_safe
def order(request: HttpRequest, key: UUID) -> HttpResponse:
    """The assignment sheet (交办单), to be printed: who leads, who helps, until when."""
    case = access.case_for(request.actor, key)
    clocks = list(case.clocks.running().exclude(duty__in=books.QUIET).select_related("unit").order_by("due_at"))
    parts = list(case.assignments.filter(ended_at=None).select_related("unit"))
    sent = case.events.filter(verb="dispatch").select_related("actor", "actor_unit").order_by("-ordinal").first()
    limits = [(clock, clock.rule.partition("：")[2]) for clock in clocks]
    context = {"case": case, "limits": limits, "parts": parts, "sent": sent, "now": timezone.now()}
    return render(request, "cases/order.html", context | {"facts": facts(case, request.actor)})


@require_safe
def file(request: HttpRequest, key: UUID, position: int) -> FileResponse:
    """The file at that place in the case, for whoever may open the case."""
    case = access.case_for(request.actor, key)
    kept = _files(case)
    if not 1 <= position <= len(kept):
        raise Http404
    row = kept[position - 1]
    return files.response(row.stored, _name(case, row, position))
