"""The clerk at the keyboard: a call noted in under a minute, a chat registered in two clicks, nothing lost on the way."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Browser, Page, expect

from lianshang.cases import services
from lianshang.cases.chat.offers import offers
from lianshang.cases.models import Case, Draft
from lianshang.cases.tests.factories import HOUR, Town, make_town
from lianshang.directory.models import Account, Person
from lianshang.enterprises.models import Contact
from tests.browsing import DESK, PHONE, browsers, press, type_in

SAID = "厂区东门外的路灯三天没亮了，夜班出车看不清，请尽快修"
PRESSED = 150  # milliseconds a key: somebody who types while listening
CHAT = """何丽 {day} 08:12
厂区东门外的路灯三天没亮了
小周 {day} 08:14
收到
老冯 {day} 08:40
稳岗补贴什么时候报
"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opens = Callable[..., Page]


@pytest.fixture
def town(live_server: object) -> Iterator[Town]:
    made = make_town()
    with scope(park=made.park):
        person = Person.objects.create(park=made.park, name="何丽", phone="13885801234")
        Contact.objects.create(park=made.park, enterprise=made.enterprise, person=person, is_primary=True)
        Account.objects.create(username="dispatcher", park=made.park, person=made.dispatcher.person)
        yield made


@pytest.fixture
def opens(browser: Browser, live_server: object, town: Town) -> Iterator[Opens]:
    """Return a function that opens a browser of that size with the dispatcher signed in."""
    client = Client()
    client.force_login(Account.objects.get(username="dispatcher"))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}

    with browsers(browser, live_server.url) as open_one:

        def signed_in(size: dict[str, int]) -> Page:
            context = open_one(size)
            context.add_cookies([cookie])
            return context.new_page()

        yield signed_in


@pytest.fixture
def desk(opens: Opens) -> Page:
    return opens(DESK)


def chat() -> str:
    return CHAT.format(day=f"{timezone.localtime() - 24 * HOUR:%Y/%m/%d}")


