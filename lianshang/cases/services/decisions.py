"""Bounded decisions, each with an approver and a reason, and the enterprise told by the system."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from lianshang.cases import books
from lianshang.cases.flow import FLOW, LEAD
from lianshang.cases.models import Assignment, Case, CaseClock
from lianshang.cases.services.dispatching import dispatch, end_lead
from lianshang.cases.services.handling import become_first_handler
from lianshang.cases.states import OPEN, CloseType, State, Way
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit
from lianshang.kernel.clocks import ClockChange
from lianshang.kernel.deadlines import due
from lianshang.kernel.editions import calendar_of, in_force
from lianshang.kernel.refusals import Refused


def need(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise Refused(sentence)


def words(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%-m月%-d日 %H:%M}"


# -- return -----------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_return(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    """Object to the dispatch, with reasons, inside the window; after a ruling the same unit cannot ask again."""
    need(reason, "退单要写明理由：为什么不属于本单位职责，应由哪个单位办。")
    row = FLOW.lock(case)
    lead = row.assignments.filter(part=Assignment.Part.LEAD, ended_at=None).first()
    if lead and (lead.ruled or _asked_before(row, lead)):
        raise Refused("这件诉求的派单已裁定，不得再退。如确有困难，可申请会商。")
    window = row.clocks.running().filter(duty="return_window", unit=row.lead_unit_id).first()
    if window and window.due_at < at:
        limit = window.rule.partition("：")[2]
        raise Refused(f"已过退单期限（签收后 {limit}，至{words(window.due_at)}）。可申请会商。")
    return FLOW.move(row, "ask_return", actor=actor, at=at, unit_id=LEAD, note=reason)


def _asked_before(case: Case, lead: Assignment) -> bool:
    return case.events.filter(verb="deny_return", unit=lead.unit_id).exists()


@transaction.atomic
def grant_return(case: Case, *, actor: Actor, at: datetime, lead: Unit, reason: str = "") -> Case:
    """Agree and send another lead, in one commit. A first handler so freed is followed by the next who signs."""
    row = FLOW.lock(case)
    if lead.pk == row.lead_unit_id:
        raise Refused(f"{lead}刚申请退单。请改派别的单位，或者不同意退单。")
    row = FLOW.move(row, "grant_return", actor=actor, at=at, unit_id=LEAD, note=reason)
    end_lead(row, at)
    row.assignments.filter(unit=lead, ended_at=None).update(ended_at=at)
    return dispatch(row, actor=actor, at=at, lead=lead, note=reason)


@transaction.atomic
def deny_return(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    """Refuse: final. The unit counts as having signed, and as first handler if nobody signed before."""
    need(reason, "不同意退单要写明理由。")
    row = FLOW.lock(case)
    row = FLOW.move(row, "deny_return", actor=actor, at=at, unit_id=LEAD, note=reason)
    part = row.assignments.filter(part=Assignment.Part.LEAD, ended_at=None)
    part.update(ruled=True)
    part.filter(signed_at=None).update(signed_at=at)
    become_first_handler(row, row.lead_unit_id, None, at)
    return row


# -- extension --------------------------------------------------------------------------------------------------


def handling_clock(case: Case) -> CaseClock:
    """Return the clock that an extension or a pause is about."""
    running = case.clocks.running().filter(duty__in=("handle", "rework"), unit=case.lead_unit_id)
    clock = running.order_by("-started_at").first()
    if clock is None:
        raise Refused("这件诉求现在没有办理时限在走，不需要延期或停钟。")
    return clock


@transaction.atomic
def ask_extension(case: Case, *, actor: Actor, at: datetime, until: datetime, reason: str) -> Case:
    """Ask before expiry for a new date, with the reason. How often and how far is the profile's."""
    need(reason, "延期要写明理由，理由会告知企业。")
    row = FLOW.lock(case)
    clock = handling_clock(row)
    if clock.due_at < at:
        raise Refused(f"已于{words(clock.due_at)}超期，延期要在到期前申请。请先作阶段反馈；确实办不成的，可申请挂账。")
    if until <= clock.due_at:
        raise Refused(f"申请的时间要晚于现在的期限（{words(clock.due_at)}）。")
    _within_profile(row, clock, at, until)
    return FLOW.move(row, "ask_extension", actor=actor, at=at, unit_id=LEAD, note=reason, due_at=until)


