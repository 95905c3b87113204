"""Takes waiting leaves into the tree and signs what comes out, by the worker, soon after they were written.

Writers wait for nobody: each writes its leaf with its row, and a leaf that is committed late is found like any other,
because it has no index. Whoever seals follows exactly one checkpoint (`Checkpoint.after` is unique), so of two who seal
at once one is undone and looks again.

Sizes are public, so they must not tell when a complaint came in. Leaves come in blocks of eight, some more than needed,
at places drawn by lot; the rest are blanks, and now and then a batch is nothing but blanks.
"""

import logging
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, transaction

from lianshang.kernel import outbox, vault
from lianshang.kernel.history import leaves, merkle, notes
from lianshang.kernel.history.merkle import Contradiction
from lianshang.kernel.history.models import Checkpoint, Leaf
from lianshang.kernel.history.notes import Forged
from lianshang.kernel.history.reading import live
from lianshang.kernel.history.recorded import ledgers
from lianshang.kernel.history.tiles import Tiles

log = logging.getLogger(__name__)

BATCH = 1000  # leaves of one commit
ROUND = 30  # batches of one tick
BLOCK = 8  # leaves
BLANKS_EVERY = 90  # ticks without anything to seal, on average, until a batch of blanks


@outbox.every(10)
def seal(park: Any, now: datetime) -> int:
    """Take what waits in the park into the tree, in its scope; return how many leaves. Raises nothing for bad ones."""
    done = 0
    for sound in islice(_batches(park), ROUND):
        done += _appended(sound, now)
    if not done and secrets.randbelow(BLANKS_EVERY) == 0:
        _appended([], now)
    return done


def _batches(park: Any) -> Iterator[list[Leaf]]:
    """Yield what is sound of each batch that waits; bad leaves keep nothing that was written after them."""
    last = 0
    while waiting := list(Leaf.objects.filter(park=park, index=None, pk__gt=last).order_by("pk")[:BATCH]):
        last = waiting[-1].pk
        if sound := _sound(park, waiting):
            yield sound


def _sound(park: Any, waiting: list[Leaf]) -> list[Leaf]:
    """Return the leaves that we wrote and whose rows still are what was hashed; `verify` names the others."""
    rows = _live_digests(park, waiting)
    sound = [one for one in waiting if rows.get((one.ledger, one.row)) == bytes(one.digest) and leaves.is_ours(one)]
    if len(sound) < len(waiting):
        log.error("history: %s rows are not what was promised: run lianshang verify", len(waiting) - len(sound))
    return sound


def _live_digests(park: Any, waiting: Iterable[Leaf]) -> dict[tuple[str, int], bytes]:
    salts: dict[str, dict[int, bytes]] = {}
    for one in waiting:
        salts.setdefault(one.ledger, {})[one.row] = bytes(one.salt)
    found = {}
    for model in ledgers():
        form = leaves.form_of(model)
        wanted = salts.get(form.ledger, {})
        for values in live(form, park.pk, list(wanted)):
            key = values[form.key]
            found[form.ledger, key] = form.digest(values, wanted[key])
    return found


def _appended(sound: list[Leaf], now: datetime) -> int:
    """Append the leaves in one commit; 0 where somebody else was faster."""
    try:
        with transaction.atomic():
            head = Checkpoint.objects.order_by("-size").first()
            size = head.size if head else 0
            placed, hashes = _drawn(sound, size)
            tiles = Tiles()
            _check(head, tiles)
            tiles.append(size, hashes)
            _sign(tiles, size, size + len(hashes), now)
            _number(placed)
    except (IntegrityError, _Overtaken):
        return 0
    except (Forged, Contradiction):
        log.error("history: the newest head is not one that we signed over this tree: run lianshang verify")  # noqa: TRY400
        return 0
    return len(sound)


def _check(head: Checkpoint | None, tiles: Tiles) -> None:
    """Raise `Forged` or `Contradiction` unless the newest head is ours and over the tree as it is stored."""
    if head is None:
        return
    told = notes.head(notes.opened(head.note, notes.public_keys()))
    if told.size != head.size or merkle.root(tiles.node, told.size) != told.root:
        raise Contradiction("the newest head is over another tree")


class _Overtaken(Exception):
    """Somebody else has sealed one of these leaves."""


def _drawn(sound: list[Leaf], size: int) -> tuple[list[tuple[int, Leaf]], list[bytes]]:
    """Return the leaves with their indexes, in their order, and all hashes of the batch with blanks in between."""
    blocks = -(-len(sound) // BLOCK) + secrets.randbelow(2) or 1
    places = sorted(secrets.SystemRandom().sample(range(size, size + blocks * BLOCK), len(sound)))
    placed = list(zip(places, sound, strict=True))
    held = {index: bytes(leaf.digest) for index, leaf in placed}
    key = vault.secrets_for(leaves.PURPOSE)[0]
    hashes = [held.get(index) or leaves.blank(index, key) for index in range(size, size + blocks * BLOCK)]
    return placed, hashes


def _sign(tiles: Tiles, after: int, size: int, now: datetime) -> None:
    root = merkle.root(tiles.node, size)
    Checkpoint.objects.create(after=after, size=size, root=root, at=now, note=notes.checkpoint(size, root, now))


def _number(placed: list[tuple[int, Leaf]]) -> None:
    if not placed:
        return
    table, park = connection.ops.quote_name(Leaf._meta.db_table), placed[0][1].park_id
    statement = f'UPDATE {table} SET "index" = %s WHERE park_id = %s AND id = %s AND "index" IS NULL'  # noqa: S608 ours
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(index, park, leaf.pk) for index, leaf in placed])
        if cursor.rowcount != len(placed):
            raise _Overtaken
