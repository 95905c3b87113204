"""What the system administrator does: people, their accounts, passwords. Roles are given by somebody else."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lianshang.directory import appointments, audit, sign_ins
from lianshang.directory.actors import Actor
from lianshang.directory.models import Account, Person, Post, Role
from lianshang.directory.models.people import mark_of_phone, marks_of_phone
from lianshang.kernel.numbers import ALPHABET
from lianshang.kernel.refusals import Hidden, Refused

MANAGES = (Role.ADMINISTRATOR,)
READS = (Role.ADMINISTRATOR, Role.SECURITY_ADMIN)
GROUPS, GROUP = 4, 4  # of a first password: 79 bits, read out by telephone in four groups
TAKEN = "这个账号名已有人用。账号名各园区共用，请换一个。"
Kind = audit.Kind


@dataclass(frozen=True)
class Facts:
    """A person as typed. An empty telephone number or address leaves the one there is."""

    name: str
    title: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class FirstPassword:
    """What is read out once, and what is kept of it."""

    said: str
    kept: str


def people(actor: Actor, words: str = "") -> QuerySet[Person]:
    """Return whoever has or had an account or a post; with `words` only those that they name.

    They name by a part of name, title or account, or by the whole telephone number.
    """
    _reads(actor)
    rows = Person.objects.select_related("account")
    staff = rows.filter(Q(account__isnull=False) | Q(pk__in=Post.objects.values("person")))
    if not words:
        return staff
    named = Q(name__icontains=words) | Q(title__icontains=words) | Q(account__username__icontains=words)
    return staff.filter(named | Q(phone_mark__in=marks_of_phone(words)))


def person(actor: Actor, pk: int) -> Person:
    """Raises `Hidden`."""
    found = people(actor).filter(pk=pk).first()
    if found is None:
        raise Hidden
    return found


def add(
    facts: Facts, username: str, *, actor: Actor, at: datetime, first: FirstPassword | None = None
) -> tuple[Account, str]:
    """Enter a person with an account that opens nothing yet; return it with its first password. Raises `Refused`.

    Whoever holds a transaction open has `first` made before it.
    """
    _manages(actor)
    first = first or first_password()
    with transaction.atomic():
        who = Person.objects.create(park=actor.park, **vars(facts))
        return open_account(who, username, actor=actor, at=at, first=first)


@transaction.atomic
def change(who: Person, facts: Facts, *, actor: Actor, at: datetime) -> None:
    _manages(actor)
    values = {"name": facts.name, "title": facts.title}
    values |= {name: value for name in ("phone", "email") if (value := getattr(facts, name))}
    if facts.phone:
        values["phone_mark"] = mark_of_phone(facts.phone)
    Person.objects.filter(park=actor.park, pk=who.pk).update(**values)
    audit.note(actor, Kind.ACCOUNT, "改了人员信息", about=who, at=at)


def open_account(
    who: Person, username: str, *, actor: Actor, at: datetime, first: FirstPassword | None = None
) -> tuple[Account, str]:
    """Give the person an account. Raises `Refused` where the name is taken or there is one."""
    _manages(actor)
    if Account.objects.filter(person=who).exists():
        raise Refused("此人已有账号。")
    first = first or first_password()
    facts = {"park": actor.park, "person": who, "password": first.kept, "must_change_password": True}
    with transaction.atomic():
        try:
            with transaction.atomic():
                account = Account.objects.create(username=username.strip(), **facts)
        except IntegrityError:
            raise Refused(TAKEN) from None
        audit.note(actor, Kind.ACCOUNT, f"开了账号 {account}", about=who, at=at)
    return account, first.said


@transaction.atomic
def close(account: Account, *, actor: Actor, at: datetime) -> None:
    """It signs in no more, and what is signed in ends. Raises `Refused` for the own and an administration's last."""
    _over(actor, account)
    appointments.keep_one(Post.objects.filter(person=account.person), on=timezone.localtime(at).date())
    Account.objects.filter(pk=account.pk).update(is_active=False)
    sign_ins.end(account, at=at)
    audit.note(actor, Kind.ACCOUNT, f"停用账号 {account}", about=account.person, at=at)


@transaction.atomic
def reopen(account: Account, *, actor: Actor, at: datetime) -> None:
    _over(actor, account)
    Account.objects.filter(pk=account.pk).update(is_active=True)
    audit.note(actor, Kind.ACCOUNT, f"恢复账号 {account}", about=account.person, at=at)


def reset(account: Account, *, actor: Actor, at: datetime) -> str:
    """Return a new first password; all sign-ins end. The second factor stays: it is not this administrator's to undo."""
    _over(actor, account)
    first = first_password()
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(password=first.kept, must_change_password=True)
        sign_ins.end(account, at=at)
        audit.note(actor, Kind.ACCOUNT, f"重设了账号 {account} 的密码", about=account.person, at=at)
    return first.said


def change_password(account: Account, password: str, *, at: datetime, here: str) -> None:
    """Keep the owner's new password; what is signed in elsewhere (not under the key `here`) ends."""
    account.set_password(password)
    account.must_change_password = False
    with transaction.atomic():
        account.save(update_fields=["password", "must_change_password"])
        sign_ins.end(account, at=at, but=here)
        audit.record(Kind.ACCOUNT, "改了自己的密码", park=account.park, person=account.person, at=at)


def first_password() -> FirstPassword:
    """Draw one. It takes a tenth of a second: not while everybody else waits to write."""
    words = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    said = "-".join(words)
    return FirstPassword(said, make_password(said))


def _over(actor: Actor, account: Account) -> None:
    _manages(actor)
    if account.park_id != actor.park.pk:
        raise Hidden
    if actor.person == account.person:
        raise Refused("自己的账号不能由自己停用或重设。改密码请到“我的账号”。")


def _manages(actor: Actor) -> None:
    if not actor.has(*MANAGES):
        raise Hidden


def _reads(actor: Actor) -> None:
    if not actor.has(*READS):
        raise Hidden
