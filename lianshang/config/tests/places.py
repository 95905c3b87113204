"""Archives to try things on, and empty places to restore them into."""

import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import QuerySet

from lianshang.config.backups import archive, rows
from lianshang.config.backups.making import make
from lianshang.config.backups.restoring import Restored, restore
from lianshang.config.backups.targets import Target, target_of
from lianshang.config.environment import sqlite
from tests.clones import Database, cloned

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
Member = tuple[str, bytes]


def silent(_: str) -> None:
    """Nobody watches."""


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that is kept, as Django reads it."""
    return {
        model._meta.label: [_comparable(row) for row in QuerySet(model).order_by("pk").values()]
        for model in rows.kept(apps)
    }


def _comparable(row: dict[str, Any]) -> dict[str, Any]:
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}


def backed_up(folder: Path, at: datetime = AT, tell: Callable[[str], None] = silent) -> Path:
    return make(folder, at, tell).path


TEMPLATE: Database | None = None  # tables already made, for drafts to begin with


@contextmanager
def empty_database(folder: Path) -> Iterator[Database]:
    """A new database of the kind that the tests run on, as an entry of `DATABASES`."""
    if connection.vendor == "sqlite":
        yield sqlite(folder / "there.sqlite3")
        return
    with cloned(TEMPLATE or {**connection.settings_dict, "NAME": "template1"}, folder) as database:
        yield database


def folder_target(folder: Path) -> Target:
    folder.mkdir(exist_ok=True)
    return target_of(sqlite(folder / "lianshang.sqlite3"), folder / "files", AT, folder)


def restored(path: Path, target: Target, replace: str = "") -> Restored:
    return restore(path, target, replace=replace, tell=silent)


def members(path: Path) -> list[Member]:
    with tarfile.open(path) as tar:
        return [(one.name, tar.extractfile(one).read()) for one in tar]


def rewritten(path: Path, folder: Path, change: Callable[[list[Member]], list[Member]]) -> Path:
    """Return another tar of the same name with the members that `change` makes of them."""
    folder.mkdir(exist_ok=True)
    with (folder / path.name).open("w+b") as file:
        writer = archive.Writer(file, folder)
        for name, content in change(members(path)):
            if name != archive.NOTE:
                writer.add(name, content)
        writer.tar.close()
    return folder / path.name
