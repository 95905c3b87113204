"""The only doors to a case for reading. What a reader may not see is answered like a thing that does not exist."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.lookups import In
from django.http import Http404

from lianshang.cases import codes, roles
from lianshang.cases.models import (
    Assignment,
    Case,
    CaseEvent,
    CaseQuerySet,
    Draft,
    DraftRespondent,
    FirstHandler,
    Interest,
    Respondent,
)
from lianshang.cases.states import OPEN, VOID, Channel, CloseType, State
from lianshang.directory.actors import Actor
from lianshang.directory.lines import closure
from lianshang.directory.models import Park, Role
from lianshang.enterprises.models import Enterprise

WIDE = (
    Role.DISPATCHER,
    Role.COMMITTEE_HEAD,
    Role.CHAIN_CHIEF,
    Role.CALLBACK_OFFICER,
    Role.REPORTING_CLERK,
    Role.AUDITOR,
)  # roles that see the whole open ledger of their park
SEALED_TOO = (Role.LIAISON, Role.COMPLAINTS_OFFICER, Role.COMMITTEE_HEAD)  # who may see sealed ones, if not inside
SEALED_DRAFTS = (Role.COMPLAINTS_OFFICER, Role.COMMITTEE_HEAD)  # the same of what a chat brought


def cases_visible_to(actor: Actor) -> CaseQuerySet:
    """Return the cases that the actor may open: the open ledger by role, own parts, and sealed ones never by width alone."""
    if actor.kind == "holder":
        return Case.objects.filter(pk=actor.holds)
    own = _own_parts(actor) if actor.has(Role.LIAISON) else Q(pk__in=[])
    rows = Case.objects.filter(_seen_by(actor, own))
    return rows.exclude(_inside_respondents(actor)) if actor.has(*SEALED_TOO) else rows


def _open_to(actor: Actor) -> CaseQuerySet:
    """Return those of the visible cases that are not sealed: what nearly every request is about, and quickly asked."""
    rows = Case.objects.filter(sealed=False)
    if actor.has(*WIDE):
        return rows
    return rows.filter(Exists(_parts(actor).filter(case=OuterRef("pk")))) if actor.has(Role.LIAISON) else rows.none()


def _parts(actor: Actor) -> QuerySet[Assignment]:
    return Assignment.objects.filter(unit__in=actor.units(Role.LIAISON))


def _own_parts(actor: Actor) -> Q:
    return Q(Exists(_parts(actor).filter(case=OuterRef("pk"))), sealed=False) | _sealed_part(actor)


def _sealed_part(actor: Actor) -> Q:
    """Sealed cases that its units are still at: what was returned, released or taken from them is shut to them.

    Theirs are the open parts, the newest lead's part once it has answered, and the part of the first handler in force.
    """
    parts = _parts(actor).filter(case=OuterRef("pk"))
    later = Assignment.objects.filter(case=OuterRef("case"), part=Assignment.Part.LEAD, pk__gt=OuterRef("pk"))
    answered = parts.filter(~Exists(later), part=Assignment.Part.LEAD, answered_at__isnull=False)
    first = FirstHandler.objects.filter(case=OuterRef("pk"), unit__in=actor.units(Role.LIAISON))
    followed = FirstHandler.objects.filter(case=OuterRef("case"), pk__gt=OuterRef("pk"))
    freed = CaseEvent.objects.filter(
        subject=OuterRef("case"), verb="grant_return", unit=OuterRef("unit"), ordinal__gt=OuterRef("event__ordinal")
    )
    in_force = first.filter(~Exists(followed), ~Exists(freed))
    return (Q(Exists(parts.filter(ended_at=None))) | Q(Exists(answered)) | Q(Exists(in_force))) & Q(sealed=True)


def sealed_open_to(actor: Actor) -> CaseQuerySet:
    """Return the sealed cases that the actor may open and that have not ended.

    Most units have none: whether they were sent one at all is asked before who may see what.
    """
    rows = Case.objects.filter(sealed=True, state__in=OPEN)
    if not actor.has(Role.COMPLAINTS_OFFICER, Role.COMMITTEE_HEAD) and not rows.filter(_sent_to(actor)).exists():
        return rows.none()
    return cases_visible_to(actor).filter(sealed=True, state__in=OPEN)


def _sent_to(actor: Actor) -> Q:
    first = FirstHandler.objects.filter(case=OuterRef("pk"), unit__in=actor.units(Role.LIAISON))
    return Q(Exists(_parts(actor).filter(case=OuterRef("pk")))) | Q(Exists(first))


def _seen_by(actor: Actor, own: Q) -> Q:
    """What role and part open to staff, before those inside the respondents are shut out. `own`: parts of its units."""
    seen = own if actor.has(Role.LIAISON) else Q(pk__in=[])
    if actor.has(*WIDE):
        seen |= Q(sealed=False)
    if actor.has(Role.COMPLAINTS_OFFICER, Role.COMMITTEE_HEAD):
        seen |= Q(sealed=True)
    return seen


def _inside_respondents(actor: Actor) -> Q:
    """Sealed cases whose respondents' closure the actor stands in: named persons, units, their line up and down."""
    return Q(Exists(Respondent.objects.filter(_means(actor), case=OuterRef("pk"))), sealed=True)


