"""A park with its three administrators, and browsers in which people are signed in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.contrib.auth.hashers import make_password
from django.test import Client
from django_scopes import scope

from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.directory.models import Account, Park, Person, Post, Role, Unit

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SECRET = "correct horse battery"


@dataclass
class Office:
    """`clerk` is somebody to whom things are done."""

    park: Park
    unit: Unit
    system: Account
    security: Account
    audit: Account
    clerk: Account

    def actor(self, who: str) -> Actor:
        return actors.from_account(getattr(self, who), on=TODAY)


def make_office(code: str = "LZ") -> Office:
    park = Park.objects.create(code=code, name="示范园区")
    with scope(park=park):
        unit = Unit.objects.create(park=park, code="office", name="综合党委办公室", kind="office")
        made = {
            name: make_account(unit, name, role)
            for name, role in (
                ("system", Role.ADMINISTRATOR),
                ("security", Role.SECURITY_ADMIN),
                ("audit", Role.AUDIT_ADMIN),
                ("clerk", Role.DISPATCHER),
            )
        }
    return Office(park, unit, **made)


def make_account(unit: Unit, name: str, role: str = "", **more: object) -> Account:
    person = Person.objects.create(park=unit.park, name=f"{name}样", phone="13800001234")
    if role:
        Post.objects.create(park=unit.park, person=person, unit=unit, role=role, since=date(2020, 1, 1))
    return Account.objects.create(
        username=f"{unit.park.code}-{name}".lower(), park=unit.park, person=person, password=make_password(SECRET), **more
    )  # fmt: skip


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def typed(client: Client, account: Account, password: str = SECRET) -> object:
    """Type name and password at the door."""
    return client.post("/sign-in/", {"username": account.username, "password": password})
