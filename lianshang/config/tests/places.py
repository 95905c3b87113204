"""Archives to try things on, and empty places to restore them into."""

import os
import secrets
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


@contextmanager
def empty_database(folder: Path) -> Iterator[dict[str, Any]]:
    """A new database of the kind that the tests run on, as an entry of `DATABASES`."""
    if connection.vendor == "sqlite":
        yield sqlite(folder / "there.sqlite3")
        return
    name = f"restored_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield {**connection.settings_dict, "NAME": name}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def folder_target(folder: Path) -> Target:
    folder.mkdir(exist_ok=True)
    return target_of(sqlite(folder / "lianshang.sqlite3"), folder / "files", AT, folder)


def restored(path: Path, target: Target, replace: str = "") -> Restored:
    return restore(path, target, replace=replace, tell=silent)


def address_of(database: dict[str, Any]) -> str:
    """What `LIANSHANG_DATABASE_URL` has to be for a process of its own to open it."""
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    return f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"


def surroundings(home: Path, database: dict[str, Any], files: Path) -> dict[str, str]:
    from django.conf import settings

    own = {"HOME": home, "DATABASE_URL": address_of(database), "FILES": files, "SECRET_KEY": settings.SECRET_KEY}
    return {**os.environ, **{f"LIANSHANG_{name}": str(value) for name, value in own.items()}}


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
