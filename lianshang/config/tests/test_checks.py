"""What `lianshang check` says of demo parks and administrators; `lianshang account`."""

import json
from datetime import date
from urllib.parse import urlsplit

import pytest
from django_scopes import scope

from lianshang.config import checks, cli
from lianshang.directory.founding import close_demo_accounts, found_park
from lianshang.directory.models import Account, AuditRecord, Park, Person


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


def demo_account(*, is_demo: bool) -> Account:
    park = Park.objects.create(code="YS", name="园区", is_demo=is_demo)
    with scope(park=park):
        person = Person.objects.create(park=park, name="罗示平")
    return Account.objects.create(username="demo-one", park=park, person=person, is_demo=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "is_demo", "faults"),
    [
        ("http://127.0.0.1:8000", True, []),
        ("https://lianshang.example.cn", True, ["demo.accounts", "demo"]),
        ("http://127.0.0.1:8000", False, ["demo.accounts"]),
    ],
)
def test_demo_accounts_are_for_a_demo_on_this_machine(settings: object, address: str, is_demo: bool, faults: list[str]):
    demo_account(is_demo=is_demo)

    before = found(settings, address)
    close_demo_accounts()

    assert before == faults
    assert "demo.accounts" not in found(settings, address)


@pytest.mark.django_db
def test_a_park_without_its_administrators_is_told(settings: object):
    Park.objects.create(code="LZ", name="示范园区")

    said = [finding.sentence for finding in checks.administrators(date(2026, 11, 23))]

    assert "还没有系统管理员、安全管理员、审计管理员" in said[0]
    assert "动态口令" in said[1]


@pytest.mark.django_db
def test_first_administrators_are_made_once_each_by_command(capsys: pytest.CaptureFixture[str]):
    park = found_park()

    first = cli.main(["account", "open", "zhang", "--name", "张三", "--role", "administrator", "--json"])
    told = json.loads(capsys.readouterr().out)
    again = cli.main(["account", "open", "li", "--name", "李四", "--role", "administrator"])

    account = Account.objects.get(username="zhang")
    assert (first, again) == (0, 2)
    assert "已有系统管理员：张三" in capsys.readouterr().err
    assert account.check_password(told["password"])
    assert account.must_change_password
    with scope(park=park):
        assert AuditRecord.objects.get().about == account.person


@pytest.mark.django_db
def test_command_opens_an_account_that_nobody_can_open(capsys: pytest.CaptureFixture[str]):
    account = demo_account(is_demo=True)

    code = cli.main(["account", "reset", "demo-one", "--json"])
    unknown = cli.main(["account", "reset", "nobody"])

    account.refresh_from_db()
    assert (code, unknown) == (0, 2)
    assert account.check_password(json.loads(capsys.readouterr().out)["password"])


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_demo_park_on_this_machine_alone_is_right(settings: object, address: str):
    Park.objects.create(code="YS", name="演示园区", is_demo=True)

    assert found(settings, address) == []
