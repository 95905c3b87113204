"""What a leader asks of the open ledger."""

from datetime import timedelta

from lianshang.cases import overview
from lianshang.cases.tests.factories import DAY, MONDAY, Town

OFFICE = "综合党委办公室"


def test_case_stands_once_with_each_holder(town: Town):
    case = town.answered()
    due = {clock.duty: clock.due_at for clock in case.clocks.running()}

    late = overview.late(max(due.values()) + DAY, OFFICE)

    assert {"review", "callback"} <= set(due)
    assert [(held.case, held.holder) for held in late] == [(case, OFFICE)]
    assert late[0].clock.due_at == min(due.values())


def test_case_stands_with_each_unit_that_is_late(town: Town):
    case = town.dispatched(co=True)

    late = overview.late(MONDAY + timedelta(days=30), OFFICE)

    assert {held.holder for held in late if held.case == case} >= {town.lead.name, town.co.name}
    assert len(late) == len({held.holder for held in late})
