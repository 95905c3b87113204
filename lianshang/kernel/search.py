"""Search in Chinese text without a dictionary, on SQLite (FTS5) and PostgreSQL (tsvector).

A run of Han characters becomes its overlapping pairs and, alone, its last character; letters and digits stay whole.
A model keeps the result of `index_text` in its column `search_text`; the migration operation `SearchIndex(table)`
makes the database keep an index over it, park included; `matching` reads the index. A word of the query is a phrase:
it is found as it is written, wherever it stands, its last letters and digits as a beginning.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.migrations.operations.base import Operation
from django.db.models import CharField, Lookup, Model, QuerySet, TextField
from django_scopes import get_scope

Rows = TypeVar("Rows", bound=QuerySet)

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"([{HAN}]+)|([^\W_{HAN}]+)")
LONGEST_TOKEN = 60  # of letters and digits; the rest of a longer one is not looked at
LONGEST_TEXT = 16_000  # tokens: PostgreSQL counts positions up to 16,383
LONGEST_QUERY = 200  # characters
FREQUENT = 2000  # hits

COLUMN = "search_vector"


def tokens(text: str) -> list[str]:
    """Return the tokens of the text in order: “苏州甲醇2026” → 苏州 州甲 甲醇 醇 2026."""
    return [token for han, word in _runs(text) for token in (_pairs(han) if han else [word])]


def index_text(*parts: str) -> str:
    """Return what a row keeps in `search_text`."""
    return " ".join(tokens("\n".join(parts))[:LONGEST_TEXT])


def matching(rows: Rows, words: str) -> Rows:
    """Return the rows whose text holds every word. No words: all of them; only signs: none."""
    if not words.strip():
        return rows
    phrases = [phrase for word in words[:LONGEST_QUERY].split() if (phrase := _phrase(word))]
    if not phrases:
        return rows.none()
    query = _Query(phrases)
    return rows.filter(search_text__matches=_Frequent(query) if _is_frequent(rows, query) else query)


def holders(model: type[Model], wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Return (place in `wanted`, id of a row that holds that token) for all of the park's rows, read from the index alone.

    `model` keeps `search_text`. Whose rows these are to see is the caller's to ask.
    """
    if not wanted:
        return []
    table, park = model._meta.db_table, _park()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            index = connection.ops.quote_name(f"{table}_search")
            arms = [f"SELECT {place}, rowid FROM {index} WHERE {index} MATCH %s" for place in range(len(wanted))]  # noqa: S608
            cursor.execute(" UNION ALL ".join(arms), [_Query([[token]]).fts5(park) for token in wanted])
        else:
            queries = [_Query([[token]]).tsquery(park) for token in wanted]
            cursor.execute(HOLDERS.format(table=connection.ops.quote_name(table)), [queries])
        return [(int(place), int(row)) for place, row in cursor.fetchall()]


def _is_frequent(rows: QuerySet, query: "_Query") -> bool:
    """Whether so many rows match that it is quicker to go through the rows in their order, asking each, than to fetch all.

    PostgreSQL knows by its statistics; for SQLite an index of words is opaque, so it is told.
    """
    if connection.vendor != "sqlite":
        return False
    index = connection.ops.quote_name(f"{rows.model._meta.db_table}_search")
    hits = f"SELECT count(*) FROM (SELECT rowid FROM {index} WHERE {index} MATCH %s LIMIT {FREQUENT})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(hits, [query.fts5(_park())])
        return bool(cursor.fetchone()[0] == FREQUENT)


class SearchIndex(Operation):
    """Index the table's `search_text`, park by park. Repeatable (SQLite loses triggers when Django alters a table)."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The index is the database's own; models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_backwards(app_label, schema_editor, from_state, to_state)
        for statement in CREATE[schema_editor.connection.vendor]:
            schema_editor.execute(statement.format(table=self.table))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in DROP[schema_editor.connection.vendor]:
            schema_editor.execute(statement.format(table=self.table))

    def describe(self) -> str:
        return f"Search index of {self.table}"


class _Query(list[list[str]]):
    """Phrases; a phrase is a list of tokens, the last of which ends in `*` where it is a beginning."""

    def fts5(self, park: int | None) -> str:
        phrases = ['"' + " ".join(phrase).removesuffix("*") + '"' + "*" * phrase[-1].endswith("*") for phrase in self]
        words = f"{{search_text}} : ({' AND '.join(phrases)})"
        return words if park is None else f'{words} AND {{park_id}} : "{park}"'

    def tsquery(self, park: int | None) -> str:
        phrases = [" <-> ".join(_lexeme(token) for token in phrase) for phrase in self]
        return " & ".join([*[f"({phrase})" for phrase in phrases], *([] if park is None else [f"'#{park}'"])])


class _Frequent(_Query):
    """One that so many rows match that they are not fetched all. A type, because Django copies a list by its type."""


@CharField.register_lookup
@TextField.register_lookup
class Matches(Lookup):
    """`search_text__matches`: reads the index beside the column's table, in the park of the scope."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        index = connection.ops.quote_name(f"{self._table}_search")
        row = f"{compiler.quote_name_unless_alias(self.lhs.alias)}.{connection.ops.quote_name('id')}"
        found = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # noqa: S608 names of our own tables
        own_order = (
            "+" if isinstance(self.rhs, _Frequent) else ""
        )  # the sign keeps SQLite from beginning with what was found
        return f"{own_order}{row} IN ({found})", [self.rhs.fts5(_park())]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        vector = f"{compiler.quote_name_unless_alias(self.lhs.alias)}.{connection.ops.quote_name(COLUMN)}"
        return f"{vector} @@ %s::tsquery", [self.rhs.tsquery(_park())]

    @property
    def _table(self) -> str:
        return self.lhs.target.model._meta.db_table


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Runs of Han characters, and words of anything else that is a letter or digit; one of the pair is empty."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    for han, word in RUN.findall(folded):
        yield han, word[:LONGEST_TOKEN]


