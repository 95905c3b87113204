from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from lianshang.cases import abuse, codes, identities, services
from lianshang.cases.models import Case
from lianshang.cases.states import State
from lianshang.cases.tests.doors import (
    ACCUSING,
    address_of,
    all_cases,
    blown,
    enterprise_door,
    hidden,
    park_door,
    photo,
)
from lianshang.cases.tests.factories import Town, make_town
from lianshang.directory.models import Post, Role, Unit


@pytest.fixture
def town(db: None) -> Town:
    """A park whose scope is closed: the pages have to open it."""
    return make_town()


def in_state(town: Town, state: State, days: int = 2) -> Case:
    with scope(park=town.park):
        return town.in_state(state, timezone.now() - timedelta(days=days))


def done(client: Client, town: Town, case: Case, verb: str, **words: object) -> HttpResponse:
    door = f"{address_of(town, case)}{verb}/"
    return client.post(door, hidden(client.get(door)) | words)


def now(town: Town, case: Case) -> Case:
    with scope(park=town.park):
        return Case.objects.get(pk=case.pk)


def test_enterprise_confirms_with_a_grade_of_its_own(town: Town, client: Client):
    case = in_state(town, State.ANSWERED)

    page = client.get(f"{address_of(town, case)}confirm/").content.decode()
    answer = done(client, town, case, "confirm", note="很快。", grade="fair")

    assert "checked" not in page
    assert answer["Location"] == f"{address_of(town, case)}?done=confirm"
    assert (now(town, case).state, now(town, case).grade) == (State.CLOSED, "fair")
    assert "您的评价：基本满意" in client.get(answer["Location"]).content.decode()


def test_no_grade_is_no_praise(town: Town, client: Client):
    case = in_state(town, State.ANSWERED)

    answer = done(client, town, case, "confirm", note="还行")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "请选一个满意度" in answer.content.decode()
    assert now(town, case).state == State.ANSWERED


def test_enterprise_sends_back_with_a_reason(town: Town, client: Client):
    case = in_state(town, State.CALLBACK)

    silent = done(client, town, case, "reject", note="")
    said = done(client, town, case, "reject", note="还有两盏不亮。", grade="dissatisfied")

    assert (silent.status_code, said.status_code) == (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.FOUND)
    assert now(town, case).state == State.REWORK
    assert "还有两盏不亮。" in client.get(address_of(town, case)).content.decode()


def test_answered_receipt_offers_both_as_equals(town: Town, client: Client):
    page = client.get(address_of(town, in_state(town, State.ANSWERED))).content.decode()

    assert '<div class="equals">' in page
    assert page.count('class="btn" href="/r/') >= 2


def test_same_deed_twice_happens_once(town: Town, client: Client):
    case = in_state(town, State.SIGNED)
    door = f"{address_of(town, case)}supplement/"
    form = hidden(client.get(door)) | {"note": "东门第三盏。"}

    answers = [client.post(door, form), client.post(door, form)]

    assert answers[0]["Location"] == answers[1]["Location"]
    with scope(park=town.park):
        assert case.events.filter(verb="supplement").count() == 1


def test_supplement_brings_files_that_the_holder_sees_again(town: Town, client: Client):
    case = in_state(town, State.SIGNED)

    done(client, town, case, "supplement", note="附上照片。", files=[photo("灯杆.jpg")])

    assert "灯杆.jpg" in client.get(address_of(town, case)).content.decode()


def test_wrong_file_keeps_the_supplement(town: Town, client: Client):
    case = in_state(town, State.SIGNED)

    answer = done(client, town, case, "supplement", note="说明在此。", files=[SimpleUploadedFile("a.exe", b"MZ")])

    assert "说明在此。" in answer.content.decode()
    assert "a.exe" in answer.content.decode()


def test_urging_again_at_once_is_refused(town: Town, client: Client):
    case = in_state(town, State.SIGNED)
    done(client, town, case, "urge", note="")

    again = done(client, town, case, "urge", note="快点")

    assert again.status_code == HTTPStatus.CONFLICT
    assert "已经催办过" in again.content.decode()


