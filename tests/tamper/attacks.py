"""What somebody does who owns the database. Each attack draws its particulars from `random` and says in words what it did.

`WITNESS` marks those that leave everything consistent, which only a witness can tell.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection
from django.db.models import BooleanField, DateTimeField, Field, IntegerField, Model, QuerySet
from django.db.models.fields.related import ForeignKey

from lianshang.cases.models import CaseEvent
from lianshang.kernel.history import adopting
from lianshang.kernel.history.forms import form_of
from lianshang.kernel.history.recorded import ledgers
from lianshang.kernel.models import Erasure, Leaf, StoredFile
from tests.tamper import tree
from tests.tamper.world import World, asked, execute

Attack = Callable[[Random, World], str]


@dataclass(frozen=True)
class Kind:
    name: str
    attack: Attack
    needs_witness: bool = False


def table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def some(random: Random, model: type[Model], **narrowed: Any) -> Any:
    return random.choice(list(QuerySet(model).filter(**narrowed).order_by("pk")))


def filled(random: Random) -> type[Model]:
    """Return a table that has rows."""
    return random.choice([model for model in ledgers() if QuerySet(model).exists()])


# -- single rows ----------------------------------------------------------------------------------------------------


def edit(random: Random, world: World) -> str:
    """Change one column; sometimes with what is stored about the row, so that only the signature is left."""
    model = filled(random)
    row = some(random, model)
    columns = [field for field in model._meta.concrete_fields if not field.primary_key]
    field = random.choice(columns)
    value = another(random, field, getattr(row, field.attname))
    column = connection.ops.quote_name(str(field.column))
    execute(f"UPDATE {table(model)} SET {column} = %s WHERE id = %s", value, row.pk)
    covered = random.randrange(4)
    tree.cover(model, row.pk, covered)
    return f"edited {model.__name__}.{field.attname} of {row.pk}, covered {covered}"


def another(random: Random, field: "Field[Any, Any]", value: Any) -> Any:
    if isinstance(field, BooleanField):
        return not value
    if isinstance(field, DateTimeField):
        return field.get_db_prep_save((value or datetime.fromisoformat("2026-11-02T09:00+08:00")) + timedelta(
            microseconds=random.choice([1, 60_000_000, 86_400_000_000])), connection)  # fmt: skip
    if isinstance(field, IntegerField | ForeignKey):
        return (value or 0) + random.randint(1, 9)
    return f"{random.choice('。已x')}{value or ''}"[: field.max_length or None]  # in front: a full column stays another


def edit_beside(random: Random, world: World) -> str:
    """Change what is stored about the history itself."""
    column, value = random.choice(
        [
            ("salt", random.randbytes(16)), ("digest", random.randbytes(32)), ("code", random.randbytes(16)),
            ("row", 10**9), ("ledger", "cases.nothing"),
        ]
    )  # fmt: skip
    leaf = some(random, Leaf)
    execute(f'UPDATE {table(Leaf)} SET "{column}" = %s WHERE id = %s', value, leaf.pk)
    return f"leaf {leaf.pk}: {column}"


def delete(random: Random, world: World) -> str:
    """Take a row away, with its leaf or without; sometimes count the case's steps anew."""
    model = filled(random)
    row, with_leaf = some(random, model), random.random() < 0.5
    execute(f"DELETE FROM {table(model)} WHERE id = %s", row.pk)
    if with_leaf:
        leaves = asked(
            f'SELECT "index" FROM {table(Leaf)} WHERE ledger = %s AND row = %s', model._meta.label_lower, row.pk
        )
        if leaves[0][0] is None and model is not CaseEvent:
            with_leaf = False  # not sealed yet, and nothing counts it: a promise alone tells
        else:
            execute(f"DELETE FROM {table(Leaf)} WHERE ledger = %s AND row = %s", model._meta.label_lower, row.pk)
    return f"deleted {model.__name__} {row.pk}, leaf too: {with_leaf}"


def insert(random: Random, world: World) -> str:
    """Put a step in, as if it had always been there: without a leaf, with a made-up one, or on a blank's place."""
    event, way = some(random, CaseEvent), random.randrange(4)
    columns = [str(field.column) for field in CaseEvent._meta.concrete_fields if not field.primary_key]
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    told = ", ".join("ordinal + 50" if column == "ordinal" else connection.ops.quote_name(column) for column in columns)
    key = asked(f"SELECT max(id) + 1 FROM {table(CaseEvent)}")[0][0]
    execute(f"INSERT INTO {table(CaseEvent)} (id, {quoted}) SELECT {key}, {told} FROM {table(CaseEvent)} WHERE id = %s",
            event.pk)  # fmt: skip
    if way:
        tree.forge_leaf(random, CaseEvent, key, on_a_blank=way > 1)
    if way == 3:
        tree.cover(CaseEvent, key, 2)
    return f"inserted a copy of step {event.pk} as {key}, way {way}"


