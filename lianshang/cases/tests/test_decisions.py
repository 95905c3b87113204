"""Bounded decisions: return, extension, pause, deferral, rework; who stays answerable; what is refused and how."""

from datetime import timedelta

import pytest

from lianshang.cases import mechanism, presets, receipts, services
from lianshang.cases.models import Assignment, Case, CaseClock
from lianshang.cases.states import State
from lianshang.cases.tests.desks import at_desk, done
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, ZONE
from lianshang.directory import actors
from lianshang.directory.models import Post
from lianshang.kernel.refusals import Hidden, Refused

REASON = "不属本局职责，应由执法局办。"


def clock(case, duty, unit=None):
    rows = case.clocks.filter(duty=duty)
    return (rows.filter(unit=unit) if unit else rows).order_by("-round").first()


def ledger(case):
    return [(row.unit.name, row.reason) for row in case.first_handlers.order_by("pk")]


def test_first_handler_is_written_at_first_signing_and_kept_when_the_lead_changes(town):
    case = town.signed()

    case = services.change_lead(case, actor=town.dispatcher, at=MONDAY + 3 * HOUR, lead=town.other, reason="职责调整")
    case = services.sign(case, actor=town.outsider, at=MONDAY + 4 * HOUR)

    assert ledger(case) == [("交通运输局", "")]
    assert case.lead_unit == town.other
    answered = services.answer(case, actor=town.liaison, at=MONDAY + DAY, note="首办单位统一答复：路灯已修复。")
    assert answered.state == State.ANSWERED


def test_first_handler_is_followed_only_after_a_ruled_return(town):
    case = services.ask_return(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR, reason=REASON)

    case = services.grant_return(case, actor=town.dispatcher, at=MONDAY + 3 * HOUR, lead=town.co)
    case = services.sign(case, actor=town.co_liaison, at=MONDAY + 4 * HOUR)

    assert ledger(case) == [("交通运输局", ""), ("综合行政执法局", "交通运输局退单获准")]
    assert [part.unit for part in case.assignments.filter(ended_at=None)] == [town.co]


def test_return_is_refused_after_its_window_with_the_way_out(town):
    case = town.signed()
    late = clock(case, "return_window").due_at + timedelta(minutes=1)

    with pytest.raises(Refused, match=r"已过退单期限（签收后 1 个工作日内，至11月3日 17:00）。可申请会商。"):
        services.ask_return(case, actor=town.liaison, at=late, reason=REASON)


def test_ruling_on_a_return_is_final(town):
    case = services.ask_return(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR, reason=REASON)
    case = services.deny_return(case, actor=town.dispatcher, at=MONDAY + 3 * HOUR, reason="三定方案明确由你局负责。")

    with pytest.raises(Refused, match="已裁定，不得再退"):
        services.ask_return(case, actor=town.liaison, at=MONDAY + 4 * HOUR, reason=REASON)


def test_unit_that_was_refused_its_return_unsigned_counts_as_having_signed(town):
    case = services.ask_return(town.dispatched(), actor=town.liaison, at=MONDAY + 2 * HOUR, reason=REASON)

    case = services.deny_return(case, actor=town.dispatcher, at=MONDAY + 3 * HOUR, reason="三定方案明确由你局负责。")

    assert case.state == State.SIGNED
    assert ledger(case) == [("交通运输局", "")]
    assert clock(case, "sign").outcome == CaseClock.Outcome.DONE


def test_extension_moves_the_deadline_and_keeps_the_old_one(town):
    case = town.signed()
    before = clock(case, "handle").due_at
    until = before + 7 * DAY
    case = services.ask_extension(case, actor=town.liaison, at=MONDAY + DAY, until=until, reason="灯杆要定制。")

    case = services.grant_extension(case, actor=town.dispatcher, at=MONDAY + DAY + HOUR)

    handle = clock(case, "handle")
    assert (handle.first_due_at, handle.due_at) == (before, until)
    change = handle.changes.get()
    assert (change.what, change.old_due_at, change.new_due_at) == ("extend", before, until)


@pytest.mark.parametrize(
    ("ask_at", "until", "sentence"),
    [
        (8 * DAY, 20 * DAY, "已于11月9日 17:00超期，延期要在到期前申请"),
        (7 * DAY, 20 * DAY, "延期要在到期前至少 1 个工作日申请"),
        (DAY, 6 * DAY, "申请的时间要晚于现在的期限"),
    ],
)
def test_extension_outside_the_profile_is_refused_with_the_rule(town, ask_at, until, sentence):
    case = town.signed()

    with pytest.raises(Refused, match=sentence):
        services.ask_extension(case, actor=town.liaison, at=MONDAY + ask_at, until=MONDAY + until, reason="要订货。")


