"""`lianshang verify`: every leaf anew from the live columns, the tree over them, and the heads that were signed of it.

Nothing that is stored about a row is believed: stored hashes serve to tell where a difference lies, and what counts in
the end is the signature of a head, here or with a witness.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django_scopes import scopes_disabled

from lianshang.kernel import files, vault
from lianshang.kernel.history import faults, leaves, merkle, notes, witnesses
from lianshang.kernel.history.comparing import Comparison, Places
from lianshang.kernel.history.faults import Fault, Report
from lianshang.kernel.history.merkle import HASH
from lianshang.kernel.history.models import Checkpoint, Leaf, Tile
from lianshang.kernel.history.notes import Forged
from lianshang.kernel.history.recorded import ledgers
from lianshang.kernel.history.tiles import STEP, WIDTH


def verify(at: datetime, *, witness: Path | None = None, folder: Path | None = None) -> Report:
    """Look at all of it and return what was found. Raises `Forged` where the witness is none, `OSError` where it is not there.

    `folder` is where the files lie; without one they are left out.
    """
    with scopes_disabled():
        heads = list(QuerySet(Checkpoint).order_by("size").values_list("after", "size", "root", "note", "at"))
        heads, odd = _plausible(heads)
        report = Report(size=heads[-1][1] if heads else 0, checkpoints=len(heads), faults=odd)
        report.tables = [model._meta.label for model in ledgers()]
        places = Places(report.size)
        signed, found = _signed(heads)
        report.faults += found
        report.faults += Comparison(places, signed).faults()
        report.faults += _blanks(places, signed, report)
        tree = merkle.Whole(places.hashes)
        report.root, report.rows = merkle.root(tree.node, report.size), places.rows
        report.faults += _stored(tree, report.size)
        report.faults += _heads(heads, tree)
        _waiting(at, report)
        if folder:
            report.faults += _files(folder, report)
        if witness:
            report.faults += _witness(witness, tree, report)
    return report.settle()


def _plausible(heads: list[Any]) -> tuple[list[Any], list[Fault]]:
    """Leave out heads of a size that is neither stored nor signed by us: nothing is laid out for what somebody put in."""
    stored, keys = QuerySet(Tile).filter(level=0).count() * WIDTH, notes.public_keys()
    held, found = [], []
    for head in heads:
        after, size, _, note, _ = head
        if size <= stored or _size(note, keys) == size:
            held.append(head)
        else:
            found.append(Fault("key", after if after <= stored else -1))
    return held, found


def _size(note: str, keys: list[bytes]) -> int:
    try:
        return notes.head(notes.opened(note, keys)).size
    except Forged:
        return -1


def _signed(heads: list[Any]) -> tuple[bytearray, list[Fault]]:
    """Return for each leaf whether the checkpoint that took it in is signed by us and follows the one before."""
    keys, found, before = notes.public_keys(), [], 0
    signed = bytearray(heads[-1][1] if heads else 0)
    for after, size, root, note, at in heads:
        if after != before:
            found.append(Fault("chain", before))
        try:
            told = notes.head(notes.opened(note, keys))
            signed[before:size] = b"\x01" * (size - before)
            if (told.size, told.root, notes.stamp(told.at)) != (size, bytes(root), notes.stamp(at)):
                found.append(Fault("head", before))
        except Forged:
            found.append(Fault("key", before))
        before = size
    return signed, found


def _blanks(places: Places, signed: bytearray, report: Report) -> Iterator[Fault]:
    """Put blanks where no row is. One that is not ours stands for a row that is gone.

    Where the key that signed is not known any more its blanks are taken as they are stored; that was told before.
    """
    keys = vault.secrets_for(leaves.PURPOSE)
    at, stored, held = -1, b"", -1
    while (at := places.taken.find(0, at + 1)) >= 0:
        if held != at // WIDTH:
            held = at // WIDTH
            stored = _tile(0, held)
        kept = stored[at % WIDTH * HASH : (at % WIDTH + 1) * HASH]
        ours = next((one for key in keys if (one := leaves.blank(at, key)) == kept), b"")
        places.put(at, ours or kept.ljust(HASH, b"\0"))
        report.blanks += 1
        if not ours and signed[at]:
            yield faults.of_place("blank", at)


def _tile(level: int, position: int) -> bytes:
    return bytes(QuerySet(Tile).filter(level=level, position=position).values_list("hashes", flat=True).first() or b"")


def _stored(tree: merkle.Whole, size: int) -> Iterator[Fault]:
    """Compare the stored tree: the first leaf that differs is named, and what was cut off or added to it."""
    entries: dict[int, int] = {}
    for level, position, hashes in (
        QuerySet(Tile).order_by("level", "position").values_list("level", "position", "hashes")
    ):
        held, start = bytes(hashes), position * WIDTH * HASH
        entries[level] = entries.get(level, 0) + len(held) // HASH
        whole = tree.levels[level * STEP] if level * STEP < len(tree.levels) else b""
        if whole[start : start + len(held)] != held:
            at = _first(whole[start : start + len(held)], held) + position * WIDTH
            yield faults.of_place("stored", at << level * STEP)
    wanted = {level: size >> level * STEP for level in range(8) if size >> level * STEP}
    if entries != wanted:
        yield Fault("stored", min(entries.get(0, 0), size))


def _first(ours: bytes, theirs: bytes) -> int:
    places = range(0, len(theirs), HASH)
    return next((at // HASH for at in places if ours[at : at + HASH] != theirs[at : at + HASH]), 0)


def _heads(heads: list[Any], tree: merkle.Whole) -> Iterator[Fault]:
    """Compare the roots that were signed; the first that differs says between which leaves it began."""
    for after, size, root, *_ in heads:
        if merkle.root(tree.node, size) != bytes(root):
            yield Fault("head", after)
            return


def _waiting(at: datetime, report: Report) -> None:
    """Count what is not in the tree yet, and what should be."""
    rows: Any = QuerySet(Leaf).filter(index=None).values_list("made_at", flat=True)
    for made_at in rows.iterator():
        report.waiting += 1
        report.late += notes.until(made_at) < at


def _files(folder: Path, report: Report) -> Iterator[Fault]:
    """Hash every file that a row names."""
    model: Any = files.StoredFile
    for key, park, digest in QuerySet(model).order_by("pk").values_list("pk", "park_id", "digest").iterator():
        report.files += 1
        path = folder / files.place(park, digest)
        try:
            with path.open("rb") as file:
                is_whole = hashlib.file_digest(file, "sha256").hexdigest() == digest
        except OSError:
            is_whole = False
        if not is_whole:
            yield faults.of_row("file", model._meta.label_lower, key)


def _witness(path: Path, tree: merkle.Whole, report: Report) -> Iterator[Fault]:
    """Compare what was told outside: more leaves than we have, or others."""
    keys, size, stranger = notes.public_keys(), len(tree.levels[0]) // HASH, False
    for _, note in witnesses.entries(path.read_bytes()):
        report.witnessed += 1
        try:
            told = notes.head(notes.opened(note, keys))
        except Forged:
            stranger = True
            continue
        if told.size > size:
            yield Fault("rolled_back", size)
            break
        if merkle.root(tree.node, told.size) != told.root:
            yield faults.of_place("forked", told.size - 1)
            break
    if stranger:
        yield Fault("stranger")
    if not report.witnessed:
        raise Forged("no line of a witness")
