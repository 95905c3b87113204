"""An import on the page: handed in, read, matched, checked, stored, undone. Long work can be left alone.

A small file is worked off in the request itself; what is larger goes on in a process of its own, which may use so much
memory and time and no more. What was found and how far it is stands in the job's row, so any process can show it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now
from django_scopes import scope

from lianshang.cases import headings, importing, marked_copy, mechanism, presets
from lianshang.cases.importing import Ledger
from lianshang.cases.ledger_rows import CellError, Parsed
from lianshang.cases.models import ImportBatch
from lianshang.cases.models.import_jobs import KEPT, SILENCE, ImportJob
from lianshang.cases.services.importing import bring_in, may_import, refuse_undo, undo_import
from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit
from lianshang.kernel import children, parcels, tables
from lianshang.kernel.profiles import Profile
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.kernel.tables import Row, Sheet, Unreadable

AT_ONCE = 300  # rows that are worked off while the browser waits
SMALL, SMALL_UNPACKED = 2**20, 4 * 2**20  # bytes of a file that is read while the browser waits
MOST_ERRORS = 20_000
MOST_HINTS = 20_000
FIRST_ROWS = 30  # kept to show what stands in the columns
TOO_MUCH = "这个文件太大，超出了一次导入可用的内存或时间，一行也没有导入。请分成几份，再逐份导入。"
FALLEN = "导入时出了没有料到的错，一行也没有导入。请告诉系统管理员。"
Stage = ImportJob.Stage

Work = Callable[[ImportJob, Actor, datetime], None]


def open_job(name: str, content: bytes, *, actor: Actor, at: datetime) -> ImportJob:
    """Take a file in. Raises `Refused` where a small one cannot be read; of a large one the job says it later."""
    if not may_import(actor):
        raise Hidden
    small = _is_small(content)
    seen = _seen(_opened(content, name, ""), content) if small else {}
    ImportJob.objects.filter(made_at__lt=at - KEPT).delete()
    job = ImportJob.objects.create(
        park=actor.park,
        name=name[-200:],
        content=content,
        stage=Stage.MATCHING if small else Stage.READING,
        made_at=at,
        made_by=actor.person,
        heard_at=at,
        **seen,
    )
    if not small:
        _begin(job)
    return job


def carry_on(key: UUID, *, at: datetime) -> bool:
    """Do the work that the job's stage asks for, as a child does it. False where there is none to do."""
    job = ImportJob.objects.filter(key=key).first()
    work = WORK.get(Stage(job.stage)) if job else None
    if job is None or work is None or job.made_by is None:
        return False
    _guarded(work, job.pk, actors.staff(job.made_by, on=at.astimezone(job.park.zoneinfo).date()), at)
    return True


def _is_small(content: bytes) -> bool:
    """Whether the file may be unfolded and read in the web process. Raises `Refused` where it is no table at all."""
    if len(content) > SMALL:
        return False
    try:
        plain = parcels.opened(content)
        size = parcels.check_workbook(plain) if parcels.is_workbook(plain) else len(plain)
    except Unreadable as error:
        raise Refused(str(error)) from error
    return size <= SMALL_UNPACKED


def _seen(ledger: Ledger, content: bytes) -> dict[str, Any]:
    """What the job keeps of a file that was read: so that no page has to read it again."""
    sheet = ledger.sheet
    first = [[row.number, [str(cell) for cell in row.cells]] for row in sheet.rows[:FIRST_ROWS]]
    names = tables.sheet_names(content)
    return {
        "sheet": sheet.name[:60],
        "mapping": guessed(ledger),
        "rows": len(sheet.rows),
        "seen": {"sheets": names, "header_row": sheet.header_row, "headings": list(sheet.headings), "first": first},
    }


def first_rows(job: ImportJob) -> Sheet:
    """Return the sheet as far as the job keeps it: headings and first rows."""
    rows = tuple(Row(number, tuple(cells)) for number, cells in job.seen["first"])
    return Sheet(job.sheet, job.seen["header_row"], tuple(job.seen["headings"]), rows)


