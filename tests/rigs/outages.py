"""The real server, real clients, and the moment when the power goes or the process is killed.

The place is a file system in a file, mounted by a loop device: the ioctl that ends it drops whatever was not synced, as a
power cut does. What the clients were promised lies outside, synced. Afterwards the server starts again from what is left.
"""

import fcntl
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from bench.processes import tree
from bench.visitor import Visitor
from tests.harness import ROOT
from tests.rigs.client import attachment, lines

EXT4_SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2
SIZE = "256M"
PATIENCE = 120  # seconds for a server to answer, on a busy machine
CLIENTS = 3
SHORTEST, LONGEST = 0.3, 1.5  # seconds under load
KEY = "a-key-of-the-rig-and-of-nothing-else-0123456789-abcdefghijklmnop"


@dataclass
class Outcome:
    """`lost`: promised, and not there. `twice`: one form, two cases. `broken`: what is there and not right."""

    promised: int = 0
    unanswered: int = 0
    lost: list[str] = field(default_factory=list)
    twice: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        twice = [f"{self.twice} cases too many"] if self.twice else []
        return [f"lost: {name}" for name in self.lost] + twice + self.broken


class Disk:
    """An ext4 file system of its own under `folder`. Needs root and loop devices; where these are not, the rig fails."""

    def __init__(self, folder: Path) -> None:
        self.image, self.place = folder / "disk.img", folder / "disk"
        self.place.mkdir(parents=True)
        _must("truncate", "-s", SIZE, self.image)
        _must("mkfs.ext4", "-q", self.image)
        self.mount()

    def mount(self) -> None:
        _must("mount", "-o", "loop", self.image, self.place)

    def cut(self) -> None:
        """The power goes."""
        handle = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, EXT4_SHUTDOWN, NO_LOG_FLUSH.to_bytes(4, sys.byteorder))
        finally:
            os.close(handle)

    def unmount(self) -> None:
        """Whoever was killed needs a moment to let go."""
        for _ in range(200):
            if subprocess.run(["umount", self.place], capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.05)
        pytest.fail(f"{self.place} stays busy")


def _must(*words: object) -> None:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"the rig cannot run here: {' '.join(map(str, words))}: {done.stderr.strip()}")


