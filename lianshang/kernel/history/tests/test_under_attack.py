"""What somebody puts into the database by hand: nothing is taken in, signed, or stopped by it."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django_scopes import scope, scopes_disabled

from lianshang.kernel.history import adopting, sealing, standing
from lianshang.kernel.history.standing import Standing
from lianshang.kernel.history.tests.test_sealing import indexes, kinds, seal, write
from lianshang.kernel.history.verifying import verify
from lianshang.kernel.models import Checkpoint, Leaf, StoredFile
from lianshang.kernel.tests.test_numbers import make_park

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NEW_KEY = "another key of fifty random letters and more, 0123456789"
pytestmark = pytest.mark.django_db


def seal_one(park) -> StoredFile:
    row = write(park, "a")[0]
    seal(park)
    return row


def put_in(table: str, **columns: object) -> None:
    """Insert a row as the database's owner does: without a leaf."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})",  # noqa: S608 our own names
            list(columns.values()),
        )


def put_in_an_erasure(park, row: int) -> None:
    put_in("kernel_erasure", park_id=park.pk, ledger="kernel.storedfile", row=row, kept="0" * 64, at=NOW, ground="无")


def put_in_a_head(after: int) -> None:
    put_in("kernel_checkpoint", after=after, size=10**15, root=b"0" * 32, at=NOW, note="a head\n\n— x AAAA\n")


def test_a_row_put_in_is_not_taken_in_once_a_head_was_signed():
    park = make_park()
    seal_one(park)
    put_in_an_erasure(park, 10**9)

    assert adopting.adopt() == 0
    assert kinds() == ["unvouched"]


def test_an_erasure_is_never_taken_in():
    park = make_park()
    put_in_an_erasure(park, 10**9)

    assert adopting.adopt() == 0
    assert kinds() == ["unvouched"]


def test_a_table_that_joins_later_is_taken_in_by_its_migration():
    park = make_park()
    seal_one(park)
    with scopes_disabled():
        Leaf.objects.all().delete()

    assert adopting.take_in(StoredFile) == 1


def test_nothing_is_promised_of_a_leaf_that_is_not_ours():
    park = make_park()
    row = write(park, "a")[0]
    with scope(park=park):
        Leaf.objects.update(code=b"0" * 16)

        told = json.loads(standing.kept(row, "2026-0001"))

        assert "promise" not in told
        Leaf.objects.all().delete()
        assert "promise" not in json.loads(standing.kept(row, "2026-0001"))


def test_an_erasure_that_we_did_not_write_hides_no_change():
    park = make_park()
    row = seal_one(park)
    put_in_an_erasure(park, row.pk)

    with scope(park=park):
        assert standing.standing([row]) == Standing.SEALED
        Leaf.objects.update(salt=b"")
        assert standing.standing([row]) == Standing.BROKEN


def test_a_key_that_was_changed_is_told_from_a_change(settings):
    park = make_park()
    row = seal_one(park)

    settings.SECRET_KEY = NEW_KEY

    with scope(park=park):
        assert standing.standing([row]) == Standing.UNKNOWN
        row.size += 1
        assert standing.standing([row]) == Standing.BROKEN


def test_bad_leaves_stop_none_that_come_after(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 3)
    park = make_park()
    write(park, *"abcdefg")
    with scope(park=park):
        Leaf.objects.update(code=b"0" * 16)
    write(park, "good")

    assert seal(park) == 1
    assert [index is None for index in indexes(park)] == [True] * 7 + [False]


def test_a_head_put_in_lays_nothing_out_and_is_told():
    park = make_park()
    row = seal_one(park)
    head = Checkpoint.objects.latest("size")
    put_in_a_head(head.size)

    report = verify(NOW)

    assert report.size == head.size
    assert [fault.kind for fault in report.faults] == ["key"]
    with scope(park=park):
        assert standing.standing([row]) == Standing.SEALED


def test_nothing_is_sealed_upon_a_head_that_is_not_ours():
    park = make_park()
    seal_one(park)
    head = Checkpoint.objects.latest("size")
    put_in_a_head(head.size)
    write(park, "b")

    assert seal(park) == 0
    assert Checkpoint.objects.count() == 2


def test_nothing_is_sealed_upon_a_tree_that_was_changed():
    park = make_park()
    seal_one(park)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_tile SET hashes = %s", [b"0" * 64])
    write(park, "b")

    assert seal(park) == 0
