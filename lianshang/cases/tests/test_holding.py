from datetime import datetime, timedelta

from lianshang.cases import holding, services
from lianshang.cases.holding import Holding
from lianshang.cases.models import Case
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town
from lianshang.kernel.editions import calendar_of


def held(town: Town, case: Case, now: datetime) -> dict[tuple[int, str], Holding]:
    found = holding.holdings(case.events.order_by("ordinal"), case.assignments.all(), town.office.pk, now)
    return {(one.unit_id, one.part): one for one in found}


def test_office_holds_until_dispatch_and_the_lead_from_then_on(town: Town):
    case = town.dispatched()

    found = held(town, case, MONDAY + DAY)

    assert found[town.office.pk, "综合党委"].spans == [(MONDAY, MONDAY + HOUR)]
    assert found[town.office.pk, "综合党委"].natural == "1 小时"
    assert found[town.lead.pk, "主办"].spans == [(MONDAY + HOUR, MONDAY + DAY)]
    assert found[town.lead.pk, "主办"].is_now


def test_of_a_sealed_case_no_more_than_hours_are_told(town: Town):
    case, now = town.dispatched(), MONDAY + 3 * HOUR + timedelta(minutes=56, seconds=38)

    told = holding.holdings(case.events.order_by("ordinal"), case.assignments.all(), town.office.pk, now, by_hour=True)
    soon = holding.holdings(case.events.order_by("ordinal")[:1], [], town.office.pk, MONDAY + HOUR / 4, by_hour=True)

    assert [one.natural for one in told] == ["1 小时", "3 小时"]
    assert [one.natural for one in soon] == ["不到 1 小时"]
    assert not any("分" in one.working(calendar_of(case.clocks.first().calendar_version_id)) for one in told)


def test_ruling_on_a_return_is_the_offices_time(town: Town):
    case = services.ask_return(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR, reason="不属本局。")
    case = services.deny_return(case, actor=town.dispatcher, at=MONDAY + 5 * HOUR, reason="属于本局。")

    found = held(town, case, MONDAY + 6 * HOUR)

    assert found[town.office.pk, "综合党委"].spans[1] == (MONDAY + 2 * HOUR, MONDAY + 5 * HOUR)
    assert [end - start for start, end in found[town.lead.pk, "主办"].spans] == [HOUR, HOUR]


def test_co_unit_holds_its_own_part_beside_the_lead(town: Town):
    case = town.dispatched(co=True)
    services.co_answer(case, actor=town.co_liaison, at=MONDAY + DAY, note="已派人到场，线路完好。")

    found = held(town, case, MONDAY + 2 * DAY)

    assert found[town.co.pk, "协办"].spans == [(MONDAY + HOUR, MONDAY + DAY)]
    assert not found[town.co.pk, "协办"].is_now
    assert found[town.lead.pk, "主办"].is_now


def test_nights_and_weekends_weigh_nothing_in_working_time(town: Town):
    case = town.dispatched()
    calendar = calendar_of(case.clocks.first().calendar_version_id)

    found = held(town, case, MONDAY + 7 * DAY + HOUR)

    assert found[town.lead.pk, "主办"].natural == "7 天"
    assert found[town.lead.pk, "主办"].working(calendar) == "5 个工作日"


def test_nobody_holds_a_case_that_has_ended(town: Town):
    case = town.answered()
    case = services.confirm(case, actor=town.holder(case), at=MONDAY + 2 * DAY, grade="satisfied")

    found = held(town, case, MONDAY + 30 * DAY)

    assert not any(one.is_now for one in found.values())
    assert found[town.office.pk, "综合党委"].spans[1] == (MONDAY + DAY, MONDAY + 2 * DAY)


def test_late_co_unit_is_charged_to_itself(town: Town):
    case = town.dispatched(co=True)
    services.sign(case, actor=town.liaison, at=MONDAY + 1.5 * HOUR)
    services.contact(case, actor=town.liaison, at=MONDAY + 2 * HOUR)
    services.report_in(case, actor=town.liaison, at=MONDAY + 2 * HOUR)

    charged = holding.charged(case.clocks.all(), MONDAY + 4 * DAY)

    assert {clock.duty for clock, _ in charged[town.co.pk]} == {"sign", "co_reply"}
    assert town.lead.pk not in charged
