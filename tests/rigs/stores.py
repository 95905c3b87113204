"""Where an installation of the rigs keeps its rows, looked at from outside: its own SQLite file, or its own PostgreSQL."""

import os
import shutil
import signal
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.processes import tree
from tests.postgres import Server

DURABLE = ("fsync=on", "full_page_writes=on", "synchronous_commit=on", "listen_addresses=", "max_connections=60")
BROKEN = {
    "a case and its events differ": "SELECT c.number FROM cases_case c WHERE c.version <> (SELECT count(*) FROM"
    " cases_caseevent e WHERE e.subject_id = c.id)",
    "an event owes nobody anything": "SELECT e.id FROM cases_caseevent e JOIN cases_case c ON c.id = e.subject_id"
    " WHERE c.batch_id IS NULL AND NOT EXISTS (SELECT 1 FROM kernel_outboxitem o WHERE o.topic = 'cases.event'"
    " AND o.subject = e.id)",
    "an event has no leaf in the history": "SELECT e.id FROM cases_caseevent e WHERE NOT EXISTS (SELECT 1 FROM"
    " kernel_leaf l WHERE l.ledger = 'cases.caseevent' AND l.row = e.id AND l.park_id = e.park_id)",
}


@dataclass
class SQLiteStore:
    """The file in the installation's home, as the product lays it out."""

    home: Path
    url = ""
    broken = BROKEN | {
        "a reference points to nothing": "SELECT * FROM pragma_foreign_key_check",
        "the database is damaged": "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    }

    def ask(self, question: str) -> list[Any]:
        with closing(sqlite3.connect(f"file:{self.home}/lianshang.sqlite3?mode=ro", uri=True)) as file:
            return file.execute(question).fetchall()

    def gone(self) -> None:
        """Nothing of it runs."""


@dataclass
class PostgresStore:
    """A server of its own, with the settings that lose nothing; it can be killed and started again on what is left."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="lianshang-rig-")))
    broken = BROKEN

    def __post_init__(self) -> None:
        self.folder.chmod(0o711)
        self.server = Server.start(self.folder / "postgres", DURABLE)

    @property
    def url(self) -> str:
        return self.server.url

    def ask(self, question: str) -> list[Any]:
        import psycopg

        with psycopg.connect(self.url) as connection:
            return list(connection.execute(question.encode()).fetchall())

    def kill(self) -> None:
        """Every process of the server at once, and a new start as its service would give it."""
        for pid in tree(self.server.process.pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.server.process.wait()
        self.server = Server.start(self.folder / "postgres", DURABLE)

    def gone(self) -> None:
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


Store = SQLiteStore | PostgresStore
