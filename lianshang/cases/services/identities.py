"""Opening who made a complaint or report: one asks, another agrees, the first looks. Each step is an event."""

from datetime import datetime

from django.db import transaction

from lianshang.cases import identities, openings
from lianshang.cases.flow import FLOW
from lianshang.cases.models import Case
from lianshang.cases.services.grounds import need
from lianshang.directory.actors import Actor
from lianshang.kernel.refusals import Refused

NOBODY = "来件人匿名，没有留下身份。可以在回执上询问。"


@transaction.atomic
def ask_identity(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    """Ask that the identity be opened, with the reason: the reporter reads it once somebody agrees."""
    need(reason, "请写明为什么必须知道来件人是谁。来件人会看到。")
    row = FLOW.lock(case)
    FLOW.check(row, "ask_identity", actor)
    if not identities.who_made(row).is_known:
        raise Refused(NOBODY)
    opening = openings.of(row)
    if opening and opening.waits(at):
        raise Refused("已经有人申请查看，正在等另一岗位的人决定。")
    return FLOW.move(row, "ask_identity", actor=actor, at=at, note=reason, cause=openings.role_of(actor))


@transaction.atomic
def open_identity(case: Case, *, actor: Actor, at: datetime) -> Case:
    """Agree: for half an hour whoever asked may look. The reporter reads the reason on the receipt."""
    row = FLOW.lock(case)
    opening = _decidable(row, "open_identity", actor, at)
    return FLOW.move(row, "open_identity", actor=actor, at=at, note=opening.asked.note)


@transaction.atomic
def refuse_identity(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    need(reason, "请写明为什么不同意。")
    row = FLOW.lock(case)
    _decidable(row, "refuse_identity", actor, at)
    return FLOW.move(row, "refuse_identity", actor=actor, at=at, note=reason)


@transaction.atomic
def see_identity(case: Case, *, actor: Actor, at: datetime) -> Case:
    """Look, and have it written down. The page shows the identity until the half hour is over."""
    row = FLOW.lock(case)
    FLOW.check(row, "see_identity", actor)
    opening = openings.of(row)
    if opening is None or not opening.is_asked_by(actor) or not opening.is_open(at):
        raise Refused("身份信息没有为您打开，或者 30 分钟已过。需要的，请重新申请。")
    return FLOW.move(row, "see_identity", actor=actor, at=at)


def _decidable(row: Case, verb: str, actor: Actor, at: datetime) -> openings.Opening:
    """Return the wish that this actor may decide on, or raise `Refused` saying who may."""
    FLOW.check(row, verb, actor)
    opening = openings.of(row)
    if opening is None or not opening.waits(at):
        raise Refused("现在没有等您决定的查看申请。")
    if not opening.may_be_decided_by(actor):
        raise Refused("查看身份要两个不同岗位的人：申请的人自己不能同意，同岗位的人也不能。")
    return opening
