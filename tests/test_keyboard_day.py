"""A dispatcher's day without the mouse: thirty matters at the desk, the keys of each task counted.

What a key leads to is waited for, never slept for. The table at the end has the keys beside the words themselves, and
seconds of the machine; keys are held to a bound, seconds are only told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from lianshang.cases import services
from lianshang.cases.models import Case, CaseEvent, Draft, ExportJob
from lianshang.cases.states import State
from lianshang.cases.tests.factories import DAY, HOUR, Town
from tests.keyboard import LAMPS, Day, Opens, desks, dispatched, furnished, state_of

CHAT = """何丽 {day} 08:12
食堂门口的井盖松了，车一过就响
老冯 {day} 08:40
稳岗补贴什么时候报
"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(live_server: object) -> Iterator[Town]:
    with furnished() as made:
        yield made


@pytest.fixture
def opens(browser: Browser, live_server: object) -> Iterator[Opens]:
    with desks(browser, live_server.url) as open_one:
        yield open_one


@dataclass
class Waiting:
    """What lies on the desk in the morning."""

    lamps: list[Case]
    pits: list[Case]
    returned: Case
    extension: Case
    answers: list[Case]
    called: list[Case]
    late: list[Case]


def _morning(town: Town) -> Waiting:
    now = timezone.now()
    recent = now - timedelta(hours=3)
    signed = [
        services.sign(dispatched(town, now, f"{n} 号厂房断水。"), actor=town.liaison, at=now - HOUR) for n in range(5)
    ]
    services.ask_return(signed[0], actor=town.liaison, at=now, reason="不属本局职责，应由执法局办。")
    services.ask_extension(signed[1], actor=town.liaison, at=now, until=now + 10 * DAY, reason="配件要订货。")
    answered = [
        services.answer(one, actor=town.liaison, at=now, note="已查明是主管爆裂，抢修完毕，今天 10 时恢复供水。")
        for one in signed[2:]
    ]
    called = [_answered(town, now, text) for text in ("宿舍宽带断了。", "厂门口积水。")]
    return Waiting(
        lamps=[town.whistle(recent + timedelta(minutes=n), text=text) for n, text in enumerate(LAMPS)],
        pits=[town.whistle(recent + timedelta(minutes=20 + n), text=f"{n} 号仓外广告牌歪了。") for n in range(4)],
        returned=signed[0],
        extension=signed[1],
        answers=answered,
        called=[services.approve(one, actor=town.dispatcher, at=now) for one in called],
        late=[dispatched(town, now - 9 * DAY, f"{n} 号泵房渗水。") for n in range(3)],
    )


def _answered(town: Town, now: datetime, text: str) -> Case:
    case = services.sign(dispatched(town, now, text), actor=town.liaison, at=now - HOUR)
    return services.answer(case, actor=town.liaison, at=now, note="已派人修好，现场看过，今天恢复。")


def test_the_dispatcher_works_a_day_of_thirty_matters_by_keyboard(town: Town, opens: Opens) -> None:
    waiting = _morning(town)
    day = opens("dispatcher")

    _takes_notes(day)
    _registers_a_chat(day)
    _accepts_suggestions(day, waiting.lamps[:8])
    _chooses_another_unit(day, waiting.lamps[8], waiting.pits)
    _rules(day, waiting.returned, waiting.extension)
    _reviews(day, waiting.answers)
    _merges(day, waiting.lamps[9], waiting.lamps[10])
    _calls_back(day, waiting.called)
    _urges(day, waiting.late)
    _looks_up(day, waiting.lamps[10])
    _exports(day)

    print(day.table())
    assert Case.objects.count() == 30


def _takes_notes(day: Day) -> None:
    for place in ("东门", "西门"):
        with day.task("电话记录", 4):
            day.press("g", "n") if day.page.url.endswith("/desk/") else day.press("n")
            expect(day.page.get_by_label("企业名称")).to_be_focused()
            day.write("焦化")
            expect(day.page.get_by_role("option")).to_contain_text("示范焦化有限公司")
            day.press("Enter")
            expect(day.page.get_by_label("企业说了什么")).to_be_focused()
            day.write(f"{place}外的水沟堵了。")
            day.press("Control+Enter")
            day.heading("已登记")
    with day.task("电话记录，改紧急程度", 12):
        day.press("n")
        expect(day.page.get_by_label("企业名称")).to_be_focused()
        day.press("Tab")
        day.write("北门外的大树倒了，路过不去。")
        radio = day.page.get_by_role("radio", name="普通")
        while not radio.evaluate("one => one === document.activeElement"):
            day.press("Tab")
        day.press("2")
        day.press("Control+Enter")
        day.heading("已登记")
    assert Case.objects.latest("pk").urgency == "紧急"


