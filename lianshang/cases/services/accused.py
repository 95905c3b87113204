"""Whom a complaint or report means: units, enterprises, members of staff, as far as a name tells."""

from django.db.models import Q

from lianshang.directory.models import Person, Post, Role, Unit
from lianshang.enterprises.models import Enterprise

Accused = Unit | Enterprise | str


def named(one: Accused) -> list[dict[str, object]]:
    """Return whom a respondent's name means: a unit, an enterprise, or all of the staff whose name is in what was written.

    Better one namesake too many shut out than the accused let in. Who leads the committee stands for it: what is said
    of the head of an organ is for the organ above (检举控告规则 art 15).
    """
    if isinstance(one, Unit):
        return [{"unit": one, "name": one.name}]
    if isinstance(one, Enterprise):
        return [{"enterprise": one, "name": one.name}]
    written = "".join(one.split())
    people = _staff(written)
    meant: list[dict[str, object]] = [{"person": person, "name": one} for person in people]
    meant += [{"enterprise": firm, "name": one} for firm in Enterprise.objects.all() if firm.name in written]
    meant += [{"unit": unit, "name": unit.name} for unit in _units(written, people)]
    return meant or [{"name": one}]


def _staff(written: str) -> list[Person]:
    staff = Person.objects.filter(posts__isnull=False).distinct().order_by("pk")
    return [person for person in staff if person.name in written]


def _units(written: str, people: list[Person]) -> list[Unit]:
    """Return units whose name stands there, and those whose head is named."""
    led = Post.objects.filter(Q(until=None), person__in=people, role=Role.COMMITTEE_HEAD)
    headed = set(led.values_list("unit_id", flat=True)) if people else set()
    return [unit for unit in Unit.objects.order_by("pk") if unit.name in written or unit.pk in headed]
