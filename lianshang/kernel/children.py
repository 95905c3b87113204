"""Long work in a process of its own: pages stay quick meanwhile, and a file that is too much brings down nobody else.

The child is a command of ours on the same database. It works behind everybody else (nice), may use so much memory and
processor time and no more, and lives on when the web server is stopped. Whoever started it is told if it fell.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from threading import Thread
from urllib.parse import quote, urlsplit, urlunsplit

from django.db import connection, connections

from lianshang.kernel import apart

MOST_MEMORY = 3 * 2**30  # bytes of address space: a workbook of 200,000 rows takes about 1.2 GB
MOST_SECONDS = 3600  # of processor time
NICE = 5


def begin(*words: str, fallen: Callable[[], None]) -> None:
    """Start `lianshang` with these words. `fallen` is called from a thread where the child ends without finishing."""
    child = subprocess.Popen(  # noqa: S603 our own command, with keys that we made
        [sys.executable, "-m", "lianshang", *words],
        env=os.environ | {"LIANSHANG_DATABASE_URL": address()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    Thread(target=_await, args=(child, fallen), name="child", daemon=True).start()


def confine() -> None:
    """Called by the child first: stay behind the pages, and within the limits."""
    os.nice(NICE)
    for kind, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        _, hard = resource.getrlimit(kind)
        given = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (given, hard))
    apart.confined()


def address() -> str:
    """Return the database of this process as a child reads it from its environment."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(name)}"
    parts = urlsplit(os.environ["LIANSHANG_DATABASE_URL"])
    return urlunsplit((parts.scheme, parts.netloc, f"/{quote(name)}", parts.query, ""))


def _await(child: "subprocess.Popen[bytes]", fallen: Callable[[], None]) -> None:
    if child.wait() == 0:
        return
    try:
        fallen()
    finally:
        connections.close_all()