def _registers_a_chat(day: Day) -> None:
    with day.task("粘贴群聊", 4):
        day.press("g", "w")
        day.heading("转登记草稿")
        day.press("p")
        expect(day.page.locator("textarea")).to_be_focused()
        day.write(CHAT.format(day=f"{timezone.localtime() - DAY:%Y/%m/%d}"))
        day.press("Control+Enter")
        day.said("读出 2 条")
    for first in ("j", "n"):
        with day.task("登记草稿", 3):
            day.press(first)
            if first == "n":
                expect(day.page.locator("[data-queue] tr a[data-key=d]")).to_be_focused()
            day.press("d")
            expect(day.dialog.get_by_label("企业名称")).to_be_focused()
            day.press("Control+Enter")
            day.heading("已登记")
    assert Draft.objects.filter(case=None).count() == 0


def _accepts_suggestions(day: Day, cases: list[Case]) -> None:
    day.press("g", "d")
    day.reach(cases[0])
    for case in cases:
        expect(day.row(case)).to_be_focused()
        after = day.next_row()
        with day.task("派单，采纳建议", 3):
            day.press("d", "y")
            day.said(f"{case.number} 已派给交通运输局")
        expect(day.page.locator(f"td.main a[href='{after}']")).to_be_focused()


def _chooses_another_unit(day: Day, lamp: Case, pits: list[Case]) -> None:
    day.reach(lamp)
    with day.task("派单，不采纳，另选", 3):
        day.press("d")
        expect(day.dialog.get_by_role("button", name="采纳")).to_be_focused()
        day.press("1")
        expect(day.dialog.get_by_role("button", name="派给综合行政执法局")).to_be_focused()
        day.press("Enter")
        day.said(f"{lamp.number} 已派给综合行政执法局")
    for case in pits:
        day.reach(case)
        with day.task("派单，没有建议", 4):
            day.press("d", "j")
            expect(day.dialog.get_by_role("button", name="派给综合行政执法局")).to_be_focused()
            day.press("3")
            expect(day.dialog.get_by_role("button", name="派给税务局")).to_be_focused()
            day.press("Enter")
            day.said(f"{case.number} 已派给税务局")


def _rules(day: Day, returned: Case, extension: Case) -> None:
    day.reach(returned)
    with day.task("裁定退单，改派", 4):
        day.press("a")
        day.heading(returned.title)
        day.press("a")
        expect(day.dialog.get_by_label("改由谁主办")).to_be_focused()
        day.press("ArrowDown", "Control+Enter")
        day.heading("收件箱")
    day.reach(extension)
    with day.task("裁定延期", 3):
        day.press("a")
        day.heading(extension.title)
        day.press("a")
        expect(day.dialog.locator("textarea")).to_be_focused()
        day.press("Control+Enter")
        day.heading("收件箱")
    assert (state_of(returned), state_of(extension)) == (State.DISPATCHED, State.IN_PROGRESS)


def _reviews(day: Day, answers: list[Case]) -> None:
    for case, key, words in zip(answers, "aa2", ("", "", "没有写明何时恢复供水。"), strict=True):
        day.reach(case)
        with day.task("审核答复，退回" if words else "审核答复，通过", 3):
            day.press("a")
            day.heading(case.title)
            day.press(key)
            expect(day.dialog.locator("textarea")).to_be_focused()
            day.write(words)
            day.press("Control+Enter")
            day.heading("收件箱")
    assert [state_of(case) for case in answers] == [State.CALLBACK, State.CALLBACK, State.REWORK]


def _merges(day: Day, case: Case, into: Case) -> None:
    day.reach(case)
    with day.task("并案", 9):
        day.press("Enter")
        day.heading(case.title)
        day.unfolds("并案")
        expect(day.dialog.get_by_label("主件编号")).to_be_focused()
        day.write(into.number)
        day.press("Control+Enter")
        day.said("并案，已记下")
    assert state_of(case) == State.MERGED


def _calls_back(day: Day, cases: list[Case]) -> None:
    day.press("g", "d")
    for case in cases:
        day.reach(case)
        with day.task("回访办结", 3):
            day.press("a")
            expect(day.dialog.get_by_role("radio").first).to_be_focused()
            day.press("1", "Control+Enter")
            day.said(f"{case.number} 回访办结，已记下")
        assert state_of(case) == State.CLOSED


def _urges(day: Day, late: list[Case]) -> None:
    with day.task("全局催办三行", 10):
        day.press("g", "a")
        day.heading("全局")
        day.press("j", "x", "j", "x", "j", "x", "u")
        day.said("已催办")
    assert CaseEvent.objects.filter(verb="urge", subject__in=late).exists()


def _looks_up(day: Day, case: Case) -> None:
    with day.task("查一件", 3):
        day.press("/")
        expect(day.page.get_by_role("searchbox")).to_be_focused()
        day.write(case.number)
        day.press("Enter")
        expect(day.row(case)).to_be_focused()
        day.press("Enter")
        day.heading(case.title)


def _exports(day: Day) -> None:
    with day.task("导出收件箱", 3):
        day.press("g", "d")
        day.heading("收件箱")
        day.press("e")
        day.heading("导出")
    assert ExportJob.objects.count() == 1
