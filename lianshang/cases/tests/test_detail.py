from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from lianshang.cases import access, services
from lianshang.cases.models import Case
from lianshang.cases.phones import masked
from lianshang.cases.states import State
from lianshang.cases.tests.desks import at_desk, few_queries, words
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town, make_town
from lianshang.cases.views.detail import told
from lianshang.directory.actors import Actor


def seen(case: Case, actor: Actor, now: datetime) -> dict[str, Any]:
    return told(access.case_for(actor, case.key), actor, now)


def page(case: Case, actor: Actor) -> str:
    answer = at_desk(actor).get(case.get_absolute_url())
    assert answer.status_code == 200
    return words(answer)


def names(moves: list[Any]) -> list[str]:
    return [move.name for move in moves]


@pytest.mark.parametrize("state", list(State))
def test_case_page_of_every_state_takes_few_queries(town: Town, state: State):
    case = town.in_state(state)
    clients = [at_desk(actor) for actor in (town.dispatcher, town.head, town.liaison)]

    for client in clients:
        with few_queries():
            answer = client.get(case.get_absolute_url())

        assert answer.status_code == 200 or client is not clients[0]


def test_page_says_who_does_what_until_when(town: Town):
    turn = seen(town.dispatched(), town.liaison, MONDAY + HOUR)["turn"]

    assert (turn.who, turn.what, turn.verb) == ("交通运输局", "签收", "sign")
    assert turn.light.due_at > MONDAY


def test_reader_sees_its_own_turn_first(town: Town):
    case = town.signed(co=True)

    lead, co = (seen(case, actor, MONDAY + 4 * DAY)["turn"] for actor in (town.liaison, town.co_liaison))

    assert lead.who == "交通运输局"
    assert (co.who, co.verb) == ("综合行政执法局", "co_sign")
    assert any(word.startswith("综合行政执法局协办答复") for word in lead.also)


def test_office_that_waits_for_a_unit_may_urge(town: Town):
    view = seen(town.signed(), town.dispatcher, MONDAY + 3 * HOUR)

    assert names(view["front"])[:2] == ["urge", "supervise"]


def test_buttons_that_mean_nothing_now_are_not_there(town: Town):
    running, case = town.signed(), town.signed()
    paused = services.pause(case, actor=town.dispatcher, at=MONDAY + DAY, cause="鉴定", reason="等鉴定。")

    before, after = (seen(one, town.dispatcher, MONDAY + DAY) for one in (running, paused))

    assert {"resume", "release"}.isdisjoint(names(before["rest"] + before["front"]))
    assert "pause" in names(before["rest"])
    assert "pause" not in names(after["rest"])
    assert "resume" in names(after["front"])


def test_late_co_unit_is_charged_to_itself_on_the_page(town: Town):
    case = town.signed(co=True)
    services.contact(case, actor=town.liaison, at=MONDAY + 2 * HOUR)
    services.report_in(case, actor=town.liaison, at=MONDAY + 2 * HOUR)

    lead, co = seen(case, town.dispatcher, MONDAY + 4 * DAY)["parts"]

    assert lead.late == []
    assert {clock.duty for clock, _ in co.late} == {"sign", "co_reply"}


def test_page_tells_holding_ledger_and_reasons(town: Town):
    case = town.signed(timezone.now() - 3 * HOUR, co=True)

    said = page(case, town.dispatcher)

    assert "综合党委办公室 综合党委 1 小时" in said
    assert "1 个工作日" in said or "小时" in said
    assert "交通运输局 李路" in said
    assert "为什么是这个时间" in said
    assert "规则：办理：5 个工作日内" in said


def test_timeline_quotes_and_begins_with_the_latest(town: Town):
    case = town.answered(timezone.now() - 2 * DAY)

    sentences = [entry["sentence"] for entry in seen(case, town.dispatcher, timezone.now())["timeline"]]

    assert sentences[0] == "交通运输局答复：已解决（回执页告知）。"
    assert sentences[-1] == "企业登记诉求。"
    assert "已更换灯具 12 盏，今晚恢复照明。" in page(case, town.dispatcher)


def test_phone_is_for_those_who_must_call(town: Town):
    case = town.dispatched(timezone.now() - 2 * HOUR, co=True)

    shown = {name: "13800000000" in page(case, getattr(town, name)) for name in ("dispatcher", "liaison", "co_liaison")}
    hidden = {name: "138****0000" in page(case, getattr(town, name)) for name in ("auditor", "chief")}

    assert all(shown.values())
    assert all(hidden.values())


def test_masked_number_keeps_its_ends():
    assert masked("13800001234") == "138****1234"
    assert masked("5300000") == "*******"
    assert masked("") == ""


@pytest.mark.parametrize("name", ["outsider", "administrator", "complaints"])
def test_strangers_find_nothing(town: Town, name: str):
    case, client = town.dispatched(), at_desk(getattr(town, name))

    for address in (case.get_absolute_url(), f"/cases/{case.key}/order/", f"/cases/{case.key}/files/1/"):
        assert client.get(address).status_code == 404


def test_other_park_finds_nothing(town: Town):
    case = town.dispatched()

    assert at_desk(make_town("PZ").dispatcher).get(case.get_absolute_url()).status_code == 404


def test_sealed_case_is_open_to_its_handlers_alone(town: Town):
    case = town.dispatched(nature="report", respondents=(town.other,))

    found = {
        name: at_desk(getattr(town, name)).get(case.get_absolute_url()).status_code
        for name in ("complaints", "liaison", "head", "dispatcher", "outsider", "auditor", "chief", "callback")
    }

    assert {name for name, status in found.items() if status == 200} == {"complaints", "liaison", "head"}
    assert "保密件" in page(case, town.complaints)


def test_accused_unit_finds_nothing_even_as_co_unit(town: Town):
    case = town.whistle(nature="report", respondents=(town.lead,))

    assert at_desk(town.liaison).get(case.get_absolute_url()).status_code == 404


def test_order_has_lead_co_units_limits_and_due_times(town: Town):
    case = town.dispatched(timezone.now() - HOUR * 2, co=True)

    client = at_desk(town.dispatcher)
    with few_queries():
        answer = client.get(f"/cases/{case.key}/order/")

    said = words(answer)
    for word in ("主办单位 交通运输局", "协办单位 综合行政执法局", "5 个工作日内", "协办答复", "17:00", case.number):
        assert word in said


def test_writing_in_the_matter_cannot_write_the_page(town: Town):
    case = town.whistle(timezone.now(), text="<script>alert(1)</script>{{ 7 }}", place="<b>东门</b>")

    answer = at_desk(town.dispatcher).get(case.get_absolute_url()).content.decode()

    assert "<script>alert" not in answer
    assert "&lt;script&gt;alert(1)" in answer
    assert "<b>东门" not in answer


def test_unknown_key_is_not_found(town: Town):
    client = at_desk(town.dispatcher)

    for address in ("/cases/00000000-0000-4000-8000-000000000000/", "/cases/1/", "/cases/none/do/sign/"):
        assert client.get(address).status_code == 404


def test_merged_case_names_its_main_case(town: Town):
    case = town.in_state(State.MERGED)

    assert f"已并入 {case.merged_into.number}" in page(case, town.dispatcher)


def test_closed_case_says_how_it_ended(town: Town):
    assert "已结束：已解决。" in page(town.in_state(State.CLOSED), town.auditor)
