"""The pages of complaints and reports as people use them: receipt, officer's page, hidden words, interests, own equation."""

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from lianshang.cases import codes, identities, openings, services
from lianshang.cases.models import Case, Interest, Saying
from lianshang.cases.services.complaints import split_cases
from lianshang.cases.states import State
from lianshang.cases.tests.desks import at_desk, few_queries, words
from lianshang.cases.tests.doors import address_of, blown, park_door
from lianshang.cases.tests.factories import DAY, HOUR, Town
from lianshang.kernel import idempotency
from lianshang.kernel.models import CalendarVersion

TELLING = "我叫张建国，电话 13812345678，窗口推诿。"


def named(town: Town, text: str = "窗口推诿。", **more: object) -> Case:
    whistle = {"nature": "complaint", "text": text, "contact_name": "何经理"} | more
    return town.whistle(timezone.now() - 5 * HOUR, **whistle)


def sent(client: Client, address: str, **answers: object) -> object:
    return client.post(address, {"idempotency_key": idempotency.mint(), **answers})


def do(town: Town, who: str, case: Case, verb: str, **answers: object) -> object:
    return sent(at_desk(getattr(town, who)), f"/cases/{case.key}/do/{verb}/", **answers)


def receipt(town: Town, case: Case) -> str:
    return words(Client().get(address_of(town, case)))


# -- who it is ----------------------------------------------------------------------------------------------------------


def test_identity_is_asked_for_agreed_to_seen_and_told_to_the_reporter(town: Town):
    case = named(town)
    page = case.get_absolute_url()

    assert do(town, "complaints", case, "ask_identity", reason="退款要核对户名。").status_code == 302
    assert do(town, "complaints", case, "open_identity").status_code == 409
    assert do(town, "head", case, "open_identity").status_code == 302
    before = words(at_desk(town.complaints).get(page))
    assert do(town, "complaints", case, "see_identity").status_code == 302
    officer = at_desk(town.complaints)
    with few_queries():
        after = words(officer.get(page))

    assert "何经理" not in before
    for one in (town.enterprise.name, "何经理", "13800000000"):
        assert one in after
        assert one not in words(at_desk(town.head).get(page))
    told = receipt(town, case)
    assert "查看了您的身份信息。" in told
    until = timezone.localtime(case.events.get(verb="open_identity").at + openings.OPEN_FOR)
    assert f"已同意投诉举报专办员在 {until:%-m月%-d日 %H:%M} 前查看您的身份。理由：退款要核对户名。" in told
    assert town.complaints.person.name not in told
    assert town.head.person.name not in told


def test_wish_to_know_the_reporter_stands_on_the_heads_page_until_it_is_answered(town: Town):
    case = named(town)
    before = words(at_desk(town.head).get("/leader/"))
    do(town, "complaints", case, "ask_identity", reason="退款要核对户名。")

    waits = words(at_desk(town.head).get("/leader/"))
    do(town, "head", case, "open_identity")
    after = words(at_desk(town.head).get("/leader/"))

    assert "保密件，等您决定" in waits
    assert case.number in waits
    assert case.number not in before + after


# -- asked and answered -------------------------------------------------------------------------------------------------


def test_anonymous_reporter_is_asked_and_answers_on_the_receipt(town: Town, client: Client):
    case = named(town, anonymous=True, enterprise=None, contact_name="", contact_phone="")
    do(town, "complaints", case, "ask_reporter", note="大约几点？")

    asked = receipt(town, case)
    answer = sent(client, f"{address_of(town, case)}supplement/", note="夜里十一点。我的电话是 13812345678。")

    assert "大约几点？" in asked
    assert answer.status_code == 302
    assert "13812345678" not in receipt(town, case)
    said = words(at_desk(town.complaints).get(case.get_absolute_url()))
    assert "夜里十一点。" in said
    assert "13812345678" not in said
    assert not case.events.filter(note__contains="十一点").exists()


def test_answer_is_written_under_the_question_and_a_supplement_without_one_stays_free(town: Town, client: Client):
    case = named(town)
    door = f"{address_of(town, case)}supplement/"
    before = words(client.get(door))
    do(town, "complaints", case, "ask_reporter", note="大约几点？")

    asked = words(client.get(door))
    empty = sent(client, door, note="")
    answered = sent(client, door, note="夜里十一点。")
    after = words(client.get(door))

    assert before.startswith("补充说明")
    assert asked.startswith("回答")
    assert asked.index("大约几点？") < asked.index("您的回答")
    assert (empty.status_code, answered.status_code) == (422, 302)
    assert "请写上回答。" in words(empty)
    assert "大约几点？" in words(empty)
    assert after.startswith("补充说明")
    assert "大约几点？" not in after


