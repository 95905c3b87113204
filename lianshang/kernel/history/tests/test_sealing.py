"""Rows get leaves, leaves get places, and what is signed over them can be proved; stored files serve as rows."""

import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django_scopes import scope, scopes_disabled

from lianshang.directory.models import Park
from lianshang.kernel import outbox
from lianshang.kernel.history import adopting, leaves, merkle, notes, sealing, standing, witnesses
from lianshang.kernel.history.forms import form_of
from lianshang.kernel.history.reading import every, live
from lianshang.kernel.history.standing import Standing
from lianshang.kernel.history.tiles import Tiles
from lianshang.kernel.history.verifying import verify
from lianshang.kernel.models import Checkpoint, Leaf, StoredFile, Tile
from lianshang.kernel.tests.test_numbers import make_park, together

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def write(park: Park, *names: str) -> list[StoredFile]:
    with scope(park=park):
        return [StoredFile.objects.create(park=park, digest=name, size=7, media_type="text/plain") for name in names]


def seal(park: Park, at: datetime = NOW) -> int:
    with scope(park=park):
        return sealing.seal(park, at)


def indexes(park: Park) -> list[int | None]:
    with scope(park=park):
        return list(Leaf.objects.order_by("pk").values_list("index", flat=True))


def kinds(**given: object) -> list[str]:
    return [fault.kind for fault in verify(NOW, **given).faults]


@pytest.mark.django_db
def test_a_row_and_its_leaf_are_written_together_or_not_at_all():
    park = make_park()

    point = transaction.savepoint()
    write(park, "a")
    transaction.savepoint_rollback(point)
    write(park, "b")

    with scope(park=park):
        assert [leaf.row for leaf in Leaf.objects.all()] == [StoredFile.objects.get().pk]


@pytest.mark.django_db
def test_rows_written_at_once_have_a_leaf_each():
    park = make_park()

    with scope(park=park):
        StoredFile.objects.bulk_create(
            StoredFile(park=park, digest=str(n), size=n, media_type="text/plain") for n in range(5)
        )

        assert Leaf.objects.count() == 5
        with pytest.raises(ValueError, match="written or refused"):
            StoredFile.objects.bulk_create([StoredFile(park=park, digest="x", size=1)], ignore_conflicts=True)


@pytest.mark.django_db
def test_memory_and_both_ways_of_reading_tell_a_row_alike():
    park, form = make_park(), form_of(StoredFile)
    row = write(park, "a")[0]
    again = StoredFile.objects.none()

    with scope(park=park):
        again = StoredFile.objects.get(pk=row.pk)

    told = form.values_of(row)
    assert list(live(form, park.pk, [row.pk])) == [told]
    assert list(every(form)) == [told]
    assert form.values_of(again) == told


@pytest.mark.django_db
def test_what_is_sealed_is_in_blocks_and_proved():
    park = make_park()
    rows = write(park, "a", "b", "c")

    assert seal(park) == 3

    head = Checkpoint.objects.get()
    assert (head.after, head.size % sealing.BLOCK) == (0, 0)
    assert sorted(indexes(park)) == indexes(park)
    with scope(park=park):
        assert standing.standing(rows) == Standing.SEALED
    assert kinds() == []


@pytest.mark.django_db
def test_growth_is_consistent_over_many_batches(monkeypatch):
    park = make_park()
    monkeypatch.setattr(sealing, "BATCH", 50)

    for start in range(0, 700, 70):
        write(park, *(f"{start + n}" for n in range(70)))
        assert seal(park) == 70

    heads, tiles = list(Checkpoint.objects.order_by("size")), Tiles()
    for before, after in pairwise(heads):
        path = merkle.consistency(tiles.node, before.size, after.size)
        merkle.check_consistency(before.size, after.size, path, bytes(before.root), bytes(after.root))
    assert len(heads) == 20
    assert Tile.objects.filter(level=1).count() == 1
    assert kinds() == []


@pytest.mark.django_db
def test_blanks_come_without_anything_to_seal(monkeypatch):
    park = make_park()
    monkeypatch.setattr(sealing, "BLANKS_EVERY", 1)

    assert seal(park) == 0

    report = verify(NOW)
    assert report.size == report.blanks > 0
    assert report.faults == []


@pytest.mark.django_db
def test_who_has_the_first_promise_waits_until_it_is_sealed():
    park = make_park()
    rows = write(park, "a", "b")

    with scope(park=park):
        waiting = standing.standing(rows)
        promised = standing.kept(rows[0], "2026-0001")

    assert waiting == Standing.WAITING
    assert "checkpoint" not in promised
    with scope(park=park):
        assert standing.standing([]) == Standing.BROKEN


