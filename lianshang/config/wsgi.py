"""The WSGI application; in the embedded size the worker runs in the same process."""

import gc
import os
import threading
from multiprocessing.util import Finalize

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver

from lianshang.config import environment
from lianshang.kernel import apart

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianshang.config.settings")
application = get_wsgi_application()


def pool_connections() -> None:
    """Web processes on PostgreSQL keep connections open; commands and the worker need one each and no pool.

    Each is asked before it is given out: after the database was started again nobody is answered with an error for it.
    """
    database = connections.settings["default"]
    if database["ENGINE"].endswith("postgresql") and settings.DATABASE_POOL:
        database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": settings.DATABASE_POOL, "timeout": 20}
        database["CONN_HEALTH_CHECKS"] = True


def start_worker() -> threading.Event:
    """Run the outbox in a thread of this process; set the event to end it."""
    from lianshang.kernel.outbox import run_forever

    stop = threading.Event()
    thread = threading.Thread(target=run_forever, args=(stop,), name="worker", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join(timeout=5)

    # The server forks its processes; `atexit` does not run in those, multiprocessing's own list does.
    Finalize(None, end, exitpriority=10)
    return stop


def load_pages() -> None:
    """Import all pages now: otherwise whoever comes first after a start waits a second or two for them."""
    get_resolver().url_patterns  # noqa: B018 -- asking for them imports them


def spare_what_stays() -> None:
    """What is loaded by now stays as long as the process: nobody need look through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


pool_connections()
apart.stay_warm()
load_pages()
spare_what_stays()
if environment.flag("EMBEDDED_WORKER"):
    start_worker()
