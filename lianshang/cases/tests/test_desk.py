from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from lianshang.cases import mechanism, presets, queues, services
from lianshang.cases.models import Case
from lianshang.cases.states import State
from lianshang.cases.tests.desks import at_desk, done, few_queries, hidden, words
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town, make_town
from lianshang.directory.actors import Actor


def rows(actor: Actor, now: object) -> list[tuple[str, str, str]]:
    return [(row.case.number, row.what, row.verb) for row in queues.desk(actor, now).rows]


def test_desk_is_ordered_by_the_clock(town: Town):
    later, urgent = town.whistle(MONDAY), town.whistle(MONDAY + HOUR / 2, urgency="紧急")
    late = town.whistle(MONDAY - 10 * DAY)

    found = queues.desk(town.dispatcher, MONDAY + HOUR).rows

    assert [row.case.number for row in found] == [late.number, urgent.number, later.number]
    assert found[0].light.state == "late"


def test_desk_has_one_row_for_each_case_with_its_earliest_duty(town: Town):
    case = town.dispatched()

    assert rows(town.liaison, MONDAY + HOUR) == [(case.number, "签收", "sign")]


def test_desk_follows_what_the_unit_owes(town: Town):
    case = town.signed()
    services.contact(case, actor=town.liaison, at=MONDAY + 2 * HOUR)

    (row,) = rows(town.liaison, MONDAY + 3 * HOUR)

    assert row[1] in ("限期反馈", "办理")


def test_co_unit_has_its_own_row(town: Town):
    case = town.dispatched(co=True)

    assert rows(town.co_liaison, MONDAY + HOUR) == [(case.number, "协办签收", "co_sign")]


def test_others_desks_stay_empty(town: Town):
    town.dispatched()

    for actor in (town.outsider, town.auditor, town.administrator, town.complaints):
        assert rows(actor, MONDAY + HOUR) == []


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        (State.REGISTERED, "dispatch"),
        (State.SCREENED, "dispatch"),
        (State.RETURN_REQUESTED, "grant_return"),
        (State.EXTENSION_REQUESTED, "grant_extension"),
        (State.ANSWERED, "approve"),
        (State.CALLBACK, "call_back"),
        (State.REOPENED, "dispatch"),
        (State.CONSULTING, "conclude"),
    ],
)
def test_dispatcher_sees_everything_that_waits_for_the_office(town: Town, state: State, verb: str):
    case = town.in_state(state)

    found = {number: act for number, _, act in rows(town.dispatcher, MONDAY + 4 * DAY)}

    assert found[case.number] in (verb, "progress")


def test_office_sees_cases_that_no_clock_measures(town: Town):
    mechanism.adopt(presets.preset("shandong"), actor=town.system, at=MONDAY - DAY)
    case = town.in_state(State.REOPENED)

    assert case.number in [number for number, _, _ in rows(town.dispatcher, MONDAY + 4 * DAY)]


def test_callback_officer_sees_who_is_to_be_called(town: Town):
    called, answered = town.in_state(State.CALLBACK), town.in_state(State.ANSWERED)

    found = [number for number, _, _ in rows(town.callback, MONDAY + 2 * DAY)]

    assert called.number in found
    assert answered.number not in found


def test_paused_clock_waits_behind_the_others(town: Town):
    paused = services.contact(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR)
    services.progress(paused, actor=town.liaison, at=MONDAY + 2 * HOUR, note="灯具已订，周五到货。")
    services.pause(paused, actor=town.dispatcher, at=MONDAY + DAY, cause="鉴定", reason="等鉴定。")
    other = town.dispatched(MONDAY + DAY)

    found = queues.desk(town.liaison, MONDAY + DAY + 2 * HOUR).rows

    assert {row.case.number for row in found} == {paused.number, other.number}


def test_sealed_case_stands_apart_and_counts_nowhere(town: Town):
    case = town.dispatched(nature="report", respondents=(town.other,))

    desk = queues.desk(town.liaison, MONDAY + HOUR)

    assert desk.rows == []
    assert [row.case for row in desk.sealed] == [case]
    assert queues.desk(town.outsider, MONDAY + HOUR).sealed == []
    assert queues.desk(town.dispatcher, MONDAY + HOUR).sealed == []


def test_sealed_case_shows_its_number_and_not_its_matter(town: Town):
    case = town.dispatched(timezone.now() - 2 * HOUR, nature="report", text="某某收取好处费。")

    said = words(at_desk(town.liaison).get("/desk/"))

    assert f"{case.number} 保密件" in said
    assert "好处费" not in said
    assert "在办 0" in said


def test_desk_page_counts_in_words_and_filters(town: Town):
    now = timezone.now()
    late, fresh = town.whistle(now - 20 * DAY), town.whistle(now)
    client = at_desk(town.dispatcher)

    everything, overdue = words(client.get("/desk/")), words(client.get("/desk/?show=late"))

    assert "在办 2" in everything
    assert "超期 1" in everything
    assert late.number in overdue
    assert fresh.number not in overdue


def test_near_never_hides_a_late_case(town: Town):
    late = town.whistle(timezone.now() - 20 * DAY)

    assert late.number in words(at_desk(town.dispatcher).get("/desk/?show=near"))


def test_desk_page_takes_few_queries_however_long_it_is(town: Town):
    now = timezone.now()
    for _ in range(12):
        town.signed(now - 3 * HOUR, co=True)
        town.whistle(now)
    clients = [at_desk(actor) for actor in (town.dispatcher, town.liaison, town.co_liaison, town.callback)]

    for client in clients:
        with few_queries(15):
            assert client.get("/desk/").status_code == 200


