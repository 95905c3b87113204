"""The pages of figures: who reads them, what they bear of odd addresses, that what is shown opens and goes out as a sheet."""

import io

import pytest
import python_calamine as calamine
from django.test import Client
from django.utils import timezone

from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, make_actor
from lianshang.directory.models import Account, AuditRecord
from lianshang.indicators import freezing, periods
from lianshang.indicators.models import Publication

ODD = (
    "period=banana", "period=2026-13", "period=9999-12-31..0001-01-01", "kind=nothing", "at=yesterday",
    "at=2026-11-05T10:00", "part=nosuch", "unit=nosuch", "enterprise=%00", "after=zzz", "kind=累计&period=2026-11&part=of",
    "at=2026-11-05T10:00:00%2B08:00", "kind=" + "x" * 500,
    "period=0001", "period=9999", "at=0001-01-01T00:00:00%2B08:00", "of=nosuch", "kind=到目前&period=0001-01-01..9999-12-31",
)  # fmt: skip
PAGES = ("", "overlap/", "cases.intake/", "cases.feedback_rate/", "cases.open/", "cases.median_days/")


def client(town, name):
    actor = getattr(town, name, None) or make_actor(town.park, "顾统", name, town.office)
    signed_in = Client()
    account = Account.objects.create(username=f"{name}-figures", park=town.park, person=actor.person)
    signed_in.force_login(account)
    return signed_in


@pytest.mark.parametrize("odd", ODD)
def test_odd_addresses_are_answered_with_a_page(town, odd):
    town.answered()

    reader = client(town, "head")

    assert {reader.get(f"/figures/{place}?{odd}").status_code for place in PAGES} <= {200, 400, 404}


def test_a_period_that_is_none_is_said_and_another_shown(town):
    answer = client(town, "head").get("/figures/cases.intake/?period=banana")

    assert answer.status_code == 400
    assert "不是时段" in answer.content.decode()


@pytest.mark.parametrize("name", ["administrator", "complaints"])
def test_whoever_reads_no_ledger_reads_no_figures(town, name):
    reader = client(town, name)

    assert [reader.get(f"/figures/{page}").status_code for page in (*PAGES, "published/", "nosuch/")] == [404] * 8


def test_a_figure_lists_its_rows_and_each_opens(town):
    case = town.answered()
    reader = client(town, "head")

    page = reader.get("/figures/cases.intake/?period=2026-11").content.decode()

    assert case.get_absolute_url() in page
    assert reader.get(case.get_absolute_url()).status_code == 200


def test_a_liaison_is_told_that_only_their_own_are_counted(town):
    town.whistle()

    page = client(town, "outsider").get("/figures/cases.intake/?period=2026-11").content.decode()

    assert "只算您看得到的公开诉求" in page
    assert "这一部分没有记录" in page


def test_narrowed_to_a_unit_the_value_is_counted_anew(town):
    town.dispatched()
    town.whistle(MONDAY + HOUR)

    page = client(town, "head").get("/figures/cases.intake/?period=2026-11&unit=roads").content.decode()

    assert "<b>1</b>" in page
    assert "下面只看其中一部分" in page


def test_a_sheet_has_the_rows_and_is_on_record(town):
    case = town.answered(text="请拨 13812345678，东门路灯坏了。")
    answer = client(town, "head").post("/figures/cases.intake/sheet/?period=2026-11")

    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()

    assert [row[1] for row in rows if row[0] == 1.0] == [case.number]
    assert "13812345678" not in str(rows)
    assert "受理诉求" in AuditRecord.objects.latest("pk").what


def test_the_clerk_publishes_corrects_and_reads_what_moved(town):
    case = town.answered()
    clerk = client(town, "reporting_clerk")
    made = freezing.publish(
        periods.parse("2026-11"), actor=make_actor(town.park, "甲", "reporting_clerk", town.office),
        at=MONDAY + 10 * DAY, known=timezone.now(), keys=("cases.intake", "cases.closed"),
    )  # fmt: skip
    town_whistle = town.whistle(MONDAY + DAY)

    shown = clerk.get(f"{made.get_absolute_url()}cases.intake/").content.decode()
    corrected = clerk.post(f"{made.get_absolute_url()}correct/", {"reason": "补录一件"}, follow=True)

    assert str(town_whistle.key) in shown
    assert str(case.key) not in shown
    assert "更正了" in corrected.content.decode()
    assert Publication.objects.latest("pk").reason == "补录一件"


def test_publishing_asks_for_a_period_that_there_is(town):
    clerk = client(town, "reporting_clerk")

    wrong = clerk.post("/figures/published/new/", {"kind": "当期", "period": "banana"})
    right = clerk.post("/figures/published/new/", {"kind": "今年以来", "period": ""}, follow=True)

    assert wrong.status_code == 422
    assert right.redirect_chain
    assert Publication.objects.get().figures.count() > 20
