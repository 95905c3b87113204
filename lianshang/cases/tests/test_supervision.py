"""督办: who stands under it and until when, the answer in writing, grades in order, what is proposed, where it shows."""

import pytest

from lianshang.cases import access, books, ledger_columns, ledger_facts, queues, services, supervision
from lianshang.cases.forms.ledger_filter import LedgerFilter
from lianshang.cases.models import CaseClock
from lianshang.cases.tests.desks import at_desk, done, few_queries, words
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, ZONE
from lianshang.kernel.refusals import Hidden, Refused

NOON = MONDAY + 3 * HOUR
REPLY_BY = MONDAY + 3 * DAY


def supervised(town, case=None, **more):
    answers = {"note": "请三日内办结并说明原因。", "reply_by": REPLY_BY, "at": NOON}
    return services.supervise(case or town.signed(co=True), actor=town.head, **answers | more)


def under(case):
    return set(supervision.standing(case, supervision.told(case)))


def test_the_unit_owes_an_answer_by_the_date_of_the_order(town):
    case = supervised(town)

    clock = case.clocks.running().get(duty="supervision")
    assert (clock.unit, clock.due_at) == (town.lead, REPLY_BY)
    assert under(case) == {town.lead.pk}
    answered = services.respond_supervision(case, actor=town.liaison, at=NOON + HOUR, adopted="采纳", note="明天修好。")
    assert under(answered) == set()
    clock.refresh_from_db()
    assert (clock.outcome, clock.stopped_at) == (CaseClock.Outcome.DONE, NOON + HOUR)


def test_it_binds_no_other_clock(town):
    before = town.signed()
    handle = before.clocks.get(duty="handle").due_at

    after = supervised(town, before)

    assert after.clocks.get(duty="handle").due_at == handle
    live, told = (
        sorted((c.duty, c.unit_id, c.round, c.due_at, c.outcome) for c in book(after).clocks)
        for book in (books.live, books.rebuilt)
    )
    assert live == told


def test_without_a_date_the_answer_is_owed_by_no_clock(town):
    case = supervised(town, reply_by=None)

    assert not case.clocks.filter(duty="supervision").exists()
    assert under(case) == {town.lead.pk}


def test_a_co_unit_answers_for_itself_alone_even_after_its_part(town):
    case = supervised(town, unit=town.co)
    case = services.co_answer(case, actor=town.co_liaison, at=NOON + HOUR, note="水压数据已交。")

    with pytest.raises(Refused, match="没有要回复的督办"):
        services.respond_supervision(case, actor=town.liaison, at=NOON + HOUR, note="我们没有责任。")
    case = services.respond_supervision(
        case, actor=town.co_liaison, at=NOON + 2 * HOUR, adopted="部分采纳", note="已补交。"
    )

    assert under(case) == set()


@pytest.mark.parametrize(
    "free",
    [
        lambda town, case: services.lift_supervision(case, actor=town.head, at=NOON + HOUR, reason="已查明非其责任。"),
        lambda town, case: services.change_lead(case, actor=town.dispatcher, at=NOON + HOUR, lead=town.other, reason="职责调整"),
        lambda town, case: services.terminate(case, actor=town.dispatcher, at=NOON + HOUR, reason="企业已起诉。"),
    ],
    ids=["lifted", "another lead", "ended"],
)  # fmt: skip
def test_it_ends_with_its_ground(town, free):
    case = free(town, supervised(town))

    assert under(case) == set()
    assert not case.clocks.running().filter(duty="supervision").exists()
    assert supervision.marked([case.pk]) == {}


def test_grades_rise_in_order_and_with_a_reason(town):
    case = supervised(town)
    for grade, again, wrong in (("interview", "仍未办", "只能是"), ("listed", "", "为什么再次督办")):
        with pytest.raises(Refused, match=wrong):
            supervised(town, case, grade=grade, again=again)

    case = supervised(town, case, grade="listed", again="三日已过，仍未办。")
    with pytest.raises(Refused, match="只能是"):
        supervised(town, case, grade="daily", again="仍未办")

    assert supervision.marked([case.pk]) == {case.pk: "挂牌督办"}
    assert case.clocks.running().filter(duty="supervision").count() == 1


