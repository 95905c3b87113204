"""A liaison's cases without the mouse, and what keys must never do: write for somebody, send unasked, lose words."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from lianshang.cases import services
from lianshang.cases.models import Case
from lianshang.cases.states import State
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town
from tests.browsing import press, type_in
from tests.keyboard import LAMPS, Day, Opens, desks, dispatched, furnished, state_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(live_server: object) -> Iterator[Town]:
    with furnished() as made:
        yield made


@pytest.fixture
def opens(browser: Browser, live_server: object) -> Iterator[Opens]:
    with desks(browser, live_server.url) as open_one:
        yield open_one


def test_the_liaison_works_by_keyboard(town: Town, opens: Opens) -> None:
    now = timezone.now()
    before = town.answered(text="西门外的路灯坏了，夜班出车看不清。")
    services.confirm(before, actor=town.holder(before), at=MONDAY + DAY + HOUR, grade="satisfied")
    cases = [dispatched(town, now - timedelta(minutes=10 - n), text) for n, text in enumerate(LAMPS[:3])]
    day = opens("liaison")

    _signs(day, cases)
    _goes_there(day, cases[0])
    _tells_progress(day, cases[0])
    _answers(day, cases[1])
    with day.task("全部交接", 5):
        day.press("g", "h")
        expect(day.page.get_by_label("交给谁")).to_be_focused()
        day.press("ArrowDown", "ArrowDown", "Control+Enter")
        day.said("已交接")

    print(day.table())


def _signs(day: Day, cases: list[Case]) -> None:
    for case in cases:
        day.reach(case)
        with day.task("签收", 2):
            day.press("s", "Enter")
            day.said(f"{case.number} 签收")
        assert state_of(case) == State.SIGNED


def _goes_there(day: Day, case: Case) -> None:
    day.reach(case)
    day.press("Enter")
    day.heading(case.title)
    for verb, opens, most in (("联系企业", day.opens, 2), ("报到", day.unfolds, 8)):
        with day.task(verb, most):
            opens(verb)
            expect(day.dialog.locator("input:checked")).to_be_focused()
            day.press("Control+Enter")
            day.said(f"{verb}，已记下")


def _tells_progress(day: Day, case: Case) -> None:
    with day.task("阶段反馈，用常用语", 6):
        day.opens("阶段反馈")
        expect(day.dialog.locator("textarea")).to_be_focused()
        day.press("Alt+ArrowDown", "2")
        expect(day.dialog.get_by_role("button", name="填入：今晚")).to_be_focused()
        day.press("Enter")
        expect(day.dialog.locator("textarea")).to_have_value("今晚恢复照明，请留意。")
        day.press("Control+Enter")
        day.said("阶段反馈，已记下")
    assert case.events.filter(verb="progress", note="今晚恢复照明，请留意。").exists()


def _answers(day: Day, case: Case) -> None:
    day.press("g", "d")
    day.reach(case)
    box = day.dialog.get_by_label("答复内容")
    with day.task("答复，用以前的答复", 6):
        day.press("Enter")
        day.heading(case.title)
        day.opens("答复")
        expect(box).to_be_focused()
        day.press("Alt+ArrowDown", "Enter")
        expect(box).to_have_value("已更换灯具 12 盏，今晚恢复照明。")
        day.write("另装了 2 盏。")
        day.press("Control+Enter")
        day.said("答复，已记下")
    assert case.events.get(verb="answer").note.endswith("今晚恢复照明。另装了 2 盏。")


# -- what must not happen ---------------------------------------------------------------------------------------------


def test_keys_are_letters_while_somebody_writes_and_nothing_written_is_lost(town: Town, opens: Opens) -> None:
    case = dispatched(town, timezone.now(), LAMPS[0])
    services.sign(case, actor=town.liaison, at=timezone.now())
    day = opens("liaison")
    day.page.goto(case.get_absolute_url())
    box = day.dialog.get_by_label("答复内容")

    day.opens("答复")
    expect(box).to_be_focused()
    type_in(day.page, "jga/?1")
    expect(box).to_have_value("jga/?1")
    day.press("Alt+ArrowDown", "Enter", "Control+z")
    expect(box).to_have_value("jga/?1")
    day.press("Escape")
    expect(day.dialog).to_be_hidden()
    expect(day.page.locator("body")).to_be_focused()
    day.press("?")
    for words in ("Ctrl + Enter", "g d", "收件箱", "更多", "联系企业"):
        expect(day.dialog).to_contain_text(words)
    day.press("Escape")
    expect(day.dialog).to_be_hidden()
    day.opens("答复")

    expect(box).to_have_value("jga/?1")
    assert not case.events.filter(verb="answer").exists()


def test_control_enter_never_sends_a_case_where_a_choice_is_open(town: Town, opens: Opens) -> None:
    case = town.whistle(timezone.now() - HOUR, text=LAMPS[0])
    day = opens("dispatcher")
    day.reach(case)
    day.press("d")
    expect(day.dialog.get_by_role("button", name="采纳")).to_be_focused()

    press(day.dialog.locator("summary", has_text="交办要求"), "Enter")
    press(day.dialog.get_by_label("交办要求", exact=False).first, "Control+Enter")

    expect(day.dialog.get_by_role("button", name="采纳")).to_be_focused()
    assert state_of(case) == State.REGISTERED
    day.press("Escape")
    expect(day.row(case)).to_be_focused()
