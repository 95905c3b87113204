"""回避: declared when a complaint or report is signed for, or asked for by the reporter; decided by the committee's head."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lianshang.cases import recusal
from lianshang.cases.flow import FLOW, LEAD
from lianshang.cases.models import Case, CaseEvent, Recusal, Respondent
from lianshang.cases.services.grounds import need
from lianshang.directory.actors import Actor
from lianshang.directory.models import Person, Post, Role
from lianshang.kernel.refusals import Refused

UNANSWERED = "投诉举报件签收前要先回答：您或近亲属与这件事、与被反映的单位和人有没有利害关系。"
ALREADY = "已有一项回避在等决定，决定后再提。"


def declared(row: Case, interest: str | None, *, actor: Actor, at: datetime, unit_id: int | None) -> Case | None:
    """Hold whoever signs for a sealed case to an answer. Returns the case where an interest was declared, else None.

    `row` is locked. `interest`: None not answered, empty none, else what it is.
    """
    if not row.sealed:
        return None
    if interest is None:
        raise Refused(UNANSWERED)
    if not interest.strip():
        return None
    row = FLOW.move(row, "declare_interest", actor=actor, at=at, unit_id=unit_id, note=interest)
    Recusal.objects.create(
        park_id=row.park_id, case=row, whose=Recusal.Whose.HANDLER, person=actor.person, asked=row.last_event
    )
    return row


@transaction.atomic
def ask_recusal(case: Case, *, actor: Actor, at: datetime, whose: str, reason: str) -> Case:
    """The reporter asks that those who handle it, or the officer, stand aside."""
    need(reason, "请写明为什么要求回避。")
    row = FLOW.lock(case)
    FLOW.check(row, "ask_recusal", actor)
    if whose not in Recusal.Whose.values:
        raise Refused("请选择要求谁回避。")
    if recusal.waiting(row):
        raise Refused(ALREADY)
    row = FLOW.move(row, "ask_recusal", actor=actor, at=at, cause=Recusal.Whose(whose).label, note=reason)
    Recusal.objects.create(park_id=row.park_id, case=row, whose=whose, asked=row.last_event)
    return row


@transaction.atomic
def grant_recusal(case: Case, *, actor: Actor, at: datetime, people: Iterable[Person], note: str = "") -> Case:
    """Let these people stand aside: from now on the case does not exist for them.

    An officer may stand aside only where another one is left; of a unit whose every liaison stands aside, the officer
    is told to send another.
    """
    row = FLOW.lock(case)
    FLOW.check(row, "grant_recusal", actor)
    leaving = list(people)
    if not leaving:
        raise Refused("请选择由谁回避。")
    if actor.person in leaving:
        raise Refused("回避不能由本人决定。请上级决定。")
    row = _decide(row, "grant_recusal", actor=actor, at=at, note=note, granted=True)
    Respondent.objects.bulk_create(
        Respondent(park_id=row.park_id, case=row, person=one, name=one.name, ground=Respondent.Ground.RECUSED)
        for one in leaving
    )
    row.assignments.filter(ended_at=None, handled_by__in=leaving).update(handled_by=None)
    for known in ("shut_out", "accused_person_ids"):
        row.__dict__.pop(known, None)
    _refuse_without_officer(row, at)
    return row


@transaction.atomic
def deny_recusal(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    need(reason, "请写明为什么不同意回避。来件人会看到。")
    row = FLOW.lock(case)
    waits = recusal.waiting(row)
    if waits and waits.person_id and actor.person and waits.person_id == actor.person.pk:
        raise Refused("回避不能由本人决定。请上级决定。")
    return _decide(row, "deny_recusal", actor=actor, at=at, note=reason, granted=False)


def _decide(row: Case, verb: str, *, actor: Actor, at: datetime, note: str, granted: bool) -> Case:
    waits = recusal.waiting(row)
    row = FLOW.move(row, verb, actor=actor, at=at, unit_id=LEAD, note=note)
    if waits:
        Recusal.objects.filter(pk=waits.pk).update(decided=row.last_event, granted=granted)
    return row


def _refuse_without_officer(row: Case, at: datetime) -> None:
    day = timezone.localtime(at).date()
    officers = Post.objects.in_force(day).filter(role=Role.COMPLAINTS_OFFICER)
    if not recusal.outside(officers, row, on=day).exists():
        raise Refused("回避以后就没有专办员能办这件了。请先另行指定一位投诉举报专办员，再同意回避。")


def involved(case: Case, at: datetime) -> list[Person]:
    """Return who is at the case now and might stand aside: whoever declared it, who handles it, the officers."""
    day = timezone.localtime(at).date()
    units = case.assignments.filter(ended_at=None).values("unit")
    posts = Post.objects.in_force(day).filter(role=Role.LIAISON, unit__in=units)
    posts |= Post.objects.in_force(day).filter(role=Role.COMPLAINTS_OFFICER)
    found = recusal.outside(posts, case, on=day).values("person")
    return list(Person.objects.filter(pk__in=found).order_by("name", "pk"))


def meant(case: Case) -> set[int]:
    """Return the keys of those whom the waiting recusal is about, as far as it says."""
    waits = recusal.waiting(case)
    if waits is None:
        return set()
    if waits.person_id:
        return {waits.person_id}
    if waits.whose == Recusal.Whose.HANDLER:
        handlers = case.assignments.filter(ended_at=None, handled_by__isnull=False)
        return set(handlers.values_list("handled_by", flat=True))
    acted = case.events.filter(by=CaseEvent.By.STAFF, actor__posts__role=Role.COMPLAINTS_OFFICER)
    return set(acted.values_list("actor", flat=True))
