"""How a case ends, whoever ends it: the parts of its units end with it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from lianshang.cases.flow import FLOW
from lianshang.cases.models import Case
from lianshang.cases.services.merging import set_free
from lianshang.directory.actors import Actor


@transaction.atomic
def end(case: Case, verb: str, close_type: str, *, actor: Actor, at: datetime, **carried: Any) -> Case:
    """End a case without an answer; those joined to it go their own way again."""
    row = close(FLOW.lock(case), verb, close_type, actor=actor, at=at, **carried)
    set_free(row, at=at)
    return row


def close(
    row: Case, verb: str, close_type: str, *, actor: Actor, at: datetime, grade: str = "", **carried: Any
) -> Case:
    """End a locked case: how and when stands on it, and no unit's part goes on."""
    changes = {"close_type": close_type, "closed_at": at, "grade": grade}
    row = FLOW.move(row, verb, actor=actor, at=at, grade=grade, close_type=close_type, changes=changes, **carried)
    row.assignments.filter(ended_at=None).update(ended_at=at)
    return row
