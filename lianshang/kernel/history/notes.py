"""Signed texts in the manner of the C2SP signed note: lines, an empty line, and `— name base64(key id ‖ signature)`.

The key is Ed25519, derived from the installation's secret like its other keys. A checkpoint says

    origin            the site's name
    size              leaves in the tree
    base64 root
    time              in UTC, an extension line

and a promise names the receipt, the hash of its leaf, when it was written and by when it is in the tree.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from lianshang.kernel import vault

ED25519 = b"\x01"
WITHIN = timedelta(seconds=60)  # a row is in the tree so soon
HOUR = timedelta(hours=1)
DASH = "— "


class Forged(ValueError):
    """The text is not signed by the key that it names, or is no such text."""


@dataclass(frozen=True)
class Head:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes
    at: datetime


def origin() -> str:
    return f"{settings.ADDRESS.hostname}/history"


def public_keys() -> list[bytes]:
    """Return the public keys of this installation, the one in force first."""
    return [_private(seed).public_key().public_bytes_raw() for seed in vault.secrets_for("history-signature")]


def key_line(public: bytes, name: str) -> str:
    """Return a public key as verifiers take it: `name+id+base64`."""
    return f"{name}+{_key_id(name, public).hex()}+{_base64(ED25519 + public)}"


def sign(text: str, name: str) -> str:
    """Return the text (lines, each ended) as a note signed under the key in force."""
    key = _private(vault.secrets_for("history-signature")[0])
    mark = _key_id(name, key.public_key().public_bytes_raw()) + key.sign(text.encode())
    return f"{text}\n{DASH}{name} {_base64(mark)}\n"


def opened(note: str, keys: Iterable[bytes]) -> str:
    """Return the text of a note that one of the keys has signed. Raises `Forged`."""
    text, gap, marks = note.rpartition("\n\n")
    text += "\n"
    for line in marks.splitlines() if gap else ():
        name, _, encoded = line.removeprefix(DASH).partition(" ")
        if any(_is_signed(text, name, encoded, key) for key in keys):
            return text
    raise Forged("no known key has signed this")


def checkpoint(size: int, root: bytes, at: datetime) -> str:
    """Return a signed checkpoint."""
    return sign(f"{origin()}\n{size}\n{_base64(root)}\n{stamp(at)}\n", origin())


def head(text: str) -> Head:
    """Return what the text of a checkpoint says. Raises `Forged`."""
    try:
        name, size, root, at = text.splitlines()
        return Head(name, int(size), base64.b64decode(root, validate=True), datetime.fromisoformat(at))
    except ValueError:
        raise Forged("not a checkpoint") from None


def promise(what: str, leaf: bytes, at: datetime) -> str:
    """Return the signed statement that the leaf, written at `at`, is in the tree by a minute later."""
    name = f"{origin()}/promise"
    return sign(f"{name}\n{what}\n{_base64(leaf)}\n{stamp(at)}\n{stamp(until(at))}\n", name)


def until(at: datetime) -> datetime:
    """Return by when a row written at `at` is in the tree. A time without minutes is an hour: nothing finer was kept."""
    return at + WITHIN + (HOUR if (at.minute, at.second, at.microsecond) == (0, 0, 0) else timedelta())


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _is_signed(text: str, name: str, encoded: str, key: bytes) -> bool:
    try:
        mark = base64.b64decode(encoded, validate=True)
        if mark[:4] != _key_id(name, key):
            return False
        Ed25519PublicKey.from_public_bytes(key).verify(mark[4:], text.encode())
    except (ValueError, InvalidSignature):
        return False
    return True


@lru_cache(maxsize=16)
def _private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
