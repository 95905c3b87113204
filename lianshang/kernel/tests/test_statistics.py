"""SQLite knows its tables, and parks have no index that finds all of their rows."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone

from lianshang.kernel import statistics
from lianshang.kernel.parks import ParkOwned

pytestmark = pytest.mark.django_db


def test_tables_are_looked_through_once_until_they_grow(monkeypatch):
    monkeypatch.setitem(statistics.SEEN, "rows", 0)

    looked = [statistics.keep_fresh(None, timezone.now()) for _ in range(2)]

    assert looked == [connection.vendor == "sqlite", False]


def test_no_index_is_on_the_park_alone():
    owned = [model for model in apps.get_models() if issubclass(model, ParkOwned)]

    with connection.cursor() as cursor:
        alone = [
            name
            for model in owned
            for name, facts in connection.introspection.get_constraints(cursor, model._meta.db_table).items()
            if facts["columns"] == ["park_id"] and facts["index"] and not facts["unique"]
        ]

    assert owned
    assert alone == []


def test_rows_of_the_open_transaction_are_looked_at_too():
    Group.objects.bulk_create(Group(name=f"{number}") for number in range(50))

    statistics.look()

    asked = {
        "sqlite": "SELECT max(CAST(stat AS integer)) FROM sqlite_stat1 WHERE tbl = 'auth_group'",
        "postgresql": "SELECT reltuples FROM pg_class WHERE relname = 'auth_group'",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        assert cursor.fetchone()[0] == 50
