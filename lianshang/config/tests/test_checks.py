"""What `lianshang check` says of a demo park where strangers may come by."""

from urllib.parse import urlsplit

import pytest

from lianshang.config import checks
from lianshang.directory.models import Park


def found(settings: object, address: str) -> list[str]:
    settings.ADDRESS = urlsplit(address)
    settings.HTTPS = settings.ADDRESS.scheme == "https"
    return [finding.check for finding in checks.demo()]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["https://lianshang.example.cn", "http://192.0.2.7:8000", "https://127.0.0.1"])
def test_reachable_demo_park_is_found(settings: object, address: str):
    real = found(settings, address)
    Park.objects.create(code="YS", name="演示园区", is_demo=True)

    assert (real, found(settings, address)) == ([], ["demo"])


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_demo_park_on_this_machine_alone_is_right(settings: object, address: str):
    Park.objects.create(code="YS", name="演示园区", is_demo=True)

    assert found(settings, address) == []
