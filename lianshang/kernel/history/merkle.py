"""The tree of RFC 9162, section 2.1: hashes of leaves and nodes, heads, proofs of inclusion and of consistency.

`Node` gives the hash over the leaves `[position << level, (position + 1) << level)`, all of which must be there. So the
same code works on a list in memory and on stored tiles.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

Node = Callable[[int, int], bytes]  # (level, position) -> hash

HASH = 32  # bytes
EMPTY = hashlib.sha256().digest()


class Contradiction(ValueError):
    """A proof does not lead where it should."""


def leaf_hash(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(node: Node, size: int) -> bytes:
    """Return the head of the first `size` leaves."""
    return over(node, 0, size) if size else EMPTY


def over(node: Node, start: int, end: int) -> bytes:
    """Return the hash over the leaves `[start, end)` of a subtree that begins at `start`."""
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, start >> level)
    middle = start + split(width)
    return node_hash(over(node, start, middle), over(node, middle, end))


def split(width: int) -> int:
    """Return the largest power of two below the width (of at least two)."""
    return 1 << (width - 1).bit_length() - 1


def inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """Return the path from the leaf to the head of `size` leaves, from below (2.1.3.1)."""
    if not 0 <= index < size:
        raise Contradiction("the leaf is not in a tree of this size")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(over(node, middle, end))
            end = middle
        else:
            path.append(over(node, start, middle))
            start = middle
    return path[::-1]


def consistency(node: Node, old: int, size: int) -> list[bytes]:
    """Return what shows that the tree of `size` leaves begins with that of `old` leaves (2.1.4.1)."""
    if not 0 < old <= size:
        raise Contradiction("no tree of this size came before")
    path, start, end, is_whole = [], 0, size, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(over(node, middle, end))
            end = middle
        else:
            path.append(over(node, start, middle))
            start, is_whole = middle, False
    if not is_whole:
        path.append(over(node, start, end))
    return path[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], head: bytes) -> None:
    """Raise `Contradiction` unless the path leads from the leaf at `index` to the head (2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != HASH:
        raise Contradiction("the leaf is not in a tree of this size")
    found, position, last = leaf, index, size - 1
    for step in path:
        if last == 0:
            raise Contradiction("the path is too long")
        if position & 1 or position == last:
            found = node_hash(step, found)
            position, last = _risen(position, last)
        else:
            found = node_hash(found, step)
        position, last = position >> 1, last >> 1
    if last or found != head:
        raise Contradiction("the path leads elsewhere")


def check_consistency(old: int, size: int, path: Sequence[bytes], old_head: bytes, head: bytes) -> None:
    """Raise `Contradiction` unless the path shows that the newer head begins with the older (2.1.4.2)."""
    if not 0 < old <= size:
        raise Contradiction("no tree of this size came before")
    if old == size:
        if path or old_head != head:
            raise Contradiction("two heads of one size")
        return
    steps = iter(path if old & (old - 1) else [old_head, *path] if path else [])
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    if (first := next(steps, None)) is None:
        raise Contradiction("the path is empty")
    if _heads(first, steps, position, last) != (old_head, head):
        raise Contradiction("the path leads elsewhere")


def _heads(first: bytes, steps: Iterator[bytes], position: int, last: int) -> tuple[bytes, bytes]:
    older = newer = first
    for step in steps:
        if last == 0:
            raise Contradiction("the path is too long")
        if position & 1 or position == last:
            older, newer = node_hash(step, older), node_hash(step, newer)
            position, last = _risen(position, last)
        else:
            newer = node_hash(newer, step)
        position, last = position >> 1, last >> 1
    if last:
        raise Contradiction("the path is too short")
    return older, newer


def _risen(position: int, last: int) -> tuple[int, int]:
    """Skip the levels on which the last leaf's node has no sibling."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


class Whole:
    """All nodes over leaf hashes in memory, each 32 bytes: `node` for those that are whole."""

    def __init__(self, leaves: bytes | bytearray) -> None:
        self.levels = [bytes(leaves)]
        while len(self.levels[-1]) >= 2 * HASH:
            row = self.levels[-1]
            pairs = range(0, len(row) - 2 * HASH + 1, 2 * HASH)
            sha = hashlib.sha256
            self.levels.append(b"".join([sha(b"\x01" + row[at : at + 2 * HASH]).digest() for at in pairs]))

    def node(self, level: int, position: int) -> bytes:
        return self.levels[level][position * HASH : (position + 1) * HASH]
