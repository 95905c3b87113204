"""Every cell of the table is tried: a seeded share here, all of them in the rig."""

from tests.access import matrix, table
from tests.access.canaries import Listener
from tests.access.world import World

SEED, MOST = 20261123, 600


def test_every_cell_answers_as_the_table_says(world: World, log: Listener) -> None:
    rules = table.read()
    chosen = matrix.share(matrix.cells(rules), rules, SEED, MOST)

    outcome = matrix.Matrix(world, rules).run(chosen)

    assert outcome.wrong == {}, "\n".join(matrix.lines(outcome))
    assert outcome.leaks == [], "\n".join(outcome.leaks)
    assert log.told() == []
