"""外出代理: who is away, and who stands in. A deputy holds the same posts for those days; the units' clocks go on."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lianshang.directory import audit
from lianshang.directory.actors import Actor
from lianshang.directory.models import ADMINISTRATORS, Absence, Person, Post, Role
from lianshang.kernel import outbox
from lianshang.kernel.refusals import Hidden, Refused

LONGEST = 366  # days
# Who may enter it for somebody who is ill. Not the system administrator: giving posts out is the security one's.
ENTERS_FOR_ALL = (Role.DISPATCHER,)
# Posts of personal trust: complaints are open to two of them, and none is passed on by the way.
PERSONAL = (Role.COMPLAINTS_OFFICER, Role.COMMITTEE_HEAD, Role.AUDITOR, *ADMINISTRATORS)
TOPIC = "directory.absence"


def may_enter_for(actor: Actor, person: Person) -> bool:
    """Everybody for themselves, the office for all."""
    return actor.person == person or actor.has(*ENTERS_FOR_ALL)


def current(on: date) -> QuerySet[Absence]:
    """Return what is under way or still to come."""
    rows = Absence.objects.filter(until__gte=on).select_related("person", "deputy", "entered_by")
    return rows.order_by("since", "pk")


def deputies_for(person: Person, *, on: date) -> QuerySet[Person]:
    """Return who can stand in: colleagues who hold a post in one of the person's units."""
    units = Post.objects.in_force(on).filter(person=person, deputy_of=None).values("unit")
    posts = Post.objects.in_force(on).filter(unit__in=units, deputy_of=None)
    return Person.objects.filter(pk__in=posts.values("person")).exclude(pk=person.pk).order_by("name", "pk")


def standing_in(people: Iterable[int], *, on: date) -> dict[int, Person]:
    """Return for those of the people who are away that day who stands in, by the key of who is away."""
    away = Absence.objects.on(on).filter(person__in=list(people)).select_related("deputy").order_by("pk")
    return {absence.person_id: absence.deputy for absence in away}


@transaction.atomic
def begin(person: Person, *, deputy: Person, since: date, until: date, actor: Actor, at: datetime) -> Absence:
    """Enter an absence and give the deputy the posts for its days. Raises `Refused` and `Hidden`.

    Posts of personal trust (`PERSONAL`) are not passed on by the way: those who give them name another holder. Nobody
    takes somebody else's posts for themselves. Both are told, and it is on record like every post that is given.
    """
    if not may_enter_for(actor, person):
        raise Hidden
    if deputy == actor.person:
        raise Refused("不能替别人登记由自己代理。请本人登记，或另选一位代理人。")
    today = timezone.localtime(at).date()
    list(Person.objects.select_for_update(of=("self",)).filter(pk__in=[person.pk, deputy.pk]).order_by("pk"))
    _check(person, deputy, since, until, today)
    absence = Absence.objects.create(
        park_id=person.park_id,
        person=person,
        deputy=deputy,
        since=since,
        until=until,
        entered_by=actor.person,
        entered_at=at,
    )
    held = Post.objects.filter(Q(until=None) | Q(until__gte=since), person=person, deputy_of=None, since__lte=until)
    for post in held.filter(unit__in=_units(deputy, since)).exclude(role__in=PERSONAL):
        Post.objects.create(
            park_id=person.park_id, person=deputy, unit_id=post.unit_id, role=post.role, deputy_of=post,
            since=max(since, post.since), until=min(until, post.until or until),
        )  # fmt: skip
    what = f"登记外出代理：{since:%Y-%m-%d} 至 {until:%Y-%m-%d} 代理{person}的岗位"
    audit.note(actor, audit.Kind.POST, what, about=deputy, at=at)
    outbox.put(person.park_id, TOPIC, absence.pk, at=at)
    return absence


def _units(person: Person, on: date) -> list[int]:
    return list(Post.objects.in_force(on).filter(person=person, deputy_of=None).values_list("unit", flat=True))


def _check(person: Person, deputy: Person, since: date, until: date, today: date) -> None:
    if until < since:
        raise Refused("结束日期早于开始日期。请改日期。")
    if since < today:
        raise Refused("外出从今天或以后的日子开始。已过去的日子由本人负责，不能补代理。")
    if (until - since).days >= LONGEST:
        raise Refused("一次最多登记一年。更久的请调整岗位。")
    if not deputies_for(person, on=since).filter(pk=deputy.pk).exists():
        raise Refused(f"代理人要是{person}同单位在岗的人。请另选一位，或请安全管理员先添加岗位。")
    clash = Absence.objects.filter(since__lte=until, until__gte=since).order_by("since")
    if (own := clash.filter(person=person).first()) is not None:
        raise Refused(f"{own.since:%-m月%-d日}至{own.until:%-m月%-d日}已登记由{own.deputy}代理。请先结束那一段。")
    if (other := clash.filter(person=deputy).first()) is not None:
        raise Refused(f"{deputy}{other.since:%-m月%-d日}至{other.until:%-m月%-d日}也外出。请另选一位代理人。")
    if clash.filter(deputy=person).exists():
        raise Refused(f"{person}这几天正代理别人。请先给那一位另选代理人。")


@transaction.atomic
def end(absence: Absence, *, actor: Actor, at: datetime) -> None:
    """End it: back since this morning. What is over stays as it was. Raises `Refused` and `Hidden`."""
    if not may_enter_for(actor, absence.person):
        raise Hidden
    row = Absence.objects.select_for_update(of=("self",)).get(pk=absence.pk)
    today = timezone.localtime(at).date()
    if row.until < today:
        raise Refused("这一段外出已经结束。")
    last = today - timedelta(days=1)
    posts = Post.objects.filter(person=row.deputy_id, deputy_of__person=row.person_id, since__gte=row.since)
    posts.filter(since__lte=row.until, until__gte=today).update(until=last)
    Absence.objects.filter(park=row.park_id, pk=row.pk).update(until=last)
    audit.note(actor, audit.Kind.POST, f"结束外出代理：不再代理{row.person}的岗位", about=row.deputy, at=at)
