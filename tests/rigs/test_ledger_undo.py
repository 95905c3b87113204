"""All rows of the faulty ledger that can be brought in, in and out again: `make test` does the same with 600."""

from lianshang.cases.tests import faulty_ledger
from lianshang.cases.tests.conftest import town  # noqa: F401 -- the fixture
from lianshang.cases.tests.test_ledger_faults import PLANTS, ROWS, SEED, goes_out_again


def test_a_whole_ledger_goes_out_again_without_a_trace(town):  # noqa: F811
    content, _ = faulty_ledger.make(ROWS, PLANTS, SEED)

    goes_out_again(town, content, None)
