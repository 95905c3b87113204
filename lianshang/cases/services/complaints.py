"""What only complaints and reports know: asking the reporter, taking an order back, taking out what is no secret."""

from datetime import datetime

from django.db import transaction

from lianshang.cases import identities
from lianshang.cases.flow import FLOW, LEAD
from lianshang.cases.models import Assignment, Case, SplitCase
from lianshang.cases.services.grounds import need
from lianshang.cases.services.intake import Whistle, attach, submit
from lianshang.cases.states import SEALED, Channel, Nature
from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.kernel.models import StoredFile
from lianshang.kernel.refusals import Refused

LEAST = 4  # characters of an open matter


@transaction.atomic
def ask_reporter(
    case: Case, *, actor: Actor, at: datetime, note: str, files: tuple[tuple[StoredFile, str], ...] = ()
) -> Case:
    """Ask whoever made it; the answer comes on the receipt, from anonymous reporters too. Counts as contact."""
    need(note, "请写明想问什么。来件人会在回执上看到。")
    row = FLOW.fire(case, "ask_reporter", actor=actor, at=at, unit_id=LEAD, note=note)
    attach(row, files)
    return row


@transaction.atomic
def submit_sealed(whistle: Whistle, *, actor: Actor, at: datetime, open_part: str = "") -> Case:
    """Register a complaint or report, and what of it is no secret as an open case of its own."""
    case = submit(whistle, actor=actor, at=at)
    if open_part.strip():
        case = take_out(case, Whistle(open_part.strip()), actor=actors.holder(case.park, case.pk), at=at)
    return case


@transaction.atomic
def split(case: Case, *, actor: Actor, at: datetime, text: str, nature: str = Nature.HELP, place: str = "") -> Case:
    """Register what is no secret as an open case of its own, in the officer's words. Returns the sealed case.

    The open case knows nothing: it comes from nobody, at its own time, and the way to it is kept unreadable on the
    sealed side alone. The reporter finds its code on the receipt.
    """
    row = FLOW.lock(case)
    FLOW.check(row, "split", actor)
    if nature in SEALED:
        raise Refused("拆出的是公开件，不能是投诉或举报。")
    if len(text.strip()) < LEAST:
        raise Refused("请写明要公开办理的事，不要写到投诉举报的内容。")
    if row.splits.exists():
        raise Refused("这件已经拆出过一件。")
    return take_out(row, Whistle(text.strip(), nature=nature, place=place), actor=actor, at=at)


def take_out(row: Case, whistle: Whistle, *, actor: Actor, at: datetime) -> Case:
    """Make the open case as any anonymous visitor's, and lock up beside the sealed one which it is."""
    anybody = Actor(kind="holder", park=row.park)
    free = Whistle(whistle.text, nature=whistle.nature, place=whistle.place, channel=Channel.WEB, anonymous=True)
    other = submit(free, actor=anybody, at=at)
    row = FLOW.move(row, "split", actor=actor, at=at)
    SplitCase.objects.create(
        park_id=row.park_id, case=row, event=row.last_event, other=identities.lock_beside(row, str(other.key))
    )
    return row


def split_cases(case: Case) -> list[Case]:
    """Return the open cases taken out of this sealed one. Nothing leads the other way."""
    if not case.sealed:
        return []
    keys = [identities.unlock_beside(case, one.other) for one in SplitCase.objects.filter(case=case)]
    return list(Case.objects.filter(key__in=keys).order_by("pk")) if keys else []


@transaction.atomic
def recall(case: Case, *, actor: Actor, at: datetime, reason: str) -> Case:
    """Take the order back before it was signed for, so that another unit can be sent."""
    need(reason, "请写明为什么收回。")
    row = FLOW.fire(case, "recall", actor=actor, at=at, unit_id=case.lead_unit_id, note=reason)
    row.assignments.filter(part=Assignment.Part.LEAD, ended_at=None).update(ended_at=at)
    return row
