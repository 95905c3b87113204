"""Where a backup is restored to: beside what is there, then swapped in. What was there is kept, under a name that says so.

Until the swap the place stays as it was, so a restore that fails or dies leaves nothing but a draft, which the next one
clears away. The swap of PostgreSQL is one transaction. That of SQLite first takes the old database away and puts the new
one in last: who is interrupted between finds no database, and no server starts.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import IO, Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from lianshang.config import checks, guard
from lianshang.config.output import Unusable

SCHEMA = "lianshang_restoring"
BEFORE = "before_%Y%m%d_%H%M%S"
PATIENCE = 30  # tenths of a second
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
PARKS = "directory_park"


class Target:
    """A database and a folder of files. `draft` is the connection to what is being restored."""

    def __init__(self, database: dict[str, Any], files: Path, at: datetime) -> None:
        self.database, self.files = database, files
        self.before = at.strftime(BEFORE)
        self.draft_files = files.with_name(f".{files.name}.restoring")

    def refuse_served(self) -> None:
        """Raise `Unusable` where somebody works with the target now."""
        raise NotImplementedError

    def is_empty(self) -> bool:
        """Return whether no park is kept here yet."""
        raise NotImplementedError

    def begin(self) -> BaseDatabaseWrapper:
        """Clear what an earlier attempt left, and return a connection to an empty draft."""
        shutil.rmtree(self.draft_files, ignore_errors=True)
        self.draft_files.mkdir(mode=0o700, parents=True)
        return self._begin()

    def swap(self) -> list[str]:
        """Put the draft in and return under which names what was there is kept."""
        raise NotImplementedError

    def abandon(self) -> None:
        """Leave nothing of the draft."""
        shutil.rmtree(self.draft_files, ignore_errors=True)
        self._abandon()

    def room(self) -> tuple[Path, int]:
        """Return a folder on the disk that is filled, and its free bytes."""
        folder = checks.nearest(self.files)
        return folder, shutil.disk_usage(folder).free

    def _begin(self) -> BaseDatabaseWrapper:
        raise NotImplementedError

    def _abandon(self) -> None:
        raise NotImplementedError

    def _join_files(self) -> None:
        """Files lie by their content: they join those that are there, whose rows may be kept, and one more harms nobody."""
        for path in sorted(self.draft_files.rglob("*")):
            place = self.files / path.relative_to(self.draft_files)
            if path.is_dir():
                place.mkdir(mode=0o700, parents=True, exist_ok=True)
            else:
                path.replace(place)
        self.files.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.files.parent, self.files, *(path for path in self.files.rglob("*") if path.is_dir())):
            _sync(folder)


class SQLiteTarget(Target):
    def __init__(self, database: dict[str, Any], files: Path, at: datetime, home: Path) -> None:
        super().__init__(database, files, at)
        self.path = Path(database["NAME"])
        self.draft = self.path.with_name(f".{self.path.name}.restoring")
        self.home = home
        self.place: IO[str] | None = None

    def refuse_served(self) -> None:
        self.place = guard.only_one(self.home, str(self.path))

    def is_empty(self) -> bool:
        if not self.path.exists():
            return True
        with standing_in(_wrapper(self.database)):
            return _has_no_park(connection.introspection.table_names())

    def swap(self) -> list[str]:
        self._join_files()
        _sync(self.draft)
        kept = [name for end in ("", "-wal", "-shm") for name in _aside(Path(f"{self.path}{end}"), self.before)]
        self.draft.rename(self.path)
        _sync(self.path.parent)
        return kept

    def _begin(self) -> BaseDatabaseWrapper:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._remove_draft()
        os.close(os.open(self.draft, os.O_CREAT | os.O_EXCL, 0o600))
        return _wrapper({**self.database, "NAME": str(self.draft)})

    def _abandon(self) -> None:
        self._remove_draft()
        if self.place:
            self.place.close()

    def _remove_draft(self) -> None:
        for end in ("", "-wal", "-shm", "-journal"):
            Path(f"{self.draft}{end}").unlink(missing_ok=True)


class PostgresTarget(Target):
    """The draft is a schema of its own; tables and trigger functions move into the one that the site reads."""

    def refuse_served(self) -> None:
        """Connections of our own that were just closed are given a moment to go."""
        for _ in range(PATIENCE):
            if not (others := self._ask(OTHERS)):
                return
            sleep(0.1)
        raise Unusable(f"目标数据库上还有 {others} 个连接在用：请先停掉 lianshang serve、worker 和其他程序，再恢复。")

    def is_empty(self) -> bool:
        with standing_in(_wrapper(self.database)):
            return _has_no_park(connection.introspection.table_names())

    def swap(self) -> list[str]:
        """One transaction moves the old tables out and the new ones in."""
        self.refuse_served()
        self._join_files()
        kept: list[str] = []
        with standing_in(_wrapper(self.database)), connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT coalesce(current_schema(), 'public')")
            live = str(cursor.fetchone()[0])
            old = _movable(cursor, live, _movable(cursor, SCHEMA))
            if old:
                cursor.execute(f'CREATE SCHEMA "{self.before}"')
                _move(cursor, old, live, self.before)
                kept.append(f"schema {self.before}")
            _move(cursor, _movable(cursor, SCHEMA), SCHEMA, live)
            cursor.execute(f'DROP SCHEMA "{SCHEMA}"')  # refused unless it is empty
            cursor.execute("COMMIT")
        return kept

    def _begin(self) -> BaseDatabaseWrapper:
        self._abandon()
        self._do(f'CREATE SCHEMA "{SCHEMA}"')
        options = dict(self.database.get("OPTIONS") or {})
        options["options"] = f"{options.get('options', '')} -c search_path={SCHEMA}".strip()
        return _wrapper({**self.database, "OPTIONS": options})

    def _abandon(self) -> None:
        self._do(f'DROP SCHEMA IF EXISTS "{SCHEMA}" CASCADE')

    def _ask(self, statement: str) -> Any:
        with standing_in(_wrapper(self.database)), connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0]

    def _do(self, statement: str) -> None:
        with standing_in(_wrapper(self.database)), connection.cursor() as cursor:
            cursor.execute("SET client_min_messages = warning")
            cursor.execute(statement)


def target_of(database: dict[str, Any], files: Path, at: datetime, home: Path) -> Target:
    """`database` is one entry of `DATABASES`; `home` the folder of the installation that would serve it."""
    if database["ENGINE"].endswith("sqlite3"):
        return SQLiteTarget(database, files, at, home)
    return PostgresTarget(database, files, at)


@contextmanager
def standing_in(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    """Let `wrapper` be the connection that everything reads and writes, in this thread; it is closed afterwards."""
    known = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = wrapper
    try:
        wrapper.ensure_connection()
        yield
    except DatabaseError as error:
        raise Unusable(f"数据库不能用：{str(error).splitlines()[0]}") from error
    finally:
        wrapper.close()
        connections[DEFAULT_DB_ALIAS] = known


def _wrapper(database: dict[str, Any]) -> BaseDatabaseWrapper:
    settings = deepcopy(database)
    (settings.get("OPTIONS") or {}).pop("pool", None)
    return ConnectionHandler({DEFAULT_DB_ALIAS: settings})[DEFAULT_DB_ALIAS]


def _has_no_park(tables: list[str]) -> bool:
    if PARKS not in tables:
        return True
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {PARKS} LIMIT 1")  # noqa: S608 our own name
        return cursor.fetchone() is None


def _movable(cursor: Any, schema: str, only: list[str] | None = None) -> list[str]:
    """Return tables and functions of triggers in the schema, as `TABLE name` and `FUNCTION name()`, quoted."""
    cursor.execute(
        "SELECT format('TABLE %%I', relname) FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'"
        " UNION ALL SELECT format('FUNCTION %%I()', proname) FROM pg_proc"
        " WHERE pronamespace = %s::regnamespace AND prorettype = 'pg_catalog.trigger'::regtype ORDER BY 1",
        [f'"{schema}"', f'"{schema}"'],
    )
    return [thing for (thing,) in cursor.fetchall() if only is None or thing in only]


def _move(cursor: Any, things: list[str], source: str, target: str) -> None:
    cursor.execute(f'SET LOCAL search_path = "{source}"')
    for thing in things:
        cursor.execute(f'ALTER {thing} SET SCHEMA "{target}"')


def _aside(path: Path, end: str) -> list[str]:
    """Rename the file, if it is there, and return its new name."""
    if not path.exists():
        return []
    kept = path.with_name(f"{path.name}.{end}")
    path.rename(kept)
    return [str(kept)]


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
