"""Reads of organisations: the tree with its counts and clocks, one organisation with all that hangs on it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from lianshang.organizations.models import Affiliation, Coverage, Officer, Organization, Term, VenueItem
from lianshang.organizations.rules.kinds import NORMS, Body, Kind, warnings
from lianshang.organizations.rules.life import Standing

SECRETARY = Officer.Position.SECRETARY
MOST = 500  # organisations on one page


@dataclass(frozen=True)
class Row:
    """An organisation in the tree as it stands on a day."""

    organization: Organization
    depth: int
    secretary: str
    units: int
    full: int
    members: int
    term: Term | None
    committee_size: int
    light: str

    @property
    def warnings(self) -> list[str]:
        committee = bool(self.term and self.term.has_committee)
        return warnings(
            Body(self.organization.of_kind, self.full, self.members, self.units, committee, self.committee_size)
        )

    @property
    def probationary(self) -> int:
        return self.members - self.full


def light_of(term: Term | None, day: date) -> str:
    """Return how near the next election is: none where nothing is due."""
    if term is None:
        return "none"
    if term.due_on < day:
        return "late"
    return "near" if (term.due_on - day).days <= NORMS.election_near_days else "normal"


def rows_of(organizations: Iterable[Organization], day: date) -> list[Row]:
    """Return the rows in the order of the tree: each below its parent, by kind and name."""
    found = list(organizations)
    keys = [one.pk for one in found]
    officers, sizes = _officers(keys, day)
    units = _counted(Coverage.objects.on(day), keys)
    registers = Affiliation.objects.on(day)
    members, full = _counted(registers, keys), _counted(registers.filter(member__full_on__lte=day), keys)
    terms = {term.organization_id: term for term in Term.objects.on(day).filter(organization__in=keys)}
    return [
        Row(
            one, depth, officers.get(one.pk, ""), units.get(one.pk, 0), full.get(one.pk, 0), members.get(one.pk, 0),
            terms.get(one.pk), sizes.get(one.pk, 0), light_of(terms.get(one.pk), day),
        )
        for one, depth in in_order(found)
    ]  # fmt: skip


def in_order(found: list[Organization]) -> Iterator[tuple[Organization, int]]:
    """Yield (organisation, depth). What hangs below one that is not shown stands at the top."""
    shown, below = {one.pk for one in found}, defaultdict(list)
    order = {kind.value: place for place, kind in enumerate(Kind)}
    for one in sorted(found, key=lambda one: (order[one.kind], one.name)):
        below[one.parent_id if one.parent_id in shown else None].append(one)
    yield from _walk(below, None, 0)


def _walk(
    below: dict[int | None, list[Organization]], key: int | None, depth: int
) -> Iterator[tuple[Organization, int]]:
    for one in below.get(key, ()):
        yield one, depth
        yield from _walk(below, one.pk, depth + 1)


def _officers(keys: list[int], day: date) -> tuple[dict[int, str], dict[int, int]]:
    names: dict[int, str] = {}
    sizes: dict[int, int] = defaultdict(int)
    for row in Officer.objects.on(day).filter(organization__in=keys).select_related("person"):
        sizes[row.organization_id] += 1
        if row.position == SECRETARY:
            names[row.organization_id] = row.person.name
    return names, sizes


def _counted(rows: QuerySet[Any], keys: list[int]) -> dict[int, int]:
    counted = rows.filter(organization__in=keys).order_by().values("organization").annotate(n=Count("pk"))
    return dict(counted.values_list("organization", "n"))


def named(rows: QuerySet[Organization], words: str) -> QuerySet[Organization]:
    """Return those whose own name, or that of an enterprise they cover, has the words."""
    if not words:
        return rows
    covering = Coverage.objects.filter(until=None, enterprise__name__icontains=words).values("organization")
    return rows.filter(Q(name__icontains=words) | Q(pk__in=covering))


def members_of(organization: Organization, day: date) -> QuerySet[Affiliation]:
    """Return who stands on the register that day, full members first."""
    rows = Affiliation.objects.on(day).filter(organization=organization).select_related("member__person")
    return rows.order_by(F("member__full_on").asc(nulls_last=True), "member__joined_on", "pk")


def venue_of(organization: Organization) -> list[tuple[str, VenueItem | None]]:
    """Return the six items with what was seen last."""
    seen: dict[str, VenueItem] = {}
    for row in VenueItem.objects.filter(organization=organization).select_related("seen_by").order_by("seen_on", "pk"):
        seen[row.item] = row
    return [(str(item.label), seen.get(item.value)) for item in VenueItem.Item]


def officers_of(organization: Organization, day: date) -> list[Officer]:
    """Return who holds its posts that day, the secretary first."""
    order = {position: place for place, position in enumerate(Officer.Position.values)}
    rows = Officer.objects.on(day).filter(organization=organization).select_related("person").order_by("since", "pk")
    return sorted(rows, key=lambda one: order[one.position])


def standing_of(organization: Organization) -> Standing:
    """Return the organisation over time, as far as its life asks."""
    terms = Term.objects.filter(organization=organization, has_committee=True).order_by("since")
    return Standing(
        organization.of_kind, organization.approved_on, organization.ended_on,
        list(terms.values_list("since", "until")), organization.group_count,
    )  # fmt: skip
