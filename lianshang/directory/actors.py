"""Who acts. Guards, services and events speak of an `Actor`, never of a request or an account."""

from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Literal

from lianshang.directory.models import Account, Park, Person, Unit

Kind = Literal["staff", "holder", "system"]


@dataclass(frozen=True)
class Actor:
    """A member of staff with the posts in force today, the holder of one case's receipt code, or the system."""

    kind: Kind
    park: Park
    person: Person | None = None
    unit: Unit | None = None
    posts: frozenset[tuple[str, int]] = field(default_factory=frozenset)
    holds: int | None = None

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(role for role, _ in self.posts)

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def serves(self, role: str, unit_id: int | None) -> bool:
        return unit_id is not None and (role, unit_id) in self.posts

    def units(self, role: str) -> frozenset[int]:
        return frozenset(unit for held, unit in self.posts if held == role)

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset(unit for _, unit in self.posts)

    @property
    def key(self) -> str:
        """What an idempotency key is bound to."""
        if self.kind == "staff" and self.person:
            return f"person:{self.person.pk}"
        return f"{self.kind}:{self.holds or ''}"

    def __str__(self) -> str:
        return self.person.name if self.person else {"holder": "企业", "system": "系统", "staff": "工作人员"}[self.kind]


def staff(person: Person, *, on: date) -> Actor:
    """Return the actor that `person` is on that day, deputies' posts included. Needs the park's scope."""
    posts = sorted(person.posts.in_force(on).select_related("unit"), key=attrgetter("pk"))
    return Actor(
        kind="staff",
        park=person.park,
        person=person,
        unit=posts[0].unit if posts else None,
        posts=frozenset((post.role, post.unit_id) for post in posts),
    )


def from_account(account: Account, *, on: date) -> Actor:
    """As `staff`, of whoever signed in."""
    account.person.park = account.park
    return staff(account.person, on=on)


def holder(park: Park, case_id: int) -> Actor:
    """Return whoever has the receipt code of that case: the enterprise, as far as we can know."""
    return Actor(kind="holder", park=park, holds=case_id)


def system(park: Park) -> Actor:
    return Actor(kind="system", park=park)
