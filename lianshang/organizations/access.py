"""Who may see which organisation, who keeps its records, and who reads the names of its members.

Whoever reads the park's figures reads what they are made of: organisations, how enterprises are covered. Members' names
are masked for them. An officer has their own organisation, with the names, without holding any post of the staff.
"""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.kernel.refusals import Hidden
from lianshang.organizations.models import Incubation, Officer, Organization

KEEPERS = (Role.DISPATCHER, Role.COMMITTEE_HEAD, Role.INSTRUCTOR)
DECIDERS = (Role.DISPATCHER, Role.COMMITTEE_HEAD)
READERS = (*KEEPERS, Role.CHAIN_CHIEF, Role.LIAISON, Role.CALLBACK_OFFICER, Role.REPORTING_CLERK, Role.AUDITOR)


def reads(actor: Actor | None) -> bool:
    return actor is not None and (actor.kind == "system" or actor.has(*READERS))


def keeps(actor: Actor) -> bool:
    """Whether the actor may write about any organisation of the park."""
    return actor.kind == "system" or actor.has(*KEEPERS)


def decides(actor: Actor) -> bool:
    """Whether the actor may found and end organisations, and say what is not in the denominator."""
    return actor.kind == "system" or actor.has(*DECIDERS)


def is_officer(actor: Actor, organization: Organization, on: date) -> bool:
    held = Officer.objects.on(on).filter(organization=organization, person=actor.person)
    return actor.person is not None and held.exists()


def reader(actor: Actor | None) -> Actor:
    """Raises `Hidden`."""
    if actor is None or not reads(actor):
        raise Hidden
    return actor


def keeper(actor: Actor) -> Actor:
    """Raises `Hidden`."""
    if not keeps(actor):
        raise Hidden
    return actor


def decider(actor: Actor) -> Actor:
    """Raises `Hidden`."""
    if not decides(actor):
        raise Hidden
    return actor


def organizations_visible_to(actor: Actor | None, on: date) -> QuerySet[Organization]:
    """Return all of the park for readers, for others those they are officers of. Raises `Hidden` for whoever has none."""
    if reads(actor):
        return Organization.objects.all()
    held = Officer.objects.on(on).filter(person=actor.person).values("organization") if actor and actor.person else None
    own = Organization.objects.none() if held is None else Organization.objects.filter(pk__in=held)
    if not own.exists():
        raise Hidden
    return own


def organization_for(actor: Actor | None, key: UUID, on: date) -> Organization:
    """Raises `Hidden`."""
    found = organizations_visible_to(actor, on).filter(key=key).select_related("parent").first()
    if found is None:
        raise Hidden
    return found


def may_name(actor: Actor, organization: Organization, on: date) -> bool:
    """Whether members are called by name: an officer knows the members of their own organisation."""
    return actor.kind == "system" or is_officer(actor, organization, on)


def incubation_for(actor: Actor | None, key: UUID) -> Incubation:
    """Raises `Hidden`."""
    reader(actor)
    rows = Incubation.objects.select_related("enterprise", "joins", "owner", "instructor", "organization")
    found = rows.filter(key=key).first()
    if found is None:
        raise Hidden
    return found
