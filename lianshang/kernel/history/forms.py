"""The canonical bytes of a row: what a leaf hashes, the same from both databases and from a row in memory.

    ["lianshang/1", table, {column: value, …}, hash of the words]

in JSON without spaces, columns in the order of their names. Values are whole numbers, truth values and text alone; times
are text in UTC as `2026-11-23 09:00:00.000001`. On such values these are the bytes of RFC 8785. A column at rest (NULL,
or the default where it cannot be NULL) is left out, so that a column added later changes no leaf that stands. The last
member is SHA-256 over the leaf's salt and the columns that people write words into, in the same form: without the salt
nothing can be guessed, and when the words are erased that hash is kept in their place.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, CharField, Field, Model, TextField

VERSION = "lianshang/1"
NEVER = object()  # equals no value
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode

Values = Sequence[Any]


class Form:
    """How rows of one table are told. `columns` are read in this order, `values` of a row follow it."""

    def __init__(self, model: type[Model], words: Sequence[str]) -> None:
        fields = sorted(model._meta.concrete_fields, key=lambda field: field.attname)
        self.model, self.ledger = model, model._meta.label_lower
        self.fields = [*(one for one in fields if one.name not in words), *(one for one in fields if one.name in words)]
        self.names = [field.attname for field in self.fields]
        self.columns = [connection.ops.quote_name(str(field.column)) for field in self.fields]
        self.rests = [_at_rest(field) for field in self.fields]
        self.opens = len(self.fields) - len(words)
        self.key = self.names.index(str(model._meta.pk and model._meta.pk.attname))

    def values_of(self, row: Model) -> list[Any]:
        """Return the values of a row in memory."""
        return [plain(getattr(row, name)) for name in self.names]

    def told(self, values: Values, start: int, end: int) -> dict[str, Any]:
        """Return what is said of these columns: those that are not at rest."""
        rows = zip(self.names[start:end], values[start:end], self.rests[start:end], strict=True)
        return {name: value for name, value, rest in rows if value != rest}

    def words(self, values: Values, salt: bytes) -> str:
        """Return the salted hash of the words."""
        said = _ENCODE(self.told(values, self.opens, len(self.names))).encode()
        return hashlib.sha256(salt + said).hexdigest()

    def content(self, values: Values, words: str) -> bytes:
        return _ENCODE([VERSION, self.ledger, self.told(values, 0, self.opens), words]).encode()

    def digest(self, values: Values, salt: bytes) -> bytes:
        """Return the leaf's hash."""
        return self.digest_with(values, self.words(values, salt))

    def digest_with(self, values: Values, words: str) -> bytes:
        """Return the leaf's hash where the hash of the words is known and the words may be gone."""
        return hashlib.sha256(b"\x00" + self.content(values, words)).digest()

    @property
    def selected(self) -> str:
        """Return the columns as they are asked for; the plus keeps SQLite's driver from making times of the texts."""
        plus = "+" if connection.vendor == "sqlite" else ""
        return ", ".join(f"{plus}{column}" for column in self.columns)

    def reader(self) -> Callable[[Values], Values]:
        """Return what makes a row as the database's driver gives it into values.

        SQLite stores times and keys as the very text that is hashed, so nothing is made anew there but truth values.
        """
        if connection.vendor != "sqlite":
            return lambda row: [plain(value) for value in row]
        flags = [at for at, field in enumerate(self.fields) if isinstance(field, BooleanField)]

        def read(row: Values) -> Values:
            values = list(row)
            for at in flags:
                if values[at] in (0, 1):
                    values[at] = bool(values[at])
            return values

        return read


def form_of(model: Any) -> Form:
    """Return the form of a table; a row may be given for its table."""
    return _form(model if isinstance(model, type) else type(model))


@cache
def _form(model: Any) -> Form:
    return Form(model, getattr(model, "words", ()))


def _at_rest(field: "Field[Any, Any]") -> Any:
    """Return the value that a row has where nothing was said; each column has exactly one, so leaving it out loses nothing."""
    if field.null:
        return None
    if field.has_default():
        return NEVER if callable(field.default) else plain(field.default)
    return "" if isinstance(field, CharField | TextField) else NEVER


def plain(value: Any) -> Any:
    """Return the value as it is told: times in UTC as SQLite keeps them."""
    if value is None or type(value) in (str, int, bool):
        return value
    told = next((tell for kind, tell in TOLD if isinstance(value, kind)), None)
    if told is None:
        raise TypeError(f"{type(value).__name__} has no canonical form")
    return told(value)


TOLD: list[tuple[Any, Callable[[Any], Any]]] = [
    (datetime, lambda value: str(value.astimezone(UTC).replace(tzinfo=None))),
    ((date, Decimal), str),
    (UUID, lambda value: value.hex),
    ((bytes, memoryview), lambda value: bytes(value).hex()),
    (str, str.__str__),
    (int, int),
]
