"""Bounded decisions, each with an approver and a reason, and the enterprise told by the system."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from lianshang.cases import books, deciders
from lianshang.cases.flow import FLOW, LEAD
from lianshang.cases.models import Assignment, Case, CaseClock
from lianshang.cases.services.dispatching import dispatch, let_lead_go
from lianshang.cases.services.endings import end
from lianshang.cases.services.grounds import handling_clock, need, words
from lianshang.cases.services.handling import become_first_handler
from lianshang.cases.states import OPEN, CloseType, State, Way
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit
from lianshang.kernel.deadlines import due
from lianshang.kernel.editions import edition, in_force
from lianshang.kernel.profiles import Return, Span
from lianshang.kernel.refusals import Overtaken, Refused

# -- return -----------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_return(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    """Object to the dispatch, with reasons, inside the window. How often, and whether a ruling is final, is the profile's."""
    need(reason, "退单要写明理由：为什么不属于本单位职责，应由哪个单位办。")
    row = FLOW.lock(case)
    FLOW.check(row, "ask_return", actor)
    rule = books.profile_of(row.profile_version_id).returns
    if rule is None:
        raise Refused("现用机制方案不设退单。如确有困难，可申请会商。")
    _may_ask_again(row, rule)
    _inside_the_window(row, rule, at)
    changes = {"decider": rule.ruled_by or None}
    return FLOW.move(row, "ask_return", actor=actor, at=at, unit_id=LEAD, note=reason, changes=changes)


def _may_ask_again(case: Case, rule: Return) -> None:
    """`final`: nothing follows a ruling. `times`: so often may one unit ask in one case."""
    own = case.events.filter(unit=case.lead_unit_id)
    if rule.final and own.filter(verb__in=("deny_return", "grant_return")).exists():
        raise Refused("这件诉求的派单已裁定，不得再退。如确有困难，可申请会商。")
    asked = own.filter(verb="ask_return").count()
    if rule.times is not None and asked >= rule.times:
        raise Refused(f"贵单位已申请退单 {asked} 次，机制方案最多 {rule.times} 次。如确有困难，可申请会商。")


def _inside_the_window(case: Case, rule: Return, at: datetime) -> None:
    """The clock that the profile names is the window, also once a ruling dropped it; before it began, the time to sign."""
    own = case.clocks.filter(unit=case.lead_unit_id)
    window = own.filter(duty=rule.window).order_by("-round").first()
    clock = window or own.running().filter(duty="sign").first()
    if clock and clock.due_at < at:
        after, limit = ("签收后" if clock.duty == "return_window" else "派单后"), clock.rule.partition("：")[2]
        raise Refused(f"已过退单期限（{after} {limit}，至{words(clock.due_at)}）。可申请会商。")


@transaction.atomic
def grant_return(case: Case, *, actor: Actor, at: datetime, lead: Unit | None = None, reason: str = "") -> Case:
    """Agree and send another lead, in one commit. A first handler so freed is followed by the next who signs.

    Where somebody above the office rules, the office sends: without `lead` the case waits for dispatch.
    """
    row = FLOW.lock(case)
    FLOW.check(row, "grant_return", actor)
    deciders.need(row, actor, "退单由{}裁定")
    if lead is None:
        row = FLOW.move(row, "grant_return", actor=actor, at=at, unit_id=LEAD, note=reason)
        row.assignments.filter(part=Assignment.Part.LEAD, ended_at=None).update(ended_at=at)
        return row
    if lead.pk == row.lead_unit_id:
        raise Refused(f"{lead}刚申请退单。请改派别的单位，或者不同意退单。")
    row = let_lead_go(row, "grant_return", actor=actor, at=at, to=lead, reason=reason)
    return dispatch(row, actor=actor, at=at, lead=lead, note=reason)


