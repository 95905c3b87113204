"""Who is sent: the one lead, the co-units, and changes among them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lianshang.cases import books, recusal
from lianshang.cases.flow import FLOW, LEAD
from lianshang.cases.models import Assignment, Case, DispatchSuggestion
from lianshang.cases.services.screening import refuse_unscreened
from lianshang.cases.shown import Shown
from lianshang.directory.actors import Actor
from lianshang.directory.models import Post, Role, Unit
from lianshang.kernel.refusals import Refused


@transaction.atomic
def dispatch(
    case: Case,
    *,
    actor: Actor,
    at: datetime,
    lead: Unit,
    co_units: Iterable[Unit] = (),
    note: str = "",
    kind: str = "",
    urgency: str = "",
    category: str = "",
    shown: Shown | None = None,
) -> Case:
    """Send one lead and any co-units. The class given here decides the limit printed on the order.

    `shown`: what was suggested to the dispatcher; it is kept with the step, and whether it was taken.
    """
    co_units = list(co_units)
    row = FLOW.lock(case)
    _refuse_wrong_units(row, lead, co_units)
    refuse_recused(row, (lead, *co_units), at)
    refuse_unscreened(row)
    profile = books.profile_of(row.profile_version_id)
    if kind and kind not in profile.kinds:
        raise Refused(f"机制方案没有“{kind}”这一限时类别。可选：{'、'.join(profile.kinds)}。")
    if urgency and urgency not in profile.urgencies:
        raise Refused(f"机制方案没有“{urgency}”这一紧急程度。可选：{'、'.join(profile.urgencies)}。")
    given = {"kind": kind, "urgency": urgency, "category": category, "lead_unit": lead}
    row = FLOW.move(
        row, "dispatch", actor=actor, at=at, unit=lead, note=note, changes={k: v for k, v in given.items() if v}
    )
    Assignment.objects.create(park_id=row.park_id, case=row, unit=lead, part=Assignment.Part.LEAD, dispatched_at=at)
    _note_suggestion(row, lead, shown)
    if co_units:
        already = set(row.assignments.filter(ended_at=None).values_list("unit_id", flat=True))
        for unit in co_units:
            if unit.pk not in already:
                row = _involve(row, actor=actor, at=at, unit=unit)
    return row


def _note_suggestion(row: Case, lead: Unit, shown: Shown | None) -> None:
    if shown and not shown.is_empty:
        DispatchSuggestion.objects.create(
            park_id=row.park_id,
            case=row,
            event=row.last_event,
            unit_id=shown.unit,
            catalogue_id=shown.catalogue,
            model_version=shown.model_version,
            reason=shown.recorded,
            others=[name for name, _ in shown.likeliest],
            taken=shown.unit == lead.pk,
        )


def _refuse_wrong_units(case: Case, lead: Unit, co_units: list[Unit]) -> None:
    if lead in co_units:
        raise Refused(f"{lead}已是主办单位，不能同时协办。请从协办里去掉。")
    active = set(Unit.objects.filter(pk__in=[lead.pk, *(unit.pk for unit in co_units)], is_active=True))
    for unit in (lead, *co_units):
        if unit not in active:
            raise Refused(f"{unit}已停用。请改派在用的单位。")
        if case.sealed and unit.pk in case.accused_unit_ids:
            raise Refused("所选单位与被反映对象有关，不能承办。请改派无关单位，或报上级。")


def refuse_recused(case: Case, units: Iterable[Unit], at: datetime) -> None:
    """A unit whose every liaison is inside the respondents would tell the accused: it is not sent."""
    day = timezone.localtime(at).date()
    for unit in units if case.sealed else ():
        posts = Post.objects.in_force(day).filter(unit=unit, role=Role.LIAISON)
        if posts.exists() and not recusal.outside(posts, case, on=day).exists():
            raise Refused(
                f"{unit}在岗的联络员都要回避，派去就会告知被反映的人。请改派别的单位，或先给该单位另配联络员。"
            )


def _involve(case: Case, *, actor: Actor, at: datetime, unit: Unit, note: str = "") -> Case:
    row = FLOW.move(case, "involve", actor=actor, at=at, unit=unit, note=note)
    Assignment.objects.create(park_id=row.park_id, case=row, unit=unit, part=Assignment.Part.CO, dispatched_at=at)
    return row


@transaction.atomic
def involve(case: Case, *, actor: Actor, at: datetime, unit: Unit, note: str = "") -> Case:
    row = FLOW.lock(case)
    _refuse_wrong_units(row, unit, [])
    refuse_recused(row, (unit,), at)
    if row.assignments.filter(unit=unit, ended_at=None).exists():
        raise Refused(f"{unit}已在承办这件诉求，不必再加。")
    return _involve(row, actor=actor, at=at, unit=unit, note=note)


@transaction.atomic
def release(case: Case, *, actor: Actor, at: datetime, unit: Unit, reason: str) -> Case:
    """Let a co-unit go, with the reason; what it was late by stays charged to it."""
    if not reason.strip():
        raise Refused("请写明为什么不再需要协办单位。")
    row = FLOW.lock(case)
    part = row.assignments.filter(unit=unit, part=Assignment.Part.CO, ended_at=None, answered_at=None)
    row = FLOW.move(row, "release", actor=actor, at=at, unit=unit, note=reason)
    if not part.update(ended_at=at):
        raise Refused(f"{unit}没有未了的协办。")
    return row


def let_lead_go(row: Case, verb: str, *, actor: Actor, at: datetime, to: Unit, reason: str) -> Case:
    """End the lead's part by `verb` so that `to` can lead; where that unit was a co-unit, its co-handling ends too."""
    own = row.assignments.filter(unit=to, part=Assignment.Part.CO, ended_at=None)
    if own.exists():
        row = FLOW.move(row, "release", actor=actor, at=at, unit=to, note=f"改为主办。{reason}")
        own.update(ended_at=at)
    row = FLOW.move(row, verb, actor=actor, at=at, unit_id=LEAD, note=reason)
    row.assignments.filter(part=Assignment.Part.LEAD, ended_at=None).update(ended_at=at)
    return row


@transaction.atomic
def change_lead(case: Case, *, actor: Actor, at: datetime, lead: Unit, reason: str) -> Case:
    """Another unit leads from now on; the first handler is not released from tracking and reply."""
    if not reason.strip():
        raise Refused("变更主办要写明原因。")
    row = FLOW.lock(case)
    if lead.pk == row.lead_unit_id:
        raise Refused(f"{lead}就是现在的主办单位。")
    row = let_lead_go(row, "change_lead", actor=actor, at=at, to=lead, reason=reason)
    return dispatch(row, actor=actor, at=at, lead=lead, note=reason)