def test_empty_desk_says_why(town: Town):
    assert "没有轮到您办的诉求" in words(at_desk(town.liaison).get("/desk/"))


def test_visitors_are_sent_to_sign_in(town: Town, client):
    for page in ("/desk/", "/leader/", "/cases/", "/cases/new/"):
        assert client.get(page).status_code == 302


@pytest.mark.parametrize(("phone", "told"), [("1388580123", "应为 11 位"), ("请打老何", "看起来不完整")])
def test_phone_note_asks_about_a_number_that_cannot_be_one(town: Town, phone: str, told: str):
    client = at_desk(town.dispatcher)
    note = {"text": "厂区停水。", "channel": "phone", "nature": "help", "urgency": "普通", "kind": "一般"}

    answer = client.post("/cases/new/", hidden(client.get("/cases/new/")) | note | {"contact_phone": phone})

    assert answer.status_code == 422
    assert told in words(answer)
    assert not Case.objects.exists()


def test_phone_note_gives_the_code_to_read_out(town: Town):
    client = at_desk(town.dispatcher)
    form = hidden(client.get("/cases/new/")) | {
        "text": "何经理来电：厂区停水。", "enterprise_name": "示范焦化有限公司", "contact_phone": "13885801234",
        "channel": "phone", "nature": "help", "urgency": "普通", "kind": "一般",
    }  # fmt: skip

    sent, again = (client.post("/cases/new/", form) for _ in range(2))

    case = Case.objects.get()
    page = client.get(sent["Location"])
    assert (case.enterprise, case.channel, case.state) == (town.enterprise, "phone", "registered")
    assert again["Location"] == sent["Location"]
    assert case.number in words(page)
    assert f"/r/{town.park.code}-" in page.content.decode()
    assert at_desk(town.liaison).get(sent["Location"]).status_code == 404


def test_noted_page_has_no_row_number_and_is_for_the_clerk_alone(town: Town):
    case = town.whistle()
    theirs = signing.dumps([case.key.hex, town.dispatcher.key], salt="lianshang.cases.note")
    form = hidden(at_desk(town.dispatcher).get("/cases/new/"))

    words_of = {"text": "厂区停水。", "channel": "phone", "nature": "help", "urgency": "普通", "kind": "一般"}
    sent = at_desk(town.dispatcher).post("/cases/new/", form | words_of)

    token = sent["Location"].removesuffix("/").rpartition("/")[2]
    noted = Case.objects.latest("pk")
    assert signing.loads(token, salt="lianshang.cases.note") == [noted.key.hex, town.dispatcher.key]
    assert at_desk(town.dispatcher).get(f"/cases/new/{theirs}/").status_code == 404


@pytest.mark.parametrize("nature", ["complaint", "report"])
def test_phone_note_takes_no_complaint_and_says_where_it_goes(town: Town, nature: str):
    client = at_desk(town.dispatcher)
    page = client.get("/cases/new/").content.decode()

    answer = client.post("/cases/new/", {"text": "窗口推诿。", "channel": "phone", "nature": nature, "urgency": "普通"})

    assert f"/w/{town.park.code}-{town.park.whistle_token}/sealed/" in page
    assert f'value="{nature}"' not in page
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_phone_note_without_words_keeps_the_rest(town: Town):
    client = at_desk(town.dispatcher)

    answer = client.post("/cases/new/", {"text": "", "contact_name": "何经理", "channel": "phone", "nature": "help"})

    assert answer.status_code == 422
    assert "请写下企业说了什么。" in words(answer)
    assert "何经理" in answer.content.decode()


def test_phone_note_is_for_those_who_meet_enterprises(town: Town):
    assert at_desk(town.auditor).get("/cases/new/").status_code == 404
    assert at_desk(town.chief).get("/cases/new/").status_code == 404


def test_noted_page_outlives_no_other_token(town: Town):
    assert at_desk(town.dispatcher).get("/cases/new/forged/").status_code == 404


def test_leader_sees_what_is_late_and_who_holds_it(town: Town):
    now = timezone.now()
    late = town.dispatched(now - 20 * DAY)
    for _ in range(3):
        town.whistle(now - DAY, category="用电")
    client = at_desk(town.chief)

    with few_queries(50):
        said = words(client.get("/leader/"))
        more = words(client.get("/leader/more/", headers={"HX-Request": "true"}))

    assert late.number in said
    assert "交通运输局 签收" in said
    assert "用电 3 件" in more
    assert "<html" not in more


def test_leader_page_shows_no_sealed_case(town: Town):
    case = town.dispatched(timezone.now() - 20 * DAY, nature="complaint", text="服务态度恶劣。")

    said = words(at_desk(town.head).get("/leader/"))

    assert case.number not in said
    assert "没有超期的" in said


def test_leader_page_is_for_leaders_and_the_office(town: Town):
    for actor in (town.head, town.chief, town.dispatcher):
        assert at_desk(actor).get("/leader/").status_code == 200
    for actor in (town.liaison, town.auditor):
        assert at_desk(actor).get("/leader/").status_code == 404


def test_desk_of_another_park_is_another(town: Town):
    town.whistle(timezone.now())

    assert "在办 0" in words(at_desk(make_town("PZ").dispatcher).get("/desk/"))


def test_dispatching_from_the_desk_leaves_the_row(town: Town):
    case, client = town.whistle(timezone.now() - timedelta(minutes=5)), at_desk(town.dispatcher)

    done(client, case, "dispatch", lead=town.lead.pk, kind="一般", urgency="普通")

    assert "没有轮到您办的诉求" in words(client.get("/desk/"))