def _means(actor: Actor) -> Q:
    """Respondents inside which the actor stands: by a post, by name, by an interest that was declared."""
    if actor.person is None:
        return Q(unit__in=closure(actor.unit_ids))
    bound = list(Interest.objects.in_force().filter(person=actor.person).values_list("unit", "enterprise", "name"))
    line = closure({*actor.unit_ids, *(unit for unit, _, _ in bound if unit)})
    means = Q(unit__in=line) | Q(person=actor.person.pk)
    for _, firm, name in bound:
        means |= Q(enterprise=firm) if firm else Q(pk__in=[])
        means |= Q(name__contains=name) if name else Q(pk__in=[])
    return means


def open_ledger(actor: Actor) -> CaseQuerySet:
    """Return what lists, counts and figures show this actor: visible, not sealed, registered.

    Only sealed cases have respondents, so nobody need be shut out, which spares each row a look.
    """
    if actor.kind == "holder":
        return cases_visible_to(actor).open_ledger()
    reached = _reached(actor) if actor.has(Role.LIAISON) else Q()
    return Case.objects.filter(_seen_by(actor, reached)).open_ledger()


def whole_open_ledger() -> CaseQuerySet:
    """Return the whole open ledger, for figures that the park publishes; nobody's reading. Needs the park's scope."""
    return Case.objects.open_ledger()


def _reached(actor: Actor) -> Q:
    """Cases in which its units have or had a part, as a question to each row in the order of the list.

    SQLite would begin with all that a unit ever had, and sort it; a sum is no key, so it keeps to the list's own index.
    """
    key = F("pk") + 0 if connection.vendor == "sqlite" else F("pk")
    return Q(In(key, _parts(actor).order_by().values("case")))


def case_for(actor: Actor | None, key: object, *, shown: bool = True) -> Case:
    """Return the case for staff, or raise Http404 whether it is absent or not theirs to see.

    Not `shown`, it comes without the rows beside it that a page would name.
    """
    if actor is None:
        raise Http404
    beside = ("enterprise", "lead_unit", "profile_version__profile") if shown else (None,)
    found = (list(rows(actor).filter(key=key).select_related(*beside)) for rows in (_open_to, cases_visible_to))
    case = next((case for cases in found for case in cases), None)
    if case is None or (case.state == State.DRAFT and not roles.directs(actor, case)):
        raise Http404
    case.park = actor.park
    return case


def cases_by_keys(actor: Actor, keys: Iterable[str]) -> CaseQuerySet:
    """Return those of the cases that the actor may open; what is no key is left out."""
    return cases_visible_to(actor).filter(key__in=[key for key in keys if _is_key(key)])


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def noted(actor: Actor, key: object) -> Case:
    """Return the case that this clerk registered, for the page that reads its code out, or raise Http404."""
    own = CaseEvent.objects.filter(verb="register", actor=actor.person) if actor.person else CaseEvent.objects.none()
    case = Case.objects.filter(key=key, pk__in=own.values("subject")).first()
    if case is None:
        raise Http404
    return case


