"""Which organisation, member, enterprise and incubation a cell is about."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from lianshang.directory.models import Person
from lianshang.organizations.models import Incubation, Member, Organization
from lianshang.organizations.rules.kinds import Kind
from lianshang.organizations.services import bodies, building, members
from tests.access.asked import NO_NUMBER, NOBODYS, Target, keyed
from tests.access.targets import MAKERS
from tests.access.world import AT, World

SINCE, DAY = date(2024, 3, 1), "2026-10-20"


def organization(world: World) -> Organization:
    """A branch of the world's enterprise."""
    clerk = world.actor("dispatcher", "office")
    told = bodies.Founding("示范焦化党支部", Kind.BRANCH, SINCE, enterprises=[world.enterprise])
    return world.once("organization", lambda: bodies.found(told, actor=clerk, at=AT))


def member(world: World) -> Member:
    clerk, joined = world.actor("dispatcher", "office"), date(2015, 7, 1)
    register = members.Register(organization=organization(world))
    who = Person(park=world.park, name="党员甲", phone="13700000000")

    def make() -> Member:
        who.save()
        told = members.Entry(joined, SINCE, register, joined + timedelta(days=366), who, enterprise=world.enterprise)
        return members.enter(told, actor=clerk, at=AT)

    return world.once("party member", make)


def incubation(world: World) -> Incubation:
    clerk, owner = world.actor("dispatcher", "office"), world.people["dispatcher", "office"]
    days = {"joins": None, "owner": owner, "instructor": None, "on": date(2026, 10, 1)}
    return world.once("incubation", lambda: building.begin(world.enterprise, actor=clerk, at=AT, **days))


def _keyed(route: str, rest: str, body: Mapping[str, Any], **more: Any) -> Any:
    def maker(world: World, thing: str, relation: str, role: str) -> Target:
        key = str(organization(world).key)
        path, twin = (f"/organizations/{one}/{rest}" for one in (key, NOBODYS))
        return Target(path, twin, marks=(key, str(NOBODYS)), body=dict(body), **more)

    return maker


MAKERS |= {
    "organizations:one": _keyed("one", "", {}),
    "organizations:opened": _keyed("opened", "roster/", {"purpose": "核对党员名册"}, form=""),
    "organizations:do (elect)": _keyed("do", "do/elect/", {"on": DAY, "groups": "0"}),
    "organizations:do (cover)": _keyed("do", "do/cover/", {"since": DAY, "enterprises": "E001"}),
}
MAKERS["organizations:new"] = lambda world, thing, relation, role: Target(
    reverse("organizations:new"),
    body={
        "name": "氢能联合党支部",
        "kind": "joint",
        "parent": "",
        "approved_on": DAY,
        "document": "",
        "enterprises": "E001",
    },
)


def _of_member(rest: str, body: Mapping[str, Any]) -> Any:
    def maker(world: World, thing: str, relation: str, role: str) -> Target:
        pk, key = member(world).pk, organization(world).key
        path, twin = (f"/organizations/{key}/members/{one}/{rest}" for one in (pk, NO_NUMBER))
        return Target(path, twin, marks=(f"members/{pk}", f"members/{NO_NUMBER}"), body=dict(body))

    return maker


MAKERS |= {
    "organizations:member": _of_member("", {}),
    "organizations:member-do": _of_member("do/place/", {"since": DAY, "enterprise": ""}),
}


def _of_enterprise(rest: str, body: Mapping[str, Any]) -> Any:
    return lambda world, thing, relation, role: Target(f"/coverage/{world.enterprise.code}/{rest}", body=dict(body))


def _owner(world: World) -> str:
    return str(world.people["dispatcher", "office"].pk)


MAKERS |= {
    "organizations:enterprise": _of_enterprise("", {}),
    "organizations:enterprise-do (outside)": _of_enterprise(
        "do/outside/", {"reason": "stopped", "since": DAY, "note": "年报停业"}
    ),
    "organizations:enterprise-do (incubate)": _of_enterprise(
        "do/incubate/", {"joins": "", "owner": _owner, "instructor": "", "on": DAY}
    ),
    "organizations:incubation": lambda world, *_: keyed("organizations:incubation", incubation(world).key),
}


def _step(world: World, thing: str, relation: str, role: str) -> Target:
    key = str(incubation(world).key)
    path, twin = (f"/incubations/{one}/do/step/" for one in (key, NOBODYS))
    return Target(path, twin, marks=(key, str(NOBODYS)), body={"on": DAY, "document": "党员名册", "note": ""})


MAKERS["organizations:incubation-do"] = _step
