"""Whoever may not know of a complaint cannot tell the world with it from the world without: fifty pairs, byte for byte."""

from tests.access import table
from tests.access.canaries import Listener
from tests.access.pairs import Comparison
from tests.access.world import World

PAIRS, SHARE = 50, 6


def test_a_secret_changes_nothing_for_those_who_may_not_know(world: World, log: Listener) -> None:
    found = Comparison(world, table.read(), share=SHARE).run(range(PAIRS))

    assert found.pairs == PAIRS
    assert found.opened > found.compared * 0.6
    assert found.differences == [], "\n".join(found.differences)
    assert found.hits == [], "\n".join(found.hits)
    assert log.told() == []
