"""What is not in the denominator, and how gaps are closed step by step."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from lianshang.directory.actors import Actor
from lianshang.directory.models import Person
from lianshang.enterprises.models import Enterprise
from lianshang.kernel.refusals import Refused
from lianshang.organizations import access
from lianshang.organizations.models import Coverage, Incubation, IncubationStep, Organization, Outside
from lianshang.organizations.rules.steps import WORK, Step, steps_for
from lianshang.organizations.services.bodies import not_ahead
from lianshang.organizations.services.records import put_down


@dataclass(frozen=True)
class Proof:
    """That a step was done: the paper that shows it, and a word about it."""

    document: str
    note: str = ""


@transaction.atomic
def set_outside(enterprise: Enterprise, reason: str, *, since: date, note: str, actor: Actor, at: datetime) -> Outside:
    """From that day the enterprise is not in the denominator. Raises `Refused`, `Hidden`."""
    access.decider(actor)
    firm = _locked(enterprise)
    not_ahead(since, at)
    if Outside.objects.filter(enterprise=firm, until=None).exists():
        raise Refused("这家企业已经不计入覆盖。")
    made = Outside.objects.create(
        park=actor.park, enterprise=firm, reason=reason, since=since, note=note, named_by=actor.person, recorded_at=at
    )
    put_down(actor, "不计入覆盖", since, at, enterprise=firm, note=f"{made.get_reason_display()}：{note}")
    return made


@transaction.atomic
def count_again(enterprise: Enterprise, *, since: date, actor: Actor, at: datetime) -> Outside:
    """From that day the enterprise is in the denominator again. Raises `Refused`, `Hidden`."""
    access.decider(actor)
    firm = _locked(enterprise)
    not_ahead(since, at)
    held = Outside.objects.filter(enterprise=firm, until=None).first()
    if held is None:
        raise Refused("这家企业本来就计入覆盖。")
    if since <= held.since:
        raise Refused(f"自 {held.since:%Y-%m-%d} 起不计入，恢复的日期要在它之后。")
    held.until = since - timedelta(days=1)
    Outside.objects.filter(pk=held.pk).update(until=held.until)
    put_down(actor, "恢复计入覆盖", since, at, enterprise=firm)
    return held


@transaction.atomic
def begin(
    enterprise: Enterprise,
    *,
    joins: Organization | None,
    owner: Person,
    instructor: Person | None,
    on: date,
    actor: Actor,
    at: datetime,
) -> Incubation:
    """Begin to build an organisation: each step has its day, counted from the beginning. Raises `Refused`, `Hidden`."""
    access.keeper(actor)
    firm = _locked(enterprise)
    not_ahead(on, at)
    if Incubation.objects.filter(enterprise=firm, ended_on=None).exists():
        raise Refused("这家企业已在培育中。")
    made = Incubation.objects.create(
        park=actor.park, enterprise=firm, joins=joins, owner=owner, instructor=instructor, began_on=on, recorded_at=at
    )
    day, rows = on, []
    for position, step in enumerate(steps_for(joins=joins is not None), 1):
        day += timedelta(days=WORK[step].days)
        rows.append(IncubationStep(park=actor.park, incubation=made, position=position, step=step.value, due_on=day))
    IncubationStep.objects.bulk_create(rows)
    put_down(actor, "开始组建培育", on, at, enterprise=firm, note=f"加入{joins}" if joins else "单独组建")
    return made


@transaction.atomic
def step_done(incubation: Incubation, step: str, proof: Proof, *, on: date, actor: Actor, at: datetime) -> Incubation:
    """A step was done; the days of those after it are counted from there. In order alone. Raises `Refused`, `Hidden`."""
    access.keeper(actor)
    row = _open(incubation)
    not_ahead(on, at, "办成日期")
    steps = list(IncubationStep.objects.filter(incubation=row))
    waiting = [one for one in steps if one.done_on is None]
    if not waiting or waiting[0].step != step:
        now = waiting[0].get_step_display() if waiting else "登记结果"
        raise Refused(f"要按顺序办，现在该办的是“{now}”。")
    before = max((one.done_on for one in steps if one.done_on), default=row.began_on)
    if on < before:
        raise Refused(f"上一步是 {before:%Y-%m-%d} 办的，这一步不能更早。")
    fields = {"done_on": on, "document": proof.document, "note": proof.note, "done_by": actor.person}
    IncubationStep.objects.filter(pk=waiting[0].pk).update(**fields)
    _count_on(waiting[1:], on)
    put_down(actor, "组建培育", on, at, enterprise=row.enterprise, note=f"{Step(step).label}：{proof.document}")
    return row


def _count_on(waiting: list[IncubationStep], done: date) -> None:
    day = done
    for one in waiting:
        day += timedelta(days=WORK[Step(one.step)].days)
        IncubationStep.objects.filter(pk=one.pk).update(due_on=day)


@transaction.atomic
def finish(incubation: Incubation, *, organization: Organization, on: date, actor: Actor, at: datetime) -> Incubation:
    """All steps are done, and the enterprise is covered by the organisation. Raises `Refused`, `Hidden`."""
    access.keeper(actor)
    row = _open(incubation)
    not_ahead(on, at)
    if waiting := IncubationStep.objects.filter(incubation=row, done_on=None).first():
        raise Refused(f"“{waiting.get_step_display()}”还没有办。请先登记这一步。")
    if not Coverage.objects.on(on).filter(organization=organization, enterprise=row.enterprise_id).exists():
        raise Refused(f"{organization}还没有覆盖这家企业。请先登记成立党组织，或调整它的覆盖企业。")
    return _ended(row, Incubation.Result.BUILT, on, actor, at, organization=organization)


@transaction.atomic
def drop(incubation: Incubation, *, on: date, why: str, actor: Actor, at: datetime) -> Incubation:
    """It is not gone on with, for a reason. Raises `Refused`, `Hidden`."""
    access.decider(actor)
    row = _open(incubation)
    not_ahead(on, at)
    return _ended(row, Incubation.Result.DROPPED, on, actor, at, note=why)


def _ended(
    row: Incubation, result: Incubation.Result, on: date, actor: Actor, at: datetime, **more: object
) -> Incubation:
    if on < row.began_on:
        raise Refused("日期早于培育开始的日期。请改日期。")
    fields = {"ended_on": on, "result": result.value, **more}
    for name, value in fields.items():
        setattr(row, name, value)
    Incubation.objects.filter(pk=row.pk).update(**fields)
    put_down(actor, "组建培育结束", on, at, enterprise=row.enterprise, note=str(result.label))
    return row


def _open(incubation: Incubation) -> Incubation:
    row = Incubation.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=incubation.pk)
    if row.ended_on:
        raise Refused(f"这次培育已于 {row.ended_on:%Y-%m-%d} 结束。")
    return row


def _locked(enterprise: Enterprise) -> Enterprise:
    return Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
