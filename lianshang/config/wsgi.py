"""The WSGI application; in the embedded size the worker runs in the same process."""

import atexit
import os
import threading

from django.conf import settings
from django.core.wsgi import get_wsgi_application

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

    atexit.register(end)
    return stop


if settings.EMBEDDED_WORKER:
    start_worker()
