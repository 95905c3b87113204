"""A small park with a sealed history, a witness outside, and a place to come back to after each attack."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django_scopes import scope

from lianshang.cases.tests.factories import MONDAY, Town, make_town
from lianshang.directory.models import Park
from lianshang.kernel import files
from lianshang.kernel.history import sealing, verifying, witnesses
from lianshang.kernel.history.faults import Report

CASES = 6


@dataclass
class World:
    """`witness` knows the history as it is; `older` as it was before the last batches."""

    park: Park
    witness: Path
    files: Path

    def verify(self, *, with_witness: bool) -> Report:
        witness = self.witness if with_witness else None
        return verifying.verify(MONDAY + timedelta(days=30), witness=witness, folder=self.files)

    def seal(self) -> None:
        with scope(park=self.park):
            sealing.seal(self.park, MONDAY + timedelta(days=29))


def make_world(folder: Path) -> World:
    """Tell some cases in several batches, with files, the last step not sealed yet."""
    town, world = make_town(), World(Park.objects.get(), folder / "witness.jsonl", Path(settings.MEDIA_ROOT))
    with scope(park=town.park):
        for n in range(CASES):
            told = (town.answered, town.signed, town.whistle)[n % 3]
            told(MONDAY + timedelta(days=n))
            files.store(town.park, io.BytesIO(f"第 {n} 份材料".encode()), f"材料{n}.txt")
            world.seal()
            witnesses.write(world.witness)
        _unsealed(town)
    return world


def _unsealed(town: Town) -> None:
    town.whistle(MONDAY + timedelta(days=20))


@contextmanager
def undone(world: World) -> Iterator[None]:
    """Let the triggers and the references be away, and take back whatever is done to database and files."""
    kept = {path: path.read_bytes() for path in world.files.rglob("*") if path.is_file()}
    with transaction.atomic():
        point = transaction.savepoint()
        _under_the_triggers()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)
    for path, content in kept.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _under_the_triggers() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'append_only_%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


def execute(statement: str, *given: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return int(cursor.rowcount)


def asked(statement: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())
