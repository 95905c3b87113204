"""A park with an office, enterprises and members, in plain rows and through the services."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.directory.models import Park, Person, Post, Role, Unit
from lianshang.enterprises.models import ContactPerson, Enterprise
from lianshang.organizations.models import Member, Organization
from lianshang.organizations.rules.kinds import Kind
from lianshang.organizations.services import bodies, members

AT = datetime(2026, 11, 2, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY, SINCE, JOINED = AT.date(), date(2024, 3, 1), date(2015, 7, 1)
YEAR = timedelta(days=366)


@dataclass
class Hall:
    """The park and who acts in it."""

    park: Park
    office: Unit

    def person(self, name: str, *roles: str) -> Person:
        made = Person.objects.create(park=self.park, name=name, phone="")
        for role in roles:
            Post.objects.create(park=self.park, person=made, role=role, unit=self.office, since=date(2020, 1, 1))
        return made

    def actor(self, role: str = Role.DISPATCHER, name: str = "经办") -> Actor:
        return actors.staff(self.person(name, role), on=TODAY)

    def firm(self, code: str, **more: object) -> Enterprise:
        return Enterprise.objects.create(park=self.park, code=code, name=f"示范{code}有限公司", **more)

    def branch(self, *firms: Enterprise, kind: Kind = Kind.BRANCH, name: str = "示范党支部") -> Organization:
        told = bodies.Founding(name, kind, SINCE, enterprises=firms)
        return bodies.found(told, actor=actors.system(self.park), at=AT)

    def member(
        self,
        organization: Organization | None,
        firm: Enterprise | None = None,
        *,
        full: bool = True,
        name: str = "党员",
    ) -> Member:
        joined = JOINED if full else TODAY - timedelta(days=100)
        register = (
            members.Register(organization) if organization else members.Register(elsewhere="外地党支部", has_card=True)
        )
        told = members.Entry(
            joined, max(SINCE, joined), register, joined + YEAR if full else None, self.person(name), enterprise=firm
        )
        return members.enter(told, actor=actors.system(self.park), at=AT)

    def instructor_of(self, firm: Enterprise, name: str = "指导员") -> Person:
        who = self.person(name, Role.INSTRUCTOR)
        ContactPerson.objects.create(park=self.park, enterprise=firm, person=who, since=AT - YEAR)
        return who


def hall() -> Hall:
    """Return a new park. The caller opens its scope."""
    park = Park.objects.create(code="OR", name="组织园区")
    return Hall(park, Unit(park=park, code="office", name="办公室", kind=Unit.Kind.OFFICE))
