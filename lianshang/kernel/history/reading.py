"""Rows of the history as they stand in the database now, column by column: never what was stored about them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from lianshang.kernel.history.forms import Form, Values

CHUNK = 2000  # rows read at once
AT_ONCE = 500  # keys in one statement


def live(form: Form, park_id: int, keys: Sequence[int]) -> Iterator[Values]:
    """Yield the values of these rows; those that are gone are left out."""
    read = form.reader()
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        places = ", ".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(f"{_select(form)} WHERE park_id = %s AND id IN ({places})", [park_id, *some])
            yield from map(read, cursor.fetchall())


def every(form: Form) -> Iterator[Values]:
    """Yield the values of all rows of all parks, in the order of their keys."""
    return map(form.reader(), streamed(f"{_select(form)} ORDER BY id"))


def streamed(statement: str, given: Sequence[str | int] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a question of any size; on PostgreSQL through a cursor of the server, inside a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, list(given))
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def _select(form: Form) -> str:
    table = connection.ops.quote_name(form.model._meta.db_table)
    return f"SELECT {form.selected} FROM {table}"  # noqa: S608 our own names
