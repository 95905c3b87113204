"""Five hundred random attacks on the history, a seed of its own each day; what was found stands in build/rigs/ledger.jsonl."""

import json
import secrets
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from lianshang.kernel.history import comparing
from tests.harness import ROOT
from tests.tamper.campaign import campaign
from tests.tamper.world import make_world

COUNT = 500
LEDGER = ROOT / "build" / "rigs" / "ledger.jsonl"
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_world(tmp_path)


def record(rig: str, **told: object) -> None:
    """Append one line: which rig, of which version, when, on which database, with which seed, and what came of it."""
    version = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    line = {"rig": rig, "commit": version.stdout.strip(), "at": datetime.now(UTC).isoformat(timespec="seconds")}
    LEDGER.parent.mkdir(parents=True, exist_ok=True)
    with LEDGER.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**line, "database": connection.vendor, **told}, ensure_ascii=False) + "\n")


def test_five_hundred_attacks_are_found_and_a_planted_fault_too(world, monkeypatch):
    seed = secrets.randbelow(10**6)

    found = campaign(world, seed, COUNT)
    with monkeypatch.context() as patch:
        patch.setattr(comparing, "recomputed", lambda form, values, leaf, erased: bytes(leaf.digest))
        planted = campaign(world, seed, COUNT // 10)

    record("tamper", seed=seed, attacks=dict(found.made), missed=found.missed, by_witness_alone=found.by_witness_alone,
           planted_missed=len(planted.missed))  # fmt: skip
    assert sum(found.made.values()) == COUNT
    assert found.missed == [], "\n".join(found.missed)
    assert planted.missed
