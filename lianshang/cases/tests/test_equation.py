"""intake = fed back in time + lawfully open + named breaches."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lianshang.cases import services
from lianshang.cases.equation import equation, named
from lianshang.cases.models import Case
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY
from lianshang.cases.views.equation import TERMS
from lianshang.directory.models import Account


def at(now):
    return equation(Case.objects.open_ledger(), MONDAY - DAY, MONDAY + 30 * DAY, now)


def test_each_case_stands_in_one_term(town):
    town.answered()
    town.whistle()
    late = town.dispatched(MONDAY - HOUR)
    services.mistake(town.whistle(), actor=town.dispatcher, at=MONDAY, reason="重复登记")

    terms = at(MONDAY + 2 * DAY)
    later = at(MONDAY + 8 * DAY)

    assert terms.counts == {"intake": 3, "in_time": 1, "lawfully_open": 2, "breaches": 0, "mistaken": 1}
    assert later.counts == {"intake": 3, "in_time": 1, "lawfully_open": 0, "breaches": 2, "mistaken": 1}
    assert late in later.breaches
    assert later.balanced


def test_a_late_answer_stays_a_breach_and_is_named_after_who_held_it(town):
    case = town.signed()
    services.answer(case, actor=town.liaison, at=MONDAY + 20 * DAY, note="已修好并恢复照明。")
    now = MONDAY + 21 * DAY

    breaches = named(at(now).breaches, now, "综合党委办公室")

    assert [(breach.case, breach.unit) for breach in breaches] == [(case, "交通运输局")]


def test_what_was_never_dispatched_is_the_offices_breach(town):
    town.whistle()
    now = MONDAY + 20 * DAY

    assert [breach.unit for breach in named(at(now).breaches, now, "综合党委办公室")] == ["综合党委办公室"]


def test_stage_feedback_in_time_keeps_a_long_case_lawfully_open(town):
    case = services.progress(
        town.signed(), actor=town.liaison, at=MONDAY + 3 * DAY, note="灯杆已订货，下周三到货后安装。"
    )

    terms = at(case.clocks.get(duty="stage_feedback").due_at - timedelta(minutes=1))

    assert terms.counts["lawfully_open"] == 1


def test_a_joined_case_is_open_until_it_is_told_the_result(town):
    main = town.signed()
    joined = services.merge(town.whistle(), actor=town.dispatcher, at=MONDAY + 2 * HOUR, into=main)
    before = set(at(MONDAY + 3 * HOUR).lawfully_open)

    services.answer(main, actor=town.liaison, at=MONDAY + DAY, note="路灯已修复，两处一并处理。")

    assert joined in before
    assert joined in at(MONDAY + 2 * DAY).in_time


def test_a_joined_cases_breach_is_named_after_who_held_the_main_one(town):
    main = town.signed()
    joined = services.merge(town.whistle(), actor=town.dispatcher, at=MONDAY + 2 * HOUR, into=main)
    now = MONDAY + 20 * DAY

    breaches = named(at(now).breaches, now, "综合党委办公室")

    assert (joined, "交通运输局") in [(breach.case, breach.unit) for breach in breaches]


def test_complaints_are_in_no_term(town):
    town.whistle(nature="complaint")

    assert at(MONDAY + DAY).counts["intake"] == 0


@pytest.fixture
def signed_in(town):
    """Return a client in which an actor of the town is signed in."""

    def sign_in(actor):
        client = Client()
        account = Account.objects.create(username=actor.person.name, park=town.park, person=actor.person)
        client.force_login(account)
        return client

    return sign_in


def test_page_shows_the_terms_and_opens_each_to_its_rows(town, signed_in):
    case = town.dispatched(timezone.now() - HOUR)
    client = signed_in(town.dispatcher)

    shown = {term: client.get(f"/equation/?term={term}").text for term in TERMS}

    assert [term for term, text in shown.items() if case.number in text] == ["intake", "lawfully_open"]
    assert all("等式两边相等" in text for text in shown.values())


def test_page_names_a_breach(town, signed_in):
    case = town.dispatched()

    text = signed_in(town.dispatcher).get("/equation/?period=2026-11&term=breaches").text

    assert case.number in text
    assert "还没有反馈" in text
    assert "交通运输局" in text


def test_a_period_that_is_none_is_refused_with_the_forms_and_this_month_shown(town, signed_in):
    page = signed_in(town.dispatcher).get("/equation/?period=去年")

    assert page.status_code == 400
    assert "“去年”不是时段" in page.text
    assert "2026-Q3" in page.text


def test_a_stranger_to_the_ledger_finds_no_page(town, signed_in):
    assert signed_in(town.administrator).get("/equation/").status_code == 404
