"""What a leader asks of the open ledger."""

from datetime import timedelta

from lianshang.cases import books, overview
from lianshang.cases.models import CaseClock
from lianshang.cases.tests.factories import DAY, MONDAY, Town

OFFICE = "综合党委办公室"


def test_case_stands_once_with_each_holder(town: Town):
    case = town.answered()
    due = {clock.duty: clock.due_at for clock in case.clocks.running()}

    late = overview.late(max(due.values()) + DAY, OFFICE)

    assert {"review", "callback"} <= set(due)
    assert [(held.case.pk, held.holder) for held in late] == [(case.pk, OFFICE)]
    assert late[0].clock.due_at == min(due.values())


def test_case_stands_with_each_unit_that_is_late(town: Town):
    case = town.dispatched(co=True)

    late = overview.late(MONDAY + timedelta(days=30), OFFICE)

    assert {held.holder for held in late if held.case.pk == case.pk} >= {town.lead.name, town.co.name}
    assert len(late) == len({held.holder for held in late})


def test_late_clocks_of_a_unit_are_those_of_its_open_cases_without_the_sealed_ones(town: Town):
    town.dispatched(co=True)
    town.answered()
    sealed = town.dispatched(nature="complaint")
    now = MONDAY + 60 * DAY

    told = {load.unit: (load.open, load.late) for load in overview.loads(town.park, now)}

    late = [clock for clock in CaseClock.objects.late(now).running() if clock.duty not in books.QUIET]
    own = [clock for clock in late if clock.subject_id != sealed.pk]
    assert len(own) < len(late)
    assert {unit: n for unit, (_, n) in told.items()} == {
        unit: sum(clock.unit_id == unit.pk for clock in own) for unit in told
    }
    assert told[town.lead][0] == 1
