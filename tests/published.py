"""A published case played over HTTP: a park made for it, its people signed in, its steps taken through the real forms.

Names and matters come from the record in the reference data, the course from `published_cases.yaml`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import yaml
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from lianshang.cases import mechanism, presets
from lianshang.cases.models import Case
from lianshang.cases.tests.doors import proof_of
from lianshang.config.seed import seed
from lianshang.directory import actors
from lianshang.directory.models import Account, Park, Person, Post, Role, Unit
from lianshang.enterprises.models import Enterprise
from lianshang.kernel.models import Tally
from lianshang.kernel.profiles import Profile
from tests import paper

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = timedelta(days=30)
OFFICERS = {
    "dispatcher": Role.DISPATCHER,
    "head": Role.COMMITTEE_HEAD,
    "callback": Role.CALLBACK_OFFICER,
}
HOLDERS = ("confirm", "reject", "supplement", "urge", "withdraw")


def scripts() -> dict[str, dict[str, Any]]:
    told = yaml.safe_load((Path(__file__).parent / "published_cases.yaml").read_text(encoding="utf-8"))
    return told["cases"]


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


@contextmanager
def at(when: datetime) -> Iterator[None]:
    """Let the clock that the views read stand still at `when`.

    Everywhere else time is an argument. Over HTTP there is no such door: a view reads the clock itself, and a course of
    months has to be played in seconds. So this one function is replaced, here and nowhere else.
    """
    with patch.object(timezone, "now", lambda: when):
        yield


@dataclass
class Step:
    """One step of a course. `name` is its verb, with a number behind it from the second time on."""

    when: datetime
    who: str
    verb: str
    answers: dict[str, Any]
    name: str


def steps_of(script: dict[str, Any]) -> list[Step]:
    told: list[Step] = []
    for when, who, verb, *rest in script["steps"]:
        times = sum(step.verb == verb for step in told) + 1
        answers = dict(rest[0]) if rest else {}
        told.append(Step(moment(when), who, verb, answers, verb if times == 1 else f"{verb}{times}"))
    return told


@dataclass
class Play:
    """The park of one record, and what became of its case."""

    record: dict[str, Any]
    script: dict[str, Any]
    park: Park = field(init=False)
    units: dict[str, Unit] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    receipt: str = ""
    visitor: Client = field(default_factory=Client)

    @cached_property
    def steps(self) -> list[Step]:
        return steps_of(self.script)

    @cached_property
    def profile(self) -> Profile:
        return presets.preset(self.script["profile"])

    @property
    def case(self) -> Case:
        return Case.objects.get(park=self.park)

    # -- the stage

    def build(self) -> None:
        with at(self.steps[0].when - DAYS):  # the calendar was there before
            seed()
        self.park = Park.objects.create(code="WP", name="示范园区")
        with scope(park=self.park):
            self._unit("office", "综合党委办公室", Unit.Kind.OFFICE)
            for name, role in OFFICERS.items():
                self._person(name, role, "office")
            kind = self.script.get("lead_kind", Unit.Kind.DEPARTMENT)
            named = [("lead", self.record["lead"], kind)] if self.record["lead"] else []
            named += [(f"co{n}", name, Unit.Kind.DEPARTMENT) for n, name in enumerate(self.record["co"], 1)]
            for key, name, unit_kind in named:
                self._unit(key, name, unit_kind)
                self._person(key, Role.LIAISON, key)
            mechanism.adopt(self.profile, actor=actors.system(self.park), at=self.steps[0].when)
            self.enterprise = Enterprise.objects.create(park=self.park, code="E1", name=self.record["enterprise"])

    def _unit(self, key: str, name: str, kind: str) -> None:
        self.units[key] = Unit.objects.create(park=self.park, code=key, name=name, kind=kind, phone="0000-0000000")

    def _person(self, name: str, role: str, unit: str) -> None:
        person = Person.objects.create(park=self.park, name=f"{name}联络人", phone="10000000000")
        Post.objects.create(park=self.park, person=person, unit=self.units[unit], role=role, since=date(2015, 1, 1))
        self.accounts[name] = Account.objects.create(username=name, park=self.park, person=person)

    # -- the course

    def run(self) -> None:
        for step in self.steps:
            Tally.objects.all().delete()
            with at(step.when):
                page = self._whistle(step) if step.verb == "whistle" else self._act(step)
            assert page.status_code == 302, f"{step.name}: {page.status_code} {paper.text(page)[:400]}"

    def signed_in(self, who: str) -> Client:
        """Return a browser of that person's own. Needs the clock to stand: a sign-in lasts a day."""
        client = Client()
        client.force_login(self.accounts[who])
        return client

    def _whistle(self, step: Step) -> HttpResponse:
        door = self.script.get("door", "enterprise")
        told = {"text": self.record["issue"], **step.answers}
        if door in ("phone", "chat", "visit"):
            return self._note(step, told | {"channel": door, "enterprise_name": self.enterprise.name})
        token = self.enterprise.whistle_token if door == "enterprise" else self.park.whistle_token
        address = f"/w/{self.park.code}-{token}/"
        told |= {"phone": "10000000001"} | ({"enterprise_name": self.enterprise.name} if door == "park" else {})
        sent = paper.fill(self.visitor.get(address), address, **told)
        page = self.visitor.post(address, sent | {"proof": [proof_of(sent["challenge"][0])]})
        self.receipt = page.get("Location", "")
        return page

    def _note(self, step: Step, told: dict[str, str]) -> HttpResponse:
        client = self.signed_in(step.who)
        page = paper.send(client, "/cases/new/", **told, contact_phone="10000000001")
        shown = client.get(page["Location"]).content.decode() if page.status_code == 302 else ""
        self.receipt = shown.partition('href="/r/')[2].partition('"')[0]
        self.receipt = f"/r/{self.receipt}" if self.receipt else f"/r/{self._code(shown)}/"
        return page

    def _code(self, shown: str) -> str:
        return shown.partition("/r/")[2].partition("/")[0]

    def _act(self, step: Step) -> HttpResponse:
        if step.who == "enterprise":
            return paper.send(self.visitor, f"{self.receipt}{step.verb}/", **step.answers)
        with scope(park=self.park):
            address = f"{self.case.get_absolute_url()}do/{step.verb}/"
        return paper.send(self.signed_in(step.who), address, **self._staffed(step))

    def _staffed(self, step: Step) -> dict[str, Any]:
        """Return the answers with units by name turned into what their buttons and boxes send."""
        answers = dict(step.answers)
        if step.verb == "dispatch":
            answers["lead"] = self.units["lead"].pk
            if answers.pop("co", ""):
                answers["co_units"] = [unit.pk for key, unit in self.units.items() if key.startswith("co")]
        return answers


def closing(day: date) -> datetime:
    """When a working day ends in the nation's calendar."""
    return datetime.combine(day, time(17), tzinfo=ZONE)