@dataclass
class Site:
    """An installation in `home`, served by us on a port of its own; `fault` is planted into the server."""

    home: Path
    fault: str = "none"
    server: "subprocess.Popen[bytes] | None" = None
    port: int = 0

    @property
    def surroundings(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("LIANSHANG_")}
        return own | {
            "LIANSHANG_HOME": str(self.home), "LIANSHANG_SECRET_KEY": KEY, "LIANSHANG_PROOF_BITS": "0",
            "LIANSHANG_BEHIND_PROXY": "1", "DJANGO_SETTINGS_MODULE": "lianshang.config.settings",
        }  # fmt: skip

    def command(self, *words: object) -> str:
        line = [sys.executable, "-m", "lianshang", *map(str, words)]
        done = subprocess.run(line, env=self.surroundings, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def founded(self) -> str:
        """Tables and a park; return the address of its whistle page."""
        self.command("migrate")
        self.command("demo")
        with sqlite3.connect(self.home / "lianshang.sqlite3") as file:
            code, token = file.execute("SELECT code, whistle_token FROM directory_park").fetchone()
        file.close()
        return f"/w/{code}-{token}/"

    def start(self) -> float:
        """Serve, and return how long it took until it answered."""
        self.port, begun = _free_port(), time.monotonic()
        line = [sys.executable, "-m", "tests.rigs.planted", self.fault, "serve", "--port", str(self.port)]
        log = (ROOT / "build" / "rigs" / "server.log").open("ab")
        self.server = subprocess.Popen(
            line, env=self.surroundings, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        until = begun + PATIENCE
        while time.monotonic() < until and self.server.poll() is None:
            if self.answers():
                return time.monotonic() - begun
            time.sleep(0.05)
        pytest.fail("the server did not start again: build/rigs/server.log")

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", "/sign-in/")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def kill(self, *, only_workers: bool = False) -> None:
        """All at once, children first found; or the workers alone, whom the server replaces by itself."""
        assert self.server
        for pid in tree(self.server.pid)[1 if only_workers else 0 :]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if not only_workers:
            self.server.wait()

    @contextmanager
    def clients(self, door: str, folder: Path, seed: int) -> Iterator[None]:
        begun = [self.client(door, folder / str(number), seed * 10 + number) for number in range(CLIENTS)]
        try:
            yield
        finally:
            for one in begun:
                one.kill()
                one.wait()

    def client(self, door: str, folder: Path, seed: int, *more: str) -> "subprocess.Popen[bytes]":
        line = [sys.executable, "-m", "tests.rigs.client", str(self.port), door, str(folder), str(seed), *more]
        return subprocess.Popen(line, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def loaded(site: Site, door: str, folder: Path, seed: int) -> None:
    """Let the clients press for a while."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not any(lines(one / "promised.jsonl") for one in _folders(folder)):
        time.sleep(0.02)
    time.sleep(random.Random(seed).uniform(SHORTEST, LONGEST))


def _folders(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_dir()) if folder.exists() else []


def settled(site: Site, door: str, folder: Path, seed: int) -> None:
    """Whoever got no answer sends the same form again."""
    for number, one in enumerate(_folders(folder)):
        site.client(door, one, seed * 10 + number, "again").wait(PATIENCE)


def judged(site: Site, folder: Path, before: int) -> Outcome:
    """Hold what the site shows against what was promised; `before` is how many cases there were."""
    promised = [one for each in _folders(folder) for one in lines(each / "promised.jsonl")]
    asked = {one["name"] for each in _folders(folder) for one in lines(each / "asked.jsonl")}
    found = Outcome(promised=len(promised), unanswered=len(asked) - len({one["name"] for one in promised}))
    visitor = Visitor(site.port)
    found.lost = [one["name"] for one in promised if not _is_there(visitor, one)]
    visitor.close()
    found.twice = max(0, cases(site) - before - len(asked))
    found.broken = list(_broken(site))
    return found


def _is_there(visitor: Visitor, promise: dict[str, Any]) -> bool:
    """The receipt opens, and its attachment is what was sent."""
    if visitor.get(promise["at"]).status != 200:
        return False
    with closing(HTTPConnection("127.0.0.1", visitor.port, timeout=PATIENCE)) as connection:
        connection.request("GET", f"{promise['at']}files/1/")
        answer = connection.getresponse()
        return answer.status == 200 and answer.read() == attachment(promise["name"])


def _ask(site: Site, question: str) -> list[Any]:
    with sqlite3.connect(f"file:{site.home}/lianshang.sqlite3?mode=ro", uri=True) as file:
        told = file.execute(question).fetchall()
    file.close()
    return told


def cases(site: Site) -> int:
    return int(_ask(site, "SELECT count(*) FROM cases_case")[0][0])


BROKEN = {
    "a case and its events differ": "SELECT c.number FROM cases_case c WHERE c.version <> (SELECT count(*) FROM"
    " cases_caseevent e WHERE e.subject_id = c.id)",
    "a reference points to nothing": "SELECT * FROM pragma_foreign_key_check",
    "the database is damaged": "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    "an event owes nobody anything": "SELECT e.id FROM cases_caseevent e JOIN cases_case c ON c.id = e.subject_id"
    " WHERE c.batch_id IS NULL AND NOT EXISTS (SELECT 1 FROM kernel_outboxitem o WHERE o.topic = 'cases.event'"
    " AND o.subject = e.id)",
}


def _broken(site: Site) -> Iterator[str]:
    for what, question in BROKEN.items():
        if rows := _ask(site, question):
            yield f"{what}: {json.dumps(rows[:3], default=str)}"


def fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
