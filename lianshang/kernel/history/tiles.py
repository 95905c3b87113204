"""The stored nodes of the tree: 256 hashes in a tile, eight levels in one step. Only the last tile of a level is ever written to.

A million leaves are some four thousand rows; a proof reads a handful of them.
"""

from collections.abc import Sequence

from lianshang.kernel.history.merkle import HASH, node_hash
from lianshang.kernel.history.models import Tile

STEP = 8  # levels in a tile
WIDTH = 1 << STEP


class Tiles:
    """The nodes of the stored tree. What was read is kept as long as the object is: one for each piece of work."""

    def __init__(self) -> None:
        self.read: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, position: int) -> bytes:
        """Return the hash over the leaves `[position << level, (position + 1) << level)`, all of them stored."""
        within = level % STEP
        first = position << within
        hashes = self.tile(level // STEP, first // WIDTH)
        start = first % WIDTH * HASH
        return _head(hashes[start : start + (HASH << within)], 1 << within)

    def tile(self, level: int, position: int) -> bytes:
        if (level, position) not in self.read:
            found = Tile.objects.filter(level=level, position=position).values_list("hashes", flat=True).first()
            self.read[level, position] = bytes(found or b"")
        return self.read[level, position]

    def append(self, size: int, leaves: Sequence[bytes]) -> None:
        """Store further leaves of a tree that has `size`, and every node above that is whole now."""
        level, added = 0, list(leaves)
        while added:
            added, size, level = self._fill(level, size, added), size // WIDTH, level + 1

    def _fill(self, level: int, size: int, added: list[bytes]) -> list[bytes]:
        """Fill up the tiles of one level; return the heads of those that became full."""
        position, short = divmod(size, WIDTH)
        held = self.tile(level, position)[: short * HASH] + b"".join(added)
        heads = []
        for start in range(0, len(held), WIDTH * HASH):
            hashes = held[start : start + WIDTH * HASH]
            self._keep(level, position, hashes, is_new=bool(start) or not short)
            if len(hashes) == WIDTH * HASH:
                heads.append(_head(hashes, WIDTH))
            position += 1
        return heads

    def _keep(self, level: int, position: int, hashes: bytes, *, is_new: bool) -> None:
        self.read[level, position] = hashes
        if is_new:
            Tile.objects.create(level=level, position=position, hashes=hashes)
        else:
            Tile.objects.filter(level=level, position=position).update(hashes=hashes)


def _head(hashes: bytes, width: int) -> bytes:
    """Return the hash over a power of two of hashes."""
    row = [hashes[at : at + HASH] for at in range(0, width * HASH, HASH)]
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]
