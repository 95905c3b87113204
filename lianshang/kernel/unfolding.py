"""How large a parcel becomes, found by unfolding it without keeping it: what it says of its own size is only a claim.

Parcels inside it are unfolded too, a few deep: a sheet inside a document is common, a parcel that holds itself is not.
Belongs into a process apart: it may take a second.
"""

import copy
import io
import zipfile
import zlib
from collections.abc import Iterator

MOST = 500 * 2**20  # bytes, of all that is inside
MOST_RATIO = 200
FREE = 50 * 2**20  # up to here the ratio does not matter
MOST_ENTRIES = 5_000
DEEPEST = 2  # parcels inside parcels
PIECE = 2**20
HEAD = b"PK\x03\x04"


class Bomb(Exception):
    """The parcel would unfold beyond what anybody needs."""


def check(content: bytes) -> None:
    """Raise `Bomb`, or one of `BROKEN` where it cannot be unfolded."""
    _room_after(content, min(MOST, max(FREE, MOST_RATIO * len(content))), DEEPEST)


BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError, ValueError)


def _room_after(content: bytes, room: int, deeper: int) -> int:
    """Return what is left of the room when all of it is unfolded."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MOST_ENTRIES:
            raise Bomb
        for member in members:
            room = _after_member(archive, member, room, deeper)
    return room


def _after_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int, deeper: int) -> int:
    held: list[bytes] = []
    for number, piece in enumerate(pieces(archive, member)):
        room -= len(piece)
        if room < 0:
            raise Bomb
        if held or (number == 0 and piece.startswith(HEAD)):
            held.append(piece)
    if not held:
        return room
    if not deeper:
        raise Bomb
    try:
        return _room_after(b"".join(held), room, deeper - 1)
    except BROKEN:
        return room  # it only begins like one: nobody can unfold it further


def pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a member unfolds to, to the end of its data, whatever it says of its size."""
    boundless = copy.copy(member)
    boundless.file_size, boundless.CRC = 2**40, None  # type: ignore[assignment]
    with archive.open(boundless) as stream:
        while piece := stream.read(PIECE):
            yield piece
