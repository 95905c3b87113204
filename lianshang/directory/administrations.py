"""三员分立 in the database: nobody holds posts of two administrations on one day, whoever writes the row.

A migration applies `AdministrationsApart()`. SQLite loses triggers when Django alters the table by copying it: repeat
the operation after such an alteration.
"""

from typing import Any

from django.db.migrations.operations.base import Operation

from lianshang.directory.models.people import ADMINISTRATORS

NAME = "directory_post_apart"
MESSAGE = "directory_post: nobody holds two administrations at a time"
_ROLES = ", ".join(f"'{role.value}'" for role in ADMINISTRATORS)
_CLASH = f"""
    SELECT 1 FROM directory_post other
    WHERE other.park_id = NEW.park_id AND other.person_id = NEW.person_id
      AND other.role IN ({_ROLES}) AND other.role <> NEW.role
      AND other.since <= COALESCE(NEW.until, '9999-12-31') AND COALESCE(other.until, '9999-12-31') >= NEW.since
"""  # noqa: S608 -- constants alone
_SQLITE = [
    f"CREATE TRIGGER {NAME}_{moment} BEFORE {moment.upper()} ON directory_post"
    f" WHEN NEW.role IN ({_ROLES}) AND EXISTS ({_CLASH} AND other.id IS NOT NEW.id)"
    f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    for moment in ("insert", "update")
]
# The person's row is locked first: of two who write at once the second sees what the first wrote.
_POSTGRES = [
    f"""
    CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.role IN ({_ROLES}) THEN
        PERFORM 1 FROM directory_person WHERE park_id = NEW.park_id AND id = NEW.person_id FOR UPDATE;
        IF EXISTS ({_CLASH} AND other.id <> NEW.id) THEN
          RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
      END IF;
      RETURN NEW;
    END $$
    """,
    f"CREATE TRIGGER {NAME} BEFORE INSERT OR UPDATE ON directory_post FOR EACH ROW EXECUTE FUNCTION {NAME}()",
]
_REMOVALS = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {NAME}_{moment}" for moment in ("insert", "update")],
    "postgresql": [f"DROP FUNCTION IF EXISTS {NAME}() CASCADE"],
}


class AdministrationsApart(Operation):
    """Refuse a post of one administration to whoever holds another on the same days. Repeatable, reversible."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_backwards(app_label, schema_editor, from_state, to_state)
        for statement in {"sqlite": _SQLITE, "postgresql": _POSTGRES}[schema_editor.connection.vendor]:
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in _REMOVALS[schema_editor.connection.vendor]:
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return "Keep the administrations apart"