def test_withdrawn_case_is_over(town: Town, client: Client):
    case = in_state(town, State.SIGNED)

    done(client, town, case, "withdraw", note="自己修好了。")

    assert now(town, case).state == State.WITHDRAWN
    assert client.get(f"{address_of(town, case)}urge/").status_code == HTTPStatus.FOUND


def test_overtaken_deed_says_so_without_naming_staff(town: Town, client: Client):
    case = in_state(town, State.ANSWERED)
    door = f"{address_of(town, case)}confirm/"
    form = hidden(client.get(door)) | {"note": "", "grade": "fair"}
    with scope(park=town.park):
        services.send_back(case, actor=town.dispatcher, at=timezone.now(), reason="没有说清。")

    answer = client.post(door, form)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "周敏" not in answer.content.decode()


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_receipt_opens_in_every_state(town: Town, client: Client, state: State):
    case = in_state(town, state)

    assert client.get(address_of(town, case)).status_code == HTTPStatus.OK


@pytest.mark.parametrize("path", ["", "confirm/", "files/1/", "nonsense/"])
def test_wrong_codes_are_answered_alike(town: Town, client: Client, path: str):
    in_state(town, State.ANSWERED)
    wrong = ["LZ-2222-2222-2222", "XX-2222-2222-2222", "LZ", "-"]

    answers = [client.get(f"/r/{code}/{path}") for code in wrong]

    assert {answer.status_code for answer in answers} == {HTTPStatus.NOT_FOUND}
    assert len({answer.content for answer in answers}) == 1


def test_draft_of_the_staff_has_no_receipt(town: Town, client: Client):
    case = in_state(town, State.DRAFT)

    assert client.get(address_of(town, case)).status_code == HTTPStatus.NOT_FOUND


def test_guessing_codes_has_an_end(town: Town, client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(abuse.LIMITS, "miss", abuse.Limit(1, abuse.HOUR, "输错太多。"))
    case = in_state(town, State.SIGNED)

    statuses = [client.get("/r/LZ-2222-2222-2222/").status_code for _ in range(2)]

    assert statuses == [HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS]
    assert client.get(address_of(town, case)).status_code == HTTPStatus.OK


# -- complaints and reports -------------------------------------------------------------------------------------------


def test_anonymous_report_keeps_nothing_of_whoever_made_it(town: Town, client: Client):
    answer = blown(client, enterprise_door(town, sealed=True), phone="1380", files=[photo("张三拍的.jpg")])

    (case,) = all_cases(town)
    with scope(park=town.park):
        assert [file.name for file in case.files.all()] == ["附件1.jpg"]
        assert [str(one) for one in case.respondents.all()] == ["某某运输公司"]
    assert (case.sealed, case.anonymous, case.enterprise_id, case.contact_phone) == (True, True, None, "")
    page = client.get(answer["Location"]).content.decode()
    assert "偷倒" not in page
    assert "某某运输公司" not in page
    assert "投诉举报专办员" in page
    assert "mine" not in client.cookies


def test_named_complaint_keeps_the_telephone_locked_up_and_not_in_the_case(town: Town, client: Client):
    more = {"named": "yes", "called": "何经理", "phone": "0858-5310000"}
    blown(client, enterprise_door(town, sealed=True), nature="complaint", **more)

    (case,) = all_cases(town)
    with scope(park=town.park):
        who, kept = identities.who_made(case), identities.of(case)
    assert (case.enterprise_id, case.contact_phone, case.contact_name) == (None, "", "")
    assert (who.enterprise, who.name, who.phone) == (town.enterprise.name, "何经理", "0858-5310000")
    assert kept.reachable
    assert "5310000" not in kept.details + kept.key


def test_respondent_typed_by_name_is_the_unit(town: Town, client: Client):
    blown(client, park_door(town, sealed=True), respondent_name="税务局")

    (case,) = all_cases(town)
    with scope(park=town.park):
        assert town.other.pk in case.accused_unit_ids


def test_respondent_chosen_from_the_list_is_the_unit(town: Town, client: Client):
    blown(client, park_door(town, sealed=True), respondent_unit=str(town.other.pk), respondent_name="")

    (case,) = all_cases(town)
    with scope(park=town.park):
        assert case.accused_unit_ids == {town.other.pk}


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"respondent_name": ""}, "请写下单位或人的名称"),
        ({"respondent_unit": ""}, "请选一个单位"),
        ({"named": "yes", "phone": ""}, "请留一个电话，或者选匿名。"),
        ({"nature": "help"}, "请选投诉或举报。"),
    ],
)
def test_incomplete_report_is_told_and_kept(town: Town, client: Client, fault: dict[str, str], sentence: str):
    answer = blown(client, park_door(town, sealed=True), **fault)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in answer.content.decode()
    assert ACCUSING["text"] in answer.content.decode()


