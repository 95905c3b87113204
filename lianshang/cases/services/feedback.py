"""What the enterprise is told and what it decides: progress, answer, review, confirmation, call-back, reopening."""

from datetime import datetime

from django.db import transaction

from lianshang.cases import books, deciders, identities
from lianshang.cases.acknowledgement import only_acknowledges
from lianshang.cases.flow import FLOW, LEAD
from lianshang.cases.models import Assignment, Case
from lianshang.cases.services.endings import close
from lianshang.cases.services.grounds import need
from lianshang.cases.services.intake import attach
from lianshang.cases.services.merging import relay
from lianshang.cases.states import ANSWERS, CloseType, Grade, Way
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.kernel.models import StoredFile
from lianshang.kernel.refusals import Refused

DISSATISFIED = (Grade.DISSATISFIED, Grade.VERY_DISSATISFIED)
Files = tuple[tuple[StoredFile, str], ...]


@transaction.atomic
def progress(case: Case, *, actor: Actor, at: datetime, note: str, way: str = Way.PAGE, files: Files = ()) -> Case:
    """Stage feedback: fulfils the feedback that is due and starts the next one."""
    need(note, "请写明办到哪一步、下一步是什么，企业会看到。")
    if only_acknowledges(note):
        raise Refused("只说“已收悉”不算反馈。请写明办到哪一步、下一步是什么、大约何时有结果。")
    row = FLOW.fire(case, "progress", actor=actor, at=at, unit_id=LEAD, note=note, way=way)
    attach(row, files)
    return row


@transaction.atomic
def co_answer(case: Case, *, actor: Actor, at: datetime, note: str, files: Files = ()) -> Case:
    """A co-unit's result goes to the lead, never to the enterprise."""
    need(note, "请写明协办情况，主办单位据此答复企业。")
    row = FLOW.lock(case)
    part = row.assignments.filter(
        part=Assignment.Part.CO, ended_at=None, answered_at=None, unit__in=actor.units(Role.LIAISON)
    ).first()
    row = FLOW.move(row, "co_answer", actor=actor, at=at, unit_id=part.unit_id if part else None, note=note)
    signed_at = part.signed_at or at
    row.assignments.filter(pk=part.pk).update(answered_at=at, ended_at=at, signed_at=signed_at)
    attach(row, files)
    return row


@transaction.atomic
def answer(
    case: Case,
    *,
    actor: Actor,
    at: datetime,
    note: str,
    close_type: str = CloseType.SOLVED,
    basis: str = "",
    way: str = Way.PAGE,
    files: Files = (),
    release_reason: str = "",
    relayed: str = "",
) -> Case:
    """Reply to the enterprise: the lead's or the first handler's right alone. Co-units have answered or are released.

    `relayed` is what enterprises of joined cases are told; they never read the reply itself.
    """
    need(note, "请写明办理结果，企业会在回执上看到。")
    if only_acknowledges(note):
        raise Refused("“已收悉”一类的话不能作为答复。请写明事实、办理结果和依据；还在办的，请用“阶段反馈”。")
    if close_type not in ANSWERS:
        raise Refused("请选择办理结果：已解决、部分解决或解释说明。")
    row = FLOW.lock(case)
    FLOW.check(row, "answer", actor)
    row = _let_co_units_go(row, actor=actor, at=at, reason=release_reason)
    row = FLOW.move(
        row,
        "answer",
        actor=actor,
        at=at,
        unit_id=LEAD,
        note=note,
        close_type=close_type,
        reference=basis,
        way=way,
    )
    row.assignments.filter(part=Assignment.Part.LEAD, ended_at=None).update(answered_at=at)
    attach(row, files)
    relay(row, at=at, close_type=close_type, words=relayed)
    return row


