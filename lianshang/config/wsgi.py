"""The WSGI application; in the embedded size the worker runs in the same process."""

import os
import threading
from multiprocessing.util import Finalize

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections

from lianshang.config import environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianshang.config.settings")
application = get_wsgi_application()


def pool_connections() -> None:
    """Web processes on PostgreSQL keep connections open; commands and the worker need one each and no pool."""
    database = connections.settings["default"]
    if database["ENGINE"].endswith("postgresql") and settings.DATABASE_POOL:
        database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": settings.DATABASE_POOL, "timeout": 20}


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


pool_connections()
if environment.flag("EMBEDDED_WORKER"):
    start_worker()
