"""Tells signed heads to places that the database's administrator does not hold: a file elsewhere, people by e-mail.

One line of JSON for each checkpoint: `note`, and `consistency`, the proof that it continues the line before. So the file
alone shows that the tree only ever grew, and a tree that is smaller or other than the file says was rolled back or forked.
A witness that is ahead of us is left as it is. A file that was told before and is not there is not begun anew: name another one.

The file may lie on another machine that hangs, and the worker has other work: it is read and written in a thread, for so
long and no longer.
"""

import base64
import fcntl
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, TypeVar

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
RETRY = timedelta(hours=1)  # until a mail that was refused is sent again
PATIENCE = 10.0  # seconds for a file
THREAD = "witness"
TAIL = 64 << 10  # bytes from the end in which the last line lies
SUBJECT = "链上历史记录的签名（{size}）"
BODY = """这是 {host} 历史记录当前的签名，请保存这封邮件，不必回复。

以后如果有人把数据库改回旧的样子，用它可以查出来：把下面这一行存成文件，运行 lianshang verify --witness 文件。

{line}
"""


Found = TypeVar("Found")


class Lost(Exception):
    """The witness was told before, and now its file is not there, or is empty."""


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
        except (Ahead, Lost, Forged, OSError) as error:
            log.error("history: the witness file was not written: %s", type(error).__name__)  # noqa: TRY400 no text of it
    for address in settings.WITNESS_MAIL:
        try:
            told += _mail(address, newest, now)
        except OSError as error:  # of smtplib too
            log.error("history: a witness was not told by mail: %s", type(error).__name__)  # noqa: TRY400 no text of it
    return told


def write(path: Path) -> int:
    """Append what the file does not have yet; return how many lines. Raises `Ahead`, `Lost`, `Forged`, `OSError`."""
    known, tiles = newest(path), Tiles()
    check(known, tiles)
    if known is None and is_told(path):
        raise Lost
    size = known.size if known else 0
    rows = list(Checkpoint.objects.filter(size__gt=size).order_by("size")[:MOST])
    lines = [line for _, line in _lines(iter(rows), size, tiles)]
    is_done = _patiently(lambda: _appended(path, known, "".join(lines).encode())) if rows else False
    if is_done:
        Witnessed.objects.update_or_create(name=_name(path), defaults={"size": rows[-1].size, "at": rows[-1].at})
        return len(lines)
    return 0


def newest(path: Path) -> Head | None:
    """Return the last head in a witness file; None where there is none. Raises `Forged`, `OSError`."""
    return _patiently(lambda: _read(path))


def is_told(path: Path) -> bool:
    """Whether this file was told something, as far as the database remembers."""
    return Witnessed.objects.filter(name=_name(path)).exists()


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


def _name(path: Path) -> str:
    return str(path)[-200:]


def _patiently(do: Callable[[], Found]) -> Found:
    """Return what it gives in a thread of its own; it asks no database. Raises `TimeoutError` where it hangs."""
    given: list[Found] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            given.append(do())
        except BaseException as error:  # noqa: BLE001 raised again below
            failed.append(error)

    if any(one.name == THREAD for one in threading.enumerate()):
        raise TimeoutError("the witness hangs since an earlier attempt")
    thread = threading.Thread(target=run, name=THREAD, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    if failed:
        raise failed[0]
    if not given:
        raise TimeoutError("the witness hangs")
    return given[0]


def _read(path: Path) -> Head | None:
    if not path.exists():
        return None
    with path.open("rb") as file:
        return _newest(file)


def _appended(path: Path, known: Head | None, lines: bytes) -> bool:
    """Append the lines; not where somebody else has written since the file was read."""
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if _newest(file) != known:
            return False
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    return True


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
    size, again = known.size if known else 0, now - MAIL_EVERY + RETRY
    Witnessed.objects.update_or_create(
        name=address, defaults={"size": size, "at": again}
    )  # before: a refusal counts too
    text = line(newest, size, Tiles())
    body = BODY.format(host=settings.ADDRESS.hostname, line=text)
    send_mail(SUBJECT.format(size=newest.size), body, settings.DEFAULT_FROM_EMAIL, [address])
    Witnessed.objects.update_or_create(name=address, defaults={"size": newest.size, "at": now})
    return 1
