from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from lianshang.notices.tests.fake_robots import Fake, serving


@pytest.fixture
def fake(settings: LazySettings) -> Iterator[Fake]:
    """A fake platform whose host the operator has named."""
    with serving() as server:
        settings.ROBOT_HOSTS = [f"127.0.0.1:{server.port}", "127.0.0.1:9"]  # nobody listens at the second
        yield server