@pytest.mark.parametrize("days", [60, 14])
def test_extension_past_the_bounds_is_granted_by_whom_the_profile_names_alone(town, days):
    case = town.signed()
    if days == 14:  # within the bounds, but the second one
        case = services.ask_extension(
            case, actor=town.liaison, at=MONDAY + DAY, until=MONDAY + 9 * DAY, reason="灯杆要定制。"
        )
        case = services.grant_extension(case, actor=town.dispatcher, at=MONDAY + DAY + HOUR)
    case = services.ask_extension(
        case, actor=town.liaison, at=MONDAY + 2 * DAY, until=MONDAY + days * DAY, reason="厂家停产，要改型号。"
    )

    with pytest.raises(Refused, match="这次延期由综合党委负责人批准"):
        services.grant_extension(case, actor=town.dispatcher, at=MONDAY + 2 * DAY + HOUR)
    case = services.grant_extension(case, actor=town.head, at=MONDAY + 2 * DAY + HOUR)

    assert clock(case, "handle").due_at == MONDAY + days * DAY


def test_paused_days_are_not_counted_and_the_clock_is_not_late_meanwhile(town):
    case = services.contact(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR)
    case = services.pause(case, actor=town.dispatcher, at=MONDAY + DAY, cause="检测", reason="送检。")
    assert not clock(case, "handle").is_late(MONDAY + 30 * DAY)

    case = services.resume(case, actor=town.dispatcher, at=MONDAY + 3 * DAY)

    assert clock(case, "handle").due_at.astimezone(ZONE).strftime("%m-%d %H:%M") == "11-11 17:00"


def test_pause_needs_a_cause_that_the_profile_lists(town):
    case = services.contact(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR)

    with pytest.raises(Refused, match="停钟只限方案列明的事由：检验、检测"):
        services.pause(case, actor=town.dispatcher, at=MONDAY + DAY, cause="太忙", reason="人手不够。")


def test_deferred_case_is_not_closed_and_owes_review_promise_and_feedback(town):
    case = town.in_state(State.DEFERRED)

    running = {one.duty for one in case.clocks.running()}

    assert running == {"defer_review", "promise", "stage_feedback"}
    assert (case.close_type, case.closed_at) == ("", None)


@pytest.mark.parametrize(("who", "place"), [("head", "/leader/"), ("dispatcher", "/desk/")])
def test_review_from_ones_own_desk_leads_back_to_it(town, who, place):
    case = town.in_state(State.DEFERRED)
    client = at_desk(getattr(town, who))

    answer = done(client, case, "review_deferred", **{"from": "desk", "result": "条件还不具备，继续挂账。"})

    assert answer["Location"] == place


def test_late_co_unit_is_charged_to_itself(town):
    case = services.co_sign(town.signed(co=True), actor=town.co_liaison, at=MONDAY + 2 * HOUR)
    due = clock(case, "co_reply", town.co).due_at
    case = services.co_answer(case, actor=town.co_liaison, at=due + HOUR, note="已协调路权，可施工。")

    case = services.answer(case, actor=town.liaison, at=due + 2 * HOUR, note="已修复。", close_type="solved")

    asked = case.clocks.filter(duty__in=("handle", "co_reply"))
    late = [(one.unit.name, one.duty) for one in asked.late(due + HOUR).select_related("unit")]
    assert late == [("综合行政执法局", "co_reply")]


def test_answer_waits_for_co_units_or_says_why_they_are_let_go(town):
    case = town.signed(co=True)

    with pytest.raises(Refused, match="综合行政执法局尚未协办答复"):
        services.answer(case, actor=town.liaison, at=MONDAY + DAY, note="已修复。")
    case = services.answer(
        case, actor=town.liaison, at=MONDAY + DAY, note="已修复。", release_reason="查明与占道无关。"
    )

    assert not case.assignments.filter(part=Assignment.Part.CO, ended_at=None).exists()
    assert case.events.filter(verb="release", note="查明与占道无关。").exists()


@pytest.mark.parametrize("text", ["已收悉。", "网友：您好！您的留言已收悉。", "收到，已转相关部门。"])
def test_an_acknowledgement_is_no_answer(town, text):
    with pytest.raises(Refused, match="不能作为答复"):
        services.answer(town.signed(), actor=town.liaison, at=MONDAY + DAY, note=text)


