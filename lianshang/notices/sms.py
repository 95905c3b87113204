"""SMS behind an interface: which gateway is named by `LIANSHANG_SMS`, and none is the default.

A provider's gateway is a class of the same shape; `LIANSHANG_SMS=package.module.Class` takes it.
"""

import json
import os
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Gateway(Protocol):
    """`key` is the same whenever a message is handed over again. Raises whatever it likes where it was not taken."""

    def send(self, to: str, text: str, *, key: str, at: datetime) -> None: ...


class FileGateway:
    """Writes each message as a line of JSON, readable by the owner alone: for trials, and for gateways that read files."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, to: str, text: str, *, key: str, at: datetime) -> None:
        line = json.dumps({"key": key, "at": at.isoformat(), "to": to, "text": text}, ensure_ascii=False)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())


def gateway() -> Gateway:
    return _gateway(settings.SMS)


@lru_cache(maxsize=4)
def _gateway(named: str) -> Gateway:
    kind, _, path = named.partition(":")
    return FileGateway(Path(path)) if kind == "file" else import_string(named)()
