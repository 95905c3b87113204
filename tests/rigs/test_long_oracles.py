"""The deadline engine and the clocks against their naive seconds, 50,000 random lives each."""

from lianshang.cases.tests.clock_oracle import differences as clock_differences
from lianshang.cases.tests.conftest import town  # noqa: F401 -- the fixture
from tests.oracle.campaign import differences

CASES = 50_000


def test_deadlines_agree_with_the_naive_engine():
    assert differences(CASES, seed=2026, calendars=250) == []


def test_clocks_with_pauses_and_extensions_agree_with_the_naive_walk(town):  # noqa: F811
    assert clock_differences(town, CASES, seed=2027) == []
