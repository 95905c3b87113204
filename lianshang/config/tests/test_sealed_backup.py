"""What is locked in the database is locked in a backup, and comes back as it was."""

import json

import pytest
from django.db import connection
from django_scopes import scope

from lianshang.config.backups import rows
from lianshang.directory.models import Person
from lianshang.directory.tests.offices import make_office
from lianshang.directory.tests.test_sealed_people import PHONE, li, raw


@pytest.mark.django_db
def test_a_backup_holds_it_locked_and_gives_it_back() -> None:
    office = make_office()
    with scope(park=office.park):
        li(office)
    fields = [field.attname for field in rows.columns(Person)]
    before = raw()
    lines = list(rows.lines(Person, rows.Table("directory.Person", fields)))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_person SET phone = '', email = ''")

    loaded = [rows._values([rows.columns(Person)[at] for at in range(len(fields))], line) for line in lines]

    assert PHONE.encode() not in b"".join(lines)
    assert [
        (dict(zip(fields, row, strict=True))["phone"], dict(zip(fields, row, strict=True))["email"]) for row in loaded
    ] == before
    assert json.loads(lines[0])
