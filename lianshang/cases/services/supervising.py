"""督办: putting a unit under supervision by grade, its answer in writing, and lifting it."""

from datetime import datetime

from django.db import transaction

from lianshang.cases import books, supervision
from lianshang.cases.flow import FLOW
from lianshang.cases.models import Case, CaseEvent
from lianshang.cases.services.grounds import need
from lianshang.cases.services.intake import attach
from lianshang.cases.states import SuperviseGrade
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit
from lianshang.kernel.models import StoredFile
from lianshang.kernel.refusals import Refused

ADOPTED = ("采纳", "部分采纳", "不采纳")


@transaction.atomic
def supervise(
    case: Case, *, actor: Actor, at: datetime, grade: str = SuperviseGrade.DAILY, unit: Unit | None = None, note: str,
    ground: str = "", reply_by: datetime | None = None, again: str = "",
) -> Case:  # fmt: skip
    """Put a unit under supervision: the one named, else the lead, else the office. Grades rise in order, with a reason.

    `reply_by` is until when it answers in writing; without it the answer is owed all the same, by no clock. `again`: why once more.
    """
    need(note, "督办要写明要求和时限。")
    row = FLOW.lock(case)
    FLOW.check(row, "supervise", actor)
    if reply_by and reply_by <= at:
        raise Refused("回复的期限要晚于现在。")
    unit_id = unit.pk if unit else row.lead_unit_id or books.office_of(row.park_id)
    if unit and unit_id != books.office_of(row.park_id) and not row.assignments.filter(unit=unit).exists():
        raise Refused(f"{unit}没有承办这件诉求。请选承办单位。")
    last = row.events.filter(verb="supervise", unit=unit_id).order_by("-ordinal").first()
    _rises(last, grade, again)
    return FLOW.move(
        row, "supervise", actor=actor, at=at, grade=grade, note=note, unit_id=unit_id, cause=ground, reference=again,
        due_at=reply_by,
    )  # fmt: skip


def _rises(last: CaseEvent | None, grade: str, again: str) -> None:
    """Whoever is supervised again is not let off with less, nor with two steps at once."""
    if last is None:
        return
    may = [str(SuperviseGrade(one).label) for one in supervision.grades_after(last)]
    if grade not in supervision.grades_after(last):
        raise Refused(f"这个单位在这件诉求上已{last.get_grade_display()}过，这次只能是{'或'.join(may)}。")
    need(again, f"这个单位在这件诉求上已{last.get_grade_display()}过，请写明为什么再次督办。")


@transaction.atomic
def respond_supervision(
    case: Case, *, actor: Actor, at: datetime, adopted: str = ADOPTED[0], note: str,
    files: tuple[tuple[StoredFile, str], ...] = (),
) -> Case:  # fmt: skip
    """Answer in writing whether the advice is adopted and what changes (信访工作条例 art 40)."""
    need(note, "请写明怎么改、何时改好；不采纳的写明理由。")
    row = FLOW.lock(case)
    FLOW.check(row, "respond_supervision", actor)
    owed = supervision.owed_by(row, supervision.standing(row, supervision.told(row)), actor)
    if not owed:
        raise Refused("贵单位没有要回复的督办。请刷新后再看。")
    row = FLOW.move(row, "respond_supervision", actor=actor, at=at, unit_id=owed[0], cause=adopted, note=note)
    attach(row, files)
    return row


@transaction.atomic
def lift_supervision(case: Case, *, actor: Actor, at: datetime, reason: str, unit: Unit | None = None) -> Case:
    """Lift it without an answer: the ground for it is gone. `unit` is asked for where several are under it."""
    need(reason, "解除督办要写明理由。")
    row = FLOW.lock(case)
    FLOW.check(row, "lift_supervision", actor)
    under = supervision.standing(row, supervision.told(row))
    unit_id = unit.pk if unit else next(iter(under), None)
    if unit_id not in under:
        raise Refused("没有要解除的督办。请刷新后再看。")
    return FLOW.move(row, "lift_supervision", actor=actor, at=at, unit_id=unit_id, note=reason)
