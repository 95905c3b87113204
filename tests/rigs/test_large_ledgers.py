"""The largest real ledgers through the page; needs the reference data. The others go through it in tests/test_real_ledgers.py."""

import pytest

from tests.test_real_ledgers import LARGEST, brought_in_by_the_page


@pytest.mark.parametrize("name", LARGEST)
@pytest.mark.django_db(transaction=True)
def test_large_ledger_comes_in_through_the_page(shared, name):
    brought_in_by_the_page(shared, name)
