"""Members are entered once, move between registers and enterprises, become full members, and leave."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from lianshang.directory.actors import Actor
from lianshang.directory.models import Person
from lianshang.enterprises.models import Enterprise
from lianshang.kernel.refusals import Refused
from lianshang.organizations import access
from lianshang.organizations.models import Affiliation, Member, Officer, Organization, Placement
from lianshang.organizations.services.bodies import DAY, locked, not_ahead
from lianshang.organizations.services.records import put_down

PROBATION = timedelta(days=365)


@dataclass(frozen=True)
class Register:
    """On whose register a member stands: an organisation of the park, or a name elsewhere."""

    organization: Organization | None = None
    elsewhere: str = ""
    has_card: bool = False


@dataclass(frozen=True)
class Entry:
    """A member as entered. `person` where the directory has them already, otherwise `name` and `phone`."""

    joined_on: date
    since: date
    register: Register
    full_on: date | None = None
    person: Person | None = None
    name: str = ""
    phone: str = ""
    enterprise: Enterprise | None = None


@transaction.atomic
def enter(told: Entry, *, actor: Actor, at: datetime) -> Member:
    """Enter a member with the register and, if any, the enterprise where they work. Raises `Refused`, `Hidden`."""
    access.keeper(actor)
    for day, what in ((told.joined_on, "入党日期"), (told.since, "登记起始日期"), (told.full_on, "转正日期")):
        if day:
            not_ahead(day, at, what)
    if told.full_on and told.full_on < told.joined_on:
        raise Refused("转正日期不能早于入党日期。")
    if told.since < told.joined_on:
        raise Refused("组织关系的起始日期不能早于入党日期。")
    _may_stand(told.register, told.since)
    person = told.person or Person.objects.create(park=actor.park, name=told.name, phone=told.phone)
    if Member.objects.filter(person=person).exists():
        raise Refused(f"{person}已登记为党员。请在名册里找到后办理转接。")
    made = Member.objects.create(park=actor.park, person=person, joined_on=told.joined_on, full_on=told.full_on)
    _stand(made, told.register, told.since, at)
    if told.enterprise:
        _place(made, told.enterprise, told.since, at)
    put_down(actor, "登记党员", told.since, at, organization=told.register.organization, enterprise=told.enterprise)
    return made


@transaction.atomic
def transfer(member: Member, to: Register, *, since: date, actor: Actor, at: datetime) -> Affiliation:
    """转接组织关系: from that day the member stands on another register. Raises `Refused`, `Hidden`."""
    access.keeper(actor)
    row = _locked(member)
    not_ahead(since, at, "转接日期")
    held = Affiliation.objects.filter(member=row, until=None).first()
    if held and held.since >= since:
        raise Refused(f"现在的组织关系自 {held.since:%Y-%m-%d} 起，转接日期要在它之后。")
    if held and (held.organization, held.elsewhere) == (to.organization, to.elsewhere):
        raise Refused("组织关系本来就在这里。")
    _may_stand(to, since)
    if held:
        Affiliation.objects.filter(pk=held.pk).update(until=since - DAY)
        if held.organization_id:
            Officer.objects.filter(organization=held.organization_id, person=row.person_id, until=None).update(
                until=since - DAY
            )
            put_down(actor, "转出党员", since, at, organization=held.organization)
    made = _stand(row, to, since, at)
    if to.organization:
        put_down(actor, "转入党员", since, at, organization=to.organization)
    return made


@transaction.atomic
def place(member: Member, enterprise: Enterprise | None, *, since: date, actor: Actor, at: datetime) -> Member:
    """From that day the member works at the enterprise, or at none of the park. Raises `Refused`, `Hidden`."""
    access.keeper(actor)
    row = _locked(member)
    not_ahead(since, at, "到岗日期")
    held = Placement.objects.filter(member=row, until=None).first()
    if held and held.since >= since:
        raise Refused(f"现在的在岗记录自 {held.since:%Y-%m-%d} 起，日期要在它之后。")
    if held:
        Placement.objects.filter(pk=held.pk).update(until=since - DAY)
    if enterprise:
        _place(row, enterprise, since, at)
    put_down(actor, "变更在岗企业", since, at, enterprise=enterprise)
    return row


@transaction.atomic
def confirm(member: Member, *, on: date, actor: Actor, at: datetime) -> Member:
    """转正: not before the year of probation is over (党章 art 7). Raises `Refused`, `Hidden`."""
    access.keeper(actor)
    row = _locked(member)
    not_ahead(on, at, "转正日期")
    if row.full_on:
        raise Refused(f"已于 {row.full_on:%Y-%m-%d} 转正。")
    if on < row.joined_on + PROBATION:
        raise Refused(f"预备期一年，自 {row.joined_on:%Y-%m-%d} 支部大会通过之日算起，还没有满（党章第七条）。")
    row.full_on = on
    Member.objects.filter(pk=row.pk).update(full_on=on)
    held = Affiliation.objects.filter(member=row, until=None).select_related("organization").first()
    put_down(actor, "转正", on, at, organization=held.organization if held else None)
    return row


@transaction.atomic
def leave(member: Member, *, on: date, why: str, actor: Actor, at: datetime) -> Member:
    """A member is one no more: died, left the Party, was struck off. Raises `Refused`, `Hidden`."""
    access.keeper(actor)
    row = _locked(member)
    not_ahead(on, at)
    if on <= row.joined_on:
        raise Refused("日期要在入党之后。请改日期。")
    held = Affiliation.objects.filter(member=row, until=None).select_related("organization").first()
    for rows in (Affiliation.objects.filter(member=row), Placement.objects.filter(member=row)):
        rows.filter(until=None).update(until=on - DAY)
    Officer.objects.filter(person=row.person_id, until=None).update(until=on - DAY)
    row.ended_on, row.ended_note = on, why
    Member.objects.filter(pk=row.pk).update(ended_on=on, ended_note=why)
    put_down(actor, "党员出列", on, at, organization=held.organization if held else None)
    return row


def _locked(member: Member) -> Member:
    row = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if row.ended_on:
        raise Refused(f"这位自 {row.ended_on:%Y-%m-%d} 起不再是党员，不能再改。")
    return row


def _may_stand(register: Register, since: date) -> None:
    if bool(register.organization) == bool(register.elsewhere):
        raise Refused("组织关系要么在园区的一个党组织，要么在园区以外，只填一处。")
    if register.organization and since < locked(register.organization).approved_on:
        raise Refused(f"{register.organization}那天还没有成立。请改日期。")


def _stand(member: Member, register: Register, since: date, at: datetime) -> Affiliation:
    return Affiliation.objects.create(park=member.park, member=member, since=since, recorded_at=at, **vars(register))


def _place(member: Member, enterprise: Enterprise, since: date, at: datetime) -> Placement:
    return Placement.objects.create(park=member.park, member=member, enterprise=enterprise, since=since, recorded_at=at)
