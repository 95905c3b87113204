from collections.abc import Iterator

import pytest
from django_scopes import scope

from lianshang.cases.tests.factories import Town, make_town


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    """A park with one person for each role; its scope is open."""
    made = make_town()
    with scope(park=made.park):
        yield made
