from datetime import timedelta

import pytest

from lianshang.cases import receipts, services
from lianshang.cases.models import Case
from lianshang.cases.states import State
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town
from lianshang.directory import actors
from lianshang.directory.models import Person
from lianshang.enterprises.models import ContactPerson
from lianshang.kernel.models import StoredFile


def labels(case: Case, at=MONDAY) -> dict[str, str]:
    """Return the line of steps as label → state."""
    return {step["label"]: step["state"] for step in receipts.receipt(case, at=at).steps}


def step(case: Case, label: str, at=MONDAY) -> dict[str, object]:
    return next(one for one in receipts.receipt(case, at=at).steps if one["label"] == label)


def test_new_case_promises_dispatch_and_feedback_by_its_clocks(town: Town):
    case = town.whistle()

    line = labels(case)

    assert line == {
        "收到您的诉求": "done",
        "综合党委办公室派单": "current",
        "签收": "coming",
        "联系您": "coming",
        "反馈进展或结果": "coming",
        "答复办理结果": "coming",
        "您确认是否解决": "coming",
    }
    assert step(case, "综合党委办公室派单")["promised_at"] == case.clocks.get(duty="accept").due_at
    assert step(case, "反馈进展或结果")["promised_at"] == case.clocks.get(duty="feedback").due_at
    assert step(case, "答复办理结果")["note"] == "派单后 5 个工作日内"


def test_before_dispatch_the_office_answers_and_then_the_lead(town: Town):
    new, signed = town.whistle(), town.signed()

    office, lead = receipts.receipt(new, at=MONDAY).contact, receipts.receipt(signed, at=MONDAY).contact

    assert (office.unit, office.phone) == ("综合党委办公室", "0858-0000000")
    assert (lead.unit, lead.name, lead.phone) == ("交通运输局", "李路", "13900000000")


def test_dispatched_case_names_who_handles_it_until_when(town: Town):
    case = town.signed()

    shown = receipts.receipt(case, at=MONDAY + 2 * HOUR)

    assert step(case, "派给交通运输局")["happened_at"] == MONDAY + HOUR
    assert step(case, "答复办理结果")["promised_at"] == case.clocks.get(duty="handle").due_at
    assert shown.now.startswith("交通运输局正在办理，11月9日")
    assert shown.offers == ("supplement", "urge", "withdraw")


def test_late_promise_is_said_to_be_late(town: Town):
    case = town.signed()

    late = step(case, "答复办理结果", at=MONDAY + 30 * DAY)

    assert late["state"] == "late"
    assert (
        receipts.receipt(case, at=MONDAY + 30 * DAY).now == "交通运输局没有按约定在11月9日 17:00 前答复。您可以催办。"
    )


def test_dedicated_contact_is_named(town: Town):
    person = Person.objects.create(park=town.park, name="赵专员", phone="13700000000")
    ContactPerson.objects.create(park=town.park, enterprise=town.enterprise, person=person, since=MONDAY)

    shown = receipts.receipt(town.whistle(), at=MONDAY)

    assert (shown.companion.name, shown.companion.phone) == ("赵专员", "13700000000")


def test_answer_is_quoted_and_may_be_confirmed_or_sent_back(town: Town):
    case = town.answered()

    shown = receipts.receipt(case, at=MONDAY + DAY + HOUR)

    assert shown.latest.quote == "已更换灯具 12 盏，今晚恢复照明。"
    assert shown.latest.sentence == "答复。办理结果：已解决。"
    assert shown.offers[:2] == ("confirm", "reject")
    assert "反馈进展或结果" not in labels(case)
    assert labels(case)["您确认是否解决"] == "current"


def test_plan_is_shown_to_the_enterprise(town: Town):
    case = services.plan(town.signed(), actor=town.liaison, at=MONDAY + DAY, note="先抢修线路，再换灯杆。")

    shown = receipts.receipt(case, at=MONDAY + DAY)

    assert (shown.latest.sentence, shown.latest.quote) == ("交通运输局已定办理计划。", "先抢修线路，再换灯杆。")


