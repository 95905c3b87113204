"""The demo park's Party organisations: branches, joint branches, their members, elections, venues, gaps being closed.

Members at each enterprise are as many as the table of enterprises says; all else about them is invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from lianshang.config.demo.enterprises import Firm
from lianshang.config.demo.park import Stage, data
from lianshang.config.demo.stories import drawn
from lianshang.directory.actors import Actor
from lianshang.directory.models import Person, Role
from lianshang.organizations.models import Affiliation, Incubation, Member, Organization, Placement
from lianshang.organizations.rules.kinds import NORMS, Kind, due_after
from lianshang.organizations.rules.steps import WORK, steps_for
from lianshang.organizations.services import bodies, building, members, officers, venues
from lianshang.organizations.services.bodies import Founding

SEEN = {
    "place": "办公楼二楼会议室",
    "equipment": "桌椅、投影",
    "sign": "门口有标牌",
    "flag": "会议室悬挂",
    "books": "书柜一组",
    "rules": "三会一课制度上墙",
}
POSTS = ("secretary", "organiser", "publicity")
LEADER = "E001"
HOME = "省外户籍地党组织（演示）"


@dataclass
class Told:
    """What is being laid out, and by whom: organisations by name, who covers which enterprise."""

    stage: Stage
    now: datetime
    actor: Actor
    story: dict[str, Any]
    firms: dict[str, Firm]
    covering: dict[str, Organization] = field(default_factory=dict)
    members: dict[int, list[Person]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.date()


def build(stage: Stage, firms: list[Firm], now: datetime) -> None:
    """Lay the organisations out through their services, the many members at once. Needs the park's scope."""
    actor = stage.actor(Role.DISPATCHER)
    told = Told(stage, now, actor, data("organizations.yaml"), {firm.enterprise.code: firm for firm in firms})
    top = _found(told, told.story["committee"], Kind.COMMITTEE, 4, None, ())
    for code, (name, years, _) in told.story["own"].items():
        _found(told, name, Kind.BRANCH, years, top, (code,))
    for place, (name, codes) in enumerate(told.story["joint"].items()):
        _found(told, name, Kind.JOINT, 1 + place % 3, top, codes.split())
    _members(told, top)
    for organization in Organization.objects.exclude(kind=Kind.COMMITTEE).order_by("pk"):
        _led(told, organization)
    _committee(told, top)
    _venues(told)
    _gaps(told)


def _found(told: Told, name: str, kind: Kind, years: int, parent: Organization | None, codes: Any) -> Organization:
    approved = _before(name, told.today, years)
    founding = Founding(
        name, kind, approved, parent, f"综党〔{approved.year}〕{len(told.covering) + 1}号", False,
        [told.firms[code].enterprise for code in codes],
    )  # fmt: skip
    made = bodies.found(founding, actor=told.actor, at=told.now)
    told.covering |= dict.fromkeys(codes, made)
    return made


def _before(name: str, day: date, years: int) -> date:
    """Return when it was approved: so many years ago, and some months that are the same each time."""
    return day - timedelta(days=years * 365 + drawn(f"approved {name}").randint(30, 330))


def _members(told: Told, top: Organization) -> None:
    """Everybody at once: who stands on which register since when, and works where."""
    plan = list(_planned(told, top))
    people = _people(told, len(plan))
    at = {"park": told.stage.park}
    made = Member.objects.bulk_create(
        Member(**at, person=person, joined_on=joined, full_on=full)
        for person, (_, _, joined, full, _) in zip(people, plan, strict=True)
    )
    since = max(organization.approved_on for organization in [top, *told.covering.values()])
    registers, places = [], []
    for member, (organization, code, _, full, begins) in zip(made, plan, strict=True):
        home = {"organization": organization} if organization else {"elsewhere": HOME, "has_card": True}
        registers.append(Affiliation(**at, member=member, since=begins, recorded_at=told.now, **home))
        if code:
            firm = told.firms[code].enterprise
            places.append(Placement(**at, member=member, enterprise=firm, since=begins, recorded_at=told.now))
        if organization and full and full < min(since, begins):
            told.members.setdefault(organization.pk, []).append(member.person)
    Affiliation.objects.bulk_create(registers)
    Placement.objects.bulk_create(places)


Planned = tuple[Organization | None, str, date, date | None, date]


