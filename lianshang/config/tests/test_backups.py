"""There and back: what was backed up is restored row for row and byte for byte, into either database."""

import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings
from django_scopes import scope, scopes_disabled

from lianshang.cases import services
from lianshang.cases.models import Case, CaseEvent
from lianshang.cases.tests.factories import Town, make_town
from lianshang.config import checks, demo
from lianshang.config.backups import making, rows
from lianshang.config.backups.archive import opened
from lianshang.config.backups.targets import _wrapper, standing_in, target_of
from lianshang.config.cli import main
from lianshang.config.database import unapplied
from lianshang.config.demo.stories import all_stories
from lianshang.config.seed import seed
from lianshang.config.tests.places import AT, backed_up, empty_database, everything, folder_target, restored, silent
from lianshang.directory.actors import Actor
from lianshang.kernel import files
from lianshang.kernel.models import StoredFile
from lianshang.kernel.search import matching
from lianshang.kernel.tests.test_files import photo
from tests.clones import cloned

NOW = datetime(2026, 11, 23, 17, tzinfo=ZoneInfo("Asia/Shanghai"))
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ready_tables")]


@pytest.fixture(autouse=True)
def kept_files(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=tmp_path / "here", BACKUPS=""):
        yield tmp_path / "here"


@pytest.fixture
def town() -> Iterator[Town]:
    made = make_town()
    with scope(park=made.park):
        yield made


def lay_out_demo() -> None:
    seed()
    laid = demo.lay_out(NOW, [one for one in all_stories() if one.strict and "merge" not in one.name][::4])
    with scope(park=laid.park):
        for kind in ("JPEG", "PNG"):
            files.store(laid.park, io.BytesIO(photo(kind)), f"照片.{kind.lower()}")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def failed(found: Any) -> list[str]:
    return [proof.what for proof in found.proofs if not proof.holds]


def test_restored_demo_is_the_same_row_for_row_and_works_on(tmp_path, kept_files):
    lay_out_demo()
    before, path = everything(), backed_up(tmp_path / "out")

    with empty_database(tmp_path) as database:
        found = restored(path, target_of(database, tmp_path / "there", AT, tmp_path))
        assert (found.done, failed(found), found.kept) == (True, [], [])
        with standing_in(_wrapper(database)), scopes_disabled():
            assert everything() == before
            assert unapplied() == []
            assert all(case in matching(Case.objects.all(), case.title[:4]) for case in Case.objects.all())
            check_it_works_on()
    assert contents(tmp_path / "there") == contents(kept_files)
    assert len(contents(kept_files)) == 2


def check_it_works_on() -> None:
    """New rows get keys of their own, and what is append-only stays so."""
    park = Case.objects.select_related("park").first().park
    with scope(park=park):
        case = services.submit(
            services.Whistle(text="恢复以后的第一件，路灯又坏了。", contact_phone="13800000000"),
            actor=Actor(kind="holder", park=park),
            at=NOW,
        )
        assert case.pk > 0
        with pytest.raises(IntegrityError):
            CaseEvent.objects.update(note="改")


@pytest.mark.postgres_only
def test_an_archive_goes_to_the_other_database_and_back(town, tmp_path):
    town.answered()
    before, path = everything(), backed_up(tmp_path / "out")
    small = folder_target(tmp_path / "small")

    assert restored(path, small).done
    with standing_in(_wrapper(small.database)), scopes_disabled():
        back = backed_up(tmp_path / "out", AT + timedelta(hours=1))
    with empty_database(tmp_path) as database:
        found = restored(back, target_of(database, tmp_path / "there", AT, tmp_path))
        assert (found.done, found.manifest.database) == (True, "sqlite")
        with standing_in(_wrapper(database)), scopes_disabled():
            assert everything() == before


def written_meanwhile(town: Town, path: Path) -> tuple[Path, int]:
    """Back up while another thread writes case after case; return the archive and how many were written."""
    stop, begun, written = Signal(), Signal(), []

    def write() -> None:
        with scope(park=town.park):
            while not stop.is_set():
                written.append(town.answered().pk)
                begun.set()
        connections.close_all()

    def tell(_: str) -> None:
        begun.clear()
        begun.wait(5)

    thread = Thread(target=write)
    thread.start()
    try:
        return backed_up(path, tell=tell), len(written)
    finally:
        stop.set()
        thread.join(60)


def test_a_backup_during_writes_is_of_one_moment(town, tmp_path):
    town.dispatched()

    path, written = written_meanwhile(town, tmp_path / "out")

    with opened(path) as read:
        cases = next(table.rows for table in read.manifest.tables if table.model == "cases.Case")
    assert cases < written
    assert failed(restored(path, folder_target(tmp_path / "there"))) == []


