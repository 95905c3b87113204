"""Tables as lines of JSON: the same lines from SQLite and from PostgreSQL, so either can be restored into the other.

A line is the list of a row's values in the order of the fields that the manifest names; times in UTC, bytes in base64, keys of objects
sorted. Lines are ordered by key, so the SHA-256 over them is a table's digest: equal digests, equal tables.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.db import connection, transaction
from django.db.models import CharField, Field, Model, QuerySet
from django.db.models.functions import Collate
from django.utils.duration import duration_iso_string

from lianshang.kernel.sealed import Closed, Sealed

# Who has the archive shall not be signed in by it: everybody signs in again, and old failures are forgotten.
LEFT_OUT = {"sessions.session", "directory.signin", "directory.attempts"}
CHUNK = 1000  # rows


@dataclass
class Table:
    """What was read of a table, or is to be found again."""

    model: str
    fields: list[str]
    rows: int = 0
    bytes: int = 0
    digest: str = ""


def kept(apps: Apps) -> list[type[Model]]:
    """Return the models whose rows a backup holds: all that the database keeps, but sessions."""
    models = apps.get_models(include_auto_created=True)
    found = [
        model for model in models if model._meta.can_migrate(connection) and model._meta.label_lower not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.label)


def columns(model: type[Model]) -> "list[Field[Any, Any]]":
    """Return what is stored of a row and not worked out by the database."""
    return [field for field in model._meta.concrete_fields if not field.generated]


@contextmanager
def snapshot() -> Iterator[None]:
    """Let everything that is read inside be of one moment, while others go on writing. Nothing may be written inside."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # a reader of the WAL keeps what it saw first, and nobody waits for it
            cursor.execute("BEGIN DEFERRED")
            try:
                cursor.execute("SELECT count(*) FROM django_migrations")
                yield
            finally:
                cursor.execute("ROLLBACK")
        else:
            with transaction.atomic():
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield


def lines(model: type[Model], table: Table) -> Iterator[bytes]:
    """Yield the rows of the model as lines, fields as `table` names them; it is filled in as they pass."""
    digest = hashlib.sha256()
    for row in QuerySet(model).order_by(_key(model)).values_list(*table.fields).iterator(CHUNK):
        line = json.dumps(list(row), default=_plain, **COMPACT).encode() + b"\n"
        digest.update(line)
        table.rows += 1
        table.bytes += len(line)
        yield line
    table.digest = digest.hexdigest()


def read(model: type[Model], fields: list[str]) -> Table:
    """Return the facts of a table as it stands in the database, its columns in the order of `fields`."""
    table = Table(model._meta.label, fields)
    for _ in lines(model, table):
        pass
    return table


def load(model: type[Model], names: list[str], written: Iterable[bytes]) -> int:
    """Insert the lines as they are, without defaults and signals, and return how many. Belongs into a transaction."""
    by_name = {field.attname: field for field in columns(model)}
    fields = [by_name.pop(name) for name in names]
    if by_name:
        raise KeyError(*by_name)
    quote = connection.ops.quote_name
    into = ", ".join(quote(field.column or "") for field in fields)
    places = ", ".join("%s" for _ in fields)
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({into}) VALUES ({places})"  # noqa: S608 our own names
    count, rest = 0, iter(written)
    with connection.cursor() as cursor:
        while chunk := [_values(fields, line) for line in islice(rest, CHUNK)]:
            cursor.executemany(statement, chunk)
            count += len(chunk)
    return count


def _values(fields: "list[Field[Any, Any]]", line: bytes) -> list[Any]:
    pairs = zip(fields, json.loads(line), strict=True)
    return [field.get_db_prep_save(_as_kept(field, value), connection) for field, value in pairs]


def _as_kept(field: "Field[Any, Any]", value: Any) -> Any:
    """What is sealed goes into the archive and out of it unopened."""
    return Closed(value, field.purpose) if isinstance(field, Sealed) and value else field.to_python(value)


def _key(model: type[Model]) -> Any:
    """Order words by their bytes on both databases, whatever the language of the server."""
    is_word = connection.vendor == "postgresql" and isinstance(model._meta.pk, CharField)
    return Collate("pk", "C") if is_word else "pk"


COMPACT: Any = {"ensure_ascii": False, "sort_keys": True, "separators": (",", ":"), "allow_nan": False}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return duration_iso_string(value)
        case Closed():
            return value.token
        case Decimal() | UUID():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} has no line")
