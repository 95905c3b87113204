"""`lianshang retention`, and what the kinds of records that are erased name."""

from collections.abc import Iterator

import pytest
from django_scopes import scope

from lianshang.config import cli
from lianshang.config.field_classes import class_of
from lianshang.directory.models import SignIn
from lianshang.directory.tests.offices import Office, make_office
from lianshang.directory.tests.test_retention import signed_in
from lianshang.kernel.retention import KINDS


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    made = make_office()
    with scope(park=made.park):
        yield made


def test_every_kind_names_columns_of_a_person(office: Office) -> None:
    assert set(KINDS) >= {"sign_ins", "leavers", "case_contacts", "drafts"}
    assert {class_of(column) for kind in KINDS.values() for column in kind.columns} <= {
        "personal",
        "sensitive",
        "secret",
    }


def test_the_command_shows_and_erases_when_told(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    signed_in(office, 400)

    looked = cli.main(["retention"])
    shown = capsys.readouterr().out
    kept = SignIn.objects.count()
    erased = cli.main(["retention", "--erase", "sign_ins"])

    assert (looked, erased, kept) == (0, 0, 1)
    assert "登录记录：登录后 1 年，现在到期 1 条" in shown
    assert "已清除 1 条" in capsys.readouterr().out
    assert cli.main(["retention", "--erase", "cases"]) == 2
