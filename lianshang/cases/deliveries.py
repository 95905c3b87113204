"""Who was told what of a case and when, on which channels, and how that went: the record on the case page.

Whoever directs or oversees the case, and the auditor, read all names. Others read their own rows whole and of the rest
the family name alone; addresses are masked for everybody. Of a sealed case others read their own rows and no more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lianshang.cases import roles
from lianshang.cases.models import Case, CaseAlert
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.kernel.phones import masked
from lianshang.notices import queries
from lianshang.notices.models import Email, Notice, Posting, RobotMessage, TextMessage


@dataclass(frozen=True)
class Sending:
    """One message: where to, and whether it is sent, waits, or failed and will be tried again."""

    channel: str
    sent_at: datetime | None
    not_before: datetime
    problem: str
    stopped: str = ""  # why nobody tries again by themselves


@dataclass(frozen=True)
class Told:
    who: str
    sequence: int
    what: str
    at: datetime
    read_at: datetime | None
    sendings: list[Sending]


@dataclass(frozen=True)
class Record:
    told: list[Told]
    alerts: list[CaseAlert]

    def __bool__(self) -> bool:
        return bool(self.told or self.alerts)


def record_of(case: Case, actor: Actor) -> Record:
    """Return the record as this reader may see it, the newest first."""
    notices = queries.told_about(case.get_absolute_url())
    whole = sees_all(case, actor)
    if case.sealed and not whole:
        notices = [one for one in notices if _own(one, actor)]
    postings = queries.postings_of(notices)
    told = [_told(one, postings.get(one.pk, ()), named=whole or _own(one, actor)) for one in notices]
    alerts = [] if case.sealed and not whole else case.alerts.select_related("clock").order_by("-at", "-pk")
    return Record(told, list(alerts))


def sees_all(case: Case, actor: Actor) -> bool:
    return roles.oversees(actor, case) or (actor.has(Role.AUDITOR) and not case.sealed)


def _own(notice: Notice, actor: Actor) -> bool:
    return actor.person is not None and notice.person_id == actor.person.pk


def _told(notice: Notice, postings: Iterable[Posting], *, named: bool) -> Told:
    name = notice.person.name
    return Told(
        who=name if named else f"{name[:1]}某",
        sequence=notice.sequence,
        what=notice.text.partition("：")[0],
        at=notice.made_at,
        read_at=notice.read_at,
        sendings=[Sending(_channel(row), row.sent_at, row.not_before, row.problem, _stopped(row)) for row in postings],
    )


def _channel(row: Posting) -> str:
    if isinstance(row, Email):
        name, _, host = row.to.partition("@")
        return f"邮件 {name[:1]}***@{host}"
    if isinstance(row, TextMessage):
        return f"短信 {masked(row.to)}"
    return f"群机器人 {row.robot.name}" if isinstance(row, RobotMessage) else ""


def _stopped(row: Posting) -> str:
    if not isinstance(row, RobotMessage) or row.sent_at:
        return ""
    if row.robot.paused_at:
        return "机器人已暂停，恢复后补发"
    return "机器人被拒而停发，恢复后补发" if row.robot.refused_at else ""
