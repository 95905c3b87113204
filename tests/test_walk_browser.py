"""The main job in a real browser: from the QR code on the wall to a matter that the enterprise says is solved."""

import io
import re
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.hashers import make_password
from django_scopes import scope
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from lianshang.cases.models import Case
from lianshang.cases.tests.doors import enterprise_door
from lianshang.cases.tests.factories import Town, make_town
from lianshang.directory.models import Account
from tests.browsing import DESK, PHONE, browsers, not_now, press

MATTER = "厂区东门路灯坏了三天，夜班出车看不清。"
PASSWORD = "lantern-on-the-east-gate"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opens = Callable[..., Page]


@pytest.fixture
def town(live_server: object) -> Iterator[Town]:
    """A park with accounts; the scope is the test's own, the server opens its own."""
    made = make_town()
    with scope(park=made.park):
        for name in ("dispatcher", "liaison"):
            person = getattr(made, name).person
            Account.objects.create(username=name, park=made.park, person=person, password=make_password(PASSWORD))
        yield made


@pytest.fixture
def opens(browser: Browser, live_server: object) -> Iterator[Opens]:
    """Return a function that opens a browser of somebody's own, of that size."""
    with browsers(browser, live_server.url) as open_one:
        yield lambda size, **more: open_one(size, **more).new_page()


def photo() -> dict[str, object]:
    drawn = io.BytesIO()
    Image.new("RGB", (2400, 1800), "gray").save(drawn, "JPEG")
    return {"name": "东门.jpg", "mimeType": "image/jpeg", "buffer": drawn.getvalue()}


def write(phone: Page, door: str) -> None:
    phone.goto(door)
    phone.get_by_label("说说遇到了什么问题").fill(MATTER)
    phone.get_by_label("在哪里").fill("东门")
    phone.get_by_label("怎么联系您").fill("13800001234")


def whistle(page: Page) -> None:
    page.get_by_role("button", name="吹哨").click()


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    not_now(page)
    expect(page.get_by_role("heading", name="收件箱", level=1)).to_be_visible()


def step(page: Page, label: str, fill: Callable[[Page], None] = lambda _: None) -> None:
    """Open the verb's form from the case page, fill it in, send it."""
    button = page.locator(".next").get_by_role("link", name=label, exact=True)
    if not button.is_visible():
        page.locator(".next summary").click()
    button.click()
    fill(page)
    page.locator("form").get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_text(f"{label}，已记下")).to_be_visible()


# -- the main job -----------------------------------------------------------------------------------------------------


def test_walk_from_the_whistle_to_the_confirmation(town, opens):
    phone, desk, liaison = opens(PHONE, has_touch=True), opens(DESK), opens(PHONE, has_touch=True)

    number = _whistles(phone, enterprise_door(town))
    _dispatches_in_two_clicks(desk, number)
    _handles(liaison, number)
    _confirms(phone)

    case = Case.objects.get()
    assert (case.number, case.state, case.grade) == (number, "closed", "satisfied")
    assert case.files.count() == 1
    assert list(case.first_handlers.values_list("unit__name", flat=True)) == ["交通运输局"]


def _whistles(phone: Page, door: str) -> str:
    write(phone, door)
    phone.locator("input[type=file]").set_input_files(photo())
    expect(phone.locator(".photos canvas")).to_be_visible()
    whistle(phone)
    expect(phone).to_have_url(re.compile(r"/r/LZ-"))
    number = phone.locator(".number-large").inner_text()
    assert re.fullmatch(r"\d{4}-\d{4}", number)
    expect(phone.locator("#receipt")).to_contain_text("综合党委办公室")
    expect(phone.locator(".steps")).to_contain_text("派单")
    expect(phone.locator(".step-current, .step-late").first).to_be_visible()
    expect(phone.locator(".code")).to_contain_text("LZ-")
    return number


def _dispatches_in_two_clicks(desk: Page, number: str) -> None:
    sign_in(desk, "dispatcher")
    row = desk.get_by_role("row").filter(has_text=number)
    row.get_by_role("link", name="派单").click()  # one
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text(MATTER)
    dialog.get_by_role("button", name="派给交通运输局").click()  # two
    expect(desk.get_by_text(f"{number} 已派给交通运输局")).to_be_visible()


def _handles(liaison: Page, number: str) -> None:
    sign_in(liaison, "liaison")
    liaison.get_by_role("link", name=re.compile(number)).click()
    liaison.locator(".next").get_by_role("button", name="签收").click()
    expect(liaison.get_by_text("签收，已记下")).to_be_visible()
    step(liaison, "报到")
    step(liaison, "联系企业", lambda page: page.get_by_label("电话").check())
    step(liaison, "答复", lambda page: page.get_by_label("答复内容").fill("已更换灯具 12 盏，今晚恢复照明。"))


