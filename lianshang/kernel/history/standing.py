"""How a record stands, as whoever holds its receipt is told, and the proof of it as a file to keep."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lianshang.kernel.history import leaves, merkle, notes
from lianshang.kernel.history.comparing import recomputed
from lianshang.kernel.history.erasures import Erasure
from lianshang.kernel.history.forms import form_of
from lianshang.kernel.history.merkle import Contradiction
from lianshang.kernel.history.models import Checkpoint, Leaf
from lianshang.kernel.history.notes import Forged
from lianshang.kernel.history.tiles import Tiles

FORMAT = "lianshang-history/1"


class Standing(StrEnum):
    SEALED = "sealed"  # in the tree under a signed head
    WAITING = "waiting"  # promised, and will be there within a minute
    BROKEN = "broken"  # not what was written
    UNKNOWN = "unknown"  # signed under a key that is not known any more


@dataclass(frozen=True)
class Proof:
    """The leaf of a row, and the way from it to the first head over it."""

    leaf: Leaf
    checkpoint: Checkpoint | None = None
    path: Sequence[bytes] = ()


def standing(rows: Sequence[Any]) -> Standing:
    """Return how the records of one matter stand, the first of them proved up to its signed head. Needs the scope."""
    found = {leaf.row: leaf for leaf in _leaves(rows)}
    erased = _erased(rows)
    if not rows or any(row.pk not in found or not _is_as_written(row, found[row.pk], erased) for row in rows):
        return Standing.BROKEN
    try:
        proof = prove(found[rows[0].pk])
    except Contradiction:
        return Standing.BROKEN
    except Forged:
        return Standing.UNKNOWN
    if not all(leaves.is_ours(leaf) for leaf in found.values()):
        return Standing.BROKEN
    is_in = proof.checkpoint and all(leaf.index is not None for leaf in found.values())
    return Standing.SEALED if is_in else Standing.WAITING


def prove(leaf: Leaf) -> Proof:
    """Return the proof of a leaf; without a checkpoint where it waits. Raises `Contradiction`, `Forged`."""
    if leaf.index is None:
        return Proof(leaf)
    head = Checkpoint.objects.filter(size__gt=leaf.index).order_by("size").first()
    if head is None:
        raise Contradiction("no head was signed over the leaf")
    told = notes.head(notes.opened(head.note, notes.public_keys()))
    path = merkle.inclusion(Tiles().node, leaf.index, told.size)
    merkle.check_inclusion(bytes(leaf.digest), leaf.index, told.size, path, told.root)
    return Proof(leaf, head, path)


def kept(row: Any, what: str) -> str:
    """Return the file that the holder keeps: the signed promise for the record `what`, and its proof once there is one.

    Nothing is promised of a leaf that we did not write, or whose key is not known any more.
    """
    told: dict[str, Any] = {
        "format": FORMAT,
        "keys": [notes.key_line(key, notes.origin()) for key in notes.public_keys()],
    }
    leaf = _leaves([row]).first()
    if leaf and leaves.is_ours(leaf):
        told |= {"promise": notes.promise(what, bytes(leaf.digest), leaf.made_at), **_way(leaf)}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _way(leaf: Leaf) -> dict[str, Any]:
    """Return the way from the leaf to a signed head; nothing where there is none: the promise is what it can be held to."""
    try:
        proof = prove(leaf)
    except (Contradiction, Forged):
        return {}
    if proof.checkpoint is None:
        return {}
    path = [base64.b64encode(step).decode() for step in proof.path]
    return {"index": leaf.index, "path": path, "checkpoint": proof.checkpoint.note}


def _leaves(rows: Sequence[Any]) -> Any:
    ledger = form_of(rows[0]).ledger if rows else ""
    return Leaf.objects.filter(park__in={row.park_id for row in rows}, ledger=ledger, row__in=[row.pk for row in rows])


def _erased(rows: Sequence[Any]) -> dict[int, str]:
    """Return what was kept of the rows whose words were erased; an erasure that we did not write counts for nothing."""
    ledger, keys = form_of(rows[0]).ledger if rows else "", [row.pk for row in rows]
    done = list(Erasure.objects.filter(park__in={row.park_id for row in rows}, ledger=ledger, row__in=keys))
    found = {leaf.row: leaf for leaf in _leaves(done)}
    return {one.row: one.kept for one in done if one.pk in found and _is_ours(one, found[one.pk])}


def _is_ours(row: Any, leaf: Leaf) -> bool:
    return leaves.is_ours(leaf) and _is_as_written(row, leaf, {})


def _is_as_written(row: Any, leaf: Leaf, erased: dict[int, str]) -> bool:
    form, kept = form_of(row), erased.get(row.pk)
    values = form.values_of(row)
    if kept and form.told(values, form.opens, len(form.names)):
        return False
    return recomputed(form, values, leaf, kept) == bytes(leaf.digest)