def _within_profile(case: Case, clock: CaseClock, at: datetime, until: datetime) -> None:
    rule = books.profile_of(case.profile_version_id).extension
    if rule is None:
        raise Refused("现用机制方案不设延期。可申请会商，或由综合党委负责人挂账。")
    calendar = calendar_of(clock.calendar_version_id)
    granted = clock.changes.filter(what=ClockChange.What.EXTEND).count()
    if rule.times is not None and granted >= rule.times:
        raise Refused(f"已延期 {granted} 次，机制方案最多 {rule.times} 次。可申请会商，或由综合党委负责人挂账。")
    if rule.latest and due(at, rule.latest.n, rule.latest.unit, calendar).at > clock.due_at:
        raise Refused(f"延期要在到期前至少 {rule.latest}申请。可先作阶段反馈，或申请会商。")
    for bound, start in ((rule.at_most, clock.due_at), (rule.total, clock.started_at)):
        if bound and until > due(start, bound.n, bound.unit, calendar).at:
            last = due(start, bound.n, bound.unit, calendar).at
            raise Refused(f"最多可延到{words(last)}（{bound}）。请改早一些。")


@transaction.atomic
def grant_extension(case: Case, *, actor: Actor, at: datetime, reason: str = "") -> Case:
    """Move the deadline to what was asked. The old one is kept, and lateness is judged by the one in force."""
    row = FLOW.lock(case)
    asked = row.events.filter(verb="ask_extension").order_by("-ordinal").first()
    return FLOW.move(
        row,
        "grant_extension",
        actor=actor,
        at=at,
        unit_id=LEAD,
        way=Way.PAGE,
        due_at=asked.due_at if asked else None,
        note=reason or (asked.note if asked else ""),
    )


def deny_extension(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    need(reason, "不同意延期要写明理由。")
    return FLOW.fire(case, "deny_extension", actor=actor, at=at, unit_id=LEAD, note=reason)


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
    return FLOW.fire(case, "consult", actor=actor, at=at, unit_id=LEAD, note=reason)


def conclude(case: Case, *, actor: Actor, at: datetime, result: str) -> Case:
    need(result, "请写明会商结果：由谁办、办到什么程度、何时办成。")
    return FLOW.fire(case, "conclude", actor=actor, at=at, unit_id=LEAD, note=result)


def defer(case: Case, *, actor: Actor, at: datetime, reason: str, promised_at: datetime) -> Case:
    """挂账: not closed. A reason, an approver, a promised date and periodic review (济南 hotline regulation art 24)."""
    need(reason, "挂账要写明客观原因和已采取的措施，企业会看到。")
    if promised_at <= at:
        raise Refused("承诺办成的时间要晚于现在。")
    return FLOW.fire(
        case,
        "defer",
        actor=actor,
        at=at,
        unit_id=LEAD,
        note=reason,
        due_at=promised_at,
        way=Way.PAGE,
        changes={"promised_on": timezone.localtime(promised_at).date()},
    )


def review_deferred(case: Case, *, actor: Actor, at: datetime, result: str) -> Case:
    need(result, "请写明复核情况，企业会看到。")
    return FLOW.fire(case, "review_deferred", actor=actor, at=at, unit_id=LEAD, note=result, way=Way.PAGE)


def resume_deferred(case: Case, *, actor: Actor, at: datetime, note: str = "") -> Case:
    return FLOW.fire(case, "resume_deferred", actor=actor, at=at, unit_id=LEAD, note=note)


def terminate(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    """终止办理: on a written application that the office approves, explained to the requester (潍坊 art 21)."""
    need(reason, "终止办理要写明理由（如企业不配合、已进入诉讼），企业会看到。")
    return FLOW.fire(
        case,
        "terminate",
        actor=actor,
        at=at,
        unit_id=LEAD,
        note=reason,
        way=Way.PAGE,
        close_type=CloseType.TERMINATED,
        changes={"close_type": CloseType.TERMINATED, "closed_at": at},
    )


# -- calendars ---------------------------------------------------------------------------------------------------


def reload_calendar(*, actor: Actor, at: datetime, note: str) -> list[Case]:
    """Recount every running clock whose calendar has a newer edition; the earlier value stays in its history."""
    outdated = CaseClock.objects.running().filter(_outdated(actor.park.pk), subject=OuterRef("pk"))
    waiting = Case.objects.filter(Exists(outdated), state__in=(*OPEN, State.MERGED)).order_by("pk")
    return [FLOW.fire(case, "recalendar", actor=actor, at=at, note=note) for case in waiting]


def _outdated(park_id: int) -> Q:
    """Clocks whose edition is not the newest of their unit, or of the park where the unit has no calendar of its own."""
    newest = in_force(park_id)
    common = newest.pop(None)
    found = ~Q(unit__in=list(newest)) & ~Q(calendar_version=common)
    for unit_id, version_id in newest.items():
        found |= Q(unit=unit_id) & ~Q(calendar_version=version_id)
    return found
