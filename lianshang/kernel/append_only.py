"""Tables whose rows are never changed and never deleted, by triggers in the database itself.

A migration names the table: `AppendOnly("cases_caseevent")`. On SQLite Django alters a table by copying it, and the
triggers are lost: repeat the operation after such an alteration (`guards` tells).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation

PREFIX = "append_only_"
MOMENTS = ("update", "delete")


class AppendOnly(Operation):
    """Refuse UPDATE, DELETE and TRUNCATE on the table with an `IntegrityError` that names it. Repeatable, reversible."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_backwards(app_label, schema_editor, from_state, to_state)
        for statement in _creations(schema_editor.connection.vendor, self.table):
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in _removals(schema_editor.connection.vendor, self.table):
            schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Make {self.table} append-only"


@contextmanager
def lifted(connection: BaseDatabaseWrapper, table: str) -> Iterator[None]:
    """Take the guard of UPDATE away inside the caller's transaction: another one never sees the table without it."""
    vendor, update = connection.vendor, f'"{PREFIX}{table}_update"'
    away, back = f"DROP TRIGGER {update}", _creations(vendor, table)[0]
    if vendor == "postgresql":
        away, back = (f'ALTER TABLE "{table}" {word} TRIGGER {update}' for word in ("DISABLE", "ENABLE"))
    with connection.cursor() as cursor:
        if vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that wait cannot be altered
        cursor.execute(away)
        yield
        cursor.execute(back)


def guards(connection: BaseDatabaseWrapper) -> set[str]:
    """Return the tables that are guarded now."""
    triggers = {
        "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND pg_table_is_visible(c.oid)",
    }
    with connection.cursor() as cursor:
        cursor.execute(triggers[connection.vendor])
        found = set(cursor.fetchall())
    tables = {table for table, name in found if name.startswith(PREFIX)}
    return {table for table in tables if all((table, f"{PREFIX}{table}_{moment}") in found for moment in MOMENTS)}


def _creations(vendor: str, table: str) -> list[str]:
    message = f"{table} is append-only: add a correcting row instead"
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER "{PREFIX}{table}_{moment}" BEFORE {moment.upper()} ON "{table}"'
            f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for moment in MOMENTS
        ]
    function = f'"{PREFIX}{table}"()'
    each = {"update": "ROW", "delete": "ROW", "truncate": "STATEMENT"}
    raising = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
    return [
        f"CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {raising} END $$",
        *[
            f'CREATE TRIGGER "{PREFIX}{table}_{moment}" BEFORE {moment.upper()} ON "{table}"'
            f" FOR EACH {kind} EXECUTE FUNCTION {function}"
            for moment, kind in each.items()
        ],
    ]


def _removals(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [f'DROP TRIGGER IF EXISTS "{PREFIX}{table}_{moment}"' for moment in MOMENTS]
    return [f'DROP FUNCTION IF EXISTS "{PREFIX}{table}"() CASCADE']
