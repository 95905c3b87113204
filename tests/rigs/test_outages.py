"""Kills under load and power cuts: nothing that was promised is lost, and each planted fault loses something.

`RIG_KILLS` and `RIG_CUTS` say how many, `RIG_SEED` where they begin: a failure is replayed with
its own seed and one run.
"""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import chosen
from tests.rigs import ledger
from tests.rigs.outages import Disk, Outcome, Site, cases, fresh, judged, loaded, settled, standing
from tests.rigs.stores import PostgresStore

KILLS, CUTS = (int(os.environ.get(f"RIG_{name}", most)) for name, most in (("KILLS", "200"), ("CUTS", "100")))
SEED = int(os.environ.get("RIG_SEED", "1"))
CAUGHT_WITHIN = 10  # runs in which a planted fault has to show
WORKERS, DATABASE = 0.7, 0.3  # shares of the runs: workers alone, of these on PostgreSQL its server instead
on_sqlite = pytest.mark.skipif(chosen() != "sqlite", reason="power is cut under SQLite's file")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path)
    yield made
    made.unmount()


def killed(site: Site, door: str, folder: Path, seed: int) -> Outcome:
    """Under load, the database, the workers or everything of ours; what is not up again by itself is started."""
    before, lot = cases(site), random.Random(seed).random()
    with site.clients(door, fresh(folder), seed):
        loaded(site, door, folder, seed)
        if lot < DATABASE and isinstance(site.store, PostgresStore):
            site.store.kill()
        else:
            site.kill(only_workers=lot < WORKERS)
    if lot < WORKERS:
        site.up_again()
    else:
        site.start()
    settled(site, door, folder, seed)
    return judged(site, folder, before)


def cut(disk: Disk, site: Site, door: str, folder: Path, seed: int) -> Outcome:
    before = cases(site)
    with site.clients(door, fresh(folder), seed):
        loaded(site, door, folder, seed)
        went = disk.cut()
        site.kill()
    site.dark = (went, time.monotonic())
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
    again = f"RIG_{name}=1 RIG_SEED={seed} {ledger.on()} .venv/bin/python -m pytest tests/rigs/test_outages.py -o testpaths=tests/rigs -k {told}"
    ledger.add(rig, counts | {"again": outcome.again}, outcome.faults, replay=again)


def test_kill_under_load_loses_nothing(tmp_path: Path):
    with standing(tmp_path / "home") as (site, door):
        for seed in range(SEED, SEED + KILLS):
            outcome = killed(site, door, tmp_path / "told", seed)
            noted("kill", "none", seed, outcome)
            assert outcome.faults == [], f"seed {seed}"


@on_sqlite
def test_cut_of_the_power_loses_nothing(disk: Disk, tmp_path: Path):
    with standing(disk.place / "home") as (site, door):
        for seed in range(SEED, SEED + CUTS):
            outcome = cut(disk, site, door, tmp_path / "told", seed)
            noted("cut", "none", seed, outcome)
            assert outcome.faults == [], f"seed {seed}"


@on_sqlite
@pytest.mark.parametrize("fault", ["forgetful", "unsynced"])
def test_cut_catches_a_planted_fault(disk: Disk, tmp_path: Path, fault: str):
    assert _caught("cut", fault, disk, tmp_path)


def test_kill_catches_a_reply_before_its_commit(tmp_path: Path):
    assert _caught("kill", "hasty", None, tmp_path)


def _caught(rig: str, fault: str, disk: Disk | None, folder: Path) -> bool:
    """Whether the fault showed in one of some runs."""
    told = folder / "told"
    with standing((disk.place if disk else folder) / "home", fault) as (site, door):
        for seed in range(SEED, SEED + CAUGHT_WITHIN):
            outcome = cut(disk, site, door, told, seed) if disk else killed(site, door, told, seed)
            noted(rig, fault, seed, outcome)
            if outcome.faults:
                return True
    return False
