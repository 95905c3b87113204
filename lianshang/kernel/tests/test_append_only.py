from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection
from django_scopes import scope

from lianshang.directory.models import Park
from lianshang.kernel.append_only import AppendOnly, guards
from lianshang.kernel.models import Counter

TABLE = Counter._meta.db_table


def apply(*, forwards: bool = True) -> None:
    operation = AppendOnly(TABLE)
    move = operation.database_forwards if forwards else operation.database_backwards
    with connection.schema_editor() as editor:
        move("kernel", editor, None, None)


@pytest.fixture
def park(transactional_db: None) -> Iterator[Park]:
    """A park with one counter in a table that is guarded during the test."""
    park = Park.objects.create(code="LZ", name="六枝")
    with scope(park=park):
        Counter.objects.create(park=park, series="cases", year=2026)
        apply()
        yield park
        apply(forwards=False)


def test_append_only_refuses_update(park):
    with pytest.raises(IntegrityError, match="append-only"):
        Counter.objects.filter(park=park).update(last=7)

    assert [counter.last for counter in Counter.objects.all()] == [0]


def test_append_only_refuses_delete(park):
    with pytest.raises(IntegrityError, match="append-only"):
        Counter.objects.filter(park=park).delete()

    assert Counter.objects.count() == 1


@pytest.mark.postgres_only
def test_append_only_refuses_truncate(park):
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLE}")

    assert Counter.objects.count() == 1


def test_append_only_lets_rows_in(park):
    Counter.objects.create(park=park, series="cases", year=2027)

    assert Counter.objects.count() == 2


def test_append_only_is_repeatable_and_reversible(park):
    apply()
    before = guards(connection)
    apply(forwards=False)

    Counter.objects.filter(park=park).delete()

    assert TABLE in before
    assert TABLE not in guards(connection)
