"""Party organisations: founding, elections, posts, members, venues, coverage."""

from datetime import date, timedelta
from typing import Any

from lianshang.cases.tests.factories import MONDAY, Town
from lianshang.directory.models import Person
from lianshang.organizations.models import Member, Organization
from lianshang.organizations.rules.kinds import Kind
from lianshang.organizations.services import bodies, building, members, officers, openings, venues
from tests.crash.scripts import AT, Script, nothing, receipt

PLACE = "organizations.services"
SINCE, JOINED, DAY = date(2024, 3, 1), date(2015, 7, 1), MONDAY.date()


def _founded(town: Town, _: Any = None) -> Organization:
    told = bodies.Founding("示范焦化党支部", Kind.BRANCH, SINCE, enterprises=[town.enterprise])
    return bodies.found(told, actor=town.dispatcher, at=MONDAY)


def _elected(town: Town, _: Any = None) -> Organization:
    made = _founded(town)
    bodies.elect(made, on=date(2024, 4, 1), has_committee=False, groups=0, actor=town.dispatcher, at=MONDAY)
    return made


def _entered(town: Town, full: bool = True) -> tuple[Organization, Member]:
    made = _founded(town)
    joined = JOINED if full else DAY - timedelta(days=400)
    person = Person.objects.create(park=town.park, name="党员甲")
    told = members.Entry(
        joined, max(SINCE, joined), members.Register(organization=made), joined + timedelta(days=366) if full else None,
        person, enterprise=town.enterprise,
    )  # fmt: skip
    return made, members.enter(told, actor=town.dispatcher, at=MONDAY)


def _appointed(town: Town, two: Any = None) -> Any:
    made, member = two or _entered(town)
    return officers.appoint(made, member.person, "secretary", since=DAY, actor=town.dispatcher, at=AT)


def _named_entry(town: Town, made: Organization) -> str:
    told = members.Entry(
        JOINED, SINCE, members.Register(organization=made), None, None, "党员乙", "13800000001", town.enterprise
    )
    return receipt(members.enter(told, actor=town.dispatcher, at=AT))


def _outside(town: Town, _: Any = None) -> Any:
    return building.set_outside(
        town.enterprise, "stopped", since=DAY - timedelta(days=9), note="停业", actor=town.dispatcher, at=AT
    )


def _begun(town: Town, _: Any = None) -> Any:
    who = town.dispatcher.person
    return building.begin(town.enterprise, joins=None, owner=who, instructor=None, on=DAY, actor=town.dispatcher, at=AT)


def _done(town: Town, row: Any, step: str) -> Any:
    return building.step_done(row, step, building.Proof("材料"), on=DAY, actor=town.dispatcher, at=AT)


def _ready(town: Town) -> tuple[Any, Organization]:
    row = _begun(town)
    for step in list(row.steps.values_list("step", flat=True)):
        _done(town, row, step)
    return row, _founded(town)


BODIES = (
    Script(f"{PLACE}.bodies.found", nothing, lambda town, _: receipt(_founded(town))),
    Script(f"{PLACE}.bodies.cover", _founded, lambda town, made: receipt(
        bodies.cover(made, [], since=DAY, actor=town.dispatcher, at=AT))),
    Script(f"{PLACE}.bodies.elect", _elected, lambda town, made: receipt(
        bodies.elect(made, on=DAY, has_committee=True, groups=2, actor=town.dispatcher, at=AT))),
    Script(f"{PLACE}.bodies.move_election", _elected, lambda town, made: receipt(
        bodies.move_election(made, to=date(2027, 6, 1), approval="批复", actor=town.dispatcher, at=AT))),
    Script(f"{PLACE}.bodies.end", _elected, lambda town, made: receipt(
        bodies.end(made, on=DAY, why="企业搬迁", actor=town.dispatcher, at=AT))),
    Script(f"{PLACE}.officers.appoint", _entered, lambda town, two: receipt(_appointed(town, two))),
    Script(f"{PLACE}.officers.stand_down", _appointed, lambda town, row: receipt(
        officers.stand_down(row, on=DAY, actor=town.dispatcher, at=AT))),
    Script(f"{PLACE}.venues.look_at", _founded, lambda town, made: str(
        venues.look_at(made, {"flag": (True, "会议室")}, on=DAY, actor=town.dispatcher, at=AT))),
    Script(f"{PLACE}.openings.open_roster", _founded, lambda town, made: receipt(
        openings.open_roster(made, "核对名册", actor=town.dispatcher, at=AT))),
)  # fmt: skip
MEMBERS = (
    Script(f"{PLACE}.members.enter", _founded, _named_entry),
    Script(f"{PLACE}.members.transfer", _entered, lambda town, two: receipt(members.transfer(
        two[1], members.Register(elsewhere="外地党支部"), since=DAY, actor=town.dispatcher, at=AT))),
    Script(f"{PLACE}.members.place", _entered, lambda town, two: receipt(
        members.place(two[1], None, since=DAY, actor=town.dispatcher, at=AT))),
    Script(f"{PLACE}.members.confirm", lambda town: _entered(town, full=False), lambda town, two: receipt(
        members.confirm(two[1], on=DAY, actor=town.dispatcher, at=AT))),
    Script(f"{PLACE}.members.leave", _entered, lambda town, two: receipt(
        members.leave(two[1], on=DAY, why="去世", actor=town.dispatcher, at=AT))),
)  # fmt: skip
BUILDING = (
    Script(f"{PLACE}.building.set_outside", nothing, lambda town, _: receipt(_outside(town))),
    Script(f"{PLACE}.building.count_again", _outside, lambda town, _: receipt(
        building.count_again(town.enterprise, since=DAY, actor=town.dispatcher, at=AT))),
    Script(f"{PLACE}.building.begin", nothing, lambda town, _: receipt(_begun(town))),
    Script(f"{PLACE}.building.step_done", _begun, lambda town, row: receipt(_done(town, row, "find"))),
    Script(f"{PLACE}.building.finish", _ready, lambda town, two: receipt(
        building.finish(two[0], organization=two[1], on=DAY, actor=town.dispatcher, at=AT))),
    Script(f"{PLACE}.building.drop", _begun, lambda town, row: receipt(
        building.drop(row, on=DAY, why="企业迁走", actor=town.dispatcher, at=AT))),
)  # fmt: skip
OF_ORGANIZATIONS = (*BODIES, *MEMBERS, *BUILDING)
