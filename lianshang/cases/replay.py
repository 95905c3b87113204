"""Somebody's finished tickets, measured against a mechanism profile: what would have been late under its limits.

Pure computation over the rows of a sheet; nothing is stored. Elapsed days do not count the day of asking (民法典 art 201);
on time is judged by the profile's own limit with the engine that sets deadlines, close of business included (art 203).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from statistics import median
from typing import Any

from lianshang.cases import headings
from lianshang.cases.acknowledgement import only_acknowledges
from lianshang.kernel import moments
from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.deadlines import working_days_between
from lianshang.kernel.limits import Surroundings, resolve
from lianshang.kernel.moments import Moment, Unclear
from lianshang.kernel.profiles import Limit, Profile
from lianshang.kernel.tables import Row, Sheet

WITHIN = (5, 10, 15, 30)  # working days
NEEDED = ("asked_at", "answered_at")
USUAL_KIND = "一般"
MEASURED = ("handle", "feedback")  # the duty whose limit is taken, the first that the profile has


class NotMeasurable(ValueError):
    """The profile has no such kind, or no limit to measure by. The text is a Chinese sentence."""


@dataclass(frozen=True)
class Ticket:
    """One row that could be read. Without an answer, `acknowledged` says whether a mere receipt was sent."""

    row: int
    asked: Moment
    answered: Moment | None = None
    acknowledged: bool = False
    kind: str = ""
    urgency: str = ""


@dataclass(frozen=True)
class Unread:
    """A row that cannot be measured, with its number in the sheet, and why."""

    row: int
    reason: str


def tickets(sheet: Sheet, zone: tzinfo, mapping: Mapping[str, str] | None = None) -> tuple[list[Ticket], list[Unread]]:
    """What the rows say, and the rows that say nothing usable. Raises `headings.Misheaded`."""
    columns = headings.columns(sheet.headings, mapping)
    if not all(name in columns for name in NEEDED):
        raise headings.Misheaded(headings.missing(sheet.headings, map(headings.usual, NEEDED)))
    read = [_ticket(row, columns, zone) for row in sheet.rows]
    return [r for r in read if isinstance(r, Ticket)], [r for r in read if isinstance(r, Unread)]


def replay(
    read: Sequence[Ticket], unread: Sequence[Unread], profile: Profile, calendar: WorkCalendar, kind: str = ""
) -> dict[str, Any]:
    """The measures. `kind` is for tickets that name none that the profile knows; empty: 一般, else the profile's own.

    A share or a median of nothing is None. The four counts and the unreadable rows add up to `rows`.
    `no_limit`: answered tickets of a kind that the profile gives no limit, neither late nor on time.
    """
    kind = _kind(kind, profile)
    duty = _duty(profile, kind)
    answered = [ticket for ticket in read if ticket.answered]
    days = [_elapsed(ticket, calendar) for ticket in answered]
    kinds = [_kind_of(ticket, profile, kind) for ticket in answered]
    verdicts = [_is_late(ticket, profile, duty, kind, calendar) for ticket in answered]
    acknowledged = sum(ticket.acknowledged for ticket in read)
    return {
        "rows": len(read) + len(unread),
        "answered": len(answered),
        "acknowledged_only": acknowledged,
        "unanswered": len(read) - len(answered) - acknowledged,
        "unreadable": [{"row": fault.row, "reason": fault.reason} for fault in unread],
        "on_time": sum(late is False for late in verdicts),
        "share_within": {str(n): _share(day <= n for day in days) for n in WITHIN},
        "median_working_days": median(days) if days else None,
        "late": _late_by_kind(kinds, verdicts),
        "no_limit": sum(late is None for late in verdicts),
        "limit": _described(profile, duty, kind),
        "profile": profile.name,
        "calendar": calendar.title,
    }


def elapsed(read: Iterable[Ticket], calendar: WorkCalendar) -> list[int]:
    """The working days that each answer took."""
    return [_elapsed(ticket, calendar) for ticket in read if ticket.answered]


def _ticket(row: Row, columns: Mapping[str, int], zone: tzinfo) -> Ticket | Unread:
    cells = {name: row.cells[at] for name, at in columns.items()}
    reply = str(cells.get("reply", ""))
    ticket = partial(Ticket, row.number, kind=str(cells.get("kind", "")), urgency=str(cells.get("urgency", "")))
    try:
        asked = _moment(cells["asked_at"], zone, "提出时间")
        if reply and only_acknowledges(reply):
            return ticket(asked, acknowledged=True)
        if cells["answered_at"] == "":
            return Unread(row.number, "有答复内容，没有答复时间") if reply else ticket(asked)
        answered = _moment(cells["answered_at"], zone, "答复时间")
    except Unclear as error:
        return Unread(row.number, str(error))
    if answered.precedes(asked):
        return Unread(row.number, f"答复时间 {_shown(answered)} 早于提出时间 {_shown(asked)}")
    return ticket(asked, answered)


def _moment(cell: Any, zone: tzinfo, label: str) -> Moment:
    try:
        return moments.read(cell, zone)
    except Unclear as error:
        raise Unclear(f"{label}“{cell}”：{error}" if cell != "" else f"{label}：{error}") from error


def _shown(moment: Moment) -> str:
    return f"{moment.at:%Y-%m-%d}" if moment.day_only else f"{moment.at:%Y-%m-%d %H:%M}"


def _kind(kind: str, profile: Profile) -> str:
    if kind and kind not in profile.kinds:
        raise NotMeasurable(f"机制方案“{profile.label}”没有“{kind}”这一类，有：{'、'.join(profile.kinds)}。")
    return kind or (USUAL_KIND if USUAL_KIND in profile.kinds else profile.default_kind)


def _duty(profile: Profile, kind: str) -> str:
    """The duty to measure by: one whose limit needs nothing but the time of asking."""
    for duty in MEASURED:
        limit = profile.limit(duty, kind)
        if limit and limit.form in {"period", "same-day", "monthly"}:
            return duty
    raise NotMeasurable(f"机制方案“{profile.label}”没有给“{kind}”规定可以测算的办理或反馈期限，请换一个方案或类别。")


def _kind_of(ticket: Ticket, profile: Profile, kind: str) -> str:
    return ticket.kind if ticket.kind in profile.kinds else kind


def _limit(ticket: Ticket, profile: Profile, duty: str, kind: str) -> Limit | None:
    urgency = ticket.urgency if ticket.urgency in profile.urgencies else ""
    return profile.limit(duty, _kind_of(ticket, profile, kind), urgency)


def _is_late(ticket: Ticket, profile: Profile, duty: str, kind: str, calendar: WorkCalendar) -> bool | None:
    """None where the profile sets this ticket no limit."""
    limit = _limit(ticket, profile, duty, kind)
    due = resolve(limit, ticket.asked.at, calendar, Surroundings(receipt=profile.receipt)) if limit else None
    if due is None or ticket.answered is None:
        return None
    return Moment(due.at).precedes(ticket.answered)


def _elapsed(ticket: Ticket, calendar: WorkCalendar) -> int:
    answered = ticket.answered or ticket.asked
    start, end = (moment.at.astimezone(calendar.zone).date() for moment in (ticket.asked, answered))
    return working_days_between(start, end, calendar)


def _share(hits: Iterable[bool]) -> float | None:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else None


def _late_by_kind(kinds: Sequence[str], verdicts: Sequence[bool | None]) -> dict[str, int]:
    """Every kind that was answered, with none late as 0."""
    late = dict.fromkeys(kinds, 0)
    for kind, is_late in zip(kinds, verdicts, strict=True):
        late[kind] += bool(is_late)
    return late


def _described(profile: Profile, duty: str, kind: str) -> dict[str, str]:
    words = str(profile.limit(duty, kind))
    return {"duty": duty, "label": profile.vocabulary.duty(duty), "kind": kind, "words": words}
