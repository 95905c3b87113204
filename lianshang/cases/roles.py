"""Who may do what to a case: predicates of (actor, case), pure but for what the case knows of its own parts.

Whoever stands inside the respondents of a complaint or report gets False from every predicate.
"""

from lianshang.cases import deciders
from lianshang.cases.models import Case
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role, Unit
from lianshang.kernel.flow import Transition

OFFICE_ROLES = (
    Role.DISPATCHER, Role.COMMITTEE_HEAD, Role.CHAIN_CHIEF, Role.CALLBACK_OFFICER, Role.COMPLAINTS_OFFICER
)  # fmt: skip


def anyone(actor: Actor, case: Case) -> bool:
    return True


def system(actor: Actor, case: Case) -> bool:
    return actor.kind == "system"


def holds(actor: Actor, case: Case) -> bool:
    """The enterprise: whoever has the receipt code."""
    return actor.kind == "holder" and actor.holds == case.pk


def accused(actor: Actor, case: Case) -> bool:
    if not case.sealed or actor.kind != "staff":
        return False
    named = actor.person is not None and actor.person.pk in case.accused_person_ids
    return named or bool(actor.unit_ids & case.accused_unit_ids)


def directs(actor: Actor, case: Case) -> bool:
    """The committee's office: the dispatcher; for complaints and reports their officer alone."""
    return actor.has(Role.COMPLAINTS_OFFICER if case.sealed else Role.DISPATCHER) and not accused(actor, case)


def heads(actor: Actor, case: Case) -> bool:
    return actor.has(Role.COMMITTEE_HEAD) and not accused(actor, case)


def oversees(actor: Actor, case: Case) -> bool:
    """May urge and supervise. The chain chief sees no complaints."""
    chief = actor.has(Role.CHAIN_CHIEF) and not case.sealed
    return chief or directs(actor, case) or heads(actor, case)


def leads(actor: Actor, case: Case) -> bool:
    return actor.serves(Role.LIAISON, case.lead_unit_id) and not accused(actor, case)


def replies(actor: Actor, case: Case) -> bool:
    """The lead, or the first handler, who stays answerable for the reply."""
    return leads(actor, case) or (actor.serves(Role.LIAISON, case.first_unit_id) and not accused(actor, case))


def helps(actor: Actor, case: Case) -> bool:
    """A co-unit whose part is not over."""
    return bool(actor.units(Role.LIAISON) & case.co_unit_ids) and not accused(actor, case)


def takes_part(actor: Actor, case: Case) -> bool:
    return leads(actor, case) or helps(actor, case)


def calls_back(actor: Actor, case: Case) -> bool:
    """The call-back officer; for sealed cases their officer. That it is not who answered is the service's check."""
    return directs(actor, case) or (actor.has(Role.CALLBACK_OFFICER) and not case.sealed)


def answers_supervision(actor: Actor, case: Case) -> bool:
    """Who may have been put under supervision: a unit that has or had a part in the case, or the office itself."""
    return replies(actor, case) or helps(actor, case) or directs(actor, case) or had_part(actor, case)


def had_part(actor: Actor, case: Case) -> bool:
    own = actor.units(Role.LIAISON)
    return bool(own) and not accused(actor, case) and case.assignments.filter(unit__in=own).exists()


def directs_or_system(actor: Actor, case: Case) -> bool:
    return system(actor, case) or directs(actor, case)


def directs_or_leads(actor: Actor, case: Case) -> bool:
    return directs(actor, case) or leads(actor, case)


def decides(actor: Actor, case: Case) -> bool:
    """Whoever the mechanism profile names for what waits in the case; the service refuses others with the name."""
    role = deciders.waits_for(case)
    return bool(role) and actor.has(role) and not accused(actor, case)


def directs_or_decides(actor: Actor, case: Case) -> bool:
    return directs(actor, case) or decides(actor, case)


def rules(actor: Actor, case: Case) -> bool:
    return directs(actor, case) or heads(actor, case) or decides(actor, case)


def defers(actor: Actor, case: Case) -> bool:
    """Whom the profile names to approve a deferral; the committee's head where it names nobody."""
    return actor.has(deciders.deferral_role(case)) and not accused(actor, case)


def tends_deferred(actor: Actor, case: Case) -> bool:
    return directs(actor, case) or heads(actor, case) or defers(actor, case)


def directs_or_replies(actor: Actor, case: Case) -> bool:
    return directs(actor, case) or replies(actor, case)


def urges(actor: Actor, case: Case) -> bool:
    return oversees(actor, case) or holds(actor, case)


def supplements(actor: Actor, case: Case) -> bool:
    return directs(actor, case) or holds(actor, case)


def escalates(actor: Actor, case: Case) -> bool:
    """Escalation follows from counting: whoever's act completes the count carries it."""
    return system(actor, case) or holds(actor, case) or calls_back(actor, case) or heads(actor, case)


# -- of complaints and reports alone ----------------------------------------------------------------------------------


def reports(actor: Actor, case: Case) -> bool:
    """Whoever made the complaint or report."""
    return case.sealed and holds(actor, case)


def directs_sealed(actor: Actor, case: Case) -> bool:
    return case.sealed and directs(actor, case)


def splits(actor: Actor, case: Case) -> bool:
    """The officer; and whoever made it, when it is made."""
    return directs_sealed(actor, case) or reports(actor, case)


def asks_reporter(actor: Actor, case: Case) -> bool:
    return case.sealed and (directs(actor, case) or leads(actor, case))


def takes_part_sealed(actor: Actor, case: Case) -> bool:
    return case.sealed and takes_part(actor, case)


def opens_identity(actor: Actor, case: Case) -> bool:
    """One of the two roles that together may have an identity opened: the officer and the committee's head."""
    return case.sealed and (directs(actor, case) or heads(actor, case))


def decides_recusal(actor: Actor, case: Case) -> bool:
    """The committee's head; where the head is inside, whoever looks after complaints at the authority above."""
    if not case.sealed or accused(actor, case):
        return False
    return actor.has(Role.COMMITTEE_HEAD) or _is_above(actor)


def _is_above(actor: Actor) -> bool:
    own = actor.units(Role.COMPLAINTS_OFFICER)
    if actor.unit and own == {actor.unit.pk}:
        return actor.unit.kind == Unit.Kind.SUPERIOR
    return bool(own) and Unit.objects.filter(pk__in=own, kind=Unit.Kind.SUPERIOR).exists()


BY_PART = (
    leads,
    replies,
    helps,
    takes_part,
    directs_or_leads,
    directs_or_replies,
    answers_supervision,
    takes_part_sealed,
)  # steps of a unit's own part


def acts_for(actor: Actor, case: Case, move: Transition, unit_id: int | None) -> int | None:
    """Return the unit for which somebody with several posts takes a step; `unit_id` is whose part the step is about.

    In a step of its part it is the unit by which the person is in the case: lead, first handler or co-unit. In the
    office's own steps it is where the person holds the role. Else it is the first post's.
    """
    first = actor.unit.pk if actor.unit else None
    if len(actor.unit_ids) <= 1:
        return first
    if move.allows in BY_PART:
        own = actor.units(Role.LIAISON)
        for mine in (unit_id, case.lead_unit_id, case.first_unit_id, *sorted(case.co_unit_ids)):
            if mine in own:
                return mine
    held = {unit for role, unit in actor.posts if role in OFFICE_ROLES}
    return first if first in held or not held else min(held)
