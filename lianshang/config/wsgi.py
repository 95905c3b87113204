"""The WSGI application; in the embedded size the worker runs in the same process."""

import os
import threading
from multiprocessing.util import Finalize

from django.core.wsgi import get_wsgi_application

from lianshang.config import environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianshang.config.settings")
application = get_wsgi_application()


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


if environment.flag("EMBEDDED_WORKER"):
    start_worker()
