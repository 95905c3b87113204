"""Tells signed heads to places that the database's administrator does not hold: a file elsewhere, people by e-mail.

One line of JSON for each checkpoint: `note`, and `consistency`, the proof that it continues the line before. So the file
alone shows that the tree only ever grew, and a tree that is smaller or other than the file says was rolled back or forked.
A witness that is ahead of us is left as it is.
"""

import base64
import fcntl
import json
import logging
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.mail import send_mail

from lianshang.kernel import outbox
from lianshang.kernel.history import merkle, notes
from lianshang.kernel.history.models import Checkpoint, Witnessed
from lianshang.kernel.history.notes import Forged, Head
from lianshang.kernel.history.tiles import Tiles

log = logging.getLogger(__name__)

MOST = 500  # checkpoints told at once
MAIL_EVERY = timedelta(days=1)
TAIL = 64 << 10  # bytes from the end in which the last line lies
SUBJECT = "链上历史记录的签名（{size}）"
BODY = """这是 {host} 历史记录当前的签名，请保存这封邮件，不必回复。

以后如果有人把数据库改回旧的样子，用它可以查出来：把下面这一行存成文件，运行 lianshang verify --witness 文件。

{line}
"""


class Ahead(Exception):
    """The witness knows a tree that ours does not continue. The sentence says what was found."""


@outbox.every(15)
def tell(park: Any, now: datetime) -> int:
    """Tell every witness what is new; return how many lines were told. The tree is of all parks."""
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None:
        return 0
    told = 0
    if settings.WITNESS:
        try:
            told += write(Path(settings.WITNESS))
        except (Ahead, Forged, OSError) as error:
            log.error("history: the witness file was not written: %s", type(error).__name__)  # noqa: TRY400 no text of it
    for address in settings.WITNESS_MAIL:
        told += _mail(address, newest, now)
    return told


def write(path: Path) -> int:
    """Append what the file does not have yet. Raises `Ahead` where the file knows another tree, `Forged`, `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = _newest(file)
        tiles = Tiles()
        check(known, tiles)
        size = known.size if known else 0
        rows = Checkpoint.objects.filter(size__gt=size).order_by("size")[:MOST]
        lines = [line for row, line in _lines(rows.iterator(), size, tiles)]
        file.write("".join(lines).encode())
        file.flush()
        os.fsync(file.fileno())
    return len(lines)


def newest(path: Path) -> Head | None:
    """Return the last head in a witness file; None where there is none. Raises `Forged`, `OSError`."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        return _newest(file)


def check(known: Head | None, tiles: Tiles) -> None:
    """Raise `Ahead` unless our tree is what the witness saw, or has grown since."""
    if known is None:
        return
    ours = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    if ours < known.size:
        raise Ahead(f"见证记到第 {known.size} 个叶，数据库里只有 {ours} 个：数据库被换回了旧的。")
    if known.size and merkle.root(tiles.node, known.size) != known.root:
        raise Ahead(f"见证记的第 {known.size} 个叶以前的历史与数据库不同：历史被改写过。")


def entries(content: bytes) -> Iterator[tuple[int, str]]:
    """Yield number and note of each line; one that was cut off is passed over. Raises `Forged` for any other."""
    for number, told in enumerate(content.splitlines(), 1):
        if not told.endswith(b"}"):
            continue
        try:
            yield number, str(json.loads(told)["note"])
        except (ValueError, KeyError, TypeError):
            raise Forged(f"line {number}") from None


def _newest(file: IO[bytes]) -> Head | None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL))
    content = file.read()
    if content and not content.endswith(b"\n") and file.writable():  # cut off by a full disk or a crash
        file.write(b"\n")
    told = [line for line in content.splitlines() if line.endswith(b"}")]
    if not told:
        return None
    try:
        return notes.head(notes.opened(str(json.loads(told[-1])["note"]), notes.public_keys()))
    except (ValueError, KeyError, TypeError):
        raise Forged("the last line of the witness") from None


def _lines(rows: Iterator[Checkpoint], size: int, tiles: Tiles) -> Iterator[tuple[Checkpoint, str]]:
    for row in rows:
        yield row, line(row, size, tiles)
        size = row.size


def line(row: Checkpoint, before: int, tiles: Tiles) -> str:
    """Return the line of a checkpoint, after one of size `before` (0: none)."""
    path = merkle.consistency(tiles.node, before, row.size) if before else []
    told = {"note": row.note, "consistency": [base64.b64encode(step).decode() for step in path]}
    return json.dumps(told, ensure_ascii=False) + "\n"


def _mail(address: str, newest: Checkpoint, now: datetime) -> int:
    known = Witnessed.objects.filter(name=address).first()
    if known and (now - known.at < MAIL_EVERY or known.size >= newest.size):
        return 0
    text = line(newest, known.size if known else 0, Tiles())
    body = BODY.format(host=settings.ADDRESS.hostname, line=text)
    send_mail(SUBJECT.format(size=newest.size), body, settings.DEFAULT_FROM_EMAIL, [address])
    Witnessed.objects.update_or_create(name=address, defaults={"size": newest.size, "at": now})
    return 1
