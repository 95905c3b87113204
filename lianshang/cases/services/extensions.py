"""延期: asked for before expiry, bounded by the profile, granted by whom it names, told to the enterprise."""

from datetime import datetime

from django.db import transaction

from lianshang.cases import books, deciders
from lianshang.cases.flow import FLOW, LEAD
from lianshang.cases.models import Case, CaseClock
from lianshang.cases.services.grounds import handling_clock, need, words
from lianshang.cases.states import Way
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.kernel.clocks import ClockChange
from lianshang.kernel.deadlines import due
from lianshang.kernel.editions import calendar_of
from lianshang.kernel.profiles import Extension
from lianshang.kernel.refusals import Refused


@transaction.atomic
def ask_extension(case: Case, *, actor: Actor, at: datetime, until: datetime, reason: str) -> Case:
    """Ask before expiry for a new date, with the reason. How often, how far and when is the profile's."""
    need(reason, "延期要写明理由，理由会告知企业。")
    row = FLOW.lock(case)
    FLOW.check(row, "ask_extension", actor)
    rule = _rule(row)
    clock = handling_clock(row, rule.duty)
    if clock.is_late(at):
        raise Refused(f"已于{words(clock.due_at)}超期，延期要在到期前申请。请先作阶段反馈；确实办不成的，可申请挂账。")
    if until <= clock.due_at:
        raise Refused(f"申请的时间要晚于现在的期限（{words(clock.due_at)}）。")
    _in_time_to_ask(rule, clock, at)
    beyond = beyond_bounds(rule, clock, until)
    if beyond and not rule.beyond:
        raise Refused(f"{beyond}可申请会商，或由综合党委负责人挂账。")
    changes = {"decider": (rule.beyond if beyond else rule.approver) or None}
    return FLOW.move(row, "ask_extension", actor=actor, at=at, unit_id=LEAD, note=reason, due_at=until, changes=changes)


def _rule(case: Case) -> Extension:
    rule = books.profile_of(case.profile_version_id).extension
    if rule is None:
        raise Refused("现用机制方案不设延期。可申请会商，或由综合党委负责人挂账。")
    if rule.kinds and case.kind not in rule.kinds:
        raise Refused(f"现用机制方案只有“{'、'.join(rule.kinds)}”类可以延期。可申请会商，或由综合党委负责人挂账。")
    return rule


def _in_time_to_ask(rule: Extension, clock: CaseClock, at: datetime) -> None:
    """A stopped clock does not come nearer to its end."""
    if clock.paused_at:
        return
    calendar = calendar_of(clock.calendar_version_id)
    if rule.latest and due(at, rule.latest.n, rule.latest.unit, calendar).at > clock.due_at:
        raise Refused(f"延期要在到期前至少 {rule.latest}申请。可先作阶段反馈，或申请会商。")
    if rule.earliest and due(at, rule.earliest.n, rule.earliest.unit, calendar).at < clock.due_at:
        raise Refused(f"离到期还早，延期在到期前 {rule.earliest}内申请。")


def beyond_bounds(rule: Extension, clock: CaseClock, until: datetime) -> str:
    """Return in words which bound of the profile the date goes past; empty: none."""
    granted = clock.changes.filter(what=ClockChange.What.EXTEND).count()
    if rule.times is not None and granted >= rule.times:
        return f"已延期 {granted} 次，机制方案最多 {rule.times} 次。"
    calendar = calendar_of(clock.calendar_version_id)
    for bound, start in ((rule.at_most, clock.due_at), (rule.total, clock.started_at)):
        last = due(start, bound.n, bound.unit, calendar).at if bound else until
        if until > last:
            return f"按机制方案最多可延到{words(last)}（{bound}）。"
    return ""


@transaction.atomic
def grant_extension(case: Case, *, actor: Actor, at: datetime, reason: str = "") -> Case:
    """Move the deadline to what was asked. The old one is kept, and lateness is judged by the one in force."""
    row = FLOW.lock(case)
    FLOW.check(row, "grant_extension", actor)
    asked = row.events.filter(verb="ask_extension").order_by("-ordinal")[0]
    _may_grant(row, actor, asked.due_at)
    return FLOW.move(
        row,
        "grant_extension",
        actor=actor,
        at=at,
        unit_id=LEAD,
        way=Way.PAGE,
        due_at=asked.due_at,
        note=reason or asked.note,
    )


def _may_grant(case: Case, actor: Actor, until: datetime) -> None:
    rule = books.profile_of(case.profile_version_id).extension
    if rule is None:
        return
    beyond = beyond_bounds(rule, handling_clock(case, rule.duty), until)
    role = deciders.role_for(case, rule.beyond if beyond else rule.approver)
    if role and not actor.has(role) and not (case.sealed and actor.has(Role.COMPLAINTS_OFFICER)):
        raise Refused(f"{beyond}这次延期由{Role(role).label}批准。您可以不同意，或请其批准。")


def deny_extension(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    need(reason, "不同意延期要写明理由。")
    return FLOW.fire(case, "deny_extension", actor=actor, at=at, unit_id=LEAD, note=reason)
