from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from lianshang.notices.tests.fake_robots import Fake, serving


@pytest.fixture
def fake(settings: LazySettings) -> Iterator[Fake]:
    """A fake platform whose host the operator has named."""
    settings.ROBOT_HOSTS = ["127.0.0.1"]
    with serving() as server:
        yield server
