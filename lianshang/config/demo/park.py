"""The demo park itself: units, people, posts, accounts, calendar, mechanism."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from importlib.resources import files
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from lianshang.cases import mechanism, presets
from lianshang.cases.services import catalogue
from lianshang.cases.services.catalogue import Matter
from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.directory.demo_accounts import PASSWORD
from lianshang.directory.models import Account, Park, Person, Post, RetentionPeriod, Role, Unit
from lianshang.kernel import editions
from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.models import Calendar

CODE = "LZ"
NAME = "示范县煤焦氢化工园区（演示）"
WHISTLE = "DEMO"
LOCAL_HOLIDAY = (7, 6, "园区开放日")  # month, day, name


def data(name: str) -> Any:
    """Return one of the demo's YAML files."""
    return yaml.safe_load((files("lianshang.config.demo") / name).read_text(encoding="utf-8"))


@dataclass
class Stage:
    """The park with its people, as the stories need them: units by code, actors by post."""

    park: Park
    day: date
    units: dict[str, Unit]
    people: dict[str, list[Person]]  # by `role` and by `role:unit code`

    @cached_property
    def _actors(self) -> dict[int, Actor]:
        return {}

    @cached_property
    def calendar(self) -> WorkCalendar:
        newest = editions.in_force(self.park.pk, timezone.now())
        return editions.calendar_of(newest[None])

    def liaison(self, unit_id: int, turn: int = 0) -> Actor:
        """Return a liaison of the unit."""
        return self.actor(f"liaison:{self._codes[unit_id]}", turn)

    @cached_property
    def _codes(self) -> dict[int, str]:
        return {unit.pk: code for code, unit in self.units.items()}

    def actor(self, post: str, turn: int = 0) -> Actor:
        """Return who holds the post; where several do, they take turns."""
        holders = self.people[post]
        person = holders[turn % len(holders)]
        if person.pk not in self._actors:
            self._actors[person.pk] = actors.staff(person, on=self.day)
        return self._actors[person.pk]


def build(day: date, at: datetime) -> Stage:
    """Create what stands in the park on `day`; posts are older than any story. Needs the park's scope."""
    park = Park.objects.get(code=CODE)
    told = data("people.yaml")
    units = _units(park, told["units"])
    stage = Stage(park, day, units, _people(park, units, told["posts"], date(day.year - 2, 1, 1)))
    _left(park, units, told["left"], day)
    _calendar(park, day, at)
    mechanism.adopt(presets.preset(presets.DEFAULT), actor=stage.actor(Role.ADMINISTRATOR), at=_long_ago(park, day))
    _catalogue(stage, data("catalogue.yaml"), _long_ago(park, day))
    return stage


def _long_ago(park: Park, day: date) -> datetime:
    return datetime.combine(date(day.year - 1, 3, 3), time(9), park.zoneinfo)


def _units(park: Park, rows: list[dict[str, str]]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for place, row in enumerate(rows):
        parent = units.get(row.get("parent", ""))
        fields = {name: row[name] for name in ("code", "name", "kind", "duties") if name in row}
        units[row["code"]] = Unit.objects.create(park=park, parent=parent, phone=f"0000-00001{place:02d}", **fields)
    return units


def _people(park: Park, units: dict[str, Unit], posts: dict[str, list[list[str]]], since: date) -> dict[str, Any]:
    """People with posts and, where one is named, the account; all accounts share the shown password."""
    password = make_password(PASSWORD)
    people: dict[str, list[Person]] = {}
    for role, rows in posts.items():
        for name, code, username, title, *_ in rows:
            number = sum(map(len, people.values())) + 1
            person = Person.objects.create(park=park, name=name, title=title, phone=f"1000000{number:04d}")
            Post.objects.create(park=park, person=person, unit=units[code], role=role, since=since)
            if username:
                Account.objects.create(username=username, park=park, person=person, password=password, is_demo=True)
            people.setdefault(role, []).append(person)
            people.setdefault(f"{role}:{code}", []).append(person)
    return people


def _left(park: Park, units: dict[str, Unit], rows: list[list[str]], day: date) -> None:
    """People who are here no more, and whose numbers have been kept long enough."""
    for number, (name, code, title) in enumerate(rows, 1):
        person = Person.objects.create(park=park, name=name, title=title, phone=f"1000001{number:04d}")
        since, until = date(day.year - 3, 1, 1), day - timedelta(days=400 + number)
        Post.objects.create(park=park, person=person, unit=units[code], role=Role.LIAISON, since=since, until=until)
    RetentionPeriod.objects.create(park=park, kind="drafts", days=90, automatic=True)


def _catalogue(stage: Stage, told: dict[str, list[str]], at: datetime) -> None:
    """The dispatch catalogue, in force before the first story."""
    units = stage.units
    matters = [
        Matter(matter, units[lead], basis, tuple(words.split("、")), tuple(units[one] for one in helps.split()), kind)
        for matter, (lead, words, basis, helps, kind) in told.items()
    ]
    office = stage.actor(Role.DISPATCHER)
    catalogue.fill_draft(matters, actor=office, at=at)
    catalogue.publish(since=at.date(), actor=office, at=at)


def _calendar(park: Park, day: date, at: datetime) -> None:
    """The park's hours are the nation's; its own day off falls on a working day of each year around."""
    hours = ["09:00-12:00", "13:00-17:00"]
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours)
    month, number, name = LOCAL_HOLIDAY
    own = {}
    for year in (day.year - 1, day.year):
        off = date(year, month, number)
        off += timedelta(days=(7 - off.weekday()) % 7)
        own[off.isoformat()] = {"off": True, "name": name}
    calendar = Calendar.objects.create(park=park, name="示范园区工作日历")
    document = {"name": calendar.name, "weekly": week, "days": own}
    editions.publish(calendar, document, source="园区管委会通知（演示）", at=at)
