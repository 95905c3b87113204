"""`lianshang`, broken on purpose before it starts: `python -m tests.rigs.planted FAULT serve …`. No release has this file."""

import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import django

LATE = 0.4  # seconds between the answer and what it promised


def forgetful() -> None:
    """`synchronous=NORMAL`, which much advice recommends; and a guard that lets it pass."""
    from lianshang.config import environment

    options: dict[str, str] = environment.SQLITE_OPTIONS  # type: ignore[assignment]
    options["init_command"] = options["init_command"].replace("FULL", "NORMAL")
    _unguarded()


def _unguarded() -> None:
    from lianshang.config import guard

    guard.refusals = lambda host: []


def unsynced() -> None:
    """Attachments are written and renamed, but nobody waits for the disk."""
    django.setup()
    from lianshang.kernel import files

    class Careless:
        def __getattr__(self, name: str) -> Any:
            import os

            return (lambda descriptor: None) if name == "fsync" else getattr(os, name)

    files.os = Careless()  # type: ignore[attr-defined]


def hasty() -> None:
    """The receipt goes out, and the whistle is stored a moment later."""
    import hashlib

    django.setup()
    from django.db import transaction

    from lianshang.kernel import idempotency

    now = threading.local()
    first = idempotency._first

    def early(form: Any, run: Callable[[], Any]) -> Any:
        from lianshang.cases.models import Case

        Case._meta.get_field("key").default = lambda: UUID(bytes=hashlib.md5(now.key).digest(), version=4)  # noqa: S324
        Case._meta.get_field("key")._get_default = Case._meta.get_field("key").default
        now.key = form.key.encode()
        response = first(form, run)
        if 300 <= response.status_code < 400 and threading.current_thread().name != "late":
            transaction.set_rollback(True)
            threading.Thread(target=later, args=(form, run), name="late").start()
        return response

    def later(form: Any, run: Callable[[], Any]) -> None:
        from django_scopes import scope

        time.sleep(LATE)
        now.key = form.key.encode()
        with scope(park=form.park), transaction.atomic():
            first(form, run)

    idempotency._first = early


FAULTS = {"forgetful": forgetful, "unsynced": unsynced, "hasty": hasty, "none": lambda: None}


def main() -> int:
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "lianshang.config.settings"
    FAULTS[sys.argv.pop(1)]()
    from lianshang.config.cli import main as lianshang

    return lianshang(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
