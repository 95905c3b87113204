"""Every test is searched for the identities it locked up: what is planted is found, what may be told is not."""

import logging
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.test import Client
from django_scopes import scope

from lianshang.cases.tests.factories import Town, make_town
from lianshang.cases.views import detail
from lianshang.directory.models import Account
from tests.sweep import Sweep

NAME, PHONE = "丹顶山雀", "13777104925"
log = logging.getLogger("lianshang.planted")


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    made = make_town()
    with scope(park=made.park):
        yield made


@pytest.fixture
def officer(town: Town) -> Client:
    client, person = Client(), town.complaints.person
    client.force_login(Account.objects.create(username="officer", park=town.park, person=person))
    return client


def complaint(town: Town):
    return town.whistle(
        nature="complaint", text="夜间偷倒废渣。", contact_name=NAME, contact_phone=PHONE, enterprise=None
    )


def test_an_identity_on_a_page_is_found(town: Town, officer: Client, swept: Sweep):
    case = complaint(town)
    with patch.object(detail, "accused", lambda case, actor: [("来件人", NAME)]):
        officer.get(case.get_absolute_url())

    found, swept.hits = swept.hits, []
    assert found == [f"GET {case.get_absolute_url()} tells {NAME}"]


def test_an_identity_in_the_log_is_found(town: Town, swept: Sweep):
    complaint(town)
    log.warning("called %s", PHONE)

    found, swept.hits = swept.hits, []
    assert found == [f"the log tells {PHONE}: called {PHONE}"]


def test_what_is_no_secret_is_not_a_hit(town: Town, officer: Client, swept: Sweep):
    case = complaint(town)
    town.whistle(contact_name=NAME)

    officer.get(case.get_absolute_url())

    assert swept.answers == 1
    assert swept.hits == []
