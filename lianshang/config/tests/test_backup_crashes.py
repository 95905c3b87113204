"""Killed without warning at any step: no half archive has an archive's name, and no half database is ever served."""

import importlib
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django_scopes import scope

from lianshang.cases.models import Case
from lianshang.cases.tests.factories import make_town
from lianshang.config.backups.targets import _wrapper, standing_in, target_of
from lianshang.config.database import unapplied
from lianshang.config.tests.places import AT, backed_up, empty_database, restored
from lianshang.directory.models import Park
from tests.forks import die, forked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ready_tables")]


def killed(module: str, name: str, times: int, job: Callable[[], object]) -> int:
    """Run the job in a process that is killed when it calls the function for the n-th time; return how it ended."""

    def dying() -> None:
        owner: Any = importlib.import_module(module)
        *above, last = name.split(".")
        for one in above:
            owner = getattr(owner, one)
        real, calls = getattr(owner, last), iter(range(1, times + 1))
        setattr(owner, last, lambda *words, **named: die() if next(calls) == times else real(*words, **named))
        job()

    return forked(dying)


def a_case() -> Park:
    town = make_town()
    with scope(park=town.park):
        town.dispatched()
    return town.park


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("module", "name", "times"),
    [
        ("lianshang.config.backups.archive", "Writer._add", 1),
        ("lianshang.config.backups.archive", "Writer._add", 30),
        ("lianshang.config.backups.archive", "Writer.finish", 1),
        ("lianshang.config.backups.archive", "Archive.verify", 1),
    ],
    ids=["first", "rows", "manifest", "reading-back"],
)
def test_a_backup_that_is_killed_leaves_no_archive(tmp_path, module, name, times):
    a_case()
    out = tmp_path / "out"

    assert killed(module, name, times, lambda: backed_up(out)) == -signal.SIGKILL

    assert len(written(out)) == 1
    assert written(out)[0].startswith(".lianshang-")
    with override_settings(MEDIA_ROOT=tmp_path / "files"):
        path = backed_up(out)
    assert written(out) == [path.name]


SWAPS = {
    "sqlite": ("lianshang.config.backups.targets", "_aside", 1),
    "postgresql": ("lianshang.config.backups.targets", "_move", 1),
}


@pytest.mark.parametrize("where", ["loading", "proving", "swapping"])
def test_a_restore_that_is_killed_leaves_a_place_that_is_not_served(tmp_path, where):
    with override_settings(MEDIA_ROOT=tmp_path / "files"):
        park = a_case()
        path = backed_up(tmp_path / "out")
    step = {
        "loading": ("lianshang.config.backups.rows", "load", 6),
        "proving": ("lianshang.config.backups.proofs", "clocks", 1),
        "swapping": SWAPS[connection.vendor],
    }[where]
    with empty_database(tmp_path) as database:
        into = target_of(database, tmp_path / "there", AT, tmp_path / "home")

        assert killed(*step, lambda: restored(path, into)) == -signal.SIGKILL

        check_it_is_empty(database)
        if where == "swapping" and connection.vendor == "sqlite":  # on PostgreSQL in `make rigs`: all migrations again
            check_it_can_be_done_again(path, database, tmp_path, park)


def check_it_is_empty(database: dict[str, Any]) -> None:
    if database["ENGINE"].endswith("sqlite3"):
        assert not Path(database["NAME"]).exists()
        return
    with standing_in(_wrapper(database)):
        assert connection.introspection.table_names() == []
        assert unapplied() != []


def check_it_can_be_done_again(path: Path, database: dict[str, Any], folder: Path, park: Any) -> None:
    found = restored(path, target_of(database, folder / "there", AT, folder / "home"))

    assert found.done
    assert [name for name in written(folder) if "restoring" in name] == []
    with standing_in(_wrapper(database)), scope(park=park):
        assert Case.objects.count() == 1
