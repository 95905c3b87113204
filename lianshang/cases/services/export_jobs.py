"""A list on its way out as a sheet: asked for, written, and put on record before anybody can fetch it.

A short list is written while the browser waits, a long one in a process of its own. Personal data are masked unless
somebody with the right says what for. Complaints and reports are in no sheet: the rows come from the open ledger.
"""

import tempfile
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import QueryDict
from django_scopes import scope

from lianshang.cases import access, books, ledger_columns, ledger_facts
from lianshang.cases.forms.ledger_filter import LedgerFilter
from lianshang.cases.ledger_workbook import Frame, PrintSheet, RawSheet, Workbook, listed
from lianshang.cases.models import ExportJob, LedgerExport
from lianshang.cases.models.exports import KEPT, SILENCE, What
from lianshang.cases.services import long_work
from lianshang.cases.services.intake import current_profile_version
from lianshang.cases.short_sheets import SHEETS
from lianshang.directory import actors, audit
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.kernel import children
from lianshang.kernel.profiles import Profile
from lianshang.kernel.refusals import Hidden, Refused

MAY_UNMASK = (Role.DISPATCHER, Role.COMMITTEE_HEAD)
MAY_AUDIT = (Role.AUDIT_ADMIN, Role.COMMITTEE_HEAD)
AT_ONCE = 300  # rows that are written while the browser waits
TELL_EVERY = 1000  # rows
SHORTEST_PURPOSE = 4  # characters
FALLEN = "生成时出了没有料到的错，文件没有生成。请告诉系统管理员。"
Stage = ExportJob.Stage


def may_unmask(actor: Actor) -> bool:
    return actor.has(*MAY_UNMASK)


def ask(what: str, query: str, *, actor: Actor, at: datetime, unmasked: bool = False, purpose: str = "") -> ExportJob:
    """Take the list out as it is shown with this filter. What is asked for while it is being written is that one.

    Raises `Refused` where the purpose of an unmasked one is missing, or too much long work is under way.
    """
    if actor.person is None or what not in What.values or (unmasked and not may_unmask(actor)):
        raise Hidden
    if unmasked and len(purpose.strip()) < SHORTEST_PURPOSE:
        raise Refused("不遮盖的导出要写明用途，例如“按 12 月回访计划逐家电话回访”。")
    job = ExportJob(
        park=actor.park, what=what, query=query, unmasked=unmasked, purpose=purpose.strip(), made_at=at,
        made_by=actor.person, heard_at=at,
    )  # fmt: skip
    is_long = what == What.LEDGER and len(keys(job, actor)) > AT_ONCE
    if running := _noted(job, is_long=is_long):
        return running
    if is_long:
        children.begin("job", "export", str(job.key), "--park", actor.park.code, fallen=lambda: _fall(job))
    else:
        _guarded(job, actor)
    job.refresh_from_db()
    return job


@transaction.atomic
def _noted(job: ExportJob, *, is_long: bool) -> ExportJob | None:
    """Save the job, or return the one that is at the same work already: a press that comes twice is one export."""
    long_work.alone(job.park)
    ExportJob.objects.filter(made_at__lt=job.made_at - KEPT).delete()
    running = ExportJob.objects.filter(
        made_by=job.made_by, what=job.what, query=job.query, unmasked=job.unmasked, purpose=job.purpose,
        stage=Stage.WRITING, heard_at__gt=job.made_at - SILENCE,
    ).first()  # fmt: skip
    if running is None:
        if is_long:
            long_work.refuse_more(job.made_by, at=job.made_at)
        job.save()
    return running


def carry_on(key: UUID, *, at: datetime) -> bool:
    """Do the work of a job, as a child does it. False where there is none to do. The sheet is as of when it was asked for."""
    job = ExportJob.objects.filter(key=key, stage=Stage.WRITING).first()
    if job is None:
        return False
    _guarded(job, actors.staff(job.made_by, on=_day(job)))
    return True


def keys(job: ExportJob, actor: Actor) -> list[int]:
    """Return the cases of the list as it is shown, in its order."""
    narrowing = narrowed_to(job)
    rows = narrowing.narrowed(access.open_ledger(actor), job.made_at).order_by(*narrowing.terms)
    return list(rows.values_list("pk", flat=True))


def narrowed_to(job: ExportJob) -> LedgerFilter:
    return LedgerFilter(_profile(), QueryDict(job.query))


def in_words(job: ExportJob) -> str:
    """Return the filter as people say it."""
    if sheet := SHEETS.get(What(job.what)):
        return sheet.said(QueryDict(job.query))
    return "，".join(narrowed_to(job).said) or "全部"