def test_a_unit_without_a_part_is_not_supervised_and_the_office_is_where_nobody_leads(town):
    with pytest.raises(Refused, match="没有承办"):
        supervised(town, unit=town.other)
    case = supervised(town, town.whistle())

    assert under(case) == {town.office.pk}
    assert under(services.respond_supervision(case, actor=town.dispatcher, at=NOON + HOUR, note="马上派。")) == set()


def test_what_is_owed_stands_in_the_units_inbox(town):
    case = supervised(town, reply_by=NOON + HOUR)

    row = next(row for row in queues.desk(town.liaison, NOON + 2 * HOUR).rows if row.case.pk == case.pk)

    assert (row.what, row.verb, row.state) == ("回复督办", "respond_supervision", "late")


def test_lists_filters_and_sheets_say_it(town):
    case, other = supervised(town), town.signed()

    ledger = access.open_ledger(town.auditor)
    found = LedgerFilter(None, {"supervised": "on"})
    assert list(found.narrowed(ledger, NOON)) == [case]
    assert found.said == ["只看督办中"]
    notes = [ledger_columns.row(one, 1, ZONE)[-1] for one in ledger_facts.told([case.pk, other.pk])]
    assert notes == ["督办中（日常督办）", ""]


def test_what_the_rules_name_is_proposed_until_it_is_done(town):
    refused = town.dispatched()
    again = town.signed()
    for day in (1, 2):
        again = services.answer(again, actor=town.liaison, at=MONDAY + day * DAY, note="已更换灯具，今晚恢复。")
        again = services.send_back(
            again, actor=town.dispatcher, at=MONDAY + day * DAY + HOUR, reason="没有说何时修好。"
        )
    sealed = town.dispatched(nature="complaint")
    later = MONDAY + 2 * DAY + 2 * HOUR

    found = {one.case: (one.unit, one.ground) for one in supervision.proposals(later, supervision.everywhere())}

    assert found == {refused: (town.lead, "拒不签收"), again: (town.lead, "应办未办好")}
    assert sealed not in found
    supervised(town, refused, at=later, reply_by=None)
    assert [one.case for one in supervision.proposals(later, supervision.everywhere())] == [again]


def test_one_press_opens_the_form_filled_in_and_the_unit_answers(town):
    case = town.dispatched()
    case = services.urge(case, actor=town.chief, at=NOON)
    head, unit = at_desk(town.head), at_desk(town.liaison)
    page = head.get("/leader/more/")
    assert "可以督办 1" in words(page)
    form = head.get(f"{case.get_absolute_url()}do/supervise/?from=leader").content.decode()
    assert "请今天签收并联系企业" in form

    done(head, case, "supervise", grade="daily", ground="拒不签收", note="请今天签收。", reply="")

    assert "督办中" in words(head.get(case.get_absolute_url()))
    assert "督办中" in words(head.get("/cases/?supervised=on"))
    assert "督办中" in words(unit.get("/desk/"))
    done(unit, case, "respond_supervision", adopted="采纳", note="已签收，今天联系。")
    assert "书面回复督办：采纳" in words(head.get(case.get_absolute_url()))
    assert "督办中" not in words(unit.get("/desk/"))
    with few_queries():
        head.get("/leader/")


def test_who_is_not_under_supervision_has_no_button_and_a_stranger_no_page(town):
    case = supervised(town, unit=town.co)
    mine, others = (
        at_desk(town.co_liaison).get(case.get_absolute_url()),
        at_desk(town.liaison).get(case.get_absolute_url()),
    )

    assert "respond_supervision" in mine.content.decode()
    assert "respond_supervision" not in others.content.decode()
    assert at_desk(town.outsider).get(f"{case.get_absolute_url()}do/respond_supervision/").status_code == 404
    with pytest.raises(Hidden):
        services.respond_supervision(case, actor=town.outsider, at=NOON, note="好")
