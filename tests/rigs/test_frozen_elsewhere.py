"""A thousand frozen figures reproduce to the bit after a restore, and on the other database; a moved row is noticed."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.harness import ROOT
from tests.rigs.stores import PostgresStore

COUNT = 1000
LIANSHANG = Path(sys.executable).with_name("lianshang")


def ran(home: Path, *words: str | Path, url: str = "") -> str:
    """Run a command in an installation of its own; returns what it printed."""
    given = {name: value for name, value in os.environ.items() if not name.startswith(("LIANSHANG_", "DJANGO_"))}
    home.mkdir(exist_ok=True)
    given |= {"LIANSHANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "lianshang.config.settings"}
    given |= {"LIANSHANG_DATABASE_URL": url} if url else {}
    done = subprocess.run([*words], cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def told(home: Path, *words: str, url: str = "") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ran(home, sys.executable, "-m", "tests.rigs.frozen", *words, url=url))
    return found


@pytest.fixture
def postgres():
    store = PostgresStore()
    yield store
    store.gone()


def test_a_thousand_frozen_figures_reproduce_after_restore_and_on_the_other_database(tmp_path, postgres):
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    ran(first, LIANSHANG, "migrate")
    ran(first, LIANSHANG, "demo")
    made = told(first, "publish", str(COUNT))
    ran(first, LIANSHANG, "backup", tmp_path / "out")
    (archive,) = (path for path in (tmp_path / "out").iterdir() if not path.name.startswith("."))
    for home in (second, third):
        home.mkdir()
        (home / "secret.key").write_bytes((first / "secret.key").read_bytes())

    ran(third, LIANSHANG, "restore", archive, "--into", second)
    ran(third, LIANSHANG, "restore", archive, url=postgres.url)
    again = [told(second, "recheck"), told(third, "recheck", url=postgres.url)]

    assert made["figures"] >= COUNT
    assert made["wrong"] == []
    assert again == [made, made]
    with closing(sqlite3.connect(second / "lianshang.sqlite3")) as file, file:
        file.execute(
            "UPDATE cases_case SET registered_at = '2020-01-01 00:00:00' WHERE id = (SELECT max(id) FROM cases_case WHERE NOT sealed)"
        )
    assert told(second, "recheck")["wrong"]
