"""Organisations come to be, cover enterprises, hold elections, and end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from lianshang.directory.actors import Actor
from lianshang.enterprises.models import Enterprise
from lianshang.kernel.refusals import Refused
from lianshang.organizations import access
from lianshang.organizations.models import Affiliation, Coverage, Officer, Organization, Term
from lianshang.organizations.rules.kinds import Kind, due_after, may_move_to, years_of
from lianshang.organizations.services.records import put_down

DAY = timedelta(days=1)
ALONE = (Kind.BRANCH,)  # covers one enterprise
NO_ELECTION = "临时党支部的书记由批准成立的党组织指定，不换届选举（《中国共产党支部工作条例（试行）》第八条）。"


@dataclass(frozen=True)
class Founding:
    """What the reply of approval says."""

    name: str
    kind: Kind
    approved_on: date
    parent: Organization | None = None
    document: str = ""
    admits: bool = False
    enterprises: Sequence[Enterprise] = field(default=())


def locked(organization: Organization) -> Organization:
    """Return the row as it stands, held until the transaction ends. Raises `Refused` where it has ended."""
    row = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    if row.ended_on:
        raise Refused(f"{row}已于 {row.ended_on:%Y-%m-%d} 撤销，不能再改。")
    return row


def not_ahead(day: date, at: datetime, what: str = "日期") -> None:
    """Raise `Refused` for a day that has not come yet."""
    if day > timezone.localtime(at).date():
        raise Refused(f"{what}在今天之后。请填已经发生的日期。")


@transaction.atomic
def found(told: Founding, *, actor: Actor, at: datetime) -> Organization:
    """Write down an organisation that was approved. Raises `Refused`, `Hidden`."""
    access.decider(actor)
    not_ahead(told.approved_on, at, "批复日期")
    if told.parent:
        locked(told.parent)
    if told.kind in ALONE and len(told.enterprises) > 1:
        raise Refused("党支部只覆盖一家企业；几家联合成立的，类型请选联合党支部。")
    if Organization.objects.filter(name=told.name, ended_on=None).exists():
        raise Refused("已有同名的党组织。请换一个名称。")
    fields = {"name": told.name, "kind": told.kind.value, "approved_on": told.approved_on, "parent": told.parent}
    made = Organization.objects.create(
        park=actor.park, document=told.document, admits=told.admits, recorded_at=at, **fields
    )
    _cover(made, told.enterprises, told.approved_on, at)
    put_down(actor, "成立", told.approved_on, at, organization=made, note=told.document)
    return made


def _cover(organization: Organization, enterprises: Sequence[Enterprise], since: date, at: datetime) -> None:
    Coverage.objects.bulk_create(
        Coverage(park=organization.park, organization=organization, enterprise=one, since=since, recorded_at=at)
        for one in enterprises
    )


@transaction.atomic
def cover(
    organization: Organization, enterprises: Sequence[Enterprise], *, since: date, actor: Actor, at: datetime
) -> Organization:
    """From that day the organisation covers exactly these enterprises. Raises `Refused`, `Hidden`."""
    access.decider(actor)
    row = locked(organization)
    not_ahead(since, at)
    if since < row.approved_on:
        raise Refused(f"{row}自 {row.approved_on:%Y-%m-%d} 成立，覆盖企业的日期不能更早。")
    if row.of_kind in ALONE and len(enterprises) > 1:
        raise Refused("党支部只覆盖一家企业；几家联合成立的，请先成立联合党支部。")
    held = list(Coverage.objects.filter(organization=row, until=None))
    if any(one.since > since for one in held):
        raise Refused("覆盖范围在这一天之后还变动过。请填更晚的日期。")
    wanted = {one.pk for one in enterprises}
    gone = [one for one in held if one.enterprise_id not in wanted]
    Coverage.objects.filter(pk__in=[one.pk for one in gone]).update(until=since - DAY)
    kept = {one.enterprise_id for one in held} & wanted
    new = [one for one in enterprises if one.pk not in kept]
    _cover(row, new, since, at)
    put_down(
        actor, "调整覆盖企业", since, at, organization=row,
        note=f"现覆盖 {len(wanted)} 家，增 {len(new)} 家，减 {len(gone)} 家",
    )  # fmt: skip
    return row


@transaction.atomic
def elect(
    organization: Organization, *, on: date, has_committee: bool, groups: int, actor: Actor, at: datetime
) -> Term:
    """An election was held: a new term begins, its length by the kind of organisation. Raises `Refused`, `Hidden`."""
    access.keeper(actor)
    row = locked(organization)
    not_ahead(on, at, "换届日期")
    if row.of_kind is Kind.TEMPORARY:
        raise Refused(NO_ELECTION)
    if on < row.approved_on:
        raise Refused(f"{row}自 {row.approved_on:%Y-%m-%d} 成立，换届日期不能更早。")
    last = Term.objects.filter(organization=row, until=None).first()
    if last and last.since >= on:
        raise Refused(f"现任届期自 {last.since:%Y-%m-%d} 起，换届日期要在它之后。")
    if last:
        Term.objects.filter(pk=last.pk).update(until=on - DAY)
    years = years_of(row.of_kind)
    due = due_after(on, years)
    made = Term.objects.create(
        park=actor.park, organization=row, since=on, years=years, has_committee=has_committee, first_due_on=due,
        due_on=due, recorded_at=at,
    )  # fmt: skip
    Organization.objects.filter(pk=row.pk).update(group_count=groups)
    put_down(actor, "换届", on, at, organization=row, note=f"任期 {years} 年，{due:%Y-%m-%d} 届满")
    return made


@transaction.atomic
def move_election(organization: Organization, *, to: date, approval: str, actor: Actor, at: datetime) -> Term:
    """The superior approved an earlier or later election, by a year at most. Raises `Refused`, `Hidden`."""
    access.decider(actor)
    row = locked(organization)
    term = Term.objects.filter(organization=row, until=None).first()
    if term is None:
        raise Refused("还没有登记届期。请先登记换届。")
    if not may_move_to(term.first_due_on, to):
        raise Refused(
            f"届满日是 {term.first_due_on:%Y-%m-%d}，提前或延期一般不超过 1 年（《关于党的基层组织任期的意见》）。请改日期。"
        )
    term.due_on, term.approval = to, approval
    Term.objects.filter(pk=term.pk).update(due_on=to, approval=approval)
    today = timezone.localtime(at).date()
    put_down(actor, "调整换届日期", today, at, organization=row, note=f"应换届日改为 {to:%Y-%m-%d}，{approval}")
    return term


@transaction.atomic
def end(organization: Organization, *, on: date, why: str, actor: Actor, at: datetime) -> Organization:
    """It was dissolved: what it covers and who holds its posts end with it. Raises `Refused`, `Hidden`."""
    access.decider(actor)
    row = locked(organization)
    not_ahead(on, at, "撤销日期")
    if on <= row.approved_on:
        raise Refused("撤销日期要在成立之后。")
    if Organization.objects.filter(parent=row, ended_on=None).exists():
        raise Refused("还有下级党组织。请先调整下级党组织。")
    if count := Affiliation.objects.filter(organization=row, until=None).count():
        raise Refused(f"还有 {count} 名党员的组织关系在这里。请先转出，再撤销。")
    spans: tuple[Any, ...] = (Coverage, Officer, Term)
    for model in spans:
        model.objects.filter(organization=row, until=None).update(until=on - DAY)
    row.ended_on, row.ended_note = on, why
    Organization.objects.filter(pk=row.pk).update(ended_on=on, ended_note=why)
    put_down(actor, "撤销", on, at, organization=row, note=why)
    return row