def test_who_sees_what_was_added_is_said_as_it_is(town: Town, client: Client):
    kept, sent_on = named(town), named(town)
    services.dispatch(sent_on, actor=town.complaints, at=timezone.now() - HOUR, lead=town.lead)

    told = [
        words(client.get(sent(client, f"{address_of(town, case)}supplement/", note="夜里。")["Location"]))
        for case in (kept, sent_on)
    ]

    assert "已补充，只有专办员和综合党委负责人看得到，被反映的除外。" in told[0]
    assert "已补充，只有专办员、综合党委负责人和承办人看得到，被反映的除外。" in told[1]
    assert "承办单位看得到" not in "".join(told)


def test_holder_asks_for_a_recusal_and_the_head_is_shown_it(town: Town, client: Client):
    case = services.dispatch(named(town), actor=town.complaints, at=timezone.now() - 4 * HOUR, lead=town.lead)
    services.sign(case, actor=town.liaison, at=timezone.now() - 3 * HOUR, interest="")

    answer = sent(client, f"{address_of(town, case)}ask_recusal/", whose="handler", note="他是被反映人的亲戚。")
    waits = words(at_desk(town.head).get("/leader/"))
    page = at_desk(town.head).get(f"/cases/{case.key}/do/grant_recusal/")

    assert answer.status_code == 302
    assert case.number in waits
    assert "他是被反映人的亲戚。" in words(page)
    assert do(town, "head", case, "grant_recusal", people=[town.liaison.person.pk]).status_code == 302
    assert at_desk(town.liaison).get(case.get_absolute_url()).status_code == 404
    assert at_desk(town.colleague).get(case.get_absolute_url()).status_code == 200
    assert "同意回避，换人办理。" in receipt(town, case)


def test_signing_a_complaint_asks_first(town: Town):
    case = services.dispatch(named(town), actor=town.complaints, at=timezone.now() - HOUR, lead=town.lead)

    page = at_desk(town.liaison).get(f"/cases/{case.key}/do/sign/")
    unanswered = do(town, "liaison", case, "sign")
    unsaid = do(town, "liaison", case, "sign", conflict="some")
    declared = do(town, "liaison", case, "sign", conflict="some", interest="是我表弟。")

    assert "没有利害关系" in words(page)
    assert (unanswered.status_code, unsaid.status_code, declared.status_code) == (422, 422, 302)
    assert Case.objects.get(pk=case.pk).state == State.DISPATCHED
    assert do(town, "colleague", case, "sign", conflict="none").status_code == 409


# -- hidden words -------------------------------------------------------------------------------------------------------


def test_marked_words_are_hidden_from_all_until_the_officer_decides_and_nobody_is_sent_before(town: Town):
    case = named(town, TELLING)
    assert case.text == "我叫〔已遮盖〕，电话 〔已遮盖〕，窗口推诿。"
    assert do(town, "complaints", case, "dispatch", kind="一般", urgency="普通", lead=town.lead.pk).status_code == 409

    client, saying = at_desk(town.complaints), Saying.objects.get(case=case)
    page = words(client.get(f"/cases/{case.key}/words/"))
    field = f"s{saying.pk}"
    answer = sent(
        client, f"/cases/{case.key}/words/", **{"saying": saying.pk, f"{field}-keep": ["0"], f"{field}-hide": "窗口"}
    )

    assert answer.status_code == 302
    assert "13812345678" not in page
    assert "138****5678" in page
    assert Case.objects.get(pk=case.pk).text == "我叫张建国，电话 〔已遮盖〕，〔已遮盖〕推诿。"
    assert do(town, "complaints", case, "dispatch", kind="一般", urgency="普通", lead=town.lead.pk).status_code == 302
    handler = at_desk(town.liaison).get(case.get_absolute_url()).content.decode()
    assert "138" not in handler.replace(case.number, "")
    assert "〔已遮盖〕推诿" in handler


def test_words_that_are_not_there_are_refused_and_others_have_no_such_page(town: Town):
    case = named(town, TELLING)
    saying = Saying.objects.get(case=case)
    client = at_desk(town.complaints)

    answer = sent(client, f"/cases/{case.key}/words/", **{"saying": saying.pk, f"s{saying.pk}-hide": "仓库"})

    assert answer.status_code == 409
    assert "原文里没有“仓库”" in words(answer)
    for who in ("head", "dispatcher", "liaison", "auditor"):
        assert at_desk(getattr(town, who)).get(f"/cases/{case.key}/words/").status_code == 404


# -- split --------------------------------------------------------------------------------------------------------------


