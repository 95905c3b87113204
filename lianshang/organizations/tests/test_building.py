"""How enterprises stand from records, what is not counted, gaps that are closed, and the figures of it."""

from datetime import date, timedelta

import pytest
from django_scopes import scope

from lianshang.directory.models import Role
from lianshang.indicators import registry, scopes
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.organizations import coverage
from lianshang.organizations.models import IncubationStep
from lianshang.organizations.rules.building import Standing
from lianshang.organizations.rules.kinds import Kind
from lianshang.organizations.services import bodies, building, members
from lianshang.organizations.tests.factories import AT, TODAY, hall

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def place():
    made = hall()
    with scope(park=made.park):
        made.office.save()
        yield made


def standings(day=TODAY, basis=coverage.REGISTER):
    return {one.firm.code: one.standing for one in coverage.findings(day, basis)}


def laid_out(place):
    """Own branch, joint branch, three full members without a branch, an instructor's, nobody's, one that stopped."""
    firms = {code: place.firm(code) for code in ("E001", "E002", "E003", "E004", "E005", "E006")}
    top = place.branch(kind=Kind.COMMITTEE, name="综合党委")
    own = place.branch(firms["E001"], name="甲党支部")
    joint = place.branch(firms["E002"], kind=Kind.JOINT, name="联合党支部")
    for _ in range(3):
        place.member(own, firms["E001"])
        place.member(top, firms["E003"])
    place.member(joint, firms["E002"])
    place.instructor_of(firms["E004"])
    building.set_outside(firms["E006"], "stopped", since=date(2026, 3, 1), note="停业", actor=place.actor(), at=AT)
    return firms, top


def test_every_enterprise_stands_once_by_its_records(place):
    laid_out(place)

    assert standings() == {
        "E001": Standing.OWN, "E002": Standing.JOINT, "E003": Standing.MUST_BUILD, "E004": Standing.INSTRUCTOR,
        "E005": Standing.NOBODY, "E006": Standing.OUTSIDE,
    }  # fmt: skip


def test_figures_count_the_rows_of_the_page(place):
    laid_out(place)
    now = scopes.now(place.park, None, AT)

    read = {key: registry.read(f"organizations.{key}", now) for key in (
        "coverage", "own_rate", "work_coverage", "must_build", "own", "joint")}  # fmt: skip

    assert {key: (one.rows_count, f"{one.value:.2f}") for key, one in read.items()} == {
        "coverage": (2, "40.00"), "own_rate": (1, "20.00"), "work_coverage": (3, "60.00"), "must_build": (1, "1.00"),
        "own": (1, "1.00"), "joint": (1, "1.00"),
    }  # fmt: skip
    assert [one.code for one in read["must_build"].evidence] == ["E003"]


def test_the_denominator_is_that_of_the_day(place):
    laid_out(place)

    assert standings(date(2026, 2, 28))["E006"] is Standing.NOBODY
    assert standings(date(2026, 3, 1))["E006"] is Standing.OUTSIDE


def test_an_enterprise_counts_again_from_a_day_on(place):
    firms, _ = laid_out(place)

    building.count_again(firms["E006"], since=TODAY, actor=place.actor(), at=AT)

    assert standings()["E006"] is Standing.NOBODY
    assert standings(TODAY - DAY)["E006"] is Standing.OUTSIDE
    with pytest.raises(Refused, match="本来就计入"):
        building.count_again(firms["E006"], since=TODAY, actor=place.actor(), at=AT)


def test_members_on_the_job_and_on_the_register_are_counted_apart(place):
    firm, top = place.firm("E001"), place.branch(kind=Kind.COMMITTEE, name="综合党委")
    place.member(top, firm)
    for _ in range(2):
        place.member(None, firm)

    assert standings() == {"E001": Standing.MUST_JOIN}
    assert standings(basis=coverage.JOB) == {"E001": Standing.MUST_BUILD}


def test_who_moved_away_is_counted_there_no_more(place):
    firms, _ = laid_out(place)
    clerk, moved = place.actor(), coverage._working(TODAY, coverage.JOB).filter(enterprise=firms["E003"]).first().member
    members.place(moved, firms["E005"], since=TODAY, actor=clerk, at=AT)

    assert standings()["E003"] is Standing.MUST_JOIN
    assert standings(TODAY - DAY)["E003"] is Standing.MUST_BUILD


def test_an_incubation_goes_step_by_step_to_its_branch(place):
    firms, _ = laid_out(place)
    clerk, firm = place.actor(), firms["E003"]
    row = building.begin(firm, joins=None, owner=clerk.person, instructor=None, on=TODAY - 9 * DAY, actor=clerk, at=AT)
    with pytest.raises(Refused, match="现在该办的是“摸清党员”"):
        building.step_done(row, "apply", building.Proof("请示"), on=TODAY, actor=clerk, at=AT)
    for step in list(row.steps.values_list("step", flat=True)):
        building.step_done(row, step, building.Proof("材料"), on=TODAY, actor=clerk, at=AT)
    made = place.branch(name="丙党支部")
    with pytest.raises(Refused, match="还没有覆盖这家企业"):
        building.finish(row, organization=made, on=TODAY, actor=clerk, at=AT)

    bodies.cover(made, [firm], since=TODAY, actor=clerk, at=AT)
    done = building.finish(row, organization=made, on=TODAY, actor=clerk, at=AT)

    assert (done.result, standings()["E003"]) == ("built", Standing.OWN)
    with pytest.raises(Refused, match="已于 2026-11-02 结束"):
        building.drop(row, on=TODAY, why="不办了", actor=clerk, at=AT)


def test_steps_that_follow_are_counted_from_the_day_a_step_was_done(place):
    clerk, firm = place.actor(), place.firm("E001")
    begun = TODAY - 30 * DAY
    row = building.begin(firm, joins=None, owner=clerk.person, instructor=None, on=begun, actor=clerk, at=AT)

    building.step_done(row, "find", building.Proof("党员名册"), on=TODAY, actor=clerk, at=AT)

    due = dict(IncubationStep.objects.values_list("step", "due_on"))
    assert due["find"] == begun + 15 * DAY
    assert due["talk"] == TODAY + 15 * DAY
    assert due["reply"] == TODAY + 55 * DAY


def test_an_enterprise_is_incubated_once_at_a_time(place):
    clerk, firm = place.actor(), place.firm("E001")
    told = {"joins": None, "owner": clerk.person, "instructor": None, "on": TODAY, "actor": clerk, "at": AT}
    row = building.begin(firm, **told)

    with pytest.raises(Refused, match="已在培育中"):
        building.begin(firm, **told)
    building.drop(row, on=TODAY, why="企业搬迁", actor=clerk, at=AT)
    assert building.begin(firm, **told).pk != row.pk


def test_what_is_not_in_the_denominator_is_for_the_committee_to_say(place):
    with pytest.raises(Hidden):
        building.set_outside(
            place.firm("E001"), "stopped", since=TODAY, note="停业", actor=place.actor(Role.INSTRUCTOR), at=AT
        )