def test_rework_happens_so_often_and_then_one_level_up(town):
    case = town.answered()
    for day in (2, 4):
        case = services.reject(case, actor=town.holder(case), at=MONDAY + day * DAY, reason="灯还是不亮。")
        assert case.state == State.REWORK
        case = services.answer(case, actor=town.liaison, at=MONDAY + (day + 1) * DAY, note="又换了一批灯具。")

    case = services.reject(case, actor=town.holder(case), at=MONDAY + 6 * DAY, reason="仍然不亮。")

    assert case.state == State.CONSULTING
    assert {"ruling", "rework"} <= {one.duty for one in case.clocks.running()}


def test_who_answered_may_not_review_or_call_back(town):
    Post.objects.create(
        park=town.park, person=town.liaison.person, unit=town.office, role="dispatcher", since=MONDAY.date()
    )
    both = actors.staff(town.liaison.person, on=MONDAY.date())
    case = services.answer(town.signed(), actor=both, at=MONDAY + DAY, note="已更换灯具。")

    with pytest.raises(Refused, match="答复人不能审核自己的答复"):
        services.approve(case, actor=both, at=MONDAY + 2 * DAY)


def test_unreached_case_closes_only_after_its_attempts(town):
    case = town.in_state(State.CALLBACK)
    with pytest.raises(Refused, match="已回访 0 次未接通，满 3 次"):
        services.close_unreached(case, actor=town.callback, at=MONDAY + 2 * DAY)
    for hour in range(3):
        case = services.miss_call(case, actor=town.callback, at=MONDAY + 2 * DAY + hour * HOUR)

    case = services.close_unreached(case, actor=town.callback, at=MONDAY + 3 * DAY)

    assert (case.state, case.grade) == (State.CLOSED, "")


def test_who_answered_may_not_close_as_unreached(town):
    case = services.approve(town.answered(contact_phone=""), actor=town.dispatcher, at=MONDAY + DAY + HOUR)
    Post.objects.create(
        park=town.park, person=town.liaison.person, unit=town.office, role="callback_officer", since=MONDAY.date()
    )
    both = actors.staff(town.liaison.person, on=MONDAY.date())

    with pytest.raises(Refused, match="答复人不能回访自己的答复"):
        services.close_unreached(case, actor=both, at=MONDAY + 2 * DAY)


def test_case_without_contact_is_not_told_that_it_was_called(town):
    case = services.approve(town.answered(contact_phone=""), actor=town.dispatcher, at=MONDAY + DAY + HOUR)

    services.close_unreached(case, actor=town.callback, at=MONDAY + 2 * DAY)

    said = receipts.receipt(Case.objects.get(pk=case.pk), at=MONDAY + 3 * DAY).words[0].sentence
    assert said.startswith("未能回访，先行办结。")


def test_dissatisfied_call_back_is_no_closing(town):
    case = town.in_state(State.CALLBACK)

    case = services.call_back(
        case, actor=town.callback, at=MONDAY + 2 * DAY, solved=True, grade="dissatisfied", note="修了又坏。"
    )

    assert case.state == State.REWORK


def test_confirmation_needs_a_grade_of_the_enterprises_own(town):
    case = town.answered()

    with pytest.raises(Refused, match="请选一个满意度"):
        services.confirm(case, actor=town.holder(case), at=MONDAY + 2 * DAY, grade="")


def test_nobody_confirms_for_the_enterprise(town):
    case = town.answered()

    for actor in (town.dispatcher, town.liaison, town.head, town.callback):
        with pytest.raises(Hidden):
            services.confirm(case, actor=actor, at=MONDAY + 2 * DAY, grade="satisfied")


def test_complaint_is_sealed_numbered_at_random_and_never_goes_to_the_accused(town):
    case = town.whistle(nature="complaint", respondents=(town.lead,), text="窗口人员推诿。")

    assert case.sealed
    assert case.number.startswith("M-")
    with pytest.raises(Refused, match="所选单位与被反映对象有关"):
        services.dispatch(case, actor=town.complaints, at=MONDAY + HOUR, lead=town.lead)
    with pytest.raises(Hidden):
        services.dispatch(case, actor=town.dispatcher, at=MONDAY + HOUR, lead=town.co)


def test_open_numbers_have_no_gap_for_a_complaint(town):
    first = town.whistle()
    town.whistle(nature="report")
    second = town.whistle()

    assert [first.number, second.number] == ["2026-0001", "2026-0002"]


def test_answer_while_the_clock_is_stopped_is_not_late_by_the_pause(town):
    case = services.contact(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR)
    case = services.pause(case, actor=town.dispatcher, at=MONDAY + DAY, cause="检测", reason="送检。")

    case = services.answer(case, actor=town.liaison, at=MONDAY + 20 * DAY, note="检测合格，已恢复照明。")

    assert not clock(case, "handle").is_late(MONDAY + 30 * DAY)


