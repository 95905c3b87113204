"""Who may see the chain. What one enterprise makes and uses is its own affair: the few who care for the chain see it."""

from uuid import UUID

from django.db.models import QuerySet

from lianshang.chain.models import Scenario
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.kernel.refusals import Hidden

READERS = (Role.DISPATCHER, Role.COMMITTEE_HEAD, Role.CHAIN_CHIEF, Role.TASK_FORCE)
KEEPERS = (Role.DISPATCHER, Role.COMMITTEE_HEAD, Role.TASK_FORCE)  # a chief reads and urges, and writes nothing here


def reader(actor: Actor | None) -> Actor:
    """The actor, if the chain is any of their business. Raises `Hidden`."""
    if actor is None or not actor.has(*READERS):
        raise Hidden
    return actor


def keeper(actor: Actor | None) -> Actor:
    """The actor, if it is theirs to keep the catalogue and the activities. Raises `Hidden`."""
    if actor is None or not actor.has(*KEEPERS):
        raise Hidden
    return actor


def keeps(actor: Actor) -> bool:
    return actor.has(*KEEPERS)


def scenarios() -> QuerySet[Scenario]:
    """What-ifs that are not put away, the newest first, for who has been let in."""
    return Scenario.objects.filter(shelved_at=None).order_by("-made_at", "-pk")


def scenario(actor: Actor, key: UUID) -> Scenario:
    """One of them, put away or not. Raises `Hidden`."""
    reader(actor)
    found = Scenario.objects.filter(key=key).first()
    if found is None:
        raise Hidden
    return found