def test_report_about_the_office_goes_upwards_and_leaves_nothing(town: Town, client: Client):
    with scope(park=town.park):
        Unit.objects.create(park=town.park, code="up", name="市纪委监委", kind=Unit.Kind.SUPERIOR, phone="12388")

    answer = blown(client, park_door(town, sealed=True), respondent_name="综合党委办公室")

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "市纪委监委（12388）" in answer.content.decode()
    assert all_cases(town) == []


def test_without_an_officer_no_complaint_is_taken(town: Town, client: Client):
    with scope(park=town.park):
        Post.objects.filter(role=Role.COMPLAINTS_OFFICER).update(until=timezone.localdate() - timedelta(days=1))

    answer = client.get(park_door(town, sealed=True))

    assert "还没有指定投诉举报专办员" in answer.content.decode()


# -- 我的吹哨 -----------------------------------------------------------------------------------------------------------


def test_code_is_found_however_it_is_typed(town: Town, client: Client):
    case = in_state(town, State.SIGNED)
    code = codes.code_of(case)

    for typed in (f"LZ-{code}", code.lower(), f" lz {code.replace('-', ' ')} "):
        assert client.post("/mine/", {"code": typed})["Location"] == address_of(town, case)


def test_unknown_code_is_told_and_kept(town: Town, client: Client):
    answer = client.post("/mine/", {"code": "LZ-2222-2222-2222"})

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "没有这个码" in answer.content.decode()
    assert "LZ-2222-2222-2222" in answer.content.decode()


def test_enterprise_sees_its_own_open_whistles_and_no_others(town: Town, client: Client):
    blown(client, enterprise_door(town), text="自己扫码的一件。")
    blown(client, park_door(town), text="别人写了它名字的一件。", enterprise_name="示范焦化有限公司")
    blown(client, park_door(town), text="毫不相干的一件。")
    blown(client, enterprise_door(town, sealed=True), text="保密的一件。", named="yes", phone="13800001234")

    door = client.post("/mine/", {"code": town.enterprise.mine_token.lower()})["Location"]
    page = client.get(door).content.decode()

    assert "自己扫码的一件" in page
    for other in ("别人写了", "毫不相干", "保密的"):
        assert other not in page
    assert client.get(f"/mine/{town.park.code}-{town.enterprise.whistle_token}/").status_code == HTTPStatus.NOT_FOUND


def test_phone_remembers_its_receipts_and_forgets_on_request(town: Town, client: Client):
    mine, other = in_state(town, State.SIGNED), in_state(town, State.ANSWERED)
    client.get(address_of(town, mine))

    page = client.get("/mine/").content.decode()
    client.post("/mine/forget/")

    assert address_of(town, mine) in page
    assert address_of(town, other) not in page
    assert address_of(town, mine) not in client.get("/mine/").content.decode()


def test_forged_memory_shows_nothing(town: Town, client: Client):
    case = in_state(town, State.SIGNED)
    client.cookies["mine"] = codes.public_code(town.park, case)

    assert address_of(town, case) not in client.get("/mine/").content.decode()


def test_enterprise_list_is_paged_by_key(town: Town, client: Client):
    with scope(park=town.park):
        for minute in range(31):
            town.whistle(timezone.now() - timedelta(minutes=minute), text=f"第{minute:02}件小事，请协调。")
    door = f"/mine/{town.park.code}-{town.enterprise.mine_token}/"

    first = client.get(door).content.decode()
    last = client.get(f"{door}?after={all_cases(town)[29].number}").content.decode()

    assert ("第00件" in first, "第30件" in first) == (True, False)
    assert ("第00件" in last, "第30件" in last) == (False, True)
