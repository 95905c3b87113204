"""What the rigs tried, one line of JSON each: `build/rigs/ledger.jsonl`. A failure carries the command that replays it."""

import json
import os
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tests.harness import ROOT, chosen

PATH = ROOT / "build" / "rigs" / "ledger.jsonl"


def add(rig: str, told: dict[str, Any], faults: Sequence[str], replay: str = "") -> None:
    """Note a run: its counts and seed, whether it held, and how to see it again."""
    current = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "rig": rig,
        "database": chosen(),
        **told,
        "held": not faults,
    }
    if faults:
        again = replay or f"{on()} .venv/bin/python -m pytest '{current}'"
        line |= {"faults": list(faults)[:20], "replay": again}
    PATH.parent.mkdir(parents=True, exist_ok=True)
    with PATH.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def on() -> str:
    """The variable that names this run's database, for a line that replays it."""
    return f"LIANSHANG_TEST_DATABASE={chosen()}"


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