@pytest.mark.django_db
def test_rows_that_were_there_before_are_taken_in_once():
    park = make_park()
    write(park, "a", "b")
    with scopes_disabled():
        Leaf.objects.all().delete()

    assert kinds() == ["unvouched", "unvouched"]
    assert adopting.adopt() == 2
    with scopes_disabled():
        Leaf.objects.filter(row=Leaf.objects.latest("row").row).delete()

    assert adopting.adopt() == 0
    assert kinds() == ["unvouched"]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_committed_late_is_taken_up():
    """The order of keys is not that of commits: on PostgreSQL a lower one may come later."""
    park, begun, go_on = make_park(), threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            write(park, "late")
            begun.set()
            go_on.wait(10)

    def others() -> None:
        begun.wait(10)
        if connection.vendor == "postgresql":
            write(park, "soon")
            assert seal(park) == 1
        go_on.set()

    together(slowly, others)

    assert seal(park) == 1
    assert None not in indexes(park)
    assert kinds() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_seal_at_once_seal_each_leaf_once():
    park = make_park()

    for _ in range(5):
        write(park, *(f"{threading.get_ident()}{datetime.now(UTC)}{n}" for n in range(20)))
        together(lambda: seal(park), lambda: seal(park))
        seal(park)

    held = indexes(park)
    assert None not in held
    assert len(set(held)) == len(held) == 100
    assert kinds() == []


@pytest.mark.django_db
def test_a_row_put_in_without_our_key_is_not_sealed():
    park = make_park()
    row = write(park, "a")[0]
    with scope(park=park):
        Leaf.objects.update(code=b"0" * leaves.CODE)

    assert seal(park) == 0
    assert kinds() == ["unpromised"]
    with scope(park=park):
        assert standing.standing([row]) == Standing.BROKEN


@pytest.mark.django_db
def test_the_key_may_change_while_the_old_one_is_named(settings):
    park = make_park()
    rows = write(park, "a", "b")
    seal(park)

    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key of fifty random letters and more, 0123456789"
    assert kinds() == ["key"]
    settings.SECRET_KEY_FALLBACKS = [old]
    rows += write(park, "c")
    seal(park)

    assert kinds() == []
    with scope(park=park):
        assert standing.standing(rows) == Standing.SEALED


@pytest.mark.django_db
def test_checkpoints_cannot_be_changed():
    park = make_park()
    write(park, "a")
    seal(park)

    with pytest.raises(IntegrityError), transaction.atomic():
        Checkpoint.objects.update(size=1)


@pytest.mark.django_db
def test_the_witness_file_grows_and_is_continued_after_a_torn_line(tmp_path: Path):
    park, path = make_park(), tmp_path / "witness.jsonl"
    with override_settings(WITNESS=str(path), WITNESS_MAIL=[]):
        write(park, "a")
        seal(park)
        assert witnesses.tell(park, NOW) == 1
        assert witnesses.tell(park, NOW) == 0
        with path.open("ab") as file:
            file.write(b'{"note": "127.0')
        write(park, "b")
        seal(park)
        assert witnesses.tell(park, NOW) == 1

    report = verify(NOW, witness=path)
    assert (report.witnessed, report.faults) == (2, [])


@pytest.mark.django_db
def test_a_witness_that_is_ahead_is_left_as_it_is_and_told(tmp_path: Path):
    park, path = make_park(), tmp_path / "witness.jsonl"
    write(park, "a")
    seal(park)
    witnesses.write(path)
    before = path.read_bytes()
    point = transaction.savepoint()
    write(park, "b")
    seal(park)
    witnesses.write(path)
    transaction.savepoint_rollback(point)

    with pytest.raises(witnesses.Ahead, match="旧"):
        witnesses.write(path)
    with override_settings(WITNESS=str(path), WITNESS_MAIL=[]):
        assert witnesses.tell(park, NOW) == 0
    assert kinds(witness=path) == ["rolled_back"]
    assert path.read_bytes() != before


@pytest.mark.django_db
def test_a_witness_by_mail_is_told_once_a_day_and_reads_no_matter():
    park = make_park()
    write(park, "a")
    seal(park)

    with override_settings(WITNESS="", WITNESS_MAIL=["auditor@example.cn"]):
        assert [witnesses.tell(park, NOW + timedelta(hours=hours)) for hours in (0, 1, 25)] == [1, 0, 0]
        write(park, "b")
        seal(park)
        assert [witnesses.tell(park, NOW + timedelta(hours=hours)) for hours in (26, 27)] == [1, 0]

    assert [message.to for message in mail.outbox] == [["auditor@example.cn"]] * 2
    line = next(line for line in mail.outbox[1].body.splitlines() if line.startswith("{"))
    assert "consistency" in line


def test_the_worker_seals_and_tells_within_a_minute():
    every = {tick: seconds for seconds, tick in outbox.TICKS.values()}

    assert every[sealing.seal] + every[witnesses.tell] < notes.WITHIN.seconds