def _pairs(han: str) -> list[str]:
    return [*[han[place : place + 2] for place in range(len(han) - 1)], han[-1]]


def _phrase(word: str) -> list[str]:
    """The tokens that stand side by side where the word stands, be it inside a longer run."""
    runs = list(_runs(word))
    if not runs:
        return []
    han, last = runs[-1]
    before = [token for h, w in runs[:-1] for token in (_pairs(h) if h else [w])]
    if han:
        return [*before, *(_pairs(han)[:-1] or [f"{han}*"])]
    return [*before, f"{last}*" if len(last) > 1 or before else last]


def _lexeme(token: str) -> str:
    return f"'{token[:-1]}':*" if token.endswith("*") else f"'{token}'"


def _park() -> int | None:
    """The one park of the scope, which lets the index leave other parks' rows alone; None: any."""
    park = get_scope().get("park")
    return park.pk if isinstance(park, Model) else None


HOLDERS = """SELECT word.place - 1, found.id FROM unnest(%s::tsquery[]) WITH ORDINALITY AS word(query, place)
CROSS JOIN LATERAL (SELECT id FROM {table} WHERE search_vector @@ word.query OFFSET 0) AS found"""

# On SQLite the ascii tokenizer leaves everything beyond ASCII in one piece; our tokens are folded already.
# On PostgreSQL the vector is a stored column: phrases are rechecked row by row, and no text is taken apart for that.
CREATE = {
    "sqlite": [
        """CREATE VIRTUAL TABLE "{table}_search"
        USING fts5(search_text, park_id, content='{table}', content_rowid='id', tokenize='ascii')""",
        """INSERT INTO "{table}_search"("{table}_search") VALUES ('rebuild')""",
        """CREATE TRIGGER "{table}_search_insert" AFTER INSERT ON "{table}" BEGIN
        INSERT INTO "{table}_search"(rowid, search_text, park_id) VALUES (new.id, new.search_text, new.park_id); END""",
        """CREATE TRIGGER "{table}_search_delete" AFTER DELETE ON "{table}" BEGIN
        INSERT INTO "{table}_search"("{table}_search", rowid, search_text, park_id)
        VALUES ('delete', old.id, old.search_text, old.park_id); END""",
        """CREATE TRIGGER "{table}_search_update" AFTER UPDATE OF search_text ON "{table}"
        WHEN old.search_text IS NOT new.search_text BEGIN
        INSERT INTO "{table}_search"("{table}_search", rowid, search_text, park_id)
        VALUES ('delete', old.id, old.search_text, old.park_id);
        INSERT INTO "{table}_search"(rowid, search_text, park_id) VALUES (new.id, new.search_text, new.park_id); END""",
    ],
    "postgresql": [
        """ALTER TABLE "{table}" ADD COLUMN search_vector tsvector GENERATED ALWAYS AS
        (to_tsvector('simple'::regconfig, search_text) || array_to_tsvector(ARRAY['#' || park_id::text])) STORED""",
        """CREATE INDEX "{table}_search" ON "{table}" USING gin (search_vector)""",
    ],
}
DROP = {
    "sqlite": [
        'DROP TRIGGER IF EXISTS "{table}_search_insert"',
        'DROP TRIGGER IF EXISTS "{table}_search_delete"',
        'DROP TRIGGER IF EXISTS "{table}_search_update"',
        'DROP TABLE IF EXISTS "{table}_search"',
    ],
    "postgresql": ['ALTER TABLE "{table}" DROP COLUMN IF EXISTS search_vector'],
}