@transaction.atomic
def deny_return(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    """Refuse: final where the profile says so. The unit counts as having signed, and as first handler if nobody signed before."""
    need(reason, "不同意退单要写明理由。")
    row = FLOW.lock(case)
    FLOW.check(row, "deny_return", actor)
    deciders.need(row, actor, "退单由{}裁定")
    row = FLOW.move(row, "deny_return", actor=actor, at=at, unit_id=LEAD, note=reason)
    part = row.assignments.filter(part=Assignment.Part.LEAD, ended_at=None)
    rule = books.profile_of(row.profile_version_id).returns
    part.update(ruled=rule is None or rule.final)
    part.filter(signed_at=None).update(signed_at=at)
    become_first_handler(row, row.lead_unit_id, None, at)
    return row


# -- pause ------------------------------------------------------------------------------------------------------


@transaction.atomic
def pause(case: Case, *, actor: Actor, at: datetime, cause: str, reason: str) -> Case:
    """Stop the handling clock for a cause that the profile lists (such as tests and hearings, 行政许可法 art 45)."""
    need(reason, "停钟要写明情况，会书面告知企业。")
    row = FLOW.lock(case)
    causes = [one.cause for one in books.profile_of(row.profile_version_id).pauses]
    if cause not in causes:
        raise Refused(f"停钟只限方案列明的事由：{'、'.join(causes) or '无'}。")
    clock = handling_clock(row)
    if clock.paused_at:
        raise Refused(f"已于{words(clock.paused_at)}停钟，不必重复。")
    if clock.due_at < at:
        raise Refused(f"已于{words(clock.due_at)}超期，不能再停钟。请作阶段反馈，或申请会商。")
    return FLOW.move(row, "pause", actor=actor, at=at, unit_id=LEAD, cause=cause, note=reason, way=Way.PAGE)


@transaction.atomic
def resume(case: Case, *, actor: Actor, at: datetime, note: str = "") -> Case:
    row = FLOW.lock(case)
    if handling_clock(row).paused_at is None:
        raise Refused("时钟没有停，不用恢复。")
    return FLOW.move(row, "resume", actor=actor, at=at, unit_id=LEAD, note=note)


# -- consultation, deferral, termination -------------------------------------------------------------------------


def consult(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    need(reason, "会商要写明需要研究的问题。")
    changes = {"decider": None}
    return FLOW.fire(case, "consult", actor=actor, at=at, unit_id=LEAD, note=reason, changes=changes)


@transaction.atomic
def conclude(case: Case, *, actor: Actor, at: datetime, result: str) -> Case:
    """Say what is to be done. What came up for want of success is concluded by whom it was brought up to."""
    need(result, "请写明会商结果：由谁办、办到什么程度、何时办成。")
    row = FLOW.lock(case)
    FLOW.check(row, "conclude", actor)
    deciders.need(row, actor, "这件已提级，由{}定")
    return FLOW.move(row, "conclude", actor=actor, at=at, unit_id=LEAD, note=result)


@transaction.atomic
def defer(case: Case, *, actor: Actor, at: datetime, reason: str, promised_at: datetime) -> Case:
    """挂账: not closed. A reason, an approver, a promised date and periodic review (济南 hotline regulation art 24)."""
    need(reason, "挂账要写明客观原因和已采取的措施，企业会看到。")
    if promised_at <= at:
        raise Refused("承诺办成的时间要晚于现在。")
    row = FLOW.lock(case)
    FLOW.check(row, "defer", actor)
    _within_longest(row, promised_at, at)
    return FLOW.move(
        row,
        "defer",
        actor=actor,
        at=at,
        unit_id=LEAD,
        note=reason,
        due_at=promised_at,
        way=Way.PAGE,
        changes={"promised_on": timezone.localtime(promised_at).date()},
    )


def longest_deferral(case: Case, at: datetime) -> tuple[datetime, Span] | None:
    """Return until when the case may be put off at most, and by which rule of the profile; None: not bounded."""
    rule = books.profile_of(case.profile_version_id).deferral
    if rule is None or rule.at_most is None:
        return None
    known = in_force(case.park_id)
    calendar = edition(known.get(case.lead_unit_id, known[None])).calendar
    return due(at, rule.at_most.n, rule.at_most.unit, calendar).at, rule.at_most


def _within_longest(case: Case, promised_at: datetime, at: datetime) -> None:
    bound = longest_deferral(case, at)
    if bound and promised_at > bound[0]:
        raise Refused(
            f"按机制方案挂账最长 {bound[1]}，承诺的日期最迟到{words(bound[0])}。请改近一些，或先报综合党委改机制方案。"
        )


def review_deferred(case: Case, *, actor: Actor, at: datetime, result: str) -> Case:
    need(result, "请写明复核情况，企业会看到。")
    return FLOW.fire(case, "review_deferred", actor=actor, at=at, unit_id=LEAD, note=result, way=Way.PAGE)


def resume_deferred(case: Case, *, actor: Actor, at: datetime, note: str = "") -> Case:
    return FLOW.fire(case, "resume_deferred", actor=actor, at=at, unit_id=LEAD, note=note)


def terminate(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    """终止办理: on a written application that the office approves, explained to the requester (潍坊 art 21)."""
    need(reason, "终止办理要写明理由（如企业不配合、已进入诉讼），企业会看到。")
    ended = CloseType.TERMINATED
    return end(case, "terminate", ended, actor=actor, at=at, unit_id=LEAD, note=reason, way=Way.PAGE)


# -- calendars ---------------------------------------------------------------------------------------------------


def reload_calendar(*, actor: Actor, at: datetime, note: str) -> list[Case]:
    """Recount every running clock whose calendar has a newer edition; the earlier value stays in its history."""
    outdated = CaseClock.objects.running().outdated(in_force(actor.park.pk)).filter(subject=OuterRef("pk"))
    waiting = Case.objects.filter(Exists(outdated), state__in=(*OPEN, State.MERGED)).order_by("pk")
    moved = []
    for case in waiting:
        with suppress(Overtaken):  # ended meanwhile: nothing runs that could be recounted
            moved.append(FLOW.fire(case, "recalendar", actor=actor, at=at, note=note))
    return moved