def test_a_call_is_noted_by_keyboard_in_under_a_minute(town: Town, desk: Page) -> None:
    desk.goto("/cases/new/")
    began = time.monotonic()

    type_in(desk, "焦化", delay=PRESSED)
    expect(desk.get_by_role("option")).to_contain_text("示范焦化有限公司")
    press(desk, "Enter")
    expect(desk.get_by_label("企业说了什么")).to_be_focused()
    type_in(desk, SAID, delay=PRESSED)
    press(desk, "Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("已登记")

    seconds = time.monotonic() - began
    case = Case.objects.get()
    assert (case.enterprise, case.contact_name, case.contact_phone) == (town.enterprise, "何丽", "13885801234")
    assert case.text == SAID
    assert seconds < 60
    print(f"phone note: 2 fields typed, {2 + 1 + len(SAID) + 1} keystrokes, 0 clicks, {seconds:.1f} s")


def test_figures_choose_and_words_outlive_a_reload(town: Town, desk: Page) -> None:
    desk.goto("/cases/new/")
    desk.get_by_label("企业说了什么").fill(SAID)
    desk.get_by_role("radio", name="求助").focus()
    press(desk, "1")
    desk.get_by_role("radio", name="普通").focus()
    press(desk, "2")

    desk.reload()

    expect(desk.get_by_label("企业说了什么")).to_have_value(SAID)
    expect(desk.get_by_text("上次没记完的内容已放回。")).to_be_visible()
    expect(desk.get_by_role("radio", name="紧急")).to_be_checked()
    press(desk.get_by_label("企业说了什么"), "Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("已登记")
    case = Case.objects.get()
    assert (case.nature, case.urgency) == ("inquiry", "紧急")
    desk.goto("/cases/new/")
    expect(desk.get_by_label("企业说了什么")).to_have_value("")


def test_a_refused_time_keeps_every_word(town: Town, desk: Page) -> None:
    desk.goto("/cases/new/")
    desk.get_by_label("企业说了什么").fill(SAID)
    desk.get_by_label("什么时候说的").fill("哪天来着")

    press(desk, "Control+Enter")

    expect(desk.get_by_text("没看懂这个时间").first).to_be_visible()
    expect(desk.get_by_label("企业说了什么")).to_have_value(SAID)
    expect(desk.get_by_label("什么时候说的")).to_have_value("哪天来着")


def test_what_is_like_it_shows_while_typing_and_is_joined_by_one_click(town: Town, desk: Page) -> None:
    for text in ("税务发票开不出来。", "宿舍楼宽带断了。", "食堂燃气压力不够。"):
        town.whistle(timezone.now() - HOUR, text=text)
    main = town.whistle(timezone.now() - HOUR, text="东门路灯坏了三天，夜班出车看不清。")
    desk.goto("/cases/new/")

    desk.get_by_label("企业说了什么").press_sequentially("东门的路灯坏了几天了，夜班出车看不清")
    expect(desk.get_by_role("region", name="相似的诉求")).to_contain_text(main.number)
    desk.get_by_role("button", name=f"登记，并入 {main.number}").click()

    expect(desk.get_by_text(f"已并入 {main.number}")).to_be_visible()
    assert Case.objects.latest("pk").merged_into == main


def test_a_pasted_chat_is_registered_in_two_clicks(town: Town, desk: Page) -> None:
    desk.goto("/drafts/paste/")
    began = time.monotonic()

    desk.keyboard.insert_text(chat())
    press(desk, "Control+Enter")
    expect(desk.get_by_text("读出 3 条，2 条等您挑选")).to_be_visible()
    desk.get_by_role("row").filter(has_text="路灯").get_by_role("link", name="登记").click()  # one
    dialog = desk.get_by_role("dialog")
    expect(dialog.get_by_label("企业说了什么")).to_have_value("厂区东门外的路灯三天没亮了")
    dialog.get_by_role("button", name="登记，出编号").click()  # two
    expect(desk.get_by_text(re.compile("已登记，受理编号"))).to_be_visible()

    case = Case.objects.get()
    assert (case.channel, case.happened_at < case.registered_at) == ("chat", True)
    print(f"pasted chat: 1 paste, Ctrl+Enter, 2 clicks, {time.monotonic() - began:.1f} s")


def test_a_draft_in_the_inbox_is_registered_in_two_clicks(town: Town, desk: Page) -> None:
    services.keep_pasted(offers(chat(), timezone.localtime()).offers, actor=town.dispatcher, at=timezone.now())
    desk.goto("/desk/")
    expect(desk.get_by_role("heading", name="待登记的草稿 2")).to_be_visible()
    began = time.monotonic()

    desk.get_by_role("row").filter(has_text="路灯").get_by_role("link", name="登记").click()  # one
    desk.get_by_role("dialog").get_by_role("button", name="登记，出编号").click()  # two
    expect(desk.get_by_role("heading", level=1)).to_contain_text("已登记")

    assert Draft.objects.filter(case=Case.objects.get()).count() == 1
    print(f"draft in the inbox: 2 clicks, {time.monotonic() - began:.1f} s")


def test_drafts_are_joined_on_a_phone(town: Town, opens: Opens) -> None:
    services.keep_pasted(offers(chat(), timezone.localtime()).offers, actor=town.dispatcher, at=timezone.now())
    phone = opens(PHONE)
    phone.goto("/drafts/")

    for box in phone.get_by_role("checkbox").all():
        box.check()
    phone.get_by_role("button", name="选中的合成一件登记").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("2 条合成一件")
    phone.get_by_role("button", name="登记，出编号").click()

    expect(phone.get_by_role("heading", level=1)).to_contain_text("已登记")
    assert Draft.objects.filter(case=Case.objects.get()).count() == 2
