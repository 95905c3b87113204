"""A function in a small process of its own: what a stranger's file makes of it cannot take this one's memory or time.

The function is one of ours, named by module and name; it, its arguments and its answer are passed as pickles between
two processes of our own making. It is started from nothing (no fork of a process with threads) and without Django, so
that it takes some tenths of a second. Inside a process that is confined already it is simply called.
"""

import importlib
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MOST_MEMORY = 768 * 2**20  # bytes of address space; an interpreter with all that reads sheets takes about 150 MB
MOST_SECONDS = 20  # of processor time
LONGEST_WAIT = 60  # seconds, on a machine that is busy

_confined = False


class TooMuch(Exception):
    """The function needed more memory or time than it may have, or fell."""


def run(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call the function apart. Raises what it raises, and `TooMuch`."""
    if _confined:
        return function(*args, **kwargs)
    asked = pickle.dumps((function.__module__, function.__qualname__, args, kwargs))
    try:
        child = subprocess.run(  # noqa: S603 our own module
            [sys.executable, "-m", __name__], input=asked, capture_output=True, timeout=LONGEST_WAIT, check=False
        )
    except subprocess.TimeoutExpired:
        raise TooMuch from None
    if child.returncode:
        raise TooMuch
    succeeded, answer = pickle.loads(child.stdout)  # noqa: S301 written by `_answer`, in a process that we began
    if not succeeded:
        raise answer
    return answer


def confined() -> None:
    """Say that this process is confined: nothing needs to be run apart from it."""
    global _confined  # noqa: PLW0603 a property of the process
    _confined = True


def _answer() -> int:
    """In the child: limits first, then what was asked. A fall is told by the exit alone."""
    for kind, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    confined()
    module, name, args, kwargs = pickle.load(sys.stdin.buffer)  # noqa: S301 written by `run`
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