def _let_co_units_go(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    waiting = list(
        case.assignments.filter(part=Assignment.Part.CO, ended_at=None, answered_at=None).select_related("unit")
    )
    if waiting and not reason.strip():
        names = "、".join(part.unit.name for part in waiting)
        raise Refused(f"{names}尚未协办答复。可先催办；不必再等的，请写明解除协办的理由后答复。")
    for part in waiting:
        case = FLOW.move(case, "release", actor=actor, at=at, unit=part.unit, note=reason)
        case.assignments.filter(pk=part.pk).update(ended_at=at)
    return case


def _not_the_answerer(case: Case, actor: Actor, what: str) -> None:
    last = case.events.filter(verb="answer").order_by("-ordinal").first()
    if last and actor.person and last.actor_id == actor.person.pk:
        raise Refused(f"答复人不能{what}自己的答复。请由另一位工作人员{what}。")


@transaction.atomic
def approve(case: Case, *, actor: Actor, at: datetime, note: str = "") -> Case:
    row = FLOW.lock(case)
    FLOW.check(row, "approve", actor)
    _not_the_answerer(row, actor, "审核")
    return FLOW.move(row, "approve", actor=actor, at=at, unit_id=LEAD, note=note)


@transaction.atomic
def send_back(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    need(reason, "审核退回要写明哪里没有办到。")
    row = FLOW.lock(case)
    FLOW.check(row, "send_back", actor)
    _not_the_answerer(row, actor, "审核")
    return _again(row, "send_back", actor=actor, at=at, note=reason)


def _reopen_part(case: Case) -> None:
    """The lead's part goes on; after a change of lead it is still the newest lead's."""
    newest = case.assignments.filter(part=Assignment.Part.LEAD).order_by("-pk").first()
    if newest:
        case.assignments.filter(pk=newest.pk).update(ended_at=None, answered_at=None)


def _again(case: Case, verb: str, *, actor: Actor, at: datetime, note: str, grade: str = "", way: str = "") -> Case:
    """Send back for rework; past the profile's count the case goes one level up instead of round again."""
    rule = books.profile_of(case.profile_version_id).rework
    if rule and case.rework_count >= rule.times:
        role = deciders.role_for(case, rule.escalate_to)
        row = FLOW.move(
            case,
            "escalate",
            actor=actor,
            at=at,
            unit_id=LEAD,
            note=note,
            grade=grade,
            way=way,
            cause=Role(role).label if role else "",
            changes={"grade": grade, "callback_attempts": 0, "decider": rule.escalate_to or None},
        )
    else:
        row = FLOW.move(
            case,
            verb,
            actor=actor,
            at=at,
            unit_id=LEAD,
            note=note,
            grade=grade,
            way=way,
            changes={"rework_count": case.rework_count + 1, "grade": grade, "callback_attempts": 0},
        )
    _reopen_part(row)
    return row


@transaction.atomic
def confirm(case: Case, *, actor: Actor, at: datetime, grade: str, note: str = "") -> Case:
    """The enterprise confirms: its word is review and call-back at once. A grade is always its own choice.

    A bad grade (差评) is no confirmation: the case is done again.
    """
    if grade not in Grade.values:
        raise Refused("请选一个满意度，再确认解决。")
    row = FLOW.lock(case)
    if grade in DISSATISFIED:
        FLOW.check(row, "confirm", actor)
        need(note, "请写明哪里不满意，承办单位好接着办。")
        return _again(row, "reject", actor=actor, at=at, note=note, grade=grade)
    return _close(row, "confirm", actor=actor, at=at, note=note, grade=grade)


def _close(row: Case, verb: str, *, actor: Actor, at: datetime, **carried: str) -> Case:
    """End the case with the result that its answer had."""
    return close(row, verb, _answer_type(row), actor=actor, at=at, unit_id=LEAD, **carried)


def _answer_type(case: Case) -> str:
    last = case.events.filter(verb="answer").order_by("-ordinal").values_list("close_type", flat=True).first()
    return last or CloseType.EXPLAINED


@transaction.atomic
def reject(case: Case, *, actor: Actor, at: datetime, reason: str, grade: str = "") -> Case:
    """The enterprise sends it back: to be done again, or one level up when that did not help."""
    need(reason, "请写明哪里没有解决，承办单位好接着办。")
    row = FLOW.lock(case)
    FLOW.check(row, "reject", actor)
    return _again(row, "reject", actor=actor, at=at, note=reason, grade=grade)


@transaction.atomic
def call_back(
    case: Case, *, actor: Actor, at: datetime, solved: bool, grade: str, way: str = Way.PHONE, note: str = ""
) -> Case:
    """The result of a call-back, by somebody who did not answer. Unsolved or dissatisfied goes to rework."""
    row = FLOW.lock(case)
    FLOW.check(row, "call_back", actor)
    _not_the_answerer(row, actor, "回访")
    if not solved or grade in DISSATISFIED:
        need(note, "请记下企业说的哪里没有解决。")
        return _again(row, "call_back_unsolved", actor=actor, at=at, note=note, grade=grade, way=way)
    return _close(row, "call_back", actor=actor, at=at, note=note, grade=grade, way=way)


def call_back_unsolved(
    case: Case, *, actor: Actor, at: datetime, note: str, grade: str = "", way: str = Way.PHONE
) -> Case:
    return call_back(case, actor=actor, at=at, solved=False, grade=grade, way=way, note=note)


@transaction.atomic
def miss_call(case: Case, *, actor: Actor, at: datetime, way: str = Way.PHONE, note: str = "") -> Case:
    row = FLOW.lock(case)
    FLOW.check(row, "miss_call", actor)
    _not_the_answerer(row, actor, "回访")
    return FLOW.move(
        row,
        "miss_call",
        actor=actor,
        at=at,
        unit_id=LEAD,
        way=way,
        note=note,
        changes={"callback_attempts": row.callback_attempts + 1},
    )


@transaction.atomic
def close_unreached(case: Case, *, actor: Actor, at: datetime, note: str = "") -> Case:
    """Close without a voice: the attempts are used up, or there is nobody to call (anonymous, no contact)."""
    row = FLOW.lock(case)
    FLOW.check(row, "close_unreached", actor)
    _not_the_answerer(row, actor, "回访")
    rule = books.profile_of(row.profile_version_id).callback
    attempts = rule.attempts if rule else 1
    reachable = identities.reachable(row)
    if reachable and row.callback_attempts < attempts:
        raise Refused(f"已回访 {row.callback_attempts} 次未接通，满 {attempts} 次才能先行办结。请换个时间再回访。")
    cause = "多次未接通" if reachable else "没有留联系方式"
    return _close(row, "close_unreached", actor=actor, at=at, note=note, cause=cause)


@transaction.atomic
def reopen(case: Case, *, actor: Actor, at: datetime, facts: str) -> Case:
    """New facts only: a closed case is not opened because it is asked about again."""
    need(facts, "重启要写明新情况。没有新情况的，请把办理结果再告知企业。")
    row = FLOW.lock(case)
    FLOW.check(row, "reopen", actor)
    if row.lead_unit_id is None:
        raise Refused("这件诉求没有派过单（误录或历史补录），不能重启。有新情况的，请重新登记一件。")
    row = FLOW.move(
        row,
        "reopen",
        actor=actor,
        at=at,
        unit_id=LEAD,
        note=facts,
        changes={"close_type": "", "closed_at": None, "grade": "", "callback_attempts": 0},
    )
    _reopen_part(row)
    return row