def test_rework_has_a_promise_of_its_own(town: Town):
    case = town.answered()
    case = services.reject(case, actor=town.holder(case), at=MONDAY + DAY + HOUR, reason="还有两盏不亮。")

    line = labels(case, at=MONDAY + DAY + HOUR)

    assert line["答复办理结果"] == "done"
    assert step(case, "重办后答复")["promised_at"] == case.clocks.get(duty="rework").due_at


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_every_state_has_a_sentence_and_steps_in_order(town: Town, state: State):
    case = town.in_state(state)

    shown = receipts.receipt(case, at=MONDAY + 2 * DAY)

    assert shown.now.endswith("。")
    assert shown.steps[0]["state"] == "done"
    assert sum(step["state"] == "current" for step in shown.steps) <= 1
    assert bool(shown.ending) == (state in receipts.ENDED)


def test_internal_words_stay_inside(town: Town):
    case = services.dispatch(
        town.whistle(), actor=town.dispatcher, at=MONDAY + HOUR, lead=town.lead, note="这家企业难缠，小心。"
    )

    shown = receipts.receipt(case, at=MONDAY + HOUR)

    assert "难缠" not in str(shown.words)
    assert shown.words[0].sentence == "已派给交通运输局办理。"


def test_refusal_tells_reason_and_way_out(town: Town):
    shown = receipts.receipt(town.in_state(State.NOT_ACCEPTED), at=MONDAY + DAY)

    assert shown.latest.quote == "属于合同纠纷。"
    assert "去向：可向法院起诉或申请仲裁。" in shown.latest.sentence


def test_merged_case_does_not_betray_the_other(town: Town):
    other = town.whistle()
    case = services.merge(town.whistle(), actor=town.dispatcher, at=MONDAY + HOUR, into=other)

    shown = receipts.receipt(case, at=MONDAY + HOUR)

    assert other.number not in str(shown.words) + str(shown.steps)
    assert labels(case)["告知合并办理的结果"] == "current"


def test_sealed_receipt_names_no_person_no_unit_and_repeats_nothing(town: Town):
    case = town.signed(nature="report", respondents=(town.other,), text="税务局有人索要财物。", enterprise=None)
    case = services.progress(case, actor=town.liaison, at=MONDAY + DAY, note="已调取记录，下周核实。")

    shown = receipts.receipt(case, at=MONDAY + DAY)

    told = f"{shown.words}{shown.steps}{shown.now}{shown.contact}{shown.latest}"
    for secret in ("税务局", "交通运输局", "李路", "郑义", "索要"):
        assert secret not in told
    assert shown.latest.quote == "已调取记录，下周核实。"
    assert shown.contact.unit == "投诉举报专办员"
    assert shown.offers == ("supplement", "ask_recusal", "urge", "withdraw")


def test_files_told_are_own_and_the_answers_but_not_the_co_units(town: Town):
    stored = StoredFile.objects.create(park=town.park, digest="0" * 64, size=1, media_type="application/pdf")
    case = services.dispatch(
        town.whistle(files=((stored, "现场.pdf"),)),
        actor=town.dispatcher,
        at=MONDAY + HOUR,
        lead=town.lead,
        co_units=[town.co],
    )
    case = services.sign(case, actor=town.liaison, at=MONDAY + 2 * HOUR, interest="")
    services.co_answer(
        case, actor=town.co_liaison, at=MONDAY + 3 * HOUR, note="已派人查看。", files=((stored, "内部.pdf"),)
    )
    case = services.answer(
        case, actor=town.liaison, at=MONDAY + DAY, note="已修好，今晚亮灯。", files=((stored, "验收.pdf"),)
    )

    names = [file.name for file in receipts.files_of(case)]

    assert names == ["现场.pdf", "验收.pdf"]


def test_office_without_telephone_lends_the_dispatchers(town: Town):
    town.office.phone = ""
    town.office.save()

    contact = receipts.office_contact(MONDAY + timedelta(days=1))

    assert contact.phone == town.dispatcher.person.phone == actors.staff(town.dispatcher.person, on=MONDAY).person.phone
