"""Running clocks by the hundred, with as much of their cases as their order, their lights and their verbs hang on.

Plain values: a row of the database made into two model objects costs ten times as much, and of most only a count is shown.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from lianshang.cases import books
from lianshang.cases.duties import DUTIES
from lianshang.cases.models import Case, CaseClock
from lianshang.cases.states import OPEN


class BriefCase(NamedTuple):
    pk: int
    park_id: int
    number: str
    state: str
    kind: str
    urgency: str
    profile_version_id: int
    lead_unit_id: int | None


class BriefClock(NamedTuple):
    """A running one."""

    duty: str
    unit_id: int | None
    calendar_version_id: int
    provisional: bool
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None

    stopped_at = None
    outcome = ""

    @property
    def label(self) -> str:
        return DUTIES[self.duty]


CASE, CLOCK = BriefCase._fields, BriefClock._fields  # noqa: SLF001 (a public name that its own kind of class must begin so)
SPLIT = len(CLOCK)
COLUMNS = (*CLOCK, *(f"subject__{name}" for name in CASE))


def running() -> QuerySet[CaseClock]:
    """Return the clocks of open cases of the open ledger that somebody owes something by, the earliest first."""
    rows = CaseClock.objects.running().exclude(duty__in=books.QUIET)
    return rows.filter(subject__sealed=False, subject__state__in=OPEN).order_by("due_at", "pk")


def clocks(rows: QuerySet[CaseClock], *more: str) -> Iterator[tuple[BriefClock, BriefCase, tuple[Any, ...]]]:
    """Yield running clocks with their cases, and what more is asked for by name, in the order of the rows."""
    for values in rows.values_list(*COLUMNS, *more):
        yield BriefClock(*values[:SPLIT]), BriefCase(*values[SPLIT : len(COLUMNS)]), values[len(COLUMNS) :]


def cases(rows: QuerySet[Case]) -> Iterator[tuple[datetime, BriefCase]]:
    """Yield cases with the time of their registration, in the order of the rows."""
    for at, *values in rows.values_list("registered_at", *CASE):
        yield at, BriefCase(*values)
