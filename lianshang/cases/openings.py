"""When the identity behind a complaint or report stands open, and for whom: read from the case's own events.

One of two roles asks with a reason, somebody of the other agrees, and whoever asked may look for half an hour. Every one
of these steps is an event; the reporter reads them on the receipt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lianshang.cases.models import Case, CaseEvent
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role

OPEN_FOR = timedelta(minutes=30)
PATIENCE = timedelta(days=3)  # so long an unanswered wish stands
STEPS = ("ask_identity", "open_identity", "refuse_identity", "see_identity")
PAIR = (Role.COMPLAINTS_OFFICER, Role.COMMITTEE_HEAD)


@dataclass(frozen=True)
class Opening:
    """The newest wish to know who it is. `agreed` and `refused` are moments."""

    asked: CaseEvent
    agreed: datetime | None = None
    refused: datetime | None = None

    def waits(self, at: datetime) -> bool:
        return not (self.agreed or self.refused) and at < self.asked.at + PATIENCE

    def is_open(self, at: datetime) -> bool:
        return self.agreed is not None and self.agreed <= at < self.agreed + OPEN_FOR

    @property
    def until(self) -> datetime | None:
        return self.agreed + OPEN_FOR if self.agreed else None

    def is_asked_by(self, actor: Actor) -> bool:
        return actor.person is not None and actor.person.pk == self.asked.actor_id

    def may_be_decided_by(self, actor: Actor) -> bool:
        """Another person, of the other role: nobody agrees with oneself, whatever posts they hold."""
        other = next(role for role in PAIR if role != self.asked.cause)
        return not self.is_asked_by(actor) and actor.has(other)


def newest(events: Sequence[CaseEvent]) -> Opening | None:
    """Return the newest wish among the events of a case, in their order, with what became of it."""
    found: Opening | None = None
    for event in events:
        if event.verb == "ask_identity":
            found = Opening(event)
        elif found and event.verb == "open_identity":
            found = Opening(found.asked, agreed=event.at)
        elif found and event.verb == "refuse_identity":
            found = Opening(found.asked, refused=event.at)
    return found


def askers(events: Sequence[CaseEvent]) -> dict[int, str]:
    """Return each consent among the events of a case, in their order → the role, in words, of whoever had asked."""
    asked, found = "", {}
    for event in events:
        if event.verb == "ask_identity":
            asked = Role(event.cause).label
        elif event.verb == "open_identity":
            found[event.pk] = str(asked)
    return found


def of(case: Case) -> Opening | None:
    return newest(list(case.events.filter(verb__in=STEPS).order_by("ordinal")))


def role_of(actor: Actor) -> str:
    """Return in which of the two roles somebody asks; the officer first."""
    return next((str(role) for role in PAIR if actor.has(role)), "")


def may_read(events: Sequence[CaseEvent], actor: Actor, at: datetime) -> bool:
    """Whether the identity stands open for this actor now, who has said that they look."""
    opening = newest(events)
    if opening is None or not opening.is_open(at) or not opening.is_asked_by(actor):
        return False
    return any(one.verb == "see_identity" and one.at >= (opening.agreed or at) for one in events)
