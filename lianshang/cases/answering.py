"""What helps whoever writes to an enterprise: sentences the unit often says, and good answers to the like question."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from lianshang.cases import access
from lianshang.cases.models import Case, CaseEvent, Phrase
from lianshang.cases.navigation import WORKERS
from lianshang.cases.services.feedback import DISSATISFIED
from lianshang.cases.similar import similar_cases
from lianshang.cases.states import CloseType, State
from lianshang.directory.actors import Actor

WRITES = ("answer", "co_answer", "progress", "contact", "plan")  # verbs with a box for words to others
ANSWERS = ("answer", "co_answer")  # those that an earlier answer helps with
LOOKED_AT = 12  # like cases among which good answers are sought
SHOWN = 3
SOLVED = (CloseType.SOLVED, CloseType.PARTLY, CloseType.EXPLAINED)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer that was accepted: to which case, what both matters say, the words and the basis named."""

    case: Case
    shared: tuple[str, ...]
    words: str
    basis: str


@dataclass(frozen=True, slots=True)
class Helps:
    phrases: tuple[str, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    may_keep: bool = False  # whether the reader keeps sentences of a unit


def helps(case: Case, verb: str, actor: Actor, at: datetime) -> Helps:
    """Return what the form of the verb offers this actor. A sealed case is compared with nothing."""
    if verb not in WRITES:
        return Helps()
    phrases = tuple(phrases_of(actor).values_list("text", flat=True))
    earlier = good_answers(case, actor, at) if verb in ANSWERS and not case.sealed else ()
    return Helps(phrases, tuple(earlier), may_keep=bool(actor.unit_ids) and actor.has(*WORKERS))


def phrases_of(actor: Actor) -> QuerySet[Phrase]:
    return Phrase.objects.filter(unit__in=actor.unit_ids).order_by("unit", "position")


def good_answers(case: Case, actor: Actor, at: datetime) -> list[Earlier]:
    """Return accepted answers to like matters among the cases that the actor may open, the nearest first.

    Good is what closed the case without rework, and was not graded badly by the enterprise; the same words once.
    """
    closed = access.open_ledger(actor).filter(state=State.CLOSED, close_type__in=SOLVED, rework_count=0)
    like = similar_cases(
        f"{case.title}\n{case.text}", among=closed.exclude(grade__in=DISSATISFIED), at=at, limit=LOOKED_AT, but=case
    )
    answers = _answers([one.case for one in like])
    found: dict[str, Earlier] = {}
    for one in like:
        if (event := answers.get(one.case.pk)) and event.note.strip():
            found.setdefault(event.note.strip(), Earlier(one.case, one.shared, event.note.strip(), event.reference))
    return list(found.values())[:SHOWN]


def _answers(cases: list[Case]) -> dict[int, CaseEvent]:
    """Return the last answer of each case."""
    events = CaseEvent.objects.filter(subject__in=cases, verb="answer").order_by("ordinal")
    return {event.subject_id: event for event in events}
