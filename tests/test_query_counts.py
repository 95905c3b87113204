"""How often each page asks the database, with months of cases: a page that asks once for each row is found here."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from lianshang.config import demo
from lianshang.config.seed import seed
from lianshang.directory.models import Account
from tests import paper
from tests.showcase import PAGES, Demo, Page

DESK = "demo-dispatcher"  # whose inbox suggests units
MOST = 25  # questions of one page, session and account included
ALIKE = 3  # times that a page may ask the same with other values
ASKS = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def park(django_db_setup: None, django_db_blocker: Any) -> Iterator[Demo]:
    """The demo park, laid out once for this module and taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed()
        laid = demo.lay_out(timezone.now().astimezone(ZoneInfo("Asia/Shanghai")))
        with scope(park=laid.park):
            _learn(DESK)
            yield Demo(laid.park)
        transaction.set_rollback(True)


def _learn(account: str) -> None:
    """Let this process read what it keeps: a catalogue, its model, calendars, asked once in its life and not by a page."""
    client = Client()
    client.force_login(Account.objects.get(username=account))
    assert client.get(reverse("cases:desk")).status_code == 200


@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_page_asks_few_questions(park: Demo, shown: Page) -> None:
    client, address = Client(), shown.where(park)
    if shown.who:
        client.force_login(Account.objects.get(username=shown.who))

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)

    questions = [one["sql"] for one in asked.captured_queries if one["sql"].split()[0] in ASKS]
    shapes = Counter(re.sub(r"'[^']*'|\b\d+\b", "?", sql) for sql in questions)
    assert answer.status_code == shown.status, paper.text(answer)[:300]
    assert len(questions) <= MOST, "\n".join(sql[:160] for sql in questions)
    assert [(times, shape[:200]) for shape, times in shapes.items() if times > ALIKE] == []
