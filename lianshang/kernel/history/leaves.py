"""The leaf of a row: which bytes are hashed, and what vouches that it was we who wrote it."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from lianshang.kernel import vault
from lianshang.kernel.history.forms import Form, Values, form_of, plain
from lianshang.kernel.history.models import Leaf

SALT, CODE = 16, 16  # bytes
PURPOSE = "history"
WRITE = (
    f'INSERT INTO "{Leaf._meta.db_table}" (park_id, ledger, "row", salt, digest, code, made_at)'  # noqa: S608 -- a name of our own
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)


def write(rows: Sequence[Any]) -> None:
    """Write the leaves of rows that were just stored, in their transaction and scope."""
    given = [leaf(row) for row in rows]
    if len(given) > 1:
        Leaf.objects.bulk_create(given, batch_size=500)
    elif given:
        _write_one(given[0])


def _write_one(made: Leaf) -> None:
    """Say it plainly: each step writes one, and composing the statement anew takes longer than the rest."""
    at = connection.ops.adapt_datetimefield_value(made.made_at)
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE, [made.park_id, made.ledger, made.row, bytes(made.salt), bytes(made.digest), bytes(made.code), at]
        )


def leaf(row: Any) -> Leaf:
    """Return the leaf of a row that has its key, not stored yet."""
    form = form_of(row)
    return leaf_of(form, form.values_of(row), row.park_id, _told_at(row))


def _told_at(row: Any) -> datetime | None:
    """Return when the row says that it was recorded, or the event that it came with: a complaint's tell the hour alone."""
    return getattr(row, "recorded_at", None) or getattr(getattr(row, "event", None), "recorded_at", None)


def leaf_of(form: Form, values: Values, park_id: int, at: datetime | None = None) -> Leaf:
    """Return the leaf of a row with these values; without a time of its own, when it was written is the clock's."""
    salt = secrets.token_bytes(SALT)
    digest = form.digest(values, salt)
    made = Leaf(park_id=park_id, ledger=form.ledger, row=values[form.key], salt=salt, digest=digest)
    made.made_at = at or made.made_at
    made.code = code_of(made, vault.secrets_for(PURPOSE)[0])
    return made


def code_of(leaf: Leaf, key: bytes) -> bytes:
    """Return what only this installation can say of a row, under one of its keys."""
    return code(key, leaf.ledger, leaf.park_id, leaf.row, plain(leaf.made_at), bytes(leaf.digest))


def code(key: bytes, ledger: str, park_id: int, row: int, made_at: str, digest: bytes) -> bytes:
    told = f"leaf {ledger} {park_id} {row} {made_at} ".encode()
    return hmac.digest(key, told + digest, "sha256")[:CODE]


def is_ours(leaf: Leaf) -> bool:
    """Whether one of this installation's keys vouches for the leaf."""
    return any(hmac.compare_digest(bytes(leaf.code), code_of(leaf, key)) for key in vault.secrets_for(PURPOSE))


def blank(index: int, key: bytes) -> bytes:
    """Return the leaf hash of a place that no row has (`sealing` says why there are such), under one key.

    Only who has the key can make it, so a leaf whose row was taken away cannot be passed off as one of these.
    """
    return hashlib.sha256(b"\x00" + hmac.digest(key, b"blank%d" % index, "sha256")).digest()
