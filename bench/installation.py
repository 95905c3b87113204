"""Installations to measure: databases that sync to disk as in earnest, filled once and kept, and servers that we end.

Kept in build/bench/<fingerprint>: a new migration or another way of filling means a new fill. PostgreSQL runs as its own
cluster with the settings it ships with; only its port is closed.
"""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Self

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "build" / "bench"
BIN = Path(sys.executable).parent
DURABLE = ("listen_addresses=", "max_connections=100")
PATIENCE = 60  # seconds until a server answers
PROOF_BITS = "8"  # the product's own setting; solving is the visitor's time, checking costs the same for any number


@dataclass(frozen=True)
class Installation:
    """A filled database and the environment in which the product uses it."""

    database: str
    size: int
    url: str
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("LIANSHANG_")}
        return own | {
            "LIANSHANG_HOME": str(self.home),
            "LIANSHANG_DATABASE_URL": self.url,
            "LIANSHANG_SECRET_KEY": "measured-and-never-in-earnest-0123456789-abcdefghijklmnopqrstuvwxyz",
            "LIANSHANG_BEHIND_PROXY": "1",  # so that each visitor has an address of its own
            "LIANSHANG_PROOF_BITS": PROOF_BITS,
            "DJANGO_SETTINGS_MODULE": "lianshang.config.settings",
        }

    def run(self, *words: object) -> str:
        """Run a command of ours and return what it prints. Its errors go to our stderr."""
        command = [str(word) for word in words]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command[:4])} failed with {done.returncode}")
        return done.stdout

    def part(self, module: str, *words: object) -> Any:
        """Run `python -m bench.<module>` on this database and return the JSON that it prints."""
        return json.loads(self.run(sys.executable, "-m", f"bench.{module}", *words).splitlines()[-1])


@dataclass
class Served:
    """A running web server, with the worker beside it where that is a process of its own."""

    process: subprocess.Popen[bytes]
    worker: subprocess.Popen[bytes] | None
    port: int
    started_in: float  # seconds from exec to the first answer

    @property
    def pids(self) -> dict[str, list[int]]:
        """By what they do; on SQLite the worker is a thread of the web process."""
        return {"web": [self.process.pid], "worker": [self.worker.pid] if self.worker else []}


@contextmanager
def serving(place: Installation, *, with_worker: bool = True) -> Generator[Served, None, None]:
    """Start the product as its command does, and end it by its process."""
    port = _free_port()
    place.home.mkdir(parents=True, exist_ok=True)
    with (place.home / "server.log").open("ab") as log:
        options: dict[str, Any] = {"env": place.environment, "cwd": ROOT, "stdout": log, "stderr": log}
        begun = time.monotonic()
        process = subprocess.Popen([BIN / "lianshang", "serve", "--port", str(port)], **options)
        worker = None
        try:
            _await(port, process)
            started_in = time.monotonic() - begun
            if with_worker and place.database == "postgres":
                worker = subprocess.Popen([BIN / "lianshang", "worker"], **options)
            yield Served(process, worker, port, started_in)
        finally:
            _end(worker)
            _end(process)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status < 500:
                return
        except (OSError, HTTPException):
            time.sleep(0.01)
        finally:
            connection.close()
    raise RuntimeError("the server does not answer; its log is in its home")


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Databases:
    """All that is measured on one kind of database. `cluster` is PostgreSQL's own process, None for SQLite."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = KEPT / _fingerprint()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data = self.folder
        self.cluster: postgres.Server | None = None

    def __enter__(self) -> Self:
        for old in KEPT.iterdir():
            if old != self.folder and old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
        if self.name == "postgres":
            self.data = self._cluster_folder()
            self.cluster = postgres.Server.start(self.data, DURABLE)
        return self

    def __exit__(self, *_: object) -> None:
        if self.cluster:
            self.cluster.stop()

    @property
    def pids(self) -> list[int]:
        return [self.cluster.process.pid] if self.cluster else []

    def _cluster_folder(self) -> Path:
        """PostgreSQL does not run as root: under a private folder it could not reach its own."""
        if os.geteuid() == 0 and not all(one.stat().st_mode & 0o001 for one in (self.folder, *self.folder.parents)):
            return Path(tempfile.mkdtemp(prefix="lianshang-bench-", dir="/var/tmp"))
        return self.folder / "postgres"

    def place(self, size: int, name: str = "") -> Installation:
        """The installation of that size, under its own name or as a copy's."""
        name = name or f"filled_{size}"
        home = self.folder / f"{self.name}-{name}"
        url = f"sqlite:///{home / 'lianshang.sqlite3'}"
        if self.cluster:
            url = self.cluster.url.replace("/postgres?", f"/{name}?")
        return Installation(self.name, size, url, home)

    def filled(self, size: int) -> Installation:
        """Return the installation with that many cases, filling it where that was not done before."""
        place = self.place(size)
        mark = self.data / f"{place.home.name}.ready"
        if mark.exists():
            return place
        print(f"  filling {size:,} cases on {self.name} …", file=sys.stderr, flush=True)
        self._empty(place)
        place.run(BIN / "lianshang", "migrate")
        place.part("fill", size)
        mark.touch()
        return place

    def copy(self, source: Installation, name: str) -> Installation:
        """Return a copy that may be written to and thrown away."""
        place = self.place(source.size, name)
        self._empty(place)
        if self.cluster:
            self._ask(f'DROP DATABASE "{name}"')
            self._ask(f'CREATE DATABASE "{name}" TEMPLATE "filled_{source.size}" STRATEGY FILE_COPY')
            return place
        for file in source.home.glob("lianshang.sqlite3*"):
            shutil.copy(file, place.home / file.name)
        return place

    def _empty(self, place: Installation) -> None:
        shutil.rmtree(place.home, ignore_errors=True)
        place.home.mkdir(parents=True)
        if self.cluster:
            name = _database_of(place.url)
            self._ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            self._ask(f'CREATE DATABASE "{name}"')

    def _ask(self, statement: str) -> None:
        import psycopg

        assert self.cluster is not None
        with psycopg.connect(self.cluster.url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


def _database_of(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


def _fingerprint() -> str:
    """A hash over everything that decides what is in the filled databases."""
    files = [*ROOT.glob("lianshang/*/migrations/*.py"), ROOT / "bench/fill.py", ROOT / "bench/histories.py"]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]
