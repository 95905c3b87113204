"""A function in a small process of its own: what a stranger's file makes of it cannot take this one's memory or time.

The function is one of ours, named by module and name; it, its arguments and its answer are passed as pickles between
two processes of our own making. The process is started from nothing (no fork of a process with threads), without Django,
does one thing and ends. A server keeps one ready (`stay_warm`), so that nobody who sends a photo waits for an interpreter.
Inside a process that is confined already the function is simply called.
"""

import importlib
import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from threading import BoundedSemaphore, Lock
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Child = subprocess.Popen[bytes]

MOST_MEMORY = 768 * 2**20  # bytes of address space; an interpreter with all that reads sheets takes about 150 MB
MOST_SECONDS = 8  # of processor time
LONGEST_WAIT = 40  # seconds, on a machine that is busy
AT_ONCE = 3  # of one process; others wait for their turn
NICE = 5  # behind the pages
READY = ("lianshang.kernel.pictures", "lianshang.kernel.tables")  # what a child that waits has imported already
WARM, OURS = "warm", "LIANSHANG_"
LENGTH = 8  # bytes that say how long the question is

_confined = False
_places = BoundedSemaphore(AT_ONCE)


class TooMuch(Exception):
    """The function needed more memory or time than it may have, or fell."""


class _Spare:
    """At most one child that waits for its question. It ends by itself when this process does: nobody writes to it any more."""

    def __init__(self) -> None:
        self.lock, self.wanted = Lock(), False
        self.child: Child | None = None

    def taken(self) -> Child:
        """Return the child that waits, or a new one; another begins to wait in its place."""
        with self.lock:
            child, self.child = self.child, None
            if self.wanted:
                self.child = _begun(WARM)
        return child if child and child.poll() is None else _begun()


_spare = _Spare()


def run(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call the function apart. Raises what it raises, and `TooMuch`."""
    if _confined:
        return function(*args, **kwargs)
    asked = pickle.dumps((function.__module__, function.__qualname__, args, kwargs))
    if not _places.acquire(timeout=LONGEST_WAIT):
        raise TooMuch
    try:
        succeeded, answer = _answered(_spare.taken(), asked)
    finally:
        _places.release()
    if not succeeded:
        raise answer
    return answer


def confined() -> None:
    """Say that this process is confined: nothing needs to be run apart from it."""
    global _confined  # noqa: PLW0603 a property of the process
    _confined = True


def stay_warm(*, wanted: bool = True) -> None:
    """Keep a child ready from now on, or none any more. Not before the last fork of this process."""
    with _spare.lock:
        _spare.wanted = wanted
        child, _spare.child = _spare.child, _begun(WARM) if wanted else None
    if child:
        child.communicate()


def _begun(*words: str) -> Child:
    """Start a child; it is not told our secrets."""
    pipe, known = subprocess.PIPE, {name: said for name, said in os.environ.items() if not name.startswith(OURS)}
    return subprocess.Popen(  # noqa: S603 our own module
        [sys.executable, "-m", __name__, *words], env=known, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
    )


def _answered(child: Child, asked: bytes) -> tuple[bool, Any]:
    try:
        said, _ = child.communicate(len(asked).to_bytes(LENGTH) + asked, timeout=LONGEST_WAIT)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        raise TooMuch from None
    if child.returncode:
        raise TooMuch
    return pickle.loads(said)  # noqa: S301 written by `_answer`, in a process that we began


def _answer() -> int:
    """In the child: limits first, then what was asked. A fall is told by the exit alone."""
    os.nice(NICE)
    for kind, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    confined()
    for module in READY if WARM in sys.argv else ():
        importlib.import_module(module)
    length = int.from_bytes(sys.stdin.buffer.read(LENGTH))
    if not length:
        return 0  # whoever began this has ended
    module, name, args, kwargs = pickle.loads(sys.stdin.buffer.read(length))  # noqa: S301 written by `run`
    answer: tuple[bool, Any]
    try:
        answer = True, getattr(importlib.import_module(module), name)(*args, **kwargs)
    except MemoryError:
        return 1
    except Exception as error:  # noqa: BLE001 whatever it is, whoever asked gets it
        answer = False, error
    sys.stdout.buffer.write(pickle.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(_answer())
