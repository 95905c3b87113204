"""Five hundred random attacks on the history, a seed of its own each day; what was found stands in build/rigs/ledger.jsonl."""

import secrets
from pathlib import Path

import pytest

from lianshang.kernel.history import comparing
from tests.rigs import ledger
from tests.tamper.campaign import campaign
from tests.tamper.world import make_world

COUNT = 500
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_world(tmp_path)


def test_five_hundred_attacks_are_found_and_a_planted_fault_too(world, monkeypatch):
    seed = secrets.randbelow(10**6)

    found = campaign(world, seed, COUNT)
    with monkeypatch.context() as patch:
        patch.setattr(comparing, "recomputed", lambda form, values, leaf, erased: bytes(leaf.digest))
        planted = campaign(world, seed, COUNT // 10)

    told = {"seed": seed, "attacks": dict(found.made), "by_witness_alone": found.by_witness_alone}
    again = next((one.rpartition("\n")[2].strip() for one in found.missed), "")
    ledger.add("tamper", told | {"planted_missed": len(planted.missed)}, found.missed, replay=again)
    assert sum(found.made.values()) == COUNT
    assert found.missed == [], "\n".join(found.missed)
    assert planted.missed
