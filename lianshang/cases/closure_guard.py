"""The database itself refuses to send a complaint or report to whom it is about (信访工作条例 art 30): by trigger.

A unit in the line of a respondent unit, above or below, gets no part in the case, whichever program writes the row; nor
is a part put into the hands of a person who is named or stood aside. Only sealed cases have respondents.

SQLite renames no table that a trigger elsewhere speaks of: a migration that alters `cases_respondent` or
`directory_unit` there puts `ClosureGuard(placed=False)` before and `ClosureGuard()` behind.
"""

from typing import Any

from django.db.migrations.operations.base import Operation

PREFIX = "closure_guard"
TABLE = "cases_assignment"
REFUSED = "closure_guard: this unit or person is inside the respondents of the case"
INSIDE = """
EXISTS (
  WITH RECURSIVE line(unit_id, above_id) AS (
    SELECT id, id FROM directory_unit
    UNION SELECT line.unit_id, unit.parent_id FROM line JOIN directory_unit unit ON unit.id = line.above_id
    WHERE unit.parent_id IS NOT NULL)
  SELECT 1 FROM cases_respondent accused JOIN line
    ON (line.unit_id = accused.unit_id AND line.above_id = NEW.unit_id)
    OR (line.unit_id = NEW.unit_id AND line.above_id = accused.unit_id)
  WHERE accused.case_id = NEW.case_id)
OR EXISTS (
  SELECT 1 FROM cases_respondent named
  WHERE named.case_id = NEW.case_id AND named.person_id = NEW.handled_by_id)
"""
SOME = "EXISTS (SELECT 1 FROM cases_respondent one WHERE one.case_id = NEW.case_id)"  # spares open cases the rest
RUN = f'EXECUTE FUNCTION "{PREFIX}"()'
WATCHED = "case_id, unit_id, handled_by_id, ended_at"


class ClosureGuard(Operation):
    """Place the guard, or take it away. Repeatable, reversible."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, *, placed: bool = True) -> None:
        self.placed = placed

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"placed": self.placed}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        _put(schema_editor, placed=self.placed)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        _put(schema_editor, placed=not self.placed)

    def describe(self) -> str:
        return "Refuse parts inside the respondents" if self.placed else "Lift the refusal of parts"


def _put(schema_editor: Any, *, placed: bool) -> None:
    vendor = schema_editor.connection.vendor
    for statement in [*_removals(vendor), *(_creations(vendor) if placed else [])]:
        schema_editor.execute(statement)


def _creations(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f'CREATE TRIGGER "{PREFIX}_{moment}" BEFORE {event} ON "{TABLE}" WHEN NEW.ended_at IS NULL AND {SOME}'
            f" BEGIN SELECT RAISE(ABORT, '{REFUSED}') WHERE {INSIDE}; END"
            for moment, event in (("insert", "INSERT"), ("update", f"UPDATE OF {WATCHED}"))
        ]
    moments = f"BEFORE INSERT OR UPDATE OF {WATCHED}"
    raising = f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation';"
    body = f"IF {SOME} AND ({INSIDE}) THEN {raising} END IF;"
    return [
        f'CREATE FUNCTION "{PREFIX}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$',
        f'CREATE TRIGGER "{PREFIX}" {moments} ON "{TABLE}" FOR EACH ROW WHEN (NEW.ended_at IS NULL) {RUN}',
    ]


def _removals(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f'DROP TRIGGER IF EXISTS "{PREFIX}_{moment}"' for moment in ("insert", "update")]
    return [f'DROP FUNCTION IF EXISTS "{PREFIX}"() CASCADE']
