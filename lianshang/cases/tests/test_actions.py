from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lianshang.cases import services
from lianshang.cases.flow import FLOW
from lianshang.cases.forms.staff import FORMS
from lianshang.cases.models import Assignment, Case
from lianshang.cases.states import State
from lianshang.cases.tests.desks import address, at_desk, done, few_queries, opened, words
from lianshang.cases.tests.factories import HOUR, MONDAY, Town, make_town

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


STEP = 24  # statements of one step, savepoints of the test and leaves of the history included


def now() -> datetime:
    return timezone.now()


def test_every_offered_verb_has_a_form(town: Town):
    offered = {move.name for move in FLOW.transitions.values() if move.offered}

    assert offered - set(FORMS) == {"confirm", "reject", "withdraw", "ask_recusal"}  # the enterprise's own
    assert set(FORMS) <= offered


@pytest.mark.parametrize("state", list(State))
def test_every_button_of_every_state_opens_its_form(town: Town, state: State):
    case = town.in_state(state)
    for name in ("dispatcher", "head", "liaison", "callback", "co_liaison"):
        actor = getattr(town, name)
        client = at_desk(actor)
        if client.get(case.get_absolute_url()).status_code == 404:
            continue  # a draft is the office's
        for move in FLOW.offered(case, actor):
            with few_queries():
                page = client.get(address(case, move.name))

            assert page.status_code == 200, (name, move.name)
            assert move.label in page.content.decode()


def test_dispatch_takes_two_clicks(town: Town):
    case, client = town.whistle(now()), at_desk(town.dispatcher)

    first = client.get(address(case, "dispatch") + "?from=desk")
    carried = {"kind": "一般", "urgency": "普通"} | opened(client, case, "dispatch") | {"from": "desk"}
    second = client.post(address(case, "dispatch"), carried | {"lead": town.lead.pk})

    assert f'name="lead" value="{town.lead.pk}"' in first.content.decode()
    assert 'value="一般" id="id_kind_1" checked' in " ".join(first.content.decode().replace("required", "").split())
    assert second["Location"] == "/desk/"
    case.refresh_from_db()
    assert (case.state, case.lead_unit) == ("dispatched", town.lead)
    assert f"{case.number} 已派给交通运输局" in words(client.get("/desk/"))


def test_a_step_does_not_work_out_what_only_its_page_shows(town: Town):
    case = town.whistle(now())
    steps = {
        "dispatch": (town.dispatcher, {"kind": "一般", "urgency": "普通", "lead": town.lead.pk}),
        "sign": (town.liaison, {}),
        "answer": (town.liaison, {"note": "已更换灯具 12 盏，今晚恢复照明。", "close_type": "solved", "way": "page"}),
    }

    for verb, (actor, answers) in steps.items():
        client = at_desk(actor)
        sent = opened(client, case, verb) | answers
        with few_queries(STEP):
            taken = client.post(address(case, verb), sent)

        assert taken.status_code == 302, verb


def test_enter_in_a_field_dispatches_to_nobody(town: Town):
    case, client = town.whistle(now()), at_desk(town.dispatcher)
    page = client.get(address(case, "dispatch")).content.decode()

    answer = done(client, case, "dispatch", kind="一般", urgency="普通")

    assert page.index('<button type="submit" hidden>') < page.index('name="lead"')
    assert answer.status_code == 422
    assert "请选择主办单位。" in words(answer)


def test_dispatch_shows_the_limit_and_the_due_date_of_each_class(town: Town):
    said = words(at_desk(town.dispatcher).get(address(town.whistle(now()), "dispatch")))

    for limit in ("2 个工作日内 →", "5 个工作日内 →", "15 个工作日内 →", "首次联系 2 小时内 →"):
        assert limit in said
    assert "17:00" in said


def test_dispatch_sends_co_units_and_class(town: Town):
    case = town.whistle(now())

    answer = done(
        at_desk(town.dispatcher), case, "dispatch",
        lead=town.lead.pk, co_units=[town.co.pk], kind="复杂", urgency="紧急", note="请先联系。", category="路灯",
    )  # fmt: skip

    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.kind, case.urgency, case.category) == ("复杂", "紧急", "路灯")
    assert set(case.assignments.values_list("unit", "part")) == {(town.lead.pk, "lead"), (town.co.pk, "co")}


