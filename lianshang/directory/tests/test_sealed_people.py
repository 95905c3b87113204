"""Telephone numbers and addresses of people: unreadable in the table and in a backup, found by the whole number."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.core.exceptions import FieldError
from django.db import connection, transaction
from django_scopes import scope

from lianshang.directory import accounts
from lianshang.directory.models import Person
from lianshang.directory.models.people import mark_of_phone
from lianshang.directory.tests.offices import Office, make_office
from lianshang.kernel.sealed import UNREADABLE

PHONE, MAIL = "13912345678", "li@example.cn"


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    made = make_office()
    with scope(park=made.park):
        yield made


def raw() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, email FROM directory_person ORDER BY id")
        return cursor.fetchall()


def li(office: Office, phone: str = PHONE) -> Person:
    return Person.objects.create(park=office.park, name="李", phone=phone, email=MAIL)


def test_what_is_typed_is_read_again_and_stands_locked(office: Office) -> None:
    person = Person.objects.get(pk=li(office).pk)

    assert (person.phone, person.email) == (PHONE, MAIL)
    assert PHONE not in str(raw())
    assert MAIL not in str(raw())


def test_a_change_and_a_copy_keep_it(office: Office) -> None:
    person = Person.objects.get(pk=li(office).pk)
    person.title = "科长"
    person.save()
    Person.objects.filter(pk=person.pk).update(email="new@example.cn")

    person = Person.objects.get(pk=person.pk)
    assert (person.phone, person.email) == (PHONE, "new@example.cn")


@pytest.mark.parametrize("typed", [PHONE, "+86 139-1234-5678", "１３９１２３４５６７８", "0086 13912345678"])
def test_the_whole_number_finds_whose_it_is_however_typed(office: Office, typed: str) -> None:
    office.clerk.person.phone = PHONE
    office.clerk.person.save()

    assert list(accounts.people(office.actor("system"), typed)) == [office.clerk.person]
    assert list(accounts.people(office.actor("system"), PHONE[:8])) == []


def test_an_older_key_still_finds_and_opens(office: Office, settings: object) -> None:
    office.clerk.person.phone = PHONE
    office.clerk.person.save()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " * 6, [settings.SECRET_KEY]

    (found,) = accounts.people(office.actor("system"), PHONE)

    assert found.phone == PHONE


def test_without_the_key_a_page_still_opens(office: Office, settings: object) -> None:
    person = li(office)
    settings.SECRET_KEY = "another key " * 6

    assert Person.objects.get(pk=person.pk).phone == UNREADABLE


def test_a_save_without_the_key_destroys_nothing(office: Office, settings: object) -> None:
    pk, before, key = li(office).pk, raw(), settings.SECRET_KEY
    settings.SECRET_KEY = "another key " * 6

    person = Person.objects.get(pk=pk)
    person.title = f"{person.phone}{person.email}"
    person.save()
    with pytest.raises(ValueError, match="no value"), transaction.atomic():
        Person.objects.filter(pk=pk).update(phone=UNREADABLE)
    settings.SECRET_KEY = key

    assert raw() == before
    assert Person.objects.get(pk=pk).phone_mark == mark_of_phone(PHONE)


@pytest.mark.parametrize("how", [{"phone": PHONE}, {"phone__contains": "139"}, {"phone__in": [PHONE]}])
def test_a_condition_on_the_column_is_refused_rather_than_finding_nothing(
    office: Office, how: dict[str, object]
) -> None:
    with pytest.raises((FieldError, TypeError)):
        list(Person.objects.filter(**how))


def test_empty_is_empty(office: Office) -> None:
    person = li(office, phone="")

    assert list(Person.objects.filter(phone="")) == [person]
    assert (person.phone_mark, mark_of_phone("无")) == ("", "")


def test_the_migration_locks_what_stood_open_and_back(office: Office) -> None:
    migration = import_module("lianshang.directory.migrations.0005_sealed_people")
    person = li(office)
    editor = type("Editor", (), {"connection": connection})

    migration.open_again(None, editor)
    opened = raw()[-1]
    migration.seal(None, editor)

    assert opened == (PHONE, MAIL)
    assert PHONE not in str(raw())
    assert Person.objects.get(pk=person.pk).phone == PHONE