def test_officer_splits_and_nothing_leads_from_the_open_case_to_the_sealed_one(town: Town):
    case = named(town)
    do(town, "complaints", case, "split", text="二期宿舍楼顶漏水，请协调维修。", nature="help")

    (other,) = split_cases(Case.objects.get(pk=case.pk))

    assert (other.sealed, other.anonymous, other.enterprise_id, other.contact_phone) == (False, True, None, "")
    traces = [str(case.pk), str(case.key), case.number, codes.code_of(case), town.complaints.person.name, "窗口推诿"]
    rows = str([list(model.objects.filter(subject=other).values()) for model in (type(other.events.get()),)])
    page = words(at_desk(town.dispatcher).get(other.get_absolute_url()))
    for trace in traces[1:]:
        assert trace not in rows + page
    assert other.events.get().actor is None
    assert codes.public_code(town.park, other) in receipt(town, case)
    assert case.number not in receipt(town, other)
    assert do(town, "complaints", case, "split", text="再拆一件试试看。", nature="help").status_code == 409


def test_one_submission_becomes_two_cases_of_which_only_one_knows(town: Town, client: Client):
    blown(client, park_door(town, sealed=True), open_part="宿舍楼顶漏水，请协调维修。")

    sealed, other = Case.objects.get(sealed=True), Case.objects.get(sealed=False)
    assert split_cases(sealed) == [other]
    assert (other.text, other.number[:2]) == ("宿舍楼顶漏水，请协调维修。", "20")
    assert [event.verb for event in other.events.all()] == ["register"]


# -- what is not kept ---------------------------------------------------------------------------------------------------


def test_neither_minute_nor_second_of_the_reporter_is_kept(town: Town, client: Client):
    CalendarVersion.objects.update(loaded_at=timezone.now() - DAY)
    blown(client, park_door(town, sealed=True))
    case = Case.objects.get(sealed=True)
    sent(client, f"{address_of(town, case)}supplement/", note="又想起一件事。")

    moments = [moment for event in case.events.all() for moment in (event.at, event.recorded_at)]
    moments += [clock.started_at for clock in case.clocks.all()]

    assert len(moments) >= 4
    assert {(moment.minute, moment.second, moment.microsecond) for moment in moments} == {(0, 0, 0)}
    assert timezone.localtime(case.registered_at).hour == 0


# -- interests ----------------------------------------------------------------------------------------------------------


def test_declared_interest_shuts_its_declarer_out_and_its_end_lets_in_again(town: Town):
    case = named(town, respondents=("某某运输公司",))
    client = at_desk(town.head)
    assert client.get(case.get_absolute_url()).status_code == 200

    answer = sent(client, "/interests/", relation="kin", name="某某运输公司")
    shut = at_desk(town.head).get(case.get_absolute_url()).status_code
    row = Interest.objects.get()
    strange = at_desk(town.complaints).get(f"/interests/{row.pk}/end/").status_code
    ended = sent(client, f"/interests/{row.pk}/end/", because="已离职。")

    assert (answer.status_code, shut, strange, ended.status_code) == (302, 404, 404, 302)
    assert at_desk(town.head).get(case.get_absolute_url()).status_code == 200
    assert "已离职。" in words(client.get("/interests/"))


@pytest.mark.parametrize("given", [{}, {"enterprise": "没有的企业"}, {"unit": "999999"}])
def test_interest_in_nobody_is_refused(town: Town, given: dict[str, str]):
    answer = sent(at_desk(town.liaison), "/interests/", relation="kin", **given)

    assert answer.status_code in (409, 422)
    assert not Interest.objects.exists()


# -- own equation -------------------------------------------------------------------------------------------------------


def test_equation_of_complaints_is_for_those_who_look_after_them(town: Town):
    case = named(town)
    town.whistle(timezone.now() - DAY)

    officer = words(at_desk(town.complaints).get("/equation/sealed/?term=intake"))
    head = words(at_desk(town.head).get("/equation/sealed/?term=intake"))

    assert case.number in officer
    assert case.number in head
    assert case.title not in officer
    for who in ("dispatcher", "chief", "callback", "auditor", "liaison", "administrator"):
        assert at_desk(getattr(town, who)).get("/equation/sealed/").status_code == 404
    assert case.number not in words(at_desk(town.dispatcher).get("/equation/?term=intake"))


def test_equation_of_complaints_has_none_of_those_inside(town: Town):
    case = named(town, respondents=(town.head.person.name,))

    assert case.number not in words(at_desk(town.head).get("/equation/sealed/?term=intake"))


def test_master_key_of_before_still_opens_what_it_locked(town: Town, settings: object):
    case = named(town)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-of-at-least-fifty-characters-0123456789"

    with scope(park=town.park):
        assert identities.who_made(case).name == "何经理"
