"""What the page of a complaint or report has beside the matter: who made it, as far as it is open; words; what was taken out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lianshang.cases import identities, openings, recusal, roles
from lianshang.cases.identities import Who
from lianshang.cases.models import Case, CaseEvent, Recusal, Saying
from lianshang.cases.openings import Opening
from lianshang.cases.services.complaints import split_cases
from lianshang.directory.actors import Actor
from lianshang.kernel.flow import Transition

ALONE = ("grant_recusal", "deny_recusal")  # while a recusal waits there is nothing else to do


@dataclass(frozen=True)
class Card:
    """`who` only while the identity stands open for the reader. `words_waiting` are marks that nobody has looked at."""

    directs: bool
    known: bool
    opening: Opening | None
    waits: bool
    who: Who | None
    words_waiting: int
    recusal: Recusal | None
    why: str  # somebody is to stand aside
    taken_out: Sequence[Case]


def card_of(
    case: Case, actor: Actor, events: Sequence[CaseEvent], said: Mapping[int, Saying], at: datetime
) -> Card | None:
    """Return the card for the officer and the head; those who handle the case have none. `said`: event → its words."""
    if not roles.opens_identity(actor, case):
        return None
    opening, directs = openings.newest(events), roles.directs(actor, case)
    waiting = [one for one in said.values() if one.waits] if directs else []
    waits = recusal.waiting(case) if recusal.waits(events) else None
    asked = said.get(waits.asked_id) if waits else None
    return Card(
        directs=directs,
        known=not case.anonymous,
        opening=opening,
        waits=bool(opening and opening.waits(at)),
        who=identities.who_made(case) if openings.may_read(events, actor, at) else None,
        words_waiting=sum(len(one.marks) for one in waiting),
        recusal=waits,
        why=(asked.shown if asked else waits.asked.note) if waits else "",
        taken_out=split_cases(case) if directs and any(one.verb == "split" for one in events) else (),
    )


def pressable(
    moves: list[Transition], case: Case, actor: Actor, events: Sequence[CaseEvent], at: datetime
) -> list[Transition]:
    """Return the moves that lead somewhere now: no decision where nothing waits, nothing else where a recusal does."""
    if not case.sealed:
        return moves
    if recusal.waits(events):
        return [move for move in moves if move.name in ALONE]
    opening = openings.newest(events)
    idle = {*ALONE}
    if opening is None or not opening.waits(at) or not opening.may_be_decided_by(actor):
        idle |= {"open_identity", "refuse_identity"}
    if (opening and opening.waits(at)) or case.anonymous:
        idle.add("ask_identity")
    if opening is None or not opening.is_asked_by(actor) or not opening.is_open(at):
        idle.add("see_identity")
    if any(event.verb == "split" for event in events):
        idle.add("split")
    return [move for move in moves if move.name not in idle]
