"""Every cell of the table of access, in numbered shares, and five hundred pairs of worlds that differ in one secret.

`RIG_SHARES=0-9,30` names the shares that are wanted, `RIG_CELL` one cell by its name, `RIG_SEED` and `RIG_PAIRS` the pairs.
"""

import os
import secrets

import pytest

from tests.access import matrix, table
from tests.access.canaries import Listener
from tests.access.conftest import built, log, world  # noqa: F401 fixtures
from tests.access.pairs import Comparison
from tests.access.world import World
from tests.rigs import ledger

SHARES, PAIRS, ASKED = 75, 500, 40
FEW = 25  # pairs of one line of the ledger
AGAIN = ".venv/bin/python -m pytest tests/rigs/test_access.py -o testpaths=tests/rigs"
RULES = table.read()
CELLS = matrix.cells(RULES)


def wanted(told: str) -> list[int]:
    """Read `0-9,30`; nothing means all."""
    ends = [one.partition("-") for one in told.split(",") if one]
    return [n for first, _, last in ends for n in range(int(first), int(last or first) + 1)] or list(range(SHARES))


def share_of(number: int) -> list[matrix.Cell]:
    """Return neighbours in the table: what they have in common is worked out once."""
    return CELLS[len(CELLS) * number // SHARES : len(CELLS) * (number + 1) // SHARES]


def tried(world: World, cells: list[matrix.Cell], number: int, log: Listener) -> list[str]:  # noqa: F811
    outcome = matrix.Matrix(world, RULES).run(cells)
    faults = [*matrix.lines(outcome), *outcome.leaks, *(f"the log tells: {one}" for one in log.told())]
    told = {"share": number, "cells": len(cells), **outcome.tried, "wrong": len(outcome.wrong)}
    first = next(iter(outcome.wrong), "")
    chosen = f"RIG_SHARES={number} RIG_CELL='{first}'" if first else f"RIG_SHARES={number}"
    ledger.add("access matrix", told, faults, replay=f"{chosen} {ledger.on()} {AGAIN} -k cell")
    return faults


@pytest.mark.parametrize("number", wanted(os.environ.get("RIG_SHARES", "")))
def test_every_cell_answers_as_the_table_says(world: World, log: Listener, number: int) -> None:  # noqa: F811
    name = os.environ.get("RIG_CELL", "")
    cells = [cell for cell in CELLS if str(cell) == name] if name else share_of(number)

    faults = tried(world, cells, number, log)

    assert faults == [], "\n".join(faults[:100])


FIRST = int(os.environ.get("RIG_SEED", secrets.randbelow(10**6)))
MOST = int(os.environ.get("RIG_PAIRS", PAIRS))


@pytest.mark.parametrize("first", range(0, MOST, FEW))
def test_a_secret_changes_nothing(world: World, log: Listener, first: int) -> None:  # noqa: F811
    seeds = range(FIRST + first, FIRST + min(first + FEW, MOST))

    found = Comparison(world, RULES, share=ASKED).run(seeds)

    faults = [*found.differences, *found.hits, *(f"the log tells: {one}" for one in log.told())]
    told = {"seed": seeds.start, "pairs": found.pairs, "answers": found.compared, "opened": found.opened}
    told |= {"differences": len(found.differences), "canaries": len(found.hits)}
    again = f"RIG_SEED={_seed(faults, seeds)} RIG_PAIRS=1 {ledger.on()} {AGAIN} -k secret"
    ledger.add("non-interference", told, faults, replay=again)
    assert found.opened > found.compared * 0.6
    assert faults == [], "\n".join(faults[:50])


def _seed(faults: list[str], seeds: range) -> int:
    """The pair that failed first: it is one of its own."""
    return next((seed for seed in seeds for one in faults if one.startswith(f"seed {seed}")), seeds.start)
