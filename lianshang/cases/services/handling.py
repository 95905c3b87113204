"""What units do with what they were sent, and what overseers and the enterprise may add at any time."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lianshang.cases import books, recusal
from lianshang.cases.flow import FLOW, LEAD
from lianshang.cases.models import Assignment, Case, FirstHandler
from lianshang.cases.services.intake import attach
from lianshang.cases.services.recusals import declared
from lianshang.cases.states import Way
from lianshang.directory.actors import Actor
from lianshang.directory.models import Person, Post, Role, Unit
from lianshang.kernel.models import StoredFile
from lianshang.kernel.refusals import Hidden, Refused


def own_part(case: Case, actor: Actor, unit: Unit | None = None) -> Assignment | None:
    """Return the open part of the unit for which the actor is liaison: the lead's before a co-unit's, or `unit`'s."""
    units = actor.units(Role.LIAISON) & {unit.pk} if unit else actor.units(Role.LIAISON)
    parts = case.assignments.filter(unit__in=units, ended_at=None).select_related("unit")
    return parts.order_by("-part", "pk").first()


@transaction.atomic
def sign(case: Case, *, actor: Actor, at: datetime, interest: str | None = None) -> Case:
    """Sign for the order. The first to sign becomes the first handler, written once and never over.

    For a complaint or report `interest` has to be answered: empty none, else what it is; then it waits for a decision.
    """
    row = FLOW.lock(case)
    FLOW.check(row, "sign", actor)
    if waits := declared(row, interest, actor=actor, at=at, unit_id=row.lead_unit_id):
        return waits
    row = FLOW.move(row, "sign", actor=actor, at=at, unit_id=LEAD)
    row.assignments.filter(part=Assignment.Part.LEAD, ended_at=None).update(
        signed_at=at, signed_by=actor.person, handled_by=actor.person
    )
    become_first_handler(row, row.lead_unit_id, actor.person, at)
    return row


def become_first_handler(case: Case, unit_id: int, person: Person | None, at: datetime) -> None:
    """Append to the ledger where it is empty, or where a ruled return freed the case from its first handler."""
    first = case.first_handlers.order_by("-pk").first()
    reason = _why_freed(case, first) if first else ""
    if first is None or reason:
        FirstHandler.objects.create(
            park_id=case.park_id, case=case, unit_id=unit_id, person=person, at=at, event=case.last_event, reason=reason
        )
        case.__dict__.pop("first_unit_id", None)


def _why_freed(case: Case, first: FirstHandler) -> str:
    """Return why the first handler in force need not track the case any more; empty where it must."""
    granted = case.events.filter(verb="grant_return", unit=first.unit_id, ordinal__gt=first.event.ordinal)
    return f"{first.unit}退单获准" if granted.exists() else ""


@transaction.atomic
def co_sign(case: Case, *, actor: Actor, at: datetime, interest: str | None = None) -> Case:
    row = FLOW.lock(case)
    FLOW.check(row, "co_sign", actor)
    part = row.assignments.filter(
        part=Assignment.Part.CO, ended_at=None, signed_at=None, unit__in=actor.units(Role.LIAISON)
    ).first()
    if part and (waits := declared(row, interest, actor=actor, at=at, unit_id=part.unit_id)):
        return waits
    row = FLOW.move(row, "co_sign", actor=actor, at=at, unit_id=part.unit_id if part else None)
    if part is None:
        raise Refused("贵单位已签收，不必再签。")
    row.assignments.filter(pk=part.pk).update(signed_at=at, signed_by=actor.person, handled_by=actor.person)
    return row


@transaction.atomic
def report_in(case: Case, *, actor: Actor, at: datetime, way: str = Way.ONSITE, note: str = "") -> Case:
    """部门报到: a person, a time, a manner; no photo is ever asked for."""
    row = FLOW.lock(case)
    part = own_part(row, actor)
    row = FLOW.move(row, "report_in", actor=actor, at=at, unit_id=part.unit_id if part else None, way=way, note=note)
    row.assignments.filter(pk=part.pk, reported_in_at=None).update(reported_in_at=at)
    return row


def contact(case: Case, *, actor: Actor, at: datetime, way: str = Way.PHONE, note: str = "") -> Case:
    """The first real contact with the enterprise."""
    return FLOW.fire(case, "contact", actor=actor, at=at, unit_id=LEAD, way=way, note=note)


@transaction.atomic
def plan(case: Case, *, actor: Actor, at: datetime, note: str, promised_at: datetime | None = None) -> Case:
    """Say how and until when it will be done. A promised date is a clock, and no unit moves its own promise."""
    row = FLOW.lock(case)
    FLOW.check(row, "plan", actor)
    if promised_at and promised_at <= at:
        raise Refused("承诺办成的时间要晚于现在。")
    if promised_at and row.promised_on and row.clocks.running().filter(duty__in=("handle", "promise")).exists():
        day = f"{row.promised_on:%-m月%-d日}"
        raise Refused(f"已承诺{day}办成。要改日期，请申请延期，或由综合党委负责人挂账；计划可以不填日期再报。")
    changes = {"promised_on": timezone.localtime(promised_at).date()} if promised_at else {}
    return FLOW.move(row, "plan", actor=actor, at=at, unit_id=LEAD, note=note, due_at=promised_at, changes=changes)


@transaction.atomic
def hand_over(case: Case, *, actor: Actor, at: datetime, to: Person, note: str = "", unit: Unit | None = None) -> Case:
    """换人经办: another person of the same unit carries on with its part, lead or co; the unit's clocks go on.

    `unit` is asked for only of who serves in several units of the case; else it is the actor's own.
    """
    row = FLOW.lock(case)
    FLOW.check(row, "hand_over", actor)
    part = own_part(row, actor, unit)
    if part is None:
        raise Hidden
    if part.handled_by_id == to.pk:
        raise Refused(f"现在就由{to}经办，不用换人。")
    posts = Post.objects.in_force(timezone.localtime(at).date()).filter(person=to, unit=part.unit_id, role=Role.LIAISON)
    if not recusal.outside(posts, row, on=timezone.localtime(at).date()).exists():
        raise Refused(f"{to}不是{part.unit}的联络员，或者应当回避。请先在岗位里添加，或另选一位。")
    row = FLOW.move(row, "hand_over", actor=actor, at=at, unit_id=part.unit_id, note=f"改由{to}经办。{note}")
    row.assignments.filter(pk=part.pk).update(handled_by=to)
    return row


@transaction.atomic
def supplement(
    case: Case, *, actor: Actor, at: datetime, note: str, files: tuple[tuple[StoredFile, str], ...] = ()
) -> Case:
    if not note.strip() and not files:
        raise Refused("请写上要补充的内容，或附上材料。")
    row = FLOW.fire(case, "supplement", actor=actor, at=at, note=note)
    attach(row, files)
    return row


def urge(case: Case, *, actor: Actor, at: datetime, note: str = "", unit: Unit | None = None) -> Case:
    """催办: ask the lead to hurry, or the unit named; the office where nobody leads yet. Clocks stay as they are.

    Raises `Refused` for a unit that has no part in the case: being urged would tell it of the case.
    """
    if unit and unit.pk not in {
        books.office_of(case.park_id),
        case.lead_unit_id,
        case.first_unit_id,
        *case.co_unit_ids,
    }:
        raise Refused("这个单位没有承办这件诉求，不能催办。请刷新页面再选。")
    return FLOW.fire(case, "urge", actor=actor, at=at, unit_id=unit.pk if unit else LEAD, note=note)
