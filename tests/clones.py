"""Copies of a database with all that stands in it, made in a moment: by SQLite's backup, by PostgreSQL's templates.

Nobody may be connected to a PostgreSQL database that is copied, so this process lets go of it first.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from lianshang.config.environment import sqlite

Database = dict[str, Any]  # one entry of `DATABASES`


@contextmanager
def cloned(source: Database, folder: Path) -> Iterator[Database]:
    """A copy of its own, in the folder or on the same server, gone afterwards."""
    made = clone(source, folder)
    try:
        yield made
    finally:
        drop(made)


def clone(source: Database, folder: Path) -> Database:
    name = f"clone_{os.getpid()}_{secrets.token_hex(4)}"
    if is_sqlite(source):
        made = sqlite(folder / f"{name}.sqlite3")
        with closing(sqlite3.connect(source["NAME"])) as old, closing(sqlite3.connect(made["NAME"])) as new:
            old.backup(new)
        return made
    let_go()
    server(f'CREATE DATABASE "{name}" TEMPLATE "{source["NAME"]}"')
    return {**source, "NAME": name}


def drop(made: Database) -> None:
    if not is_sqlite(made):
        server(f'DROP DATABASE IF EXISTS "{made["NAME"]}" WITH (FORCE)')
        return
    for end in ("", "-wal", "-shm", "-journal"):
        Path(f"{made['NAME']}{end}").unlink(missing_ok=True)


def is_sqlite(database: Database) -> bool:
    return bool(database["ENGINE"].endswith("sqlite3"))


def let_go() -> None:
    """Close this thread's connection, and the pool that it came from."""
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


def server(statement: str) -> None:
    """Ask PostgreSQL's server for something outside of any database of ours."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