def test_lead_as_its_own_co_unit_is_refused_and_nothing_typed_is_lost(town: Town):
    case = town.whistle(now())

    answer = done(
        at_desk(town.dispatcher), case, "dispatch",
        lead=town.lead.pk, co_units=[town.lead.pk], kind="复杂", urgency="普通", note="请今天就去看。",
    )  # fmt: skip

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "已是主办单位，不能同时协办。请从协办里去掉。" in page
    assert "请今天就去看。" in page
    assert 'value="复杂" id="id_kind_2" checked' in " ".join(page.replace("required", "").split())
    case.refresh_from_db()
    assert case.state == "registered"


def test_co_units_fold_away_until_one_is_chosen(town: Town):
    case, client = town.whistle(), at_desk(town.dispatcher)
    opened_page = client.get(address(case, "dispatch")).content.decode()

    page = done(client, case, "dispatch", kind="没有的类别", co_units=[town.co.pk]).content.decode()

    assert '<details class="more"><summary>协办单位' in opened_page
    assert '<details class="more" open><summary>协办单位' in page
    assert "已选 1 个" in page


def test_two_operators_one_wins_and_the_other_is_told_who_and_when(town: Town):
    case, late = town.whistle(now()), at_desk(town.dispatcher)
    form = opened(late, case, "refuse")
    services.dispatch(case, actor=town.dispatcher, at=now(), lead=town.lead)

    answer = late.post(address(case, "refuse"), form | {"reason": "属于合同纠纷。", "way_out": "可申请仲裁。"})

    said = words(answer)
    assert answer.status_code == 409
    assert "当前状态为“待签收”" in said
    assert "周敏已于" in said
    assert "属于合同纠纷。" in answer.content.decode()
    assert case.events.count() == 2


def test_two_liaisons_of_a_co_unit_the_second_is_told_too(town: Town):
    case, late = town.dispatched(now() - HOUR, co=True), at_desk(town.co_liaison)
    form = opened(late, case, "co_answer")
    services.co_answer(case, actor=town.co_liaison, at=now(), note="已派人到场，线路完好。")

    answer = late.post(address(case, "co_answer"), form | {"note": "我写的另一份。"})

    assert answer.status_code == 409
    assert "孙城已于" in words(answer)
    assert "我写的另一份。" in answer.content.decode()


def test_stale_button_is_told_and_not_unknown(town: Town):
    case = town.dispatched(now() - HOUR)

    answer = at_desk(town.dispatcher).get(address(case, "dispatch"))

    assert answer.status_code == 409
    assert "请刷新后再看" in words(answer)


def test_form_posted_twice_is_done_once(town: Town):
    case, client = town.whistle(now()), at_desk(town.dispatcher)
    form = opened(client, case, "dispatch") | {"lead": town.lead.pk, "kind": "一般", "urgency": "普通"}

    first, second = (client.post(address(case, "dispatch"), form) for _ in range(2))

    assert first["Location"] == second["Location"] == case.get_absolute_url()
    assert case.assignments.count() == 1


def test_sign_is_one_press(town: Town):
    case, client = town.dispatched(now() - HOUR), at_desk(town.liaison)
    page = client.get(case.get_absolute_url())

    answer = client.post(address(case, "sign"), {"version": case.version})

    assert f'action="{address(case, "sign")}"' in page.content.decode()
    assert answer["Location"] == case.get_absolute_url()
    case.refresh_from_db()
    assert case.state == "signed"


def test_answer_asks_for_a_release_reason_only_while_a_co_unit_is_waited_for(town: Town):
    alone, waiting = town.signed(now() - 2 * HOUR), town.signed(now() - 2 * HOUR, co=True)
    client = at_desk(town.liaison)

    plain, asked = (client.get(address(case, "answer")).content.decode() for case in (alone, waiting))

    assert "release_reason" not in plain
    assert "综合行政执法局还没有协办答复" in asked


def test_answer_without_release_is_refused_and_kept(town: Town):
    case, client = town.signed(now() - 2 * HOUR, co=True), at_desk(town.liaison)

    answer = done(client, case, "answer", note="已换灯具 12 盏。", close_type="solved", way="page")

    assert answer.status_code == 409
    assert "尚未协办答复" in words(answer)
    assert "已换灯具 12 盏。" in answer.content.decode()


def test_acknowledgement_is_no_answer(town: Town):
    case, client = town.signed(now() - 2 * HOUR), at_desk(town.liaison)

    answer = done(client, case, "answer", note="您的诉求已收悉。", close_type="solved", way="page")

    assert answer.status_code == 409
    assert "不能作为答复" in words(answer)


