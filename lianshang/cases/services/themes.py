"""Every write to a theme (专题), one verb each, through its own flow."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lianshang.cases.models import Case, Theme, ThemeCase
from lianshang.cases.services.grounds import need, words
from lianshang.cases.services.intake import current_profile_version
from lianshang.cases.states import State
from lianshang.cases.theme_flow import OWNER, THEME_FLOW
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit
from lianshang.kernel import numbers
from lianshang.kernel.refusals import Hidden, Refused

SERIES = "theme"


@transaction.atomic
def open_theme(
    *, actor: Actor, at: datetime, title: str, task: str, owner: Unit, due_at: datetime, cases: Sequence[Case] = ()
) -> Theme:
    """Make a theme of cases that the caller had from `access`: title, owner, what is to be done, until when."""
    need(title, "专题要有一个名称，说清是哪件事。")
    need(task, "请写明专题要办成什么。")
    _ahead(due_at, at)
    year = timezone.localtime(at).year
    theme = Theme(
        park=actor.park, title=title, task=task, owner_unit=owner, opened_at=at, profile_version=current_profile_version()
    )  # fmt: skip
    THEME_FLOW.check(theme, "open_theme", actor)
    theme.number = f"{year}-{numbers.next_number(actor.park, SERIES, year):02d}"
    theme = THEME_FLOW.move(theme, "open_theme", actor=actor, at=at, unit=owner, note=task, due_at=due_at)
    return _listed(theme, cases)


@transaction.atomic
def attach(theme: Theme, *, actor: Actor, at: datetime, cases: Sequence[Case], note: str = "") -> Theme:
    """List more cases under the theme; they keep their clocks and their replies."""
    if not cases:
        raise Refused("请选要列入的诉求。")
    row = THEME_FLOW.lock(theme)
    row = THEME_FLOW.move(row, "attach", actor=actor, at=at, unit_id=OWNER, note=note)
    return _listed(row, cases)


@transaction.atomic
def detach(theme: Theme, *, actor: Actor, at: datetime, case: Case, reason: str) -> Theme:
    """Take a case out; that it was in stays on record."""
    need(reason, "移出要写明理由。")
    row = THEME_FLOW.lock(theme)
    row = THEME_FLOW.move(row, "detach", actor=actor, at=at, unit_id=OWNER, note=reason)
    if not row.memberships.filter(case=case, removed_by=None).update(removed_by=row.last_event):
        raise Refused(f"{case.number} 已不在这个专题里。请刷新后再看。")
    return row


def report(theme: Theme, *, actor: Actor, at: datetime, note: str) -> Theme:
    """Say how it stands. The date stays as it is."""
    need(note, "请写明办到哪一步、下一步是什么。")
    return THEME_FLOW.fire(theme, "report", actor=actor, at=at, unit_id=OWNER, note=note)


def ask_close(theme: Theme, *, actor: Actor, at: datetime, note: str) -> Theme:
    """The owner says that it is done; its clock stops and the committee decides."""
    need(note, "请写明办成了什么、以后靠什么不再发生。")
    return THEME_FLOW.fire(theme, "ask_close", actor=actor, at=at, unit_id=OWNER, note=note)


def send_back(theme: Theme, *, actor: Actor, at: datetime, reason: str, due_at: datetime) -> Theme:
    """Not done yet: what is missing, and until when."""
    need(reason, "退回要写明还差什么。")
    _ahead(due_at, at)
    return THEME_FLOW.fire(theme, "send_back", actor=actor, at=at, unit_id=OWNER, note=reason, due_at=due_at)


@transaction.atomic
def postpone(theme: Theme, *, actor: Actor, at: datetime, due_at: datetime, reason: str) -> Theme:
    """Set a later date, with the reason; the earlier one stays in the clock's history."""
    need(reason, "改期限要写明理由。")
    _ahead(due_at, at)
    row = THEME_FLOW.lock(theme)
    THEME_FLOW.check(row, "postpone", actor)
    if row.next_due_at and due_at <= row.next_due_at:
        raise Refused(f"现在的期限是{words(row.next_due_at)}，新的期限要更晚。")
    return THEME_FLOW.move(row, "postpone", actor=actor, at=at, unit_id=OWNER, note=reason, due_at=due_at)


def close(theme: Theme, *, actor: Actor, at: datetime, outcome: str, note: str) -> Theme:
    """End it with an outcome. What remains undone is said, not hidden."""
    need(note, "结题要写明办成了什么；没有办成的，写明怎样向企业说明。")
    return THEME_FLOW.fire(
        theme, "close", actor=actor, at=at, unit_id=OWNER, note=note, outcome=outcome, changes={"closed_at": at}
    )


@transaction.atomic
def reopen(
    theme: Theme, *, actor: Actor, at: datetime, reason: str, due_at: datetime, cases: Sequence[Case] = ()
) -> Theme:
    """It came up again: take it up once more, with the new cases, until a new date."""
    need(reason, "请写明又出现了什么情况。")
    _ahead(due_at, at)
    row = THEME_FLOW.lock(theme)
    changes = {"closed_at": None}
    row = THEME_FLOW.move(row, "reopen", actor=actor, at=at, unit_id=OWNER, note=reason, due_at=due_at, changes=changes)
    return _listed(row, cases)


def _ahead(due_at: datetime, at: datetime) -> None:
    if due_at <= at:
        raise Refused("期限要晚于现在。")


def _listed(theme: Theme, cases: Iterable[Case]) -> Theme:
    """List the cases by the theme's last event. The cases are locked, so that two themes do not take one at once."""
    keys = sorted({case.pk for case in cases})
    rows = Case.objects.select_for_update(of=("self",), no_key=True).filter(park=theme.park_id, pk__in=keys)
    locked = list(rows.order_by("pk"))
    if len(locked) < len(keys) or any(case.sealed or case.state == State.DRAFT for case in locked):
        raise Hidden
    taken = ThemeCase.objects.filter(case__in=keys, removed_by=None).select_related("case", "theme").order_by("case")
    if already := list(taken):
        told = "；".join(f"{one.case.number} 已属于{one.theme}" for one in already)
        raise Refused(f"{told}。一件诉求同时只在一个专题里，要换的先从原专题移出。")
    ThemeCase.objects.bulk_create(
        ThemeCase(park_id=theme.park_id, theme=theme, case=case, added_by=theme.last_event) for case in locked
    )
    return theme