def test_co_unit_that_becomes_lead_owes_no_co_answer_any_more(town):
    case = town.signed(co=True)

    case = services.change_lead(case, actor=town.dispatcher, at=MONDAY + 3 * HOUR, lead=town.co, reason="职责调整")

    assert clock(case, "co_reply", town.co).outcome == CaseClock.Outcome.DROPPED
    assert [(part.unit, part.part) for part in case.assignments.filter(ended_at=None)] == [(town.co, "lead")]


def test_co_unit_called_in_rework_counts_back_from_the_rework(town):
    case = services.involve(town.in_state(State.REWORK), actor=town.dispatcher, at=MONDAY + 2 * DAY, unit=town.co)

    assert clock(case, "co_reply", town.co).due_at < clock(case, "rework").due_at


def test_first_handler_who_no_longer_leads_can_still_answer_and_let_co_units_go(town):
    case = services.change_lead(
        town.signed(co=True), actor=town.dispatcher, at=MONDAY + 3 * HOUR, lead=town.other, reason="职责调整"
    )
    case = services.sign(case, actor=town.outsider, at=MONDAY + 4 * HOUR)

    case = services.answer(
        case, actor=town.liaison, at=MONDAY + DAY, note="路灯已修复。", release_reason="查明与占道无关。"
    )

    assert case.state == State.ANSWERED


def test_calls_of_an_earlier_answer_do_not_count_for_the_next(town):
    case = town.in_state(State.CALLBACK)
    for hour in range(3):
        case = services.miss_call(case, actor=town.callback, at=MONDAY + 2 * DAY + hour * HOUR)
    case = services.close_unreached(case, actor=town.callback, at=MONDAY + 3 * DAY)
    case = services.reopen(case, actor=town.dispatcher, at=MONDAY + 4 * DAY, facts="路灯又灭了。")
    case = services.answer(case, actor=town.liaison, at=MONDAY + 5 * DAY, note="已换变压器。")
    case = services.approve(case, actor=town.dispatcher, at=MONDAY + 5 * DAY + HOUR)

    with pytest.raises(Refused, match="已回访 0 次"):
        services.close_unreached(case, actor=town.callback, at=MONDAY + 6 * DAY)


def test_unit_does_not_move_its_own_promise(town):
    case = services.plan(
        town.signed(), actor=town.liaison, at=MONDAY + DAY, note="下周施工。", promised_at=MONDAY + 9 * DAY
    )

    with pytest.raises(Refused, match="已承诺11月11日办成"):
        services.plan(case, actor=town.liaison, at=MONDAY + 2 * DAY, note="再等等。", promised_at=MONDAY + 20 * DAY)


def test_who_does_not_sign_does_not_keep_the_window_open(town):
    with pytest.raises(Refused, match="已过退单期限（派单后 2 个工作小时内"):
        services.ask_return(town.dispatched(), actor=town.liaison, at=MONDAY + 5 * DAY, reason=REASON)


def test_mechanism_without_returns_allows_none(town):
    mechanism.adopt(presets.preset("shandong"), actor=town.system, at=MONDAY)

    with pytest.raises(Refused, match="不设退单"):
        services.ask_return(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR, reason=REASON)


def test_bad_grade_is_no_confirmation_but_rework(town):
    case = town.answered()
    with pytest.raises(Refused, match="请写明哪里不满意"):
        services.confirm(case, actor=town.holder(case), at=MONDAY + 2 * DAY, grade="dissatisfied")

    case = services.confirm(
        case, actor=town.holder(case), at=MONDAY + 2 * DAY, grade="dissatisfied", note="只亮了一半。"
    )

    assert (case.state, case.rework_count) == (State.REWORK, 1)


def test_end_of_a_case_ends_the_parts_of_its_units(town):
    case = services.terminate(town.signed(co=True), actor=town.dispatcher, at=MONDAY + DAY, reason="已进入诉讼。")

    assert not case.assignments.filter(ended_at=None).exists()


def test_monthly_progress_given_early_is_owed_again_the_month_after(town):
    mechanism.adopt(presets.preset("huazhou"), actor=town.system, at=MONDAY)
    case = services.contact(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR)
    first = clock(case, "progress").due_at.astimezone(ZONE)

    case = services.progress(case, actor=town.liaison, at=first - DAY, note="已完成基础施工。")

    assert (first.month, clock(case, "progress").due_at.astimezone(ZONE).month) == (11, 12)
