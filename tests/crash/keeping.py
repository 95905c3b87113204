"""How a database is put back as it was, in some milliseconds: SQLite page by page, PostgreSQL by the tables that differ."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from tests.clones import Database, is_sqlite

PASSING = {"django_session", "kernel_heartbeat"}
COMMITS, FRAMES = slice(8, 12), slice(16, 20)  # of the head of SQLite's index of its log: how often, how far


class Kept(Protocol):
    """`read` gives what `write` puts back; equal digests, equal rows; nothing was committed between two equal marks."""

    def read(self) -> Any: ...

    def write(self, known: Any) -> None: ...

    def digest(self) -> str: ...

    def mark(self) -> object: ...


def kept_of(database: Database) -> Kept:
    return KeptBySQLite(database) if is_sqlite(database) else KeptByPostgres(database)


def quick(database: Database) -> Database:
    """A process that dies leaves to the machine what it wrote, synced or not; the power cuts are another rig."""
    if not is_sqlite(database):
        return database
    options: dict[str, Any] = dict(database["OPTIONS"])
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    return {**database, "OPTIONS": options}


@dataclass
class KeptBySQLite:
    database: Database

    def read(self) -> bytes:
        with closing(self._opened()) as file:
            return file.serialize()

    def write(self, known: bytes) -> None:
        """Nobody has it open: whoever did is dead."""
        for end in ("-wal", "-shm"):
            Path(f"{self.database['NAME']}{end}").unlink(missing_ok=True)
        Path(self.database["NAME"]).write_bytes(known)

    def digest(self) -> str:
        told = []
        with closing(self._opened()) as file:
            names = file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
            for (name,) in names:
                if name not in PASSING and not name.startswith("sqlite_"):
                    told.append(f"{name} {file.execute(f'SELECT * FROM {name}').fetchall()}")  # noqa: S608 our own
        return "\n".join(told)

    def mark(self) -> object:
        """Each commit counts one up in the index that all who have the file open share."""
        index = Path(f"{self.database['NAME']}-shm")
        if not index.exists():
            return (bytes(4), bytes(4))
        with index.open("rb") as file:
            head = file.read(FRAMES.stop)
        return head[COMMITS], head[FRAMES]

    def _opened(self) -> sqlite3.Connection:
        file = sqlite3.connect(self.database["NAME"])
        file.execute("PRAGMA synchronous=OFF")
        return file


@dataclass
class KeptByPostgres:
    """Rows as COPY writes them; `counters` are the sequences. Triggers and references rest while rows are put back."""

    database: Database

    def read(self) -> dict[str, Any]:
        with self._asked() as cursor:
            digests = self._digests(cursor)
            rows = {name: self._copied(cursor, name) for name in digests}
            return {"digests": digests, "rows": rows, "counters": self._counters(cursor)}

    def write(self, known: dict[str, Any]) -> None:
        with self._asked() as cursor:
            now = self._digests(cursor)
            cursor.execute("BEGIN")
            for name in (name for name, digest in known["digests"].items() if now.get(name) != digest):
                cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608 our own
                with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                    copy.write(known["rows"][name])
            for name, last in known["counters"]:
                cursor.execute("SELECT setval(%s, %s, %s)", [name, last or 1, last is not None])
            cursor.execute("COMMIT")

    def digest(self) -> str:
        with self._asked() as cursor:
            return str(sorted(self._digests(cursor).items()))

    def mark(self) -> object:
        """One up for each transaction that wrote and came to its end, in this database or another of the server."""
        with self._asked() as cursor:
            return cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text", prepare=True).fetchone()[0]

    def _asked(self) -> Any:
        return _connected(self.database["NAME"], self.database["USER"], self.database["HOST"], os.getpid()).cursor()

    def _digests(self, cursor: Any) -> dict[str, str]:
        return dict(cursor.execute(self._question(cursor), prepare=True).fetchall())

    def _question(self, cursor: Any) -> str:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        names = sorted(name for (name,) in cursor.fetchall() if name not in PASSING)
        digest = (
            "coalesce(md5(string_agg(all_of_it::text, '|' ORDER BY all_of_it::text)), '')"  # no column is called so
        )
        return " UNION ALL ".join(f"SELECT '{name}', {digest} FROM {name} all_of_it" for name in names)  # noqa: S608 our own

    def _copied(self, cursor: Any, name: str) -> bytes:
        with cursor.copy(f'COPY "{name}" TO STDOUT') as copy:
            return b"".join(bytes(piece) for piece in copy)

    def _counters(self, cursor: Any) -> list[Any]:
        cursor.execute("SELECT quote_ident(sequencename), last_value FROM pg_sequences WHERE schemaname = 'public'")
        return list(cursor.fetchall())


@cache
def _connected(name: str, user: str, host: str, process: int) -> Any:
    """One connection of a process for all its looks; no child touches that of its parent."""
    import psycopg

    return psycopg.connect(
        dbname=name, user=user, host=host, autocommit=True, options="-c session_replication_role=replica"
    )