def sealed_ledger(actor: Actor) -> CaseQuerySet:
    """Return the registered complaints and reports for the proof over them, for those who look after them alone.

    Whoever stands inside the respondents of one does not have it, here either.
    """
    if not actor.has(*SEALED_DRAFTS):
        return Case.objects.none()
    return cases_visible_to(actor).filter(sealed=True).exclude(state=State.DRAFT)


def own_interests(actor: Actor) -> QuerySet[Interest]:
    """Return what this person has declared, newest first."""
    rows = Interest.objects.filter(person=actor.person, person__isnull=False)
    return rows.select_related("unit", "enterprise").order_by("-declared_at", "-pk")


def interest_for(actor: Actor | None, pk: int) -> Interest:
    """Return one's own declaration, or raise Http404."""
    row = own_interests(actor).filter(pk=pk).first() if actor else None
    if row is None:
        raise Http404
    return row


def case_by_code(park: Park, code: str) -> Case:
    """Return the case whose receipt has this code. Needs the park's scope."""
    try:
        case = Case.objects.select_related("enterprise", "lead_unit").get(code_digest=codes.digest(code))
    except Case.DoesNotExist:
        raise Http404 from None
    case.park = park
    return case


def just_registered(since: datetime) -> CaseQuerySet:
    """Return what came into the open ledger since then, to tell who sends the same again. Needs the park's scope."""
    return Case.objects.open_ledger().filter(registered_at__gt=since).exclude(close_type__in=VOID)


def cases_by_codes(digests: Iterable[str]) -> CaseQuerySet:
    """Return the cases of the open ledger behind the digests of codes that somebody holds. Needs the park's scope."""
    return Case.objects.open_ledger().filter(code_digest__in=list(digests))


def own_whistles(enterprise: Enterprise) -> CaseQuerySet:
    """Return what the holder of an enterprise's code sees: its open cases, newest first.

    Left out are those in which a visitor of the park's page merely typed its name, which may be
    anybody's, and what an undone import had brought.
    """
    typed = Q(channel__in=(Channel.QR, Channel.WEB)) & ~Q(enterprise_name="")
    own = Case.objects.open_ledger().filter(enterprise=enterprise).exclude(typed).exclude(close_type=CloseType.UNDONE)
    return own.order_by("-registered_at", "-pk")


def drafts_visible_to(actor: Actor) -> QuerySet[Draft]:
    """Return the drafts that the actor may open: the dispatcher all, whoever pasted some those.

    What was set aside as a complaint or report is for the officer and the committee's head, whoever pasted it, and
    never for those inside its respondents.
    """
    sealed = Q(reason=Draft.Reason.SEALED)
    seen = Q(noted_by=actor.person, noted_by__isnull=False) & ~sealed
    if actor.has(Role.DISPATCHER):
        seen |= ~sealed
    if actor.has(*SEALED_DRAFTS):
        seen |= sealed & ~Q(Exists(DraftRespondent.objects.filter(_means(actor), draft=OuterRef("pk"))))
    return Draft.objects.filter(seen).select_related("enterprise", "case", "settled_by")


def draft_by_code(code: str) -> Draft:
    """Return the draft whose code this is, or raise Http404. Needs the park's scope."""
    draft = Draft.objects.filter(code_digest=codes.digest(code)).select_related("case", "enterprise").first()
    if draft is None:
        raise Http404
    return draft


def is_first_of_its_case(draft: Draft) -> bool:
    """Whether the draft's sender may have the case's receipt: of several senders joined in one case only the first."""
    first = draft.case.drafts.order_by("happened_at", "position", "pk").first() if draft.case else None
    return first is not None and (first.source, first.sender) == (draft.source, draft.sender)
