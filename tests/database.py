"""Append-only tables refuse DELETE and TRUNCATE by trigger, but a test that commits is cleaned up by just that.

Only that clean-up is let through: the triggers are away while Django flushes the test database, and back afterwards.
Other triggers stay: those of the search index must see the rows go.
"""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import Any


def lift_append_only() -> None:
    """Wrap Django's flush on both databases; called once a run."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    flush = BaseDatabaseOperations.execute_sql_flush

    def lifted(self: Any, statements: Iterable[str]) -> None:
        with _triggers_away(self.connection):
            flush(self, statements)

    BaseDatabaseOperations.execute_sql_flush = lifted  # type: ignore[method-assign]


@contextmanager
def _triggers_away(connection: Any) -> Generator[None, None, None]:
    away: dict[str, Callable[[Any], Any]] = {"sqlite": _sqlite, "postgresql": _postgres}
    with away[connection.vendor](connection):
        yield


@contextmanager
def _sqlite(connection: Any) -> Generator[None, None, None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'append_only_%'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _, statement in triggers:
                cursor.execute(statement.replace("%", "%%"))


@contextmanager
def _postgres(connection: Any) -> Generator[None, None, None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")


def drop_with_force() -> None:
    """Drop PostgreSQL's test database though a thread of a server, just stopped, has not closed its connection yet."""
    from django.db.backends.postgresql.creation import DatabaseCreation

    def destroy(self: Any, test_database_name: str, verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(test_database_name)} WITH (FORCE)")

    DatabaseCreation._destroy_test_db = destroy  # type: ignore[method-assign]
