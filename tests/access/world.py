"""The world that the cells are tried in: a park whose every unit has every role, and another park beside it."""

import io
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.test import Client
from django_scopes import scope

from lianshang.cases import mechanism, presets
from lianshang.cases.models import Interest
from lianshang.config.seed import seed
from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.directory.models import Account, Park, Person, Post, Role, Unit
from lianshang.enterprises.models import Enterprise
from lianshang.kernel import files
from lianshang.kernel.models import StoredFile
from tests.access import canaries

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 4, 10, 0, tzinfo=ZONE)  # a Wednesday in working hours
PASSWORD = "十分长的口令-2026"  # everybody's: a hash is worked out once
PASSWORD_SALT = "canaryofpasswords2218"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# place → (unit, its name, the unit above it); `#2` is a second staff of the same unit.
PLACES = {
    "office": ("office", "综合党委办公室", ""),
    "bureau": ("bureau", "建设发展局", ""),
    "roads": ("roads", "交通运输局", "bureau"),
    "roads#2": ("roads", "交通运输局", "bureau"),
    "city": ("city", "综合行政执法局", ""),
    "city#2": ("city", "综合行政执法局", ""),
    "tax": ("tax", "税务局", ""),
    "school": ("school", "教育局", ""),
    "school#2": ("school", "教育局", ""),
    "museum": ("museum", "文化旅游局", ""),
    "harbour": ("harbour", "港航事务中心", ""),
    "waterhead": ("waterhead", "水利集团", ""),
    "water": ("water", "水务局", "waterhead"),
    "pump": ("pump", "泵站管理所", "water"),
}
FOREIGN = "foreign"  # the other park's roads
STANDS = {  # relation → where whoever stands in it serves
    "here": "roads", "lead": "roads", "owner": "roads", "co": "city", "handles": "city", "former": "tax", "above": "bureau",
    "office": "office", "other unit": "school", "accused": "water", "above the accused": "waterhead",
    "below the accused": "pump", "named": "museum", "interested": "harbour", "own": "school", "same unit": "school#2", "other park": FOREIGN,
    "code": "roads", "no code": "roads",
}  # fmt: skip
ELSEWHERE = {"personal": {"other unit": "roads"}, "sealed draft": {"own": "school", "other unit": "roads"}}


def place_of(thing: str, relation: str) -> str:
    return ELSEWHERE.get(thing, {}).get(relation) or STANDS[relation]


@dataclass
class World:
    """`things` are the objects that cells are about, each made once. Its scope must be open: `with scope(park=…)`."""

    park: Park
    other: Park
    units: dict[str, Unit]
    people: dict[tuple[str, str], Person]
    enterprise: Enterprise
    file: StoredFile  # of what is sealed
    plain: StoredFile
    things: dict[Any, Any] = field(default_factory=dict)
    clients: dict[tuple[str, str], Client] = field(default_factory=dict)
    kept: dict[str, Actor] = field(default_factory=dict)

    def actor(self, role: str, place: str) -> Actor:
        """Return somebody of this park in their role."""
        key = f"{role}@{place}"
        if key not in self.kept:
            self.kept[key] = actors.staff(self.people[role, place], on=AT.date())
        return self.kept[key]

    def client(self, role: str, place: str) -> Client:
        """Return the browser of this person, signed in once; a visitor's knows nobody."""
        key = ("visitor", "") if role == "visitor" else (role, place)
        if key not in self.clients:
            self.clients[key] = Client()
            if role != "visitor":
                self._sign_in(self.clients[key], self.people[key])
        return self.clients[key]

    def _sign_in(self, client: Client, person: Person) -> None:
        park = self.other if person.park_id == self.other.pk else self.park
        with scope(park=park):
            client.force_login(Account.objects.select_related("person", "park").get(person=person))

    def once(self, key: Any, make: Any) -> Any:
        if key not in self.things:
            self.things[key] = make()
        return self.things[key]


def build() -> World:
    """Make both parks with their people. Objects come later."""
    seed()
    other = _park("XX", {FOREIGN: (*PLACES["roads"][:2], ""), "foreign-office": PLACES["office"]})
    park = _park("LZ", PLACES)
    with scope(park=park["park"]):
        content = canaries.file_content()
        _declare(park["park"], park["units"], park["people"])
        file = files.store(park["park"], io.BytesIO(content), "材料.txt")
        plain = files.store(park["park"], io.BytesIO("照片说明。\n".encode()), "说明.txt")
        firm = Enterprise.objects.create(park=park["park"], code="E001", name="示范焦化有限公司")
    with scope(park=other["park"]):
        Enterprise.objects.create(park=other["park"], code="E001", name="外园示范铸造有限公司")
    people = {**park["people"], **other["people"]}
    return World(park["park"], other["park"], park["units"], people, firm, file, plain)


def _park(code: str, places: dict[str, tuple[str, str, str]]) -> dict[str, Any]:
    park = Park.objects.create(code=code, name=f"{code} 示范园区", whistle_token=f"door-of-{code}")
    with scope(park=park):
        units: dict[str, Unit] = {}
        for place, (key, name, above) in places.items():
            units[place] = next((one for one in units.values() if one.code == key), None) or _unit(
                park, key, name, units.get(above)
            )
        mechanism.adopt(presets.preset("default"), actor=actors.system(park), at=AT - 30 * DAY)
        return {"park": park, "units": units, "people": _people(park, units)}


def _unit(park: Park, key: str, name: str, above: Unit | None) -> Unit:
    kind = Unit.Kind.OFFICE if key == "office" else Unit.Kind.DEPARTMENT
    return Unit.objects.create(park=park, code=key, name=name, kind=kind, parent=above, phone="0858-0000000")


def _declare(park: Park, units: dict[str, Unit], people: dict[tuple[str, str], Person]) -> None:
    """Everybody at the harbour has an interest in the water office."""
    bound = [person for (_, place), person in people.items() if place == "harbour"]
    Interest.objects.bulk_create(
        Interest(park=park, person=one, relation="kin", unit=units["water"], declared_at=AT - 9 * DAY) for one in bound
    )


def phone_of(role: str, place: str) -> str:
    """Return somebody's own number in the park."""
    keys = [(str(role), place) for place in PLACES for role in Role.values]
    return f"139{keys.index((str(role), place)):08d}"


def _people(park: Park, units: dict[str, Unit]) -> dict[tuple[str, str], Person]:
    keys = [(str(role), place) for place in units for role in Role.values]
    rows = Person.objects.bulk_create(
        Person(park=park, name=f"某{n:03d}{park.code}", phone=f"139{n:08d}") for n in range(len(keys))
    )
    people = dict(zip(keys, rows, strict=True))
    Post.objects.bulk_create(
        Post(park=park, person=person, unit=units[place], role=role, since=date(2020, 1, 1))
        for (role, place), person in people.items()
    )
    password = make_password(PASSWORD, PASSWORD_SALT)
    Account.objects.bulk_create(
        Account(username=f"{park.code}-{role}-{place}", park=park, person=person, password=password)
        for (role, place), person in people.items()
    )
    return people
