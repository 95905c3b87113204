"""Three articles about the demo park: nothing false is marked in the true ones, and of twenty planted faults all are."""

import random
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django_scopes import scope

from lianshang.config import demo
from lianshang.config.seed import seed
from lianshang.directory.models import Park
from lianshang.reports import writing
from lianshang.reports.checking import CONTRADICTED, SUPPORTED, check
from lianshang.reports.models import Briefing
from lianshang.reports.shipped import SHIPPED
from lianshang.reports.tests.articles import ARTICLES, SLOT, planted, read, true
from lianshang.reports.times import Standpoint
from tests.harness import forget_editions

NOW = datetime(2026, 11, 23, 17, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = date(2026, 11, 23)
FAULTS = 20
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def park(django_db_setup: None, django_db_blocker: Any) -> Iterator[Park]:
    """The whole demo, laid out once for this module and taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        forget_editions()
        seed()
        laid = demo.lay_out(NOW)
        with scope(park=laid.park):
            yield laid.park
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", ARTICLES)
def test_true_article_is_supported_in_every_figure(park: Park, name: str) -> None:
    text = true(ARTICLES[name], park, DAY, NOW)

    found = check(text, Standpoint(park, DAY, NOW))

    assert [(one.mention.text, one.verdict, one.shown) for one in found if one.verdict != SUPPORTED] == []
    assert len(found) == len(SLOT.findall(ARTICLES[name]))


@pytest.mark.parametrize("name", ARTICLES)
def test_twenty_planted_faults_are_marked_and_nothing_else(park: Park, name: str) -> None:
    slots = range(len(SLOT.findall(ARTICLES[name])))
    text, places = planted(ARTICLES[name], park, DAY, NOW, random.Random(name).sample(slots, FAULTS))

    found = check(text, Standpoint(park, DAY, NOW))

    marked = [(one.mention.start, one.mention.end) for one in found if one.verdict == CONTRADICTED]
    assert [text[start:end] for start, end in sorted(set(places) ^ set(marked))] == []
    assert len(marked) == FAULTS


def test_two_true_figures_exchanged_are_two_contradictions(park: Park) -> None:
    taken, closed = (int(read(park, DAY, NOW, key, "今年以来")) for key in ("cases.intake", "cases.closed"))

    found = check(f"今年以来受理诉求{closed}件，办结{taken}件。", Standpoint(park, DAY, NOW))

    assert [(one.verdict, one.value) for one in found] == [(CONTRADICTED, taken), (CONTRADICTED, closed)]


def test_a_figure_of_another_time_is_contradicted(park: Park) -> None:
    this_year = int(read(park, DAY, NOW, "cases.intake", "今年以来"))

    found = check(f"本月受理诉求{this_year}件；今年以来受理诉求{this_year}件。", Standpoint(park, DAY, NOW))

    assert [one.verdict for one in found] == [CONTRADICTED, SUPPORTED]


def test_an_earlier_cut_off_is_read_as_of_that_day(park: Park) -> None:
    then = int(read(park, date(2026, 10, 31), NOW, "cases.intake", "累计"))

    found = check(f"截至10月31日，累计受理诉求{then}件。", Standpoint(park, DAY, NOW))

    assert [(one.verdict, one.value) for one in found] == [(SUPPORTED, then)]


def test_the_default_briefing_reproduces_the_figures_of_the_loop(park: Park) -> None:
    row = Briefing(
        template="yearly", template_number=0, title=SHIPPED["yearly"].title, body=SHIPPED["yearly"].body, signer="办公室",
        first=date(2026, 1, 1), last=date(2026, 12, 31), day=DAY,
    )  # fmt: skip

    text = writing.write(row, park, NOW)

    shown = {figure.name: figure.shown for figure in text.figures}
    assert shown["党政企联席会议解决问题_今年以来"] == "37个"
    assert shown["综合党委走访调研解决问题_今年以来_余"] == "60余个"
    assert [one.mention.text for one in check(text.text, Standpoint(park, DAY, NOW)) if one.verdict != SUPPORTED] == []
    assert len(shown) == 23
    assert text.length < row.most
