"""The 62 enterprises of the demo park. Names and figures are invented; the leader's name is real, its figures are not."""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files

from lianshang.config.demo.park import Stage, data
from lianshang.config.demo.stories import drawn
from lianshang.directory.models import Person, Role
from lianshang.enterprises.models import Contact, ContactPerson, Enterprise, Output
from lianshang.kernel.numbers import ALPHABET

ROLES = {"链主": Enterprise.ChainRole.LEADER, "链上企业": Enterprise.ChainRole.CHAIN}
MARK = "演示数据"


@dataclass(frozen=True)
class Firm:
    """An enterprise and whom the stories let speak for it."""

    enterprise: Enterprise
    contact: Person


def build(stage: Stage, day: date) -> list[Firm]:
    """Create the enterprises with contacts, dedicated contact persons and last year's output, all marked as demo data."""
    text = (files("lianshang.config.demo") / "park_demo.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    made = Enterprise.objects.bulk_create(_enterprise(stage, row) for row in rows)
    _contact_persons(stage, made, datetime(day.year - 1, 3, 3, 9, tzinfo=stage.park.zoneinfo))
    people = _speakers(stage, len(made) + len(made) // 3)
    primary, second = people[: len(made)], people[len(made) :]
    Contact.objects.bulk_create(
        Contact(park=stage.park, enterprise=enterprise, person=person, is_primary=people is primary)
        for people in (primary, second)
        for enterprise, person in zip(made, people, strict=False)
    )
    _outputs(stage, made, rows, day.year - 1)
    return [Firm(enterprise, person) for enterprise, person in zip(made, primary, strict=True)]


def _contact_persons(stage: Stage, made: list[Enterprise], since: datetime) -> None:
    """Instructors look after the enterprises in turn, each with the next one as deputy."""
    people = stage.people[Role.INSTRUCTOR]
    ContactPerson.objects.bulk_create(
        ContactPerson(
            park=stage.park,
            enterprise=enterprise,
            person=people[place % len(people)],
            deputy=people[(place + 1) % len(people)] if len(people) > 1 else None,
            since=since,
            named_by=stage.actor(Role.DISPATCHER).person,
        )
        for place, enterprise in enumerate(made)
    )


def _enterprise(stage: Stage, row: dict[str, str]) -> Enterprise:
    return Enterprise(
        park=stage.park,
        code=row["code"],
        name=row["name"],
        uscc=row["uscc"],
        chain_role=ROLES.get(row["chain_role"], Enterprise.ChainRole.SUPPORT),
        stage=row["stage"] if row["stage"] in Enterprise.Stage.values else "",
        sector=row["sector"],
        industry_code=row["gbt4754_2017"],
        industry_name=row["industry_name"],
        staff_count=int(row["staff"]),
        member_count=int(row["party_members"]),
        party_org=row["party_org"],
        founded_year=int(row["founded"]),
        whistle_token=_token("whistle", row),
        mine_token=_token("list", row),
        is_demo=True,
    )


def _token(what: str, row: dict[str, str]) -> str:
    """Return a token that is the same each time; a real enterprise's is random."""
    return "".join(drawn(f"{what} {row['code']}").choices(ALPHABET, k=12))


def _speakers(stage: Stage, count: int) -> list[Person]:
    told = data("people.yaml")
    chance = drawn("contacts")
    names = [chance.choice(told["surnames"]) + chance.choice(told["given"]) for _ in range(count)]
    return Person.objects.bulk_create(
        Person(park=stage.park, name=name, phone=f"1000001{place:04d}", title="企业联系人")
        for place, name in enumerate(names)
    )


def _outputs(stage: Stage, made: list[Enterprise], rows: list[dict[str, str]], year: int) -> None:
    Output.objects.bulk_create(
        Output(
            park=stage.park,
            enterprise=enterprise,
            starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31),
            value=Decimal(row["output_value_wan"]),
            source=MARK,
        )
        for enterprise, row in zip(made, rows, strict=True)
    )