def sheet_names(job: ImportJob) -> list[str]:
    """Return the other sheets of the same workbook."""
    return [name for name in job.seen["sheets"] if name != job.sheet]


def guessed(ledger: Ledger) -> dict[str, str]:
    """Our field → heading, as far as the usual headings tell."""
    known = ledger.sheet.headings
    return {name: known[at] for name, at in headings.columns(known).items()}


def turn_to(job: ImportJob, sheet: str, *, actor: Actor, at: datetime) -> None:
    """Take another sheet of the same workbook."""
    begun = _still(job, Stage.MATCHING, Stage.CHECKED).update(
        sheet=sheet[:60], stage=Stage.READING, errors=[], hints=[], marked=b"", sound=0, heard_at=at
    )
    if begun and len(job.content) <= SMALL:
        _guarded(_read, job.pk, actor, at)
    elif begun:
        _begin(job)


def match(job: ImportJob, mapping: Mapping[str, str], profile: str, *, actor: Actor, at: datetime) -> None:
    """Say which column is what, and have every row checked."""
    begun = _still(job, Stage.MATCHING, Stage.CHECKED).update(
        mapping=dict(mapping), profile=profile, stage=Stage.CHECKING, done=0, heard_at=at
    )
    if begun:
        _run(job, actor, at)


def store(job: ImportJob, *, actor: Actor, at: datetime, partial: bool) -> None:
    """Bring in what was found sound; all rows or, with `partial`, the good ones."""
    if job.stage == Stage.CHECKED and job.errors and not partial:
        raise Refused("还有行没有改好。请改好文件重新上传，或只导入没有问题的行。")
    if _still(job, Stage.CHECKED).filter(sound__gt=0).update(stage=Stage.STORING, done=0, heard_at=at):
        _run(job, actor, at)


def undo(batch: ImportBatch, *, actor: Actor, at: datetime) -> ImportJob:
    """Take a batch out again. Raises `Refused` where people worked on one of its cases, or it is out already."""
    if not may_import(actor):
        raise Hidden
    job = ImportJob(
        park=actor.park, name=batch.name, stage=Stage.UNDOING, batch=batch, rows=batch.cases.count(), made_at=at,
        made_by=actor.person, heard_at=at,
    )  # fmt: skip
    if job.rows <= AT_ONCE:
        undo_import(batch, actor=actor, at=at)
        job.stage, job.done = Stage.UNDONE, job.rows
        job.save()
        return job
    running = ImportJob.objects.filter(batch=batch, stage=Stage.UNDOING, heard_at__gt=at - SILENCE).first()
    if running:
        return running
    refuse_undo(batch)
    job.save()
    _begin(job)
    return job


def _still(job: ImportJob, *stages: str) -> QuerySet:
    return ImportJob.objects.filter(park=job.park_id, pk=job.pk, stage__in=stages)


def _run(job: ImportJob, actor: Actor, at: datetime) -> None:
    """Work off the stage that the job is in now: here, or in a process of its own."""
    job.refresh_from_db(fields=["stage"])
    if job.rows <= AT_ONCE:
        _guarded(WORK[Stage(job.stage)], job.pk, actor, at)
    else:
        _begin(job)


def _begin(job: ImportJob) -> None:
    def fallen() -> None:
        with scope(park=job.park):
            running = ImportJob.objects.filter(park=job.park_id, pk=job.pk, stage__in=ImportJob.RUNNING)
            running.update(stage=Stage.FAILED, failure=TOO_MUCH, heard_at=Now())

    children.begin("job", "import", str(job.key), "--park", job.park.code, fallen=fallen)


