"""The database itself sends nobody from inside the respondents, whichever program asks."""

import pytest
from django.db import IntegrityError, connection, transaction

from lianshang.cases.models import Assignment, Case, Respondent
from lianshang.cases.tests.factories import HOUR, MONDAY, Town
from lianshang.directory.models import Unit


def send(town: Town, case: Case, unit: Unit, **more: object) -> Assignment:
    fields = {"part": "lead", "dispatched_at": MONDAY + HOUR} | more
    return Assignment.objects.create(park=town.park, case=case, unit=unit, **fields)


def line(town: Town) -> dict[str, Unit]:
    """The respondent unit, one above, one below, two further off, and one beside."""
    top = Unit.objects.create(park=town.park, code="top", name="管委会")
    above = Unit.objects.create(park=town.park, code="above", name="建设口", parent=top)
    Unit.objects.filter(pk=town.other.pk).update(parent=above)
    below = Unit.objects.create(park=town.park, code="below", name="税务所", parent=town.other)
    last = Unit.objects.create(park=town.park, code="last", name="窗口", parent=below)
    beside = Unit.objects.create(park=town.park, code="beside", name="兄弟单位", parent=above)
    return {"top": top, "above": above, "own": town.other, "below": below, "last": last, "beside": beside}


@pytest.mark.parametrize("who", ["top", "above", "own", "below", "last"])
def test_no_part_for_a_unit_in_the_line(town: Town, who: str):
    units = line(town)
    case = town.whistle(nature="report", respondents=(town.other,))

    with pytest.raises(IntegrityError, match="closure_guard"), transaction.atomic():
        send(town, case, units[who])
    assert not case.assignments.exists()


def test_a_unit_beside_the_line_and_open_cases_are_sent(town: Town):
    units = line(town)
    case = town.whistle(nature="report", respondents=(town.other,))

    assert send(town, case, units["beside"]).pk
    assert send(town, town.whistle(), town.other).pk


def test_no_part_is_moved_into_the_line_by_raw_sql(town: Town):
    part = send(town, town.whistle(nature="report", respondents=(town.other,)), town.lead)

    with pytest.raises(IntegrityError, match="closure_guard"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_assignment SET unit_id = %s WHERE id = %s", [town.other.pk, part.pk])
    assert Assignment.objects.get(pk=part.pk).unit == town.lead


def test_no_part_is_put_into_the_hands_of_a_named_person(town: Town):
    case = town.whistle(nature="report", respondents=(town.liaison.person.name,))
    part = send(town, case, town.lead)

    with pytest.raises(IntegrityError, match="closure_guard"), transaction.atomic():
        Assignment.objects.filter(pk=part.pk).update(handled_by=town.liaison.person)
    Assignment.objects.filter(pk=part.pk).update(handled_by=town.colleague.person)


def test_what_is_over_may_be_told(town: Town):
    """Who is named later was perhaps at it before; that stays told, and is restored from a backup."""
    case = town.whistle(nature="report")
    part = send(town, case, town.other)
    Respondent.objects.create(park=town.park, case=case, unit=town.other)

    Assignment.objects.filter(pk=part.pk).update(ended_at=MONDAY + 2 * HOUR)

    assert send(town, case, town.other, ended_at=MONDAY + 2 * HOUR).pk
