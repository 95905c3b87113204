"""Kills under load and power cuts: nothing that was promised is lost, and each planted fault loses something.

`RIG_KILLS` and `RIG_CUTS` say how many, `RIG_SEED` where they begin: a failure is replayed with
its own seed and one run.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import chosen
from tests.rigs import ledger
from tests.rigs.outages import Disk, Outcome, Site, cases, fresh, judged, loaded, settled

KILLS, CUTS = (int(os.environ.get(f"RIG_{name}", most)) for name, most in (("KILLS", "200"), ("CUTS", "100")))
SEED = int(os.environ.get("RIG_SEED", "1"))
CAUGHT_WITHIN = 10  # runs in which a planted fault has to show
pytestmark = pytest.mark.skipif(chosen() != "sqlite", reason="the rig lays out SQLite; run it once")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path)
    yield made
    made.unmount()


def killed(site: Site, door: str, folder: Path, seed: int) -> Outcome:
    """Under load, the workers or everything; the server is up again by itself or by its own command."""
    before, only_workers = cases(site), random.Random(seed).random() < 0.7
    with site.clients(door, fresh(folder), seed):
        loaded(site, door, folder, seed)
        site.kill(only_workers=only_workers)
    if only_workers:
        while not site.answers():
            pass
    else:
        site.start()
    settled(site, door, folder, seed)
    return judged(site, folder, before)


def cut(disk: Disk, site: Site, door: str, folder: Path, seed: int) -> Outcome:
    before = cases(site)
    with site.clients(door, fresh(folder), seed):
        loaded(site, door, folder, seed)
        disk.cut()
        site.kill()
    disk.unmount()
    disk.mount()
    site.start()
    settled(site, door, folder, seed)
    return judged(site, folder, before)


def noted(rig: str, fault: str, seed: int, outcome: Outcome) -> None:
    """A fault that was planted is meant to show: its line says what was found."""
    counts = {"seed": seed, "fault": fault, "promised": outcome.promised, "lost": len(outcome.lost)}
    told = f"'{rig} and loses'" if fault == "none" else f"'{rig} and catches'"
    name = "KILLS" if rig == "kill" else "CUTS"
    again = f"RIG_{name}=1 RIG_SEED={seed} .venv/bin/python -m pytest tests/rigs/test_outages.py -k {told}"
    ledger.add(rig, counts | {"unanswered": outcome.unanswered}, outcome.faults, replay=again)


def test_kill_under_load_loses_nothing(tmp_path: Path):
    site = Site(tmp_path / "home")
    door = site.founded()
    site.start()
    try:
        for seed in range(SEED, SEED + KILLS):
            outcome = killed(site, door, tmp_path / "told", seed)
            noted("kill", "none", seed, outcome)
            assert outcome.faults == [], f"seed {seed}"
    finally:
        site.kill()


def test_cut_of_the_power_loses_nothing(disk: Disk, tmp_path: Path):
    site = Site(disk.place / "home")
    door = site.founded()
    site.start()
    try:
        for seed in range(SEED, SEED + CUTS):
            outcome = cut(disk, site, door, tmp_path / "told", seed)
            noted("cut", "none", seed, outcome)
            assert outcome.faults == [], f"seed {seed}"
    finally:
        site.kill()


@pytest.mark.parametrize("fault", ["forgetful", "unsynced"])
def test_cut_catches_a_planted_fault(disk: Disk, tmp_path: Path, fault: str):
    assert _caught("cut", fault, disk, tmp_path)


def test_kill_catches_a_reply_before_its_commit(tmp_path: Path):
    assert _caught("kill", "hasty", None, tmp_path)


def _caught(rig: str, fault: str, disk: Disk | None, folder: Path) -> bool:
    """Whether the fault showed in one of some runs."""
    site = Site((disk.place if disk else folder) / "home", fault)
    door = site.founded()
    site.start()
    try:
        for seed in range(SEED, SEED + CAUGHT_WITHIN):
            told = folder / "told"
            outcome = cut(disk, site, door, told, seed) if disk else killed(site, door, told, seed)
            noted(rig, fault, seed, outcome)
            if outcome.faults:
                return True
    finally:
        site.kill()
    return False
