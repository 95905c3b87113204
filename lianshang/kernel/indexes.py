"""Indexes that are taken away by migrations."""

from typing import Any

from django.db.migrations.operations.base import Operation


class DropParkIndexes(Operation):
    """Drop the app's indexes on the park alone, without the copy of a table that Django makes on SQLite. Repeatable."""

    reversible = True
    reduces_to_sql = False

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models are altered beside this operation."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in _tables(app_label, to_state):
            for name in _on_park(schema_editor.connection, table):
                schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in _tables(app_label, to_state):
            name = schema_editor.quote_name(f"{table}_park_id")
            schema_editor.execute(f'CREATE INDEX {name} ON {schema_editor.quote_name(table)} ("park_id")')

    def describe(self) -> str:
        return "Drop the indexes on the park alone"


def _tables(app_label: str, state: Any) -> list[str]:
    """Tables of park-owned models: those whose field asks for no index."""
    found = []
    for model in state.apps.get_app_config(app_label).get_models():
        fields = {field.name: field for field in model._meta.fields}
        if "park" in fields and not fields["park"].db_index:
            found.append(model._meta.db_table)
    return found


def _on_park(database: Any, table: str) -> list[str]:
    with database.cursor() as cursor:
        constraints = database.introspection.get_constraints(cursor, table)
    return [
        name
        for name, facts in constraints.items()
        if facts["columns"] == ["park_id"] and facts["index"] and not facts["unique"] and not facts["foreign_key"]
    ]