def test_a_backup_without_a_snapshot_would_be_caught(town, tmp_path, monkeypatch):
    from contextlib import nullcontext

    town.dispatched()
    monkeypatch.setattr(rows, "snapshot", nullcontext)

    path, _ = written_meanwhile(town, tmp_path / "out")

    found = restored(path, folder_target(tmp_path / "there"))
    assert not found.done
    assert "引用关系" in failed(found)
    assert sorted(one.name for one in (tmp_path / "there").iterdir() if one.suffix != ".lock") == []


def test_what_is_there_is_replaced_only_by_name_and_kept(town, tmp_path, kept_files):
    files.store(town.park, io.BytesIO(photo()), "照片.jpg")
    path = backed_up(tmp_path / "out")
    town.whistle()
    later = backed_up(tmp_path / "out", AT + timedelta(hours=1))
    with empty_database(tmp_path) as database:
        target = target_of(database, tmp_path / "there", AT, tmp_path)
        restored(later, target)

        found = restored(path, target_of(database, tmp_path / "there", AT, tmp_path), replace=path.name)

        assert found.done
        assert len(found.kept) == 1
        with standing_in(_wrapper(database)), scopes_disabled():
            assert Case.objects.count() == 0
            assert StoredFile.objects.count() == 1
    assert contents(tmp_path / "there") == contents(kept_files)


def test_an_older_archive_is_brought_up(tmp_path, monkeypatch, small_tables):
    with cloned(small_tables, tmp_path) as old, standing_in(_wrapper(old)), scopes_disabled():
        executor = MigrationExecutor(connection)
        leaf = next(key for key in executor.loader.graph.leaf_nodes() if key[0] == "cases")
        before = [one.key for one in executor.loader.graph.node_map[leaf].parents if one.key[0] == "cases"]
        others = [key for key in executor.loader.graph.leaf_nodes() if key[0] != "cases"]
        older = executor.migrate([*before, *others]).apps
        older.get_model("directory", "Park").objects.create(code="LZ", name="六枝")
        monkeypatch.setattr(making, "apps", older)
        monkeypatch.setattr(making, "issubclass", lambda *_: False, raising=False)
        path = backed_up(tmp_path / "out")

    found = restored(path, folder_target(tmp_path / "new"))

    assert (found.done, failed(found)) == (True, [])
    assert ".".join(leaf) not in found.manifest.migrations
    with standing_in(_wrapper(folder_target(tmp_path / "new").database)):
        assert unapplied() == []


def test_commands_say_what_they_did(town, tmp_path, capsys):
    town.answered()

    assert main(["backup", str(tmp_path / "out"), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert main(["restore", made["archive"], "--drill", "--json"]) == 0
    tried = json.loads(capsys.readouterr().out)

    assert (made["rows"], made["events"], made["missing"]) == (tried["rows"], tried["events"], [])
    assert (tried["drill"], tried["restored"], all(proof["holds"] for proof in tried["proofs"])) == (True, False, True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [Path(made["archive"]).name]
    assert Path(made["archive"]).stat().st_mode & 0o077 == 0


def test_a_file_that_is_gone_is_told_by_both(town, tmp_path, kept_files, capsys):
    row = files.store(town.park, io.BytesIO(photo()), "照片.jpg")
    other = files.store(town.park, io.BytesIO(photo("PNG")), "照片.png")
    (kept_files / files.place(town.park.pk, row.digest)).unlink()
    (kept_files / files.place(town.park.pk, other.digest)).write_bytes(b"x")

    code = main(["backup", str(tmp_path / "out"), "--json"])

    made = json.loads(capsys.readouterr().out)
    assert (code, made["files"], len(made["missing"])) == (1, 0, 2)
    found = restored(Path(made["archive"]), folder_target(tmp_path / "there"))
    assert (found.done, failed(found)) == (True, ["备份时已缺的附件"])


def test_sessions_are_left_out(town, tmp_path):
    from django.contrib.sessions.backends.db import SessionStore

    SessionStore().create()

    with opened(backed_up(tmp_path / "out")) as read:
        assert not [table for table in read.manifest.tables if "session" in table.model.lower()]


def test_check_tells_when_the_last_backup_is_old(tmp_path):
    with override_settings(BACKUPS=str(tmp_path)):
        assert [finding.fault for finding in checks.backups(AT)] == [False]
        (tmp_path / "lianshang-20261122T060000Z.tar").touch()
        assert "27 小时" in next(checks.backups(AT)).sentence
        (tmp_path / "lianshang-20261123T060000Z.tar").touch()
        assert list(checks.backups(AT)) == []
    assert list(checks.backups(AT)) == []


def test_a_full_disk_is_seen_before(town, tmp_path, monkeypatch):
    monkeypatch.setattr(making, "SPARE", 1 << 60)

    with pytest.raises(Exception, match="磁盘只剩"):
        making.make(tmp_path / "out", AT, silent)

    assert list((tmp_path / "out").iterdir()) == []