def _planned(told: Told, top: Organization) -> Iterator[Planned]:
    """Yield register, enterprise, joined, full member since, on the register since."""
    chance = drawn("members")
    for code, firm in sorted(told.firms.items()):
        organization = told.covering.get(code, top)
        for place in range(firm.enterprise.member_count):
            waiting = place < told.story["probationary"].get(code, 0)
            joined = told.today - timedelta(days=chance.randint(40, 300) if waiting else chance.randint(2600, 9000))
            begins = max(joined, organization.approved_on)
            yield organization, code, joined, None if waiting else joined + timedelta(days=366), begins
    for code in told.story["mobile"]:
        joined = told.today - timedelta(days=chance.randint(2600, 5000))
        yield None, code, joined, joined + timedelta(days=366), told.today - timedelta(days=200)


def _people(told: Told, count: int) -> list[Person]:
    names, chance = data("people.yaml"), drawn("party members")
    return Person.objects.bulk_create(
        Person(
            park=told.stage.park, name=chance.choice(names["surnames"]) + chance.choice(names["given"]),
            phone=f"1000002{place:04d}", title="党员（演示）",
        )
        for place in range(count)
    )  # fmt: skip


def _led(told: Told, organization: Organization) -> None:
    """A branch is led by its own members since its last election."""
    groups = {name: count for name, _, count in told.story["own"].values()}
    elected = organization.approved_on + timedelta(days=20)
    if organization.name == told.story["late"]:
        elected = told.today - timedelta(days=NORMS.branch_years * 366 + 12)
    while due_after(elected, NORMS.branch_years) < told.today and organization.name != told.story["late"]:
        elected = due_after(elected, NORMS.branch_years)
    people = told.members[organization.pk]
    big = len(people) >= NORMS.committee_from
    bodies.elect(
        organization, on=elected, has_committee=big, groups=groups.get(organization.name, 0), actor=told.actor,
        at=told.now,
    )  # fmt: skip
    for person, position in zip(people, POSTS[: None if big else 1], strict=False):
        officers.appoint(organization, person, position, since=elected, actor=told.actor, at=told.now)


def _committee(told: Told, top: Organization) -> None:
    """Its secretary is the park's; the others come in by their posts in enterprises, the chain leader's first."""
    since = told.today - timedelta(days=400)
    head = told.stage.actor(Role.COMMITTEE_HEAD).person
    if head is None:
        raise LookupError("the committee has no head")
    home = members.Register(elsewhere="县直机关党支部（演示）")
    day = told.today - timedelta(days=9000)
    entry = members.Entry(day, top.approved_on, home, day + timedelta(days=366), head)
    members.enter(entry, actor=told.actor, at=told.now)
    bodies.elect(top, on=since, has_committee=True, groups=0, actor=told.actor, at=told.now)
    officers.appoint(top, head, "secretary", since=since, actor=told.actor, at=told.now)
    for code, (name, *_) in told.story["own"].items():
        person = told.members[told.covering[code].pk][0]
        post = f"{'链主企业' if code == LEADER else ''}{name}书记"
        officers.appoint(top, person, "member", since=since, brought_by=post, actor=told.actor, at=told.now)


def _venues(told: Told) -> None:
    for organization in Organization.objects.exclude(kind=Kind.COMMITTEE).order_by("pk"):
        missing = told.story["venue"].get(organization.name, ())
        seen = {item: (item not in missing, SEEN[item] if item not in missing else "") for item in SEEN}
        day = told.today - timedelta(days=30)
        venues.look_at(organization, seen, on=day, actor=told.stage.actor(Role.INSTRUCTOR), at=told.now)


def _gaps(told: Told) -> None:
    for code, (reason, note) in told.story["outside"].items():
        firm, since = told.firms[code].enterprise, told.today - timedelta(days=100)
        building.set_outside(firm, reason, since=since, note=note, actor=told.actor, at=told.now)
    for code, done in told.story["incubating"].items():
        owner, who, begun = (
            told.stage.actor(Role.INSTRUCTOR),
            told.stage.people[Role.INSTRUCTOR][0],
            told.today - timedelta(days=15 * done + 20),
        )
        row = building.begin(
            told.firms[code].enterprise, joins=None, owner=who, instructor=who, on=begun,
            actor=owner, at=told.now,
        )  # fmt: skip
        _walk(told, row, owner, begun, done)


def _walk(told: Told, row: Incubation, owner: Actor, begun: date, done: int) -> None:
    for place, step in enumerate(steps_for(joins=False)[:done], 1):
        day, proof = begun + timedelta(days=15 * place), building.Proof(WORK[step].asks)
        building.step_done(row, step.value, proof, on=day, actor=owner, at=told.now)
