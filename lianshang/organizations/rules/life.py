"""组织生活: what each kind of organisation holds, how often, and how many of it fall due in a year.

Every duty has its windows: each month, each quarter, the last quarter, or the year. A window asks something of an
organisation that stood on its first day and still stands on its last, so a new branch owes from its approval on.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lianshang.organizations.rules.kinds import BRANCH_RULES, Kind

FULL = (Kind.BRANCH, Kind.JOINT, Kind.MOBILE)
ANY = (*FULL, Kind.TEMPORARY)


class Rhythm(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    AUTUMN = "autumn"
    YEAR = "year"

    @property
    def label(self) -> str:
        return {"month": "每月 1 次", "quarter": "每季度 1 次"}.get(self.value, "每年 1 次")


class Needs(StrEnum):
    """What must be there for the duty to be one."""

    NOTHING = ""
    COMMITTEE = "committee"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class Duty:
    label: str
    rhythm: Rhythm
    ground: str
    kinds: tuple[Kind, ...] = FULL
    needs: Needs = Needs.NOTHING


DUTIES = (
    Duty("党员大会", Rhythm.QUARTER, f"{BRANCH_RULES}第十一条"),
    Duty("支部委员会会议", Rhythm.MONTH, f"{BRANCH_RULES}第十二条", needs=Needs.COMMITTEE),
    Duty("党小组会", Rhythm.MONTH, f"{BRANCH_RULES}第十三条", needs=Needs.GROUPS),
    Duty("党课", Rhythm.QUARTER, f"{BRANCH_RULES}第十六条；条例没有定次数，按每季度计", ANY),
    Duty("主题党日", Rhythm.MONTH, f"{BRANCH_RULES}第十六条", ANY),
    Duty("组织生活会", Rhythm.AUTUMN, f"{BRANCH_RULES}第十七条；一般在第四季度"),
    Duty("民主评议党员", Rhythm.AUTUMN, f"{BRANCH_RULES}第十八条；可以与组织生活会一并，按第四季度计"),
    Duty("谈心谈话", Rhythm.YEAR, f"{BRANCH_RULES}第十九条"),
)


@dataclass(frozen=True, slots=True)
class Window:
    """First and last day, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Standing:
    """An organisation over time. `committees`: the terms with a committee; `until` of a span is None while it runs.

    `ended` is the first day on which the organisation stands no more. `groups` is how many it has now.
    """

    kind: Kind
    approved: date
    ended: date | None = None
    committees: Sequence[tuple[date, date | None]] = ()
    groups: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """How many of a duty fall due: in the whole year, in windows that have closed, and in the one open on the day."""

    duty: Duty
    in_year: int
    closed: int
    now: int
    by: date | None  # the last day of the open window


def windows(rhythm: Rhythm, year: int) -> list[Window]:
    """Return the windows of a year in their order."""
    starts, length = {
        Rhythm.MONTH: (range(1, 13), 1),
        Rhythm.QUARTER: (range(1, 13, 3), 3),
        Rhythm.AUTUMN: (range(10, 11), 3),
        Rhythm.YEAR: (range(1, 2), 12),
    }[rhythm]
    return [Window(date(year, month, 1), _last_day(year, month + length - 1)) for month in starts]


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def times(duty: Duty, body: Standing, window: Window) -> int:
    """Return how often the duty is asked in that window: once for each group where it is the groups' duty."""
    ended = body.ended is not None and body.ended <= window.last
    if body.kind not in duty.kinds or body.approved > window.first or ended:
        return 0
    if duty.needs is Needs.GROUPS:
        return body.groups
    if duty.needs is Needs.COMMITTEE:
        return int(
            any(since <= window.first and (until is None or until >= window.last) for since, until in body.committees)
        )
    return 1


def due_in(body: Standing, day: date) -> list[Due]:
    """Return what the organisation owes in the year of that day; duties that ask nothing in it are left out."""
    found = [_due(duty, body, day) for duty in DUTIES]
    return [one for one in found if one.in_year]


def _due(duty: Duty, body: Standing, day: date) -> Due:
    asked = [(window, times(duty, body, window)) for window in windows(duty.rhythm, day.year)]
    closed = sum(count for window, count in asked if window.last < day)
    now = [(window, count) for window, count in asked if count and window.first <= day <= window.last]
    by = now[0][0].last if now else None
    return Due(duty, sum(count for _, count in asked), closed, sum(count for _, count in now), by)