def _confirms(phone: Page) -> None:
    phone.reload()
    expect(phone.locator("main")).to_contain_text("已更换灯具 12 盏，今晚恢复照明。")
    phone.get_by_role("link", name="确认解决").click()
    phone.get_by_label("满意", exact=True).check()
    phone.get_by_role("button", name="确认解决").click()
    expect(phone.get_by_role("heading", name="已办结")).to_be_visible()
    expect(phone.get_by_text("谢谢您的评价")).to_be_visible()


# -- what goes wrong on a phone ---------------------------------------------------------------------------------------


def test_a_refusal_keeps_what_was_typed(town, opens):
    phone = opens(PHONE)
    write(phone, enterprise_door(town))

    phone.get_by_label("怎么联系您").fill("12")
    whistle(phone)

    expect(phone.get_by_role("alert").first).to_be_visible()
    expect(phone.get_by_label("说说遇到了什么问题")).to_have_value(MATTER)
    expect(phone.get_by_label("在哪里")).to_have_value("东门")
    assert Case.objects.count() == 0


def test_a_refused_answer_stays_in_its_form(town, opens):
    case, liaison = town.signed(), opens(PHONE)
    sign_in(liaison, "liaison")

    liaison.goto(f"{case.get_absolute_url()}do/answer/")
    liaison.get_by_label("答复内容").fill("您好，您反映的问题已收悉，谢谢。")
    liaison.get_by_role("button", name="答复").click()

    expect(liaison.get_by_role("alert").first).to_contain_text("已收悉")
    expect(liaison.get_by_label("答复内容")).to_have_value("您好，您反映的问题已收悉，谢谢。")


def test_a_double_tap_makes_one_case(town, opens):
    phone = opens(PHONE)
    write(phone, enterprise_door(town))

    phone.get_by_role("button", name="吹哨").dblclick()

    expect(phone).to_have_url(re.compile(r"/r/LZ-"))
    assert Case.objects.count() == 1


def test_a_draft_outlives_a_reload_without_net(town, opens):
    phone, door = opens(PHONE), enterprise_door(town)
    write(phone, door)
    phone.wait_for_function("() => (localStorage.getItem('draft:whistle') || '').includes('13800001234')")

    phone.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        phone.reload()
    phone.context.set_offline(False)
    phone.goto(door)

    expect(phone.get_by_label("说说遇到了什么问题")).to_have_value(MATTER)
    expect(phone.get_by_text("上次没填完的内容已放回")).to_be_visible()


def test_a_whistle_without_net_is_sent_when_the_net_is_back(town, opens):
    phone = opens(PHONE)
    write(phone, enterprise_door(town))

    phone.context.set_offline(True)
    whistle(phone)
    expect(phone.get_by_text("没有网络，还没有发出")).to_be_visible()
    phone.context.set_offline(False)

    expect(phone).to_have_url(re.compile(r"/r/LZ-"))
    assert Case.objects.count() == 1


def test_a_phone_without_scripts_waits_a_little(town, opens, settings):
    phone, settings.PROOF_WAIT = opens(PHONE, java_script_enabled=False), 600
    write(phone, enterprise_door(town))

    whistle(phone)
    expect(phone.get_by_text(re.compile(r"请过 \d+ 秒再提交"))).to_be_visible()
    expect(phone.get_by_label("说说遇到了什么问题")).to_have_value(MATTER)
    settings.PROOF_WAIT = 0
    whistle(phone)

    expect(phone).to_have_url(re.compile(r"/r/LZ-"))
    expect(phone.locator(".number-large")).to_be_visible()


# -- the desk by keyboard ---------------------------------------------------------------------------------------------


def test_the_inbox_is_worked_by_keyboard(town, opens):
    cases = [town.whistle(text=f"{n} 号门外积水，货车进不来。") for n in (1, 2, 3)]
    desk = opens(DESK)
    sign_in(desk, "dispatcher")
    links = [desk.locator(f"td.main a[href='{case.get_absolute_url()}']") for case in cases]

    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        press(desk, key)
        expect(links[place]).to_be_focused()
    press(desk, "d")
    expect(desk.get_by_role("dialog")).to_contain_text("2 号门外积水")
    press(desk, "Escape")
    expect(desk.get_by_role("dialog")).to_be_hidden()
    links[1].focus()
    press(desk, "Enter")

    expect(desk.get_by_role("heading", level=1)).to_contain_text("2 号门外积水")
