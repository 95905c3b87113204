"""Who decides what waits in a case: the role that its mechanism profile names, the committee's office where it names none.

The role is written on the case (`decider`) by the step that asks, so that desks, notices and buttons need no profile.
A sealed case stays with its officer and the head, whomever the profile names.
"""

from collections.abc import Iterable

from lianshang.cases import books
from lianshang.cases.models import Case
from lianshang.cases.states import State
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.kernel.flow import Transition
from lianshang.kernel.refusals import Refused

PENDING = (State.RETURN_REQUESTED, State.EXTENSION_REQUESTED, State.CONSULTING)
RULINGS = ("grant_return", "deny_return", "grant_extension", "conclude")  # for the decider alone
SEALED = {Role.COMMITTEE_HEAD: Role.COMMITTEE_HEAD, Role.CHAIN_CHIEF: Role.COMMITTEE_HEAD}
OFFICE = "综合党委办公室"


def role_for(case: Case, party: str | None) -> str:
    """Return the role that stands for a party of the profile in this case; empty: the office."""
    if not party or not case.sealed:
        return party or ""
    return str(SEALED.get(Role(party), Role.COMPLAINTS_OFFICER))


def asked(case: Case) -> str:
    """Return the role that what was asked last is put to; empty: the office."""
    return role_for(case, case.decider)


def waits_for(case: Case) -> str:
    """Return the role that what waits now waits for; empty: the office, or nothing waits."""
    return asked(case) if case.state in PENDING else ""


def words(case: Case) -> str:
    """Return who decides now, as people say it. The dispatcher is the office."""
    return party_words(case, case.decider or "") if case.state in PENDING else OFFICE


def party_words(case: Case, party: str) -> str:
    """Return who stands for a party of the profile, as people say it; the office where nobody is named."""
    role = role_for(case, party)
    return OFFICE if role in ("", Role.DISPATCHER, Role.COMPLAINTS_OFFICER) else str(Role(role).label)


def deferral_role(case: Case) -> str:
    """Return who approves that the case is put off (挂账): whom the profile names, else the committee's head."""
    return role_for(case, deferral_party(case.profile_version_id))


def deferral_party(version_id: int) -> str:
    rule = books.profile_of(version_id).deferral
    return rule.approver if rule and rule.approver else Role.COMMITTEE_HEAD


def stands_for(case: Case, actor: Actor) -> bool:
    """Whether what waits is this actor's to decide. Of a sealed case its officer may: the head may be inside it."""
    role = waits_for(case)
    return not role or actor.has(role) or (case.sealed and actor.has(Role.COMPLAINTS_OFFICER))


def need(case: Case, actor: Actor, what: str) -> None:
    """Refuse whoever is not named, with who is. `what`: 退单由…裁定."""
    if not stands_for(case, actor):
        raise Refused(f"按机制方案，{what.format(words(case))}。请其在系统里处理。")


def pressable(moves: Iterable[Transition], case: Case, actor: Actor) -> list[Transition]:
    """Return the moves without the rulings that are somebody else's: those have no button for this actor."""
    own = stands_for(case, actor)
    return [move for move in moves if own or move.name not in RULINGS]
