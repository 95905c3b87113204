"""Every row as it stands now against its leaf: one question for each table, rows and leaves side by side."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from lianshang.kernel import vault
from lianshang.kernel.events import Event
from lianshang.kernel.history import faults, leaves
from lianshang.kernel.history.erasures import Erasure
from lianshang.kernel.history.faults import Fault
from lianshang.kernel.history.forms import Form, Values, form_of, plain
from lianshang.kernel.history.merkle import HASH
from lianshang.kernel.history.models import Leaf
from lianshang.kernel.history.reading import streamed
from lianshang.kernel.history.recorded import ledgers

NAMED = 100  # faults of one kind and table that are told one by one


class Places:
    """The leaf hashes of a tree of `size`, as far as rows have been found for them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.hashes = bytearray(size * HASH)
        self.taken = bytearray(size)
        self.rows = 0

    def put(self, index: int, digest: bytes) -> bool:
        """Put the hash at its place; False where it has none, or another row has it."""
        if not 0 <= index < self.size or self.taken[index]:
            return False
        self.hashes[index * HASH : (index + 1) * HASH] = digest
        self.taken[index] = 1
        return True


@dataclass
class Comparison:
    """One pass over all tables. `signed` says of each leaf whether a key that we know signed it."""

    places: Places
    signed: bytearray
    keys: tuple[bytes, ...] = field(default_factory=lambda: vault.secrets_for(leaves.PURPOSE))
    kept: dict[tuple[str, int], str] = field(default_factory=dict)

    def faults(self) -> Iterator[Fault]:
        """Recompute the leaf of each row from its columns, put it in its place, and yield what is wrong with single rows."""
        erased: Any = QuerySet(Erasure).values_list("ledger", "row", "kept")
        self.kept = {(ledger, row): words for ledger, row, words in erased.iterator()}
        models = ledgers()
        for model in models:
            yield from self._table(form_of(model))
            if issubclass(model, Event):
                yield from _gaps(model)
        yield from _strange([form_of(model).ledger for model in models])

    def _table(self, form: Form) -> Iterator[Fault]:
        found, named, read, width = 0, 0, form.reader(), len(form.columns)
        for row in streamed(_beside(form), [form.ledger]):
            values, beside = read(row[:width]), _Beside(*row[width:])
            self.places.rows += 1
            found += beside.salt is not None
            kind = self._wrong(form, values, beside) if beside.salt is not None else "unvouched"
            if kind and (named := named + 1) <= NAMED:
                index = -1 if beside.index is None else beside.index
                yield faults.of_row(kind, form.ledger, values[form.key], index)
        if found != QuerySet(Leaf).filter(ledger=form.ledger).count():
            yield from _deleted(form)

    def _wrong(self, form: Form, values: Values, leaf: "_Beside") -> str:
        """Return what is wrong with a row that has a leaf, in one word; nothing: it is as it was, or the tree will tell."""
        erased = self.kept.get((form.ledger, values[form.key])) if self.kept else None
        if erased and form.told(values, form.opens, len(form.names)):
            return "changed"
        try:
            digest = recomputed(form, values, leaf, erased)
        except (TypeError, ValueError):  # SQLite takes bytes where a text should be
            return "changed"
        if leaf.index is not None and not self.places.put(leaf.index, digest):
            return "misplaced"
        if digest != bytes(leaf.digest):
            return "changed"
        return "" if self._is_ours(form, values, leaf) else "unpromised"

    def _is_ours(self, form: Form, values: Values, leaf: "_Beside") -> bool:
        """Whether the leaf is vouched for by us; not asked where the key that signed it is not known any more."""
        if leaf.index is not None and not self.signed[leaf.index]:
            return True
        park, at, digest = values[form.names.index("park_id")], plain(leaf.made_at), bytes(leaf.digest)
        made = (leaves.code(key, form.ledger, park, values[form.key], at, digest) for key in self.keys)
        return bytes(leaf.code) in made


class _Beside(NamedTuple):
    """The leaf that stands beside a row; all None where there is none."""

    salt: Any
    digest: Any
    code: Any
    made_at: Any
    index: Any


def recomputed(form: Form, values: Values, leaf: _Beside | Leaf, erased: str | None) -> bytes:
    """Return the leaf's hash from what the columns say now."""
    return form.digest_with(values, erased) if erased else form.digest(values, bytes(leaf.salt))


def _beside(form: Form) -> str:
    """Return the question for the rows of a table, each with what `_Beside` names of its leaf."""
    quote = connection.ops.quote_name
    table, leaf = quote(form.model._meta.db_table), quote(Leaf._meta.db_table)
    plus = "+" if connection.vendor == "sqlite" else ""
    columns = ", ".join(f"{plus}told.{column}" for column in form.columns)
    return (
        f'SELECT {columns}, leaf.salt, leaf.digest, leaf.code, {plus}leaf.made_at, leaf."index" FROM {table} told'  # noqa: S608
        f" LEFT JOIN {leaf} leaf ON leaf.park_id = told.park_id AND leaf.ledger = %s AND leaf.row = told.id"
    )


def _deleted(form: Form) -> Iterator[Fault]:
    """Yield the leaves whose rows are gone, or are in another park."""
    quote = connection.ops.quote_name
    table, leaf = quote(form.model._meta.db_table), quote(Leaf._meta.db_table)
    gone = (
        f'SELECT leaf.row, leaf."index", leaf.park_id FROM {leaf} leaf WHERE leaf.ledger = %s AND NOT EXISTS'  # noqa: S608
        f" (SELECT 1 FROM {table} told WHERE told.id = leaf.row AND told.park_id = leaf.park_id)"
        f" ORDER BY leaf.id LIMIT {NAMED}"
    )
    for row, index, park in list(streamed(gone, [form.ledger])):
        yield faults.of_row("deleted", form.ledger, row, -1 if index is None else index, park)


def _strange(known: list[str]) -> Iterator[Fault]:
    """Yield the leaves of tables that there are not."""
    rows: Any = QuerySet(Leaf).exclude(ledger__in=known).order_by("pk")
    for leaf in rows[:NAMED]:
        yield faults.of_row("deleted", leaf.ledger, leaf.row, -1 if leaf.index is None else leaf.index, leaf.park_id)


def _gaps(model: type[Event]) -> Iterator[Fault]:
    """Yield the subjects that count other steps than they have: events are numbered from 1 to the subject's version."""
    subjects: Any = model._meta.get_field("subject").related_model
    quote = connection.ops.quote_name
    table, events = quote(subjects._meta.db_table), quote(model._meta.db_table)
    told = (
        f"SELECT one.id FROM {table} one LEFT JOIN (SELECT subject_id, count(*) AS told, max(ordinal) AS last"  # noqa: S608
        f" FROM {events} GROUP BY subject_id) steps ON steps.subject_id = one.id"
        f" WHERE coalesce(steps.told, 0) <> one.version OR coalesce(steps.last, 0) <> one.version"
        f" ORDER BY one.id LIMIT {NAMED}"
    )
    for (key,) in list(streamed(told)):
        yield faults.of_subject("gap", QuerySet(subjects).get(pk=key))
