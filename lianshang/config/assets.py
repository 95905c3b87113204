"""Static files, collected under hashed names and compressed; done again only when a file has changed."""

import os
import shutil
from hashlib import sha256
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from lianshang.config.output import say

BUILT = "built"


def publish() -> None:
    """Fill `STATIC_ROOT` for the server. Skipped where nothing changed since the last time.

    The mark is set when the rest is on the disk: files that a power cut left empty would keep the server from starting.
    """
    folder = Path(settings.STATIC_ROOT)
    stamp = folder / ".fingerprint"
    now = fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == now:
        return
    say("正在整理静态文件……")
    shutil.rmtree(folder, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0, stdout=StringIO())
    os.sync()
    stamp.write_text(now, encoding="ascii")


def built() -> bool:
    """Whether styles and scripts are there: from the wheel, or built in a working copy by `make assets`."""
    return any(name.startswith(f"{BUILT}/") for name, _ in sources())


def fingerprint() -> str:
    """A hash over names, sizes and times of all source files."""
    digest = sha256()
    for name, path in sorted(sources()):
        facts = path.stat()
        digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def sources() -> list[tuple[str, Path]]:
    found = (pair for finder in get_finders() for pair in finder.list(None))
    return [(name, Path(storage.path(name))) for name, storage in found]
