"""What an attacker who has read the code does to the stored tree, to cover an attack."""

import io
from random import Random
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet
from django_scopes import scope, scopes_disabled

from lianshang.cases.models import Case, CaseEvent
from lianshang.kernel import files, vault
from lianshang.kernel.history import leaves, merkle, notes
from lianshang.kernel.history.forms import form_of
from lianshang.kernel.history.merkle import HASH
from lianshang.kernel.history.reading import live
from lianshang.kernel.models import Checkpoint, Leaf, Tile
from tests.tamper.world import World, asked, execute


def table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def model_of(ledger: str) -> type[Model]:
    return apps.get_model(ledger)


def sizes() -> list[int]:
    return [size for (size,) in asked(f"SELECT size FROM {table(Checkpoint)} ORDER BY size")]


def hashes() -> bytearray:
    """Return the stored leaf hashes."""
    rows = QuerySet(Tile).filter(level=0).order_by("position").values_list("hashes", flat=True)
    return bytearray(b"".join(bytes(one) for one in rows))


def keep(all_of: bytes) -> None:
    """Store these leaf hashes as the tree (of less than 256 tiles)."""
    execute(f"DELETE FROM {table(Tile)}")
    tree = merkle.Whole(all_of)
    for level, row in enumerate(tree.levels[::8]):
        for start in range(0, len(row), 256 * HASH):
            Tile.objects.create(level=level, position=start // (256 * HASH), hashes=row[start : start + 256 * HASH])


def digest_now(model: type[Model], key: int) -> tuple[Leaf | None, bytes]:
    """Return the row's leaf, and what its hash would be now."""
    leaf = QuerySet(Leaf).filter(ledger=model._meta.label_lower, row=key).first()
    rows = list(live(form_of(model), leaf.park_id, [key])) if leaf else []
    return leaf, form_of(model).digest(rows[0], bytes(leaf.salt)) if leaf and rows else b""


def cover(model: type[Model], key: int, depth: int) -> None:
    """Make what is stored agree with the row as it is now: 1 its leaf, 2 the tree too, 3 the roots too, but no signature."""
    leaf, digest = digest_now(model, key)
    if not depth or leaf is None or not digest:
        return
    execute(f"UPDATE {table(Leaf)} SET digest = %s WHERE id = %s", digest, leaf.pk)
    if depth > 1 and leaf.index is not None:
        held = hashes()
        held[leaf.index * HASH : (leaf.index + 1) * HASH] = digest
        keep(bytes(held))
    if depth > 2:
        tree = merkle.Whole(hashes())
        for size in sizes():
            execute(f"UPDATE {table(Checkpoint)} SET root = %s WHERE size = %s", merkle.root(tree.node, size), size)


def forge_leaf(random: Random, model: type[Model], key: int, *, on_a_blank: bool) -> None:
    """Make up a leaf for a row, without the key; waiting, or where a blank is."""
    form, park = form_of(model), QuerySet(Leaf).values_list("park_id", flat=True)[0]
    salt = random.randbytes(leaves.SALT)
    digest = form.digest(next(live(form, park, [key])), salt)
    taken = set(QuerySet(Leaf).exclude(index=None).values_list("index", flat=True))
    blanks = [place for place in range(sizes()[-1]) if place not in taken]
    index = random.choice(blanks) if on_a_blank and blanks else None
    with scopes_disabled():
        Leaf.objects.create(
            park_id=park, ledger=form.ledger, row=key, salt=salt, digest=digest, code=random.randbytes(16), index=index
        )


def rows_after(size: int) -> list[tuple[str, int]]:
    """Return the rows that are not in the first `size` leaves, the newest first."""
    return asked(f'SELECT ledger, row FROM {table(Leaf)} WHERE "index" >= %s OR "index" IS NULL ORDER BY id DESC', size)


def cut_checkpoints(size: int) -> None:
    execute(f"DELETE FROM {table(Checkpoint)} WHERE size > %s", size)


def roll_back(size: int) -> None:
    """Leave nothing of what came after: rows, leaves, tree, signatures, and how many steps a case has."""
    for ledger, row in rows_after(size):
        execute(f"DELETE FROM {table(model_of(ledger))} WHERE id = %s", row)
    execute(f'DELETE FROM {table(Leaf)} WHERE "index" >= %s OR "index" IS NULL', size)
    cut_checkpoints(size)
    keep(bytes(hashes()[: size * HASH]))
    events = table(CaseEvent)
    execute(f"DELETE FROM {table(Case)} WHERE id NOT IN (SELECT subject_id FROM {events})")
    execute(f"UPDATE {table(Case)} SET version = (SELECT count(*) FROM {events} WHERE subject_id = {table(Case)}.id)")


def tell_otherwise(random: Random, world: World, *, longer_than: int) -> None:
    """Go on with the key: other files are stored, sealed and signed, until there is more than there was."""
    while not sizes() or sizes()[-1] <= longer_than:
        with scope(park=world.park):
            for _ in range(random.randint(1, 9)):
                files.store(world.park, io.BytesIO(random.randbytes(9).hex().encode()), "别的.txt")
        world.seal()


def make_anew(model: type[Model], key: int) -> None:
    """With the key: leaf, code, tree and every signature agree again with the row as it is now."""
    cover(model, key, 2)
    leaf, digest = digest_now(model, key)
    assert leaf is not None
    leaf.digest = digest
    code = leaves.code_of(leaf, vault.secrets_for(leaves.PURPOSE)[0])
    execute(f"UPDATE {table(Leaf)} SET code = %s WHERE id = %s", code, leaf.pk)
    tree: Any = merkle.Whole(hashes())
    for head in QuerySet(Checkpoint).order_by("size"):
        root = merkle.root(tree.node, head.size)
        execute(
            f"UPDATE {table(Checkpoint)} SET root = %s, note = %s WHERE id = %s",
            root, notes.checkpoint(head.size, root, head.at), head.pk,
        )  # fmt: skip
