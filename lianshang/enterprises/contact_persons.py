"""专人对接: each enterprise has one person whom it may always call, and a deputy; who takes over is written down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lianshang.directory import absences
from lianshang.directory.actors import Actor
from lianshang.directory.models import Person, Post, Role
from lianshang.enterprises.models import ContactPerson, Enterprise
from lianshang.kernel import outbox
from lianshang.kernel.numbers import whole
from lianshang.kernel.refusals import Hidden, Refused

NAMES = (Role.DISPATCHER, Role.ADMINISTRATOR)  # who says who looks after whom
READS = (*NAMES, Role.COMMITTEE_HEAD, Role.CHAIN_CHIEF, Role.INSTRUCTOR)
LOOK_AFTER = (Role.INSTRUCTOR, Role.CENTRE_STAFF, Role.TASK_FORCE, Role.DISPATCHER, Role.LIAISON)
TOPIC = "enterprises.contact_person"


@dataclass(frozen=True, slots=True)
class OnCall:
    """Whom the enterprise calls today: `stands_for` is empty, or the contact person who is away."""

    person: Person
    stands_for: str = ""


def in_force() -> QuerySet[ContactPerson]:
    return ContactPerson.objects.filter(until=None).select_related("person", "deputy")


def found(words: str, of: str) -> QuerySet[Enterprise]:
    """Return the enterprises asked for: words of name or number, those of a person by key, or `nobody`'s."""
    rows = Enterprise.objects.filter(is_active=True).order_by("code")
    if words := words.strip():
        rows = rows.filter(Q(name__icontains=words) | Q(code__icontains=words))
    if of == "nobody":
        return rows.filter(~Exists(ContactPerson.objects.filter(enterprise=OuterRef("pk"), until=None)))
    if (person := whole(of)) is not None:
        rows = rows.filter(pk__in=in_force().filter(person=person).values("enterprise"))
    return rows


def on_call(enterprise_id: int, *, at: datetime) -> OnCall | None:
    """Return whom the enterprise may call that day: the deputy, or who stands in, where its contact person is away."""
    row = in_force().filter(enterprise=enterprise_id).first()
    if row is None:
        return None
    today = timezone.localtime(at).date()
    away = absences.standing_in([row.person_id, *([row.deputy_id] if row.deputy_id else [])], on=today)
    if row.person_id not in away:
        return OnCall(row.person)
    deputy = row.deputy if row.deputy and row.deputy_id not in away else away[row.person_id]
    return OnCall(deputy, row.person.name)


def candidates(at: datetime) -> QuerySet[Person]:
    """Return who may look after enterprises: staff in post, their deputies for a few days not."""
    posts = Post.objects.in_force(timezone.localtime(at).date()).filter(role__in=LOOK_AFTER, deputy_of=None)
    return Person.objects.filter(pk__in=posts.values("person")).order_by("name", "pk")


@transaction.atomic
def name(
    enterprises: Sequence[Enterprise],
    *,
    person: Person,
    deputy: Person | None,
    actor: Actor,
    at: datetime,
    note: str = "",
) -> int:
    """Give the enterprises to the person from now on; return for how many that is news. Raises `Refused`, `Hidden`."""
    if not actor.has(*NAMES):
        raise Hidden
    _check(enterprises, person, deputy, at)
    keys = [enterprise.pk for enterprise in enterprises]
    list(Enterprise.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))
    held = {row.enterprise_id: row for row in in_force().filter(enterprise__in=keys)}
    changed = [key for key in keys if _differs(held.get(key), person, deputy)]
    ContactPerson.objects.filter(pk__in=[held[key].pk for key in changed if key in held]).update(until=at)
    made = ContactPerson.objects.bulk_create(
        ContactPerson(
            park=actor.park, enterprise_id=key, person=person, deputy=deputy, since=at, named_by=actor.person, note=note
        )
        for key in changed
    )
    for row in _one_for_each_former(made, held):
        outbox.put(actor.park.pk, TOPIC, row.pk, at=at)
    return len(made)


def _one_for_each_former(made: list[ContactPerson], held: dict[int, ContactPerson]) -> Iterable[ContactPerson]:
    """Everybody concerned is told once, however many enterprises change hands."""
    by_former = {held[row.enterprise_id].person_id if row.enterprise_id in held else None: row for row in made}
    return by_former.values()


def _differs(row: ContactPerson | None, person: Person, deputy: Person | None) -> bool:
    return row is None or (row.person_id, row.deputy_id) != (person.pk, deputy and deputy.pk)


def _check(enterprises: Sequence[Enterprise], person: Person, deputy: Person | None, at: datetime) -> None:
    if not enterprises:
        raise Refused("还没有选企业。请在左边勾选，再指定对接人。")
    if deputy == person:
        raise Refused("对接人和替补不能是同一个人。请另选一位替补，或不填。")
    allowed = set(
        candidates(at).filter(pk__in=[one.pk for one in (person, deputy) if one]).values_list("pk", flat=True)
    )
    for one in (person, deputy):
        if one and one.pk not in allowed:
            raise Refused(f"{one}现在没有对接企业的岗位。请另选一位，或请安全管理员先添加岗位。")


def history(enterprise: Enterprise) -> QuerySet[ContactPerson]:
    """Return who looked after the enterprise, the newest first."""
    rows = ContactPerson.objects.filter(enterprise=enterprise).select_related("person", "deputy", "named_by")
    return rows.order_by("-since", "-pk")


def gone(rows: Iterable[ContactPerson], at: datetime) -> set[int]:
    """Return the keys of those contact persons who hold no post any more: their enterprises wait to be handed over."""
    people = {row.person_id for row in rows}
    posts = Post.objects.in_force(timezone.localtime(at).date()).filter(person__in=people)
    return people - set(posts.values_list("person", flat=True))