def test_answer_keeps_its_files_and_they_open_for_those_who_may(town: Town):
    case, client = town.signed(now() - 2 * HOUR), at_desk(town.liaison)
    photo = SimpleUploadedFile("现场.png", PNG, "image/png")

    answer = done(client, case, "answer", note="已换灯具 12 盏。", close_type="solved", way="page", attached=[photo])

    assert answer.status_code == 302
    url = f"/cases/{case.key}/files/1/"  # the first file of the case
    sent = client.get(url)
    assert b"PNG" in b"".join(sent.streaming_content)
    assert sent["Content-Disposition"].startswith("attachment")
    assert url in client.get(case.get_absolute_url()).content.decode()
    assert at_desk(town.outsider).get(url).status_code == 404


def test_unusable_file_is_refused_with_the_words_kept(town: Town):
    case, client = town.signed(now() - 2 * HOUR), at_desk(town.liaison)
    trick = SimpleUploadedFile("说明.pdf", b"MZ\x90\x00 not a document", "application/pdf")

    answer = done(client, case, "progress", note="灯具已订，周五到货。", way="page", attached=[trick])

    assert answer.status_code == 409
    assert "灯具已订，周五到货。" in answer.content.decode()
    assert not case.files.exists()


@pytest.mark.parametrize("name", ["auditor", "chief", "callback", "colleague", "outsider", "administrator"])
def test_whoever_has_no_business_finds_nothing(town: Town, name: str):
    case, actor = town.whistle(now()), getattr(town, name)

    shown = at_desk(actor).get(address(case, "dispatch"))
    sent = at_desk(actor).post(address(case, "dispatch"), {"lead": town.lead.pk, "version": case.version})

    assert (shown.status_code, sent.status_code) == (404, 404)
    case.refresh_from_db()
    assert case.state == "registered"


def test_other_park_finds_nothing(town: Town):
    case, other = town.whistle(now()), make_town("PZ")

    answer = at_desk(other.dispatcher).get(address(case, "dispatch"))

    assert answer.status_code == 404


def test_unknown_verbs_and_the_enterprises_own_are_not_there(town: Town):
    case, client = town.whistle(now()), at_desk(town.dispatcher)

    answers = [client.post(address(case, verb)).status_code for verb in ("confirm", "withdraw", "escalate", "nonsense")]

    assert answers == [404] * 4


def test_merge_finds_the_main_case_by_its_number(town: Town):
    main, case = town.whistle(now()), town.whistle(now())
    client = at_desk(town.dispatcher)

    wrong = done(client, case, "merge", number="2026-9999")
    right = done(
        client, case, "merge", number=f" {main.number.translate(str.maketrans('0123456789', '０１２３４５６７８９'))} "
    )

    assert wrong.status_code == 409
    assert "没有编号为“2026-9999”的在办诉求" in words(wrong)
    assert right.status_code == 302
    case.refresh_from_db()
    assert case.merged_into == main


def test_promise_on_a_day_off_is_refused(town: Town):
    case, client = town.signed(now() - 2 * HOUR), at_desk(town.liaison)
    day = timezone.localdate() + timedelta(days=7)
    sunday = day + timedelta(days=6 - day.weekday())

    answer = done(client, case, "plan", note="分两步换灯。", promised=f"{sunday:%Y-%m-%d}")

    assert answer.status_code in (302, 409)  # a make-up day works
    if answer.status_code == 409:
        assert "请改选工作日" in words(answer)


@pytest.mark.parametrize(
    "ugly",
    [{"lead": "x"}, {"lead": "99999999999999999999"}, {"kind": "<script>"}, {"version": "-1"}, {"note": "字" * 6000}],
)
def test_ugly_input_is_told_in_chinese_and_changes_nothing(town: Town, ugly: dict[str, str]):
    case, client = town.whistle(now()), at_desk(town.dispatcher)
    form = opened(client, case, "dispatch") | {"lead": town.lead.pk, "kind": "一般", "urgency": "普通"} | ugly

    answer = client.post(address(case, "dispatch"), form)

    assert answer.status_code == (302 if "version" in ugly else 422)
    assert "<script>" not in answer.content.decode().replace('<script src="', "")


def test_required_words_are_asked_for_by_name(town: Town):
    case = town.whistle(now())

    answer = done(at_desk(town.dispatcher), case, "refuse", reason="", way_out="")

    assert answer.status_code == 422
    assert "请填写不予受理的原因。" in words(answer)


def test_released_unit_keeps_its_part(town: Town):
    case = town.signed(MONDAY, co=True)

    answer = done(at_desk(town.dispatcher), case, "release", unit=town.co.pk, reason="不涉及占道。")

    assert answer.status_code == 302
    assert Assignment.objects.get(case=case, unit=town.co).ended_at is not None
    assert Case.objects.get(pk=case.pk).state == "signed"
