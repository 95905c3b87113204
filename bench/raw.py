"""`python -m bench.raw CLIENTS COUNT FIRST`: the writes of whole lives of cases by plain SQL, as a limit to compare with.

One life is brought about through the product, and the statements with which it writes rows are noted, step by step.
They are then sent again and again, each step in one transaction, with keys of their own: the same rows, the same
indexes, triggers and durability, and no program of ours between. `least` is the same by the least that any such program
would write: the case and one event for each step. Prints JSON: kind → lives per second, rows and statements of a life.
"""

import json
import multiprocessing
import re
import sys
import time
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import django

django.setup()

from django.db import connection, connections  # noqa: E402

from bench import doors, shares  # noqa: E402

BASE = 1_000_000_000  # keys of the noted life begin here, so that each is told from any other number
WRITES = re.compile(r'(INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM)\s+"(\w+)"')
NUMBER = re.compile(r"20\d\d-\d{4,}")
DIGEST = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")
PATIENCE = 60  # seconds
LEAST = ("cases_case", "cases_caseevent")
OTHERS = ("django_session",)  # written now and then, not by each step

Statement = tuple[str, str, list[Any]]  # table, SQL, parameters
Life = list[list[Statement]]  # one list for each step


# -- one life is noted ------------------------------------------------------------------------------------------------


def noted(first: int) -> tuple[Life, dict[str, int]]:
    """Bring one case to its end through the product and return what it wrote, and each table's last key before it."""
    given = doors.doors()
    last_keys = _lift_keys()
    life: Life = []

    @contextmanager
    def step(_: str) -> Generator[None, None, None]:
        life.append([])
        with connection.execute_wrapper(_noter(life[-1])):
            yield

    shares.prepare()
    shares.one_life(given, first, step)
    return life, last_keys


def _noter(found: list[Statement]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001
        result = execute(sql, params, many, context)
        if (write := WRITES.match(sql)) and write[2] not in OTHERS:
            found.append((write[2], sql, list(params or [])))
        return result

    return note


def _lift_keys() -> dict[str, int]:
    """Let the keys of our tables go on from places of their own, and return table → its last key."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("UPDATE sqlite_sequence SET seq = max(seq, %s + rowid * 1000000)", [BASE])
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            return dict(cursor.fetchall())
        cursor.execute("SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences ORDER BY 1")
        lifted = {name: max(last, BASE + at * 1_000_000) for at, (name, last) in enumerate(cursor.fetchall(), 1)}
        for name, last in lifted.items():
            cursor.execute("SELECT setval(%s, %s)", [name, last])
    return {name.removesuffix("_id_seq"): last for name, last in lifted.items()}


# -- and sent again ---------------------------------------------------------------------------------------------------


class Again:
    """Sends the noted life with new keys. What an INSERT returns takes the place of what it returned when noted."""

    def __init__(self, life: Life, last_keys: dict[str, int], worker: str) -> None:
        self.worker, self.last_keys, self.lives = worker, last_keys, 0
        self.connection, mark = _connected()
        self.life = [[(table, sql.replace("%s", mark), values) for table, sql, values in step] for step in life]

    def live(self) -> None:
        self.lives += 1
        fresh: dict[Any, Any] = {}
        following = dict(self.last_keys)
        for step in self.life:
            self._begin()
            for table, sql, values in step:
                rows = self.connection.execute(sql, [self._given(value, fresh) for value in values])
                if "RETURNING" in sql:
                    for key, *_ in rows.fetchall():
                        following[table] += 1
                        fresh[following[table]] = key
            self.connection.execute("COMMIT")

    def _begin(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")

    def _given(self, value: Any, fresh: dict[Any, Any]) -> Any:
        """The value of this life for one of the noted life: keys, digests and numbers are its own."""
        if isinstance(value, list):  # PostgreSQL takes the rows of one statement as columns
            return [self._given(one, fresh) for one in value]
        if isinstance(value, int) and value >= BASE:
            return fresh[value]
        if isinstance(value, uuid.UUID) or (isinstance(value, str) and DIGEST.fullmatch(value)):
            return fresh.setdefault(value, _fresh(value))
        if isinstance(value, str) and NUMBER.fullmatch(value):
            return f"{self.worker}-{self.lives}"
        return value


def _fresh(value: uuid.UUID | str) -> Any:
    return uuid.uuid4() if isinstance(value, uuid.UUID) else (uuid.uuid4().hex * 2)[: len(value)]


def _connected() -> tuple[Any, str]:
    """A connection of our own, as durable as the product's, and how it marks a parameter."""
    given = connections.settings["default"]
    if connection.vendor == "sqlite":
        import sqlite3

        own: Any = sqlite3.connect(given["NAME"], timeout=60, isolation_level=None)
        own.executescript(given["OPTIONS"]["init_command"])
        return own, "?"
    import psycopg

    words = {"dbname": given["NAME"], "user": given["USER"], "host": given["HOST"]}
    return psycopg.connect(**words, autocommit=True, prepare_threshold=2), "%s"


def worker(name: str, life: Life, last_keys: dict[str, int], count: int, gate: Any, told: Any) -> None:
    try:
        again = Again(life, last_keys, name)
        again.live()
        gate.wait(PATIENCE)
        begun = time.perf_counter()
        for _ in range(count):
            again.live()
    except BaseException as fault:
        told.put(repr(fault))
        raise
    told.put((begun, time.perf_counter()))


def per_second(life: Life, last_keys: dict[str, int], clients: int, count: int, kind: str) -> float:
    """Let so many processes send lives at the same time; lives per second, from the first start to the last end."""
    spawning = multiprocessing.get_context("spawn")
    gate, told = spawning.Barrier(clients), spawning.Queue()
    each = max(1, count // clients)
    processes = [
        spawning.Process(target=worker, args=(f"{kind}{count}.{clients}.{n}", life, last_keys, each, gate, told))
        for n in range(clients)
    ]
    for process in processes:
        process.start()
    spans = [told.get(timeout=PATIENCE) for _ in processes]
    for process in processes:
        process.join()
    if faults := [span for span in spans if isinstance(span, str)]:
        raise RuntimeError(faults[0])
    return each * clients / (max(end for _, end in spans) - min(begun for begun, _ in spans))


def main(clients: int, count: int, first: int) -> dict[str, Any]:
    life, last_keys = noted(first)
    kinds = {"same": life, "least": [[one for one in step if one[0] in LEAST] for step in life]}
    connections.close_all()
    told: dict[str, Any] = {
        kind: {
            "per_second": per_second(steps, last_keys, clients, count, f"{kind[0]}{first}."),
            "statements": [len(step) for step in steps],
        }
        for kind, steps in kinds.items()
    }
    return told


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:4]))))
