"""Who holds which post in an organisation."""

from datetime import date, datetime, timedelta

from django.db import transaction

from lianshang.directory.actors import Actor
from lianshang.directory.models import Person
from lianshang.kernel.refusals import Refused
from lianshang.organizations import access
from lianshang.organizations.models import Member, Officer, Organization
from lianshang.organizations.services.bodies import locked, not_ahead
from lianshang.organizations.services.records import put_down

Position = Officer.Position


@transaction.atomic
def appoint(
    organization: Organization,
    person: Person,
    position: str,
    *,
    since: date,
    brought_by: str = "",
    actor: Actor,
    at: datetime,
) -> Officer:
    """Give a full member a post; a new secretary takes over from the one before. Raises `Refused`, `Hidden`."""
    access.keeper(actor)
    row = locked(organization)
    not_ahead(since, at, "任职日期")
    if since < row.approved_on:
        raise Refused(f"{row}自 {row.approved_on:%Y-%m-%d} 成立，任职日期不能更早。")
    member = Member.objects.on(since).filter(person=person).first()
    if member is None or not member.is_full(since):
        raise Refused("党内职务由正式党员担任，这位当天还不是正式党员。请另选一位，或先登记转正。")
    held = Officer.objects.filter(organization=row, until=None)
    ending = held.filter(person=person)
    if position == Position.SECRETARY:
        ending = held.filter(person=person) | held.filter(position=Position.SECRETARY)
    if ending.filter(since__gte=since).exists():
        raise Refused("原来的任职从这一天或更晚开始。请填更晚的日期。")
    Officer.objects.filter(pk__in=list(ending.values_list("pk", flat=True))).update(until=since - timedelta(days=1))
    made = Officer.objects.create(
        park=actor.park, organization=row, person=person, position=position, since=since, brought_by=brought_by,
        recorded_at=at,
    )  # fmt: skip
    put_down(actor, "任职", since, at, organization=row, note=made.get_position_display())
    return made


@transaction.atomic
def stand_down(officer: Officer, *, on: date, actor: Actor, at: datetime) -> Officer:
    """The post ends; `on` is its last day. Raises `Refused`, `Hidden`."""
    access.keeper(actor)
    row = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
    not_ahead(on, at, "免职日期")
    if row.until:
        raise Refused("这项任职已经结束。")
    if on < row.since:
        raise Refused("免职日期早于任职日期。请改日期。")
    row.until = on
    Officer.objects.filter(pk=row.pk).update(until=on)
    put_down(actor, "免职", on, at, organization=officer.organization, note=row.get_position_display())
    return row