def swap(random: Random, world: World) -> str:
    """Exchange two rows' words, or the places of two leaves."""
    if random.random() < 0.5:
        first, second = (one for one in random.sample(list(QuerySet(Leaf).exclude(index=None).order_by("pk")), 2))
        execute(f'UPDATE {table(Leaf)} SET "index" = NULL WHERE id = %s', first.pk)
        execute(f'UPDATE {table(Leaf)} SET "index" = %s WHERE id = %s', first.index, second.pk)
        execute(f'UPDATE {table(Leaf)} SET "index" = %s WHERE id = %s', second.index, first.pk)
        return f"leaves {first.pk} and {second.pk} changed places"
    notes = {event.note: event for event in QuerySet(CaseEvent).order_by("pk")}
    first, second = random.sample(list(notes.values()), 2)
    for one, other in ((first, second), (second, first)):
        execute(f"UPDATE {table(CaseEvent)} SET note = %s WHERE id = %s", other.note, one.pk)
    return f"steps {first.pk} and {second.pk} changed words"


def file(random: Random, world: World) -> str:
    """Change, shorten or remove what an enterprise handed in."""
    row, way = some(random, StoredFile), random.randrange(3)
    path = next(world.files.rglob(row.digest))
    if way == 0:
        path.write_bytes(path.read_bytes() + b".")
    elif way == 1:
        path.write_bytes(path.read_bytes()[:-1])
    else:
        path.unlink()
    return f"file {row.pk}, way {way}"


def migrate(random: Random, world: World) -> str:
    """Put a row into a table that has none, and let the next `migrate` take it in as if it had been there before."""
    execute(
        f"INSERT INTO {table(Erasure)} (park_id, ledger, row, kept, at, ground) VALUES (%s, %s, %s, %s, %s, %s)",
        world.park.pk, "cases.caseevent", random.randrange(10**6), random.randbytes(32).hex(), "2026-11-02 01:00:00+00:00", "无",
    )  # fmt: skip
    return f"put in an erasure, {adopting.adopt()} rows taken in"


# -- the end of it, or all of it --------------------------------------------------------------------------------------


def truncate(random: Random, world: World) -> str:
    """Cut the newest rows off, and leave the tree as it is or cut it too, badly."""
    size = random.choice(tree.sizes()[:-1])
    rows = tree.rows_after(size)
    for ledger, row in rows:
        execute(f"DELETE FROM {table(tree.model_of(ledger))} WHERE id = %s", row)
    way = random.randrange(3)
    if way:
        execute(f'DELETE FROM {table(Leaf)} WHERE "index" >= %s OR "index" IS NULL', size)
    if way == 2:
        tree.cut_checkpoints(size)
    return f"cut {len(rows)} rows off after {size}, way {way}"


def roll_back(random: Random, world: World) -> str:
    """Put database and signatures back to what they were at an earlier head."""
    size = random.choice(tree.sizes()[:-1])
    tree.roll_back(size)
    return f"rolled back to {size}"


def fork(random: Random, world: World) -> str:
    """Put it back with the stolen key in hand, tell it otherwise, and seal until it is longer than it was."""
    size, before = random.choice(tree.sizes()[:-1]), tree.sizes()[-1]
    tree.roll_back(size)
    tree.tell_otherwise(random, world, longer_than=before)
    return f"forked at {size}"


def rewrite(random: Random, world: World) -> str:
    """With the stolen key, change a step and make every hash and signature anew."""
    leaf = some(random, Leaf, ledger=form_of(CaseEvent).ledger, index__isnull=False)
    execute(f"UPDATE {table(CaseEvent)} SET note = %s WHERE id = %s", f"改写 {random.random()}", leaf.row)
    tree.make_anew(CaseEvent, leaf.row)
    return f"rewrote step {leaf.row} with the key"


KINDS = (
    Kind("edit", edit), Kind("edit_beside", edit_beside), Kind("delete", delete), Kind("insert", insert),
    Kind("swap", swap), Kind("file", file), Kind("truncate", truncate), Kind("roll_back", roll_back, needs_witness=True),
    Kind("fork", fork, needs_witness=True), Kind("rewrite", rewrite, needs_witness=True),
    Kind("migrate", migrate),
)  # fmt: skip
