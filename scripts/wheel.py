"""Builds the wheel and tries it where nothing else of ours is: a clean environment, an empty folder.

From the wheel alone `migrate`, `check`, `demo`, `serve` and `worker` have to start, and the styles have to be served.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds until the site answers


def main() -> None:
    wheel = build()
    scratch = Path(tempfile.mkdtemp(prefix="lianshang-wheel-"))
    try:
        command = install(wheel, scratch)
        try_out(command, scratch)
    finally:
        shutil.rmtree(scratch)
    print(f"安装包试用通过：{wheel.relative_to(ROOT)}（{wheel.stat().st_size // 1024} kB）")


def build() -> Path:
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", ROOT / "dist", ROOT)
    return next((ROOT / "dist").glob("*.whl"))


def install(wheel: Path, scratch: Path) -> Path:
    """The locked packages and the wheel in an environment of its own; returns its `lianshang`."""
    environment = scratch / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", environment)
    uv = [ROOT / ".venv/bin/uv", "pip", "install", "--quiet", "--python", environment / "bin/python"]
    run(*uv, "--require-hashes", "-r", ROOT / "requirements/run.txt")
    run(*uv, "--no-deps", wheel)
    return environment / "bin/lianshang"


def try_out(command: Path, scratch: Path) -> None:
    home = scratch / "empty"
    home.mkdir()
    for words in (["migrate"], ["check"], ["demo"]):
        run(command, *words, cwd=home, env=own_environment())
    port = free_port()
    serve = start(command, home, "serve", "--port", str(port))
    try:
        page = fetch(f"http://127.0.0.1:{port}/")
        styles = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        assert styles, "the first page names no static file"
        for address in styles:
            assert fetch(f"http://127.0.0.1:{port}{address}"), f"{address} is empty"
    finally:
        end(serve)
    worker = start(command, home, "worker")
    time.sleep(2)
    assert worker.poll() is None, "the worker did not stay up"
    end(worker)


def start(command: Path, home: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([command, *words], cwd=home, env=own_environment())


def end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0, f"{process.args} ended with {process.returncode}"


def fetch(address: str) -> str:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 our own address on loopback
                return answer.read().decode()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_environment() -> dict[str, str]:
    """Nothing of the working copy's settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("LIANSHANG_", "PYTHON"))}


def run(*words: object, **options: object) -> None:
    print("·", *(word if isinstance(word, str) else Path(str(word)).name for word in words), flush=True)
    subprocess.run([str(word) for word in words], check=True, **options)


if __name__ == "__main__":
    main()