def _guarded(work: Work, key: int, actor: Actor, at: datetime) -> None:
    """Whatever happens, the job says how it ended."""
    job = ImportJob.objects.get(pk=key)
    try:
        work(job, actor, at)
    except (Refused, Unreadable, headings.Misheaded) as no:
        _say(job, stage=Stage.FAILED, failure=str(no).removesuffix(headings.BY_MAP)[:400])
    except MemoryError:
        _say(job, stage=Stage.FAILED, failure=TOO_MUCH)
    except BaseException:
        _say(job, stage=Stage.FAILED, failure=FALLEN)
        raise


def _say(job: ImportJob, **news: Any) -> None:
    """Tell how far it is, by the database's clock: whoever looks asks how long nothing was heard."""
    ImportJob.objects.filter(park=job.park_id, pk=job.pk).update(heard_at=Now(), **news)


def _read(job: ImportJob, actor: Actor, at: datetime) -> None:
    content = bytes(job.content)
    _say(job, stage=Stage.MATCHING, **_seen(_opened(content, job.name, job.sheet), content))


def _check(job: ImportJob, actor: Actor, at: datetime) -> None:
    _, parsed = _judged(job, actor, at)
    errors, hints = parsed.errors[:MOST_ERRORS], parsed.hints[:MOST_HINTS]
    copy = marked_copy.marked(bytes(job.content), job.sheet, errors, hints) if errors or hints else b""
    _say(
        job,
        stage=Stage.CHECKED,
        rows=parsed.rows,
        sound=len(parsed.drafts),
        errors=[_told(error) for error in errors],
        hints=[_told(hint) for hint in hints],
        marked=copy,
    )


def _told(error: CellError) -> dict[str, Any]:
    return {
        "row": error.row, "cell": error.cell, "column": error.column, "value": error.value, "message": error.message,
    }  # fmt: skip


def _store(job: ImportJob, actor: Actor, at: datetime) -> None:
    ledger, parsed = _judged(job, actor, at)
    if len(parsed.drafts) != job.sound:
        raise Refused("检查以后，库里的编号有了变化（可能别人也导入了这份台账）。请重新检查，再导入。")
    version = mechanism.named(job.profile, actor=actor, at=at)

    def progress(done: int) -> None:
        _say(job, done=done)

    batch = bring_in(ledger, parsed.drafts, actor=actor, at=at, version=version, progress=progress)
    _say(job, stage=Stage.DONE, batch=batch, done=len(parsed.drafts), content=b"")


def _judged(job: ImportJob, actor: Actor, at: datetime) -> tuple[Ledger, Parsed]:
    ledger = importing.narrowed(_opened(bytes(job.content), job.name, job.sheet), job.mapping)
    parsed = importing.judged(
        ledger,
        profile=profile_of(job),
        zone=actor.park.zoneinfo,
        at=at,
        mapping=job.mapping,
        units=frozenset(Unit.objects.values_list("name", flat=True)),
    )
    column = headings.columns(ledger.sheet.headings, job.mapping).get("number")
    return ledger, importing.without_repeats(parsed, importing.number_column(ledger, job.mapping), column)


def _undo(job: ImportJob, actor: Actor, at: datetime) -> None:
    def progress(done: int) -> None:
        _say(job, done=done)

    batch = ImportBatch.objects.get(pk=job.batch_id)
    done = undo_import(batch, actor=actor, at=at, progress=progress)
    _say(job, stage=Stage.UNDONE, done=done)


def profile_of(job: ImportJob) -> Profile:
    own = mechanism.own(job.profile)
    return presets.kept(own.document) if own else presets.preset(job.profile or presets.DEFAULT)


def _opened(content: bytes, name: str, sheet: str) -> Ledger:
    try:
        return importing.opened(content, name, sheet=sheet)
    except Unreadable as error:
        raise Refused(str(error)) from error


WORK: Mapping[str, Work] = {Stage.READING: _read, Stage.CHECKING: _check, Stage.STORING: _store, Stage.UNDOING: _undo}


def batches() -> QuerySet:
    return ImportBatch.objects.select_related("made_by").order_by("-pk")
