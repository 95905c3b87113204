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
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from bench.processes import tree
from bench.visitor import Visitor
from tests.harness import ROOT, chosen
from tests.rigs.client import attachment, lines, press, press_again
from tests.rigs.client import promised as promises
from tests.rigs.stores import PostgresStore, SQLiteStore, Store

EXT4_SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2
SIZE = "256M"
PATIENCE = 120  # seconds for a server to answer, on a busy machine
CLIENTS, RELOADS = 3, 6
SHORTEST, LONGEST = 0.3, 1.5  # seconds under load
KEY = "a-key-of-the-rig-and-of-nothing-else-0123456789-abcdefghijklmnop"


@dataclass
class Outcome:
    """`again`: presses whose answer was lost. `lost`: promised, and not there. `twice`: one form, two cases. `broken`: what is there and not right."""

    promised: int = 0
    again: int = 0
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

    def cut(self) -> float:
        """The power goes; return when."""
        handle, when = os.open(self.place, os.O_RDONLY), time.monotonic()
        try:
            fcntl.ioctl(handle, EXT4_SHUTDOWN, NO_LOG_FLUSH.to_bytes(4, sys.byteorder))
        finally:
            os.close(handle)
        return when

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
    """An installation in `home`, served by us on a port of its own; `fault` is planted into the server.

    `dark`: from when to when there was no power. What is answered meanwhile, by processes that nobody has killed yet, no
    real machine would have answered: it counts as unanswered.
    """

    home: Path
    fault: str = "none"
    store: Store = field(init=False)
    server: "subprocess.Popen[bytes] | None" = None
    port: int = 0
    dark: tuple[float, float] = (float("inf"), float("inf"))

    def __post_init__(self) -> None:
        self.store = SQLiteStore(self.home) if chosen() == "sqlite" else PostgresStore()

    @property
    def surroundings(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("LIANSHANG_")}
        return own | {
            "LIANSHANG_HOME": str(self.home), "LIANSHANG_SECRET_KEY": KEY, "LIANSHANG_PROOF_BITS": "0",
            "LIANSHANG_BEHIND_PROXY": "1", "DJANGO_SETTINGS_MODULE": "lianshang.config.settings",
        } | ({"LIANSHANG_DATABASE_URL": self.store.url} if self.store.url else {})  # fmt: skip

    def command(self, *words: object) -> str:
        line = [sys.executable, "-m", "lianshang", *map(str, words)]
        done = subprocess.run(line, env=self.surroundings, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def founded(self) -> str:
        """Tables and a park; return the address of its whistle page."""
        self.command("migrate")
        self.command("demo")
        ((code, token),) = self.store.ask("SELECT code, whistle_token FROM directory_park")
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

    def up_again(self) -> None:
        """Wait until it answers. One that gave up, its workers dead too often, is started as its service would."""
        assert self.server
        until = time.monotonic() + PATIENCE
        while not self.answers():
            if self.server.poll() is not None:
                self.start()
            elif time.monotonic() > until:
                pytest.fail("the server does not answer any more: build/rigs/server.log")
            time.sleep(0.05)

    def gone(self) -> None:
        if self.server:
            self.kill()
        self.store.gone()

    @contextmanager
    def clients(self, door: str, folder: Path, seed: int) -> Iterator[None]:
        """Press from several sides until the block is left."""
        stop = Event()
        given = [(self.port, door, folder / str(number), seed * 10 + number, stop) for number in range(CLIENTS)]
        begun = [Thread(target=press, args=one, daemon=True) for one in given]
        for one in begun:
            one.start()
        try:
            yield
        finally:
            stop.set()
            for one in begun:
                one.join(PATIENCE)


@contextmanager
def standing(home: Path, fault: str = "none") -> Iterator[tuple[Site, str]]:
    """Found an installation, serve it, and give it with the address of its whistle page; nothing of it runs afterwards."""
    site = Site(home, fault)
    try:
        door = site.founded()
        site.start()
        yield site, door
    finally:
        site.gone()


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
        press_again(site.port, door, one, seed * 10 + number, site.dark[0])


def judged(site: Site, folder: Path, before: int) -> Outcome:
    """Hold what the site shows against what was promised; `before` is how many cases there were."""
    promised = [one for each in _folders(folder) for one in promises(each, *site.dark)]
    pressed = [one["name"] for each in _folders(folder) for one in lines(each / "asked.jsonl")]
    asked = set(pressed)
    found = Outcome(promised=len(promised), again=len(pressed) - len(asked))
    visitor = Visitor(site.port)
    found.lost = [one["name"] for one in promised if not _is_there(visitor, one)]
    visitor.close()
    found.twice = max(0, cases(site) - before - len(asked))
    found.broken = list(_broken(site))
    return found


def _is_there(visitor: Visitor, promise: dict[str, Any]) -> bool:
    """The receipt opens, and its attachment is what was sent. An error is no answer: it is asked again, as by a reload."""
    for _ in range(RELOADS):
        if (status := visitor.get(promise["at"]).status) < 500:
            break
        time.sleep(0.5)
    if status != 200:
        return False
    with closing(HTTPConnection("127.0.0.1", visitor.port, timeout=PATIENCE)) as connection:
        connection.request("GET", f"{promise['at']}files/1/")
        answer = connection.getresponse()
        return answer.status == 200 and answer.read() == attachment(promise["name"])


def cases(site: Site) -> int:
    return int(site.store.ask("SELECT count(*) FROM cases_case")[0][0])


def _broken(site: Site) -> Iterator[str]:
    for what, question in site.store.broken.items():
        if rows := site.store.ask(question):
            yield f"{what}: {json.dumps(rows[:3], default=str)}"


def fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