def own(actor: Actor, at: datetime) -> "QuerySet[ExportJob]":
    """Return the actor's own jobs that are still kept, the newest first, without their files."""
    return ExportJob.objects.filter(made_by=actor.person, made_at__gte=at - KEPT).defer("content").order_by("-pk")


def records(actor: Actor) -> "QuerySet[LedgerExport]":
    """Return who took out what: all of it for those who audit, else one's own."""
    rows = LedgerExport.objects.select_related("person", "unit").order_by("-at", "-id")
    return rows if actor.has(*MAY_AUDIT) else rows.filter(person=actor.person)


def _profile() -> Profile | None:
    try:
        return books.profile_of(current_profile_version().pk)
    except Refused:
        return None


def _day(job: ExportJob) -> date:
    return job.made_at.astimezone(job.park.zoneinfo).date()


def _guarded(job: ExportJob, actor: Actor) -> None:
    """Whatever happens, the job says how it ended."""
    try:
        with tempfile.TemporaryDirectory(prefix="lianshang-export-") as folder:
            _write(job, actor, Path(folder) / "list.xlsx")
    except BaseException:
        _say(job, stage=Stage.FAILED, failure=FALLEN)
        raise


def _fall(job: ExportJob) -> None:
    with scope(park=job.park):
        ExportJob.objects.filter(park=job.park_id, pk=job.pk, stage=Stage.WRITING).update(
            stage=Stage.FAILED, failure=FALLEN, heard_at=Now()
        )


def _say(job: ExportJob, **news: object) -> int:
    """Tell how far it is; of a job that is over nothing more is told, and the answer is 0."""
    return ExportJob.objects.filter(park=job.park_id, pk=job.pk, stage=Stage.WRITING).update(heard_at=Now(), **news)


def _write(job: ExportJob, actor: Actor, path: Path) -> None:
    moment = job.made_at.astimezone(job.park.zoneinfo)
    frame = Frame(f"{job.park.name}{job.get_what_display()}", _reporter(actor), moment)
    if sheet := SHEETS.get(What(job.what)):
        rows = sheet.rows(actor, QueryDict(job.query), job.made_at, job.park.zoneinfo)
        count = listed(path, job.get_what_display(), sheet.columns, rows, frame, sheet.measure)
    else:
        count = _write_ledger(job, keys(job, actor), path, frame)
    name = f"{frame.title}{'（未遮盖）' if job.unmasked else ''} {moment:%Y%m%d-%H%M}.xlsx"
    with transaction.atomic():
        if _say(job, stage=Stage.DONE, rows=count, done=count, name=name, content=path.read_bytes()):
            _record(job, actor, count)


def _write_ledger(job: ExportJob, found: list[int], path: Path, frame: Frame) -> int:
    _say(job, rows=len(found))
    book, zone = Workbook(path), job.park.zoneinfo
    printed = PrintSheet(book, "问题台账", ledger_columns.COLUMNS, frame, merged=ledger_columns.ENTERPRISE)
    raw = RawSheet(book, "数据", ledger_columns.COLUMNS)
    people = RawSheet(book, "联系方式", ledger_columns.CONTACTS)
    sums = ledger_columns.Sums()
    for number, facts in enumerate(ledger_facts.told(found), 1):
        line = ledger_columns.row(facts, number, zone, unmasked=job.unmasked)
        sums.add(line)
        printed.add(line)
        raw.add(line)
        people.add(ledger_columns.contact(facts, number, unmasked=job.unmasked))
        if number % TELL_EVERY == 0:
            _say(job, done=number)
    printed.foot(sums.line())
    raw.foot()
    people.foot()
    book.close()
    return sums.count


def _record(job: ExportJob, actor: Actor, count: int) -> None:
    LedgerExport.objects.create(
        park=job.park, what=job.what, at=job.made_at, person=job.made_by, unit=actor.unit, narrowed_to=in_words(job),
        rows=count, unmasked=job.unmasked, purpose=job.purpose,
    )  # fmt: skip
    masking = "未遮盖" if job.unmasked else "已遮盖"
    measure = SHEETS[What(job.what)].measure if job.what in SHEETS else "件"
    what = f"导出{job.get_what_display()} {count} {measure}，{masking}（{in_words(job)}）"
    audit.note(actor, audit.Kind.EXPORT, what, at=job.made_at, purpose=job.purpose)


def _reporter(actor: Actor) -> str:
    return actor.unit.name if actor.unit else actor.park.name
