"""Killed without warning at any step: no half archive has an archive's name, and no half database is ever served."""

import signal
import subprocess
import sys
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
from lianshang.config.tests.places import AT, backed_up, empty_database, restored, surroundings
from lianshang.directory.models import Park

pytestmark = pytest.mark.django_db(transaction=True)

CHILD = """
import importlib, os, signal, sys
module, name, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "lianshang.config.settings"
django.setup()
owner = importlib.import_module(module)
*above, name = name.split(".")
for one in above:
    owner = getattr(owner, one)
real, calls = getattr(owner, name), 0
def dying(*words, **named):
    global calls
    calls += 1
    if calls == times:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*words, **named)
setattr(owner, name, dying)
from lianshang.config.cli import main
sys.exit(main(sys.argv[4:]))
"""


def killed(surroundings: dict[str, str], module: str, name: str, times: int, *words: object) -> int:
    """Run a command in a process that is killed when it calls the function for the n-th time; return how it ended."""
    line = [sys.executable, "-c", CHILD, module, name, str(times), *map(str, words)]
    return subprocess.run(line, env=surroundings, capture_output=True, timeout=300, check=False).returncode


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
    around = surroundings(tmp_path / "home", connection.settings_dict, tmp_path / "files")

    assert killed(around, module, name, times, "backup", out) == -signal.SIGKILL

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
        around = surroundings(tmp_path / "home", database, tmp_path / "there")

        assert killed(around, *step, "restore", path) == -signal.SIGKILL

        check_it_is_empty(database)
        if where == "swapping":
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
