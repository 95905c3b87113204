"""Published figures reproduce to the bit after a thousand random later changes, over several walks."""

import pytest

from lianshang.cases.tests import frozen_walk
from lianshang.cases.tests.conftest import town  # noqa: F401 the park that the walks go through

CHANGES = 1000


@pytest.mark.parametrize("seed", range(4))
def test_published_figures_reproduce_after_1000_changes(town, seed):  # noqa: F811 the fixture of that name
    count, wrong = frozen_walk.moved(town, seed, 60, CHANGES)

    assert wrong == []
    assert count > 80


@pytest.mark.parametrize("seed", range(4))
def test_figures_read_the_same_later_at_ten_moments(town, seed):  # noqa: F811 the fixture of that name
    assert frozen_walk.live_and_later(town, seed, 40, 10) == []
