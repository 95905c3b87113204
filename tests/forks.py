"""A piece of work in a child of this process, which may die in the middle of it as by a pulled plug.

The child has everything that the test has made and patched. It opens connections of its own: this process lets go of its
own first, because neither SQLite's locks nor a socket to PostgreSQL may be shared.
"""

import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from typing import NoReturn

from tests.clones import let_go


def forked(job: Callable[[], object]) -> int:
    """Run the job in a child and return how that ended: 0 done, 1 failed (told on standard error), -9 killed, or its own."""
    let_go()
    with (
        warnings.catch_warnings()
    ):  # from Python 3.12 on a fork beside threads warns; this child ends without touching them
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _run(job)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _run(job: Callable[[], object]) -> NoReturn:
    """No exit handlers, no fixtures, no flushing: what the job left is what is left."""
    code = 1
    try:
        job()
        code = 0
    except BaseException:  # noqa: BLE001 -- the child ends here, whatever it is
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives this")
