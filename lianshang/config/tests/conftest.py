"""Restoring runs every migration, which takes longer than all else. Here the draft begins with tables already made.

They are a copy of the tests' own tables, which the same migrations made. `make rigs` does without.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from lianshang.config.backups.targets import SCHEMA, PostgresTarget, SQLiteTarget, _wrapper, standing_in
from lianshang.config.environment import sqlite
from lianshang.config.tests import places
from tests.clones import Database, clone, drop, is_sqlite

READY = "ready"  # schema


@pytest.fixture(scope="session")
def tables(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Database]:
    """A database with all tables and no park, of the kind that the tests run on."""
    with django_db_blocker.unblock():
        made = clone(connection.settings_dict, tmp_path_factory.mktemp("tables"))
        if not is_sqlite(made):
            with standing_in(_wrapper(made)), connection.cursor() as cursor:
                cursor.execute(f"ALTER SCHEMA public RENAME TO {READY}; CREATE SCHEMA public")
        yield made
        drop(made)


@pytest.fixture(scope="session")
def small_tables(tables: Database, django_db_blocker: Any, tmp_path_factory: Any) -> Database:
    """The same in SQLite's file, for restores into a folder."""
    if is_sqlite(tables):
        return tables
    made = sqlite(tmp_path_factory.mktemp("small") / "tables.sqlite3")
    with django_db_blocker.unblock(), standing_in(_wrapper(made)):
        call_command("migrate", interactive=False, verbosity=0)
    return made


@pytest.fixture
def ready_tables(tables: Database, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let drafts begin with a copy of these tables."""
    small: Callable[[], Database] = lambda: request.getfixturevalue("small_tables")  # noqa: E731 made where it is needed
    monkeypatch.setattr(SQLiteTarget, "_begin", lambda target: _copied(target, small()))
    if not is_sqlite(tables):
        begin = PostgresTarget._begin
        monkeypatch.setattr(places, "TEMPLATE", tables)
        monkeypatch.setattr(PostgresTarget, "_begin", lambda target: _renamed(target, begin(target)))


def _copied(target: SQLiteTarget, tables: Database) -> BaseDatabaseWrapper:
    target.path.parent.mkdir(parents=True, exist_ok=True)
    target._remove_draft()
    made = clone(tables, target.draft.parent)
    Path(made["NAME"]).rename(target.draft)
    return _wrapper({**target.database, "NAME": str(target.draft)})


def _renamed(target: PostgresTarget, draft: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    """The database was made of the template, whose tables become the draft's; they do so once."""
    target._do(
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_namespace WHERE nspname = '{READY}') THEN"
        f" DROP SCHEMA {SCHEMA}; ALTER SCHEMA {READY} RENAME TO {SCHEMA}; END IF; END $$"
    )
    return draft
