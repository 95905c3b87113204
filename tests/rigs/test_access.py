"""Every cell of the table of access, and five hundred pairs of worlds that differ in one secret."""

import os
import secrets

from tests.access import matrix, table
from tests.access.conftest import built, log, world  # noqa: F401 fixtures
from tests.access.pairs import Comparison
from tests.access.world import World
from tests.rigs import ledger

PAIRS, SHARE = 500, 40
AGAIN = ".venv/bin/python -m pytest tests/rigs/test_access.py -o testpaths=tests/rigs"


def test_every_cell_answers_as_the_table_says(world: World) -> None:  # noqa: F811
    rules = table.read()

    outcome = matrix.Matrix(world, rules).run(matrix.cells(rules))

    faults = [*matrix.lines(outcome), *outcome.leaks]
    told = {"cells": sum(outcome.tried.values()), **outcome.tried, "wrong": len(outcome.wrong)}
    ledger.add("access matrix", told, faults, replay=f"{AGAIN} -k cell")
    assert faults == [], "\n".join(faults[:100])


def test_five_hundred_secrets_change_nothing(world: World) -> None:  # noqa: F811
    first = int(os.environ.get("RIG_SEED", secrets.randbelow(10**6)))

    found = Comparison(world, table.read(), share=SHARE).run(range(first, first + PAIRS))

    told = {"seed": first, "pairs": found.pairs, "answers": found.compared, "differences": len(found.differences)}
    told["canaries"] = len(found.hits)
    ledger.add(
        "non-interference", told, [*found.differences, *found.hits], replay=f"RIG_SEED={first} {AGAIN} -k secrets"
    )
    assert found.differences == [], "\n".join(found.differences[:50])
    assert found.hits == [], "\n".join(found.hits[:50])
