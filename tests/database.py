"""What tests do to the database that the product never does: rows that were committed go, append-only ones too.

Append-only tables refuse DELETE and TRUNCATE by trigger, but a test that commits is cleaned up by just that. Only that
clean-up is let through: the triggers are away meanwhile, and back afterwards. Other triggers of SQLite stay: those of
the search index must see the rows go.
"""

from collections.abc import Callable, Collection, Generator, Iterable
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)  # when the calendar came in: before all that tests let happen
KEPT = {"django_content_type", "auth_permission"}  # made once by the migrations, and the same after each test


def born_with_the_calendar() -> None:
    """Give each test database what `lianshang migrate` gives: the nation's calendar, so that no test brings it in anew."""
    from django.db.backends.base.creation import BaseDatabaseCreation

    create = BaseDatabaseCreation.create_test_db

    def seeded(self: Any, *args: Any, **kwargs: Any) -> str:
        name = create(self, *args, **kwargs)
        _seed()
        return name

    BaseDatabaseCreation.create_test_db = seeded  # type: ignore[method-assign]


def _seed() -> None:
    from lianshang.config.seed import seed
    from lianshang.kernel.models import CalendarVersion

    seed()
    CalendarVersion.objects.update(loaded_at=LONG_AGO)


def lift_append_only() -> None:
    """Wrap Django's flush on both databases; called once a run."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    flush = BaseDatabaseOperations.execute_sql_flush

    def lifted(self: Any, statements: Iterable[str]) -> None:
        with _triggers_away(self.connection):
            flush(self, statements)

    BaseDatabaseOperations.execute_sql_flush = lifted  # type: ignore[method-assign]


def empty_what_was_filled() -> None:
    """After a test that commits, empty the tables that have rows, instead of all of them; called once a run.

    Truncating each table and telling every app that the database is new takes longer than most of these tests.
    """
    from django.db import connections
    from django.test import TransactionTestCase

    def teardown(self: Any) -> None:
        for alias in self._databases_names(include_mirrors=False):
            emptied(connections[alias])

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]


def emptied(connection: Any) -> None:
    """Leave the database as a new one. Waits for whoever is still writing."""
    from django.db import transaction

    tables = sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        _alone(connection, cursor, tables)
        rows = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables]  # noqa: S608 ours
        cursor.execute(" UNION ALL ".join(rows))
        filled = [name for (name,) in cursor.fetchall()]
        if filled:
            with _triggers_away(connection, filled):
                for name in filled:
                    cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608 ours
    _seed()


def _alone(connection: Any, cursor: Any, tables: Iterable[str]) -> None:
    """On SQLite a transaction is alone from its beginning. Constraints are looked at when all is gone."""
    if connection.vendor == "postgresql":
        quoted = ", ".join(f'"{name}"' for name in tables)
        cursor.execute(f"LOCK TABLE {quoted} IN ACCESS EXCLUSIVE MODE")
    else:
        cursor.execute("PRAGMA defer_foreign_keys = ON")


@contextmanager
def _triggers_away(connection: Any, tables: Collection[str] = ()) -> Generator[None, None, None]:
    away: dict[str, Callable[[Any, Collection[str]], Any]] = {"sqlite": _sqlite, "postgresql": _postgres}
    with away[connection.vendor](connection, tables):
        yield


@contextmanager
def _sqlite(connection: Any, tables: Collection[str]) -> Generator[None, None, None]:
    """Of these tables, or of all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'append_only_%'"
        )
        triggers = [(name, sql) for name, table, sql in cursor.fetchall() if not tables or table in tables]
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _, statement in triggers:
                cursor.execute(statement.replace("%", "%%"))


@contextmanager
def _postgres(connection: Any, tables: Collection[str]) -> Generator[None, None, None]:
    """Of the whole session, constraints included."""
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
