"""An import on the page: handed in, read, matched, checked, stored, undone. Long work can be left alone.

A small file is worked off in the request itself; what is larger goes on in a process of its own, which may use so much
memory and time and no more. What was found and how far it is stands in the job's row, so any process can show it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django_scopes import scope

from lianshang.cases import handed_in, headings, importing, marked_copy, mechanism, presets
from lianshang.cases.handed_in import Ledger
from lianshang.cases.ledger_rows import CellError, Parsed
from lianshang.cases.models import ImportBatch
from lianshang.cases.models.import_jobs import KEPT, SILENCE, ImportJob
from lianshang.cases.services import long_work
from lianshang.cases.services.importing import bring_in, may_import, refuse_undo, undo_import
from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit
from lianshang.kernel import children
from lianshang.kernel.profiles import Profile
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.kernel.tables import Unreadable

AT_ONCE = 300  # rows that are worked off while the browser waits
MOST_ERRORS = 20_000
MOST_HINTS = 20_000
TOO_MUCH = "这个文件太大，超出了一次导入可用的内存或时间，一行也没有导入。请分成几份，再逐份导入。"
FALLEN = "导入时出了没有料到的错，一行也没有导入。请告诉系统管理员。"
Stage = ImportJob.Stage

Work = Callable[[ImportJob, Actor, datetime], None]


def open_job(name: str, content: bytes, *, actor: Actor, at: datetime) -> ImportJob:
    """Take a file in. Raises `Refused` where a small one cannot be read; of a large one the job says it later."""
    if not may_import(actor):
        raise Hidden
    try:
        seen = handed_in.safely(content, handed_in.glance, content, name)
    except Unreadable as error:
        raise Refused(str(error)) from error
    job = ImportJob(
        park=actor.park,
        name=name[-200:],
        content=content,
        stage=Stage.MATCHING if seen else Stage.READING,
        made_at=at,
        made_by=actor.person,
        heard_at=at,
        **seen,
    )
    _noted(job, is_long=not seen)
    if not seen:
        _begin(job)
    return job


@transaction.atomic
def _noted(job: ImportJob, *, is_long: bool) -> None:
    long_work.alone(job.park)
    ImportJob.objects.filter(made_at__lt=job.made_at - KEPT).delete()
    if is_long:
        long_work.refuse_more(job.made_by, at=job.made_at)
    job.save()


def carry_on(key: UUID, *, at: datetime) -> bool:
    """Do the work that the job's stage asks for, as a child does it. False where there is none to do."""
    job = ImportJob.objects.filter(key=key).first()
    work = WORK.get(Stage(job.stage)) if job else None
    if job is None or work is None or job.made_by is None:
        return False
    _guarded(work, job.pk, actors.staff(job.made_by, on=at.astimezone(job.park.zoneinfo).date()), at)
    return True


def turn_to(job: ImportJob, sheet: str, *, actor: Actor, at: datetime) -> None:
    """Take another sheet of the same workbook."""
    small = len(job.content) <= handed_in.SMALL
    with _room(job, at, is_long=not small):
        begun = _still(job, Stage.MATCHING, Stage.CHECKED).update(
            sheet=sheet[:60], stage=Stage.READING, errors=[], hints=[], marked=b"", sound=0, heard_at=at
        )
    if begun and small:
        _guarded(_read, job.pk, actor, at)
    elif begun:
        _begin(job)


def match(job: ImportJob, mapping: Mapping[str, str], profile: str, *, actor: Actor, at: datetime) -> None:
    """Say which column is what, and have every row checked."""
    with _room(job, at, is_long=job.rows > AT_ONCE):
        begun = _still(job, Stage.MATCHING, Stage.CHECKED).update(
            mapping=dict(mapping), profile=profile, stage=Stage.CHECKING, done=0, heard_at=at
        )
    if begun:
        _run(job, actor, at)


def store(job: ImportJob, *, actor: Actor, at: datetime, partial: bool) -> None:
    """Bring in what was found sound; all rows or, with `partial`, the good ones."""
    if job.stage == Stage.CHECKED and job.errors and not partial:
        raise Refused("还有行没有改好。请改好文件重新上传，或只导入没有问题的行。")
    with _room(job, at, is_long=job.rows > AT_ONCE):
        begun = _still(job, Stage.CHECKED).filter(sound__gt=0).update(stage=Stage.STORING, done=0, heard_at=at)
    if begun:
        _run(job, actor, at)


def undo(batch: ImportBatch, *, actor: Actor, at: datetime) -> ImportJob:
    """Take a batch out again. Raises `Refused` where people worked on one of its cases, or it is out already."""
    if not may_import(actor):
        raise Hidden
    job = ImportJob(
        park=actor.park, name=batch.name, stage=Stage.UNDOING, batch=batch, rows=_told_of(batch), made_at=at,
        made_by=actor.person, heard_at=at,
    )  # fmt: skip
    if batch.cases.count() <= AT_ONCE:
        undo_import(batch, actor=actor, at=at)
        job.stage, job.done = Stage.UNDONE, job.rows
        job.save()
        return job
    running = _own_undoing(job, batch)
    if running is None:
        _begin(job)
    return running or job


@transaction.atomic
def _own_undoing(job: ImportJob, batch: ImportBatch) -> ImportJob | None:
    """Save the job, or return the one that takes this batch out already."""
    long_work.alone(job.park)
    undoing = ImportJob.objects.filter(batch=batch, stage=Stage.UNDOING, heard_at__gt=job.made_at - SILENCE)
    if running := undoing.filter(made_by=job.made_by).first():
        return running
    if undoing.exists():
        raise Refused(f"批次 {batch.pk} 正由别人撤销，请过几分钟在“导入过的批次”里看。")
    refuse_undo(batch)
    long_work.refuse_more(job.made_by, at=job.made_at)
    job.save()
    return None


def _told_of(batch: ImportBatch) -> int:
    """How many rows of a batch anybody who imports is told of, as in the list of batches: the sealed ones are not."""
    return batch.cases.filter(sealed=False).count()


@contextmanager
def _room(job: ImportJob, at: datetime, *, is_long: bool) -> Iterator[None]:
    """Go on with a job; where that takes a process of its own, alone and with room for it."""
    with transaction.atomic():
        if is_long:
            long_work.alone(job.park)
            long_work.refuse_more(job.made_by, at=at, but=job)
        yield


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
    _say(job, stage=Stage.MATCHING, **handed_in.safely(content, handed_in.seen, content, job.name, job.sheet))


def _check(job: ImportJob, actor: Actor, at: datetime) -> None:
    _, parsed = _judged(job, actor, at)
    errors, hints = parsed.errors[:MOST_ERRORS], parsed.hints[:MOST_HINTS]
    content, copy = bytes(job.content), b""
    if errors or hints:
        copy = handed_in.safely(content, marked_copy.marked, content, job.sheet, errors, hints)
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
    batch = ImportBatch.objects.get(pk=job.batch_id)
    count = batch.cases.count()

    def progress(done: int) -> None:
        """The share that is out, of the rows that are told of: how many are sealed does not show."""
        _say(job, done=job.rows * done // max(count, 1))

    undo_import(batch, actor=actor, at=at, progress=progress)
    _say(job, stage=Stage.UNDONE, done=job.rows)


def profile_of(job: ImportJob) -> Profile:
    own = mechanism.own(job.profile)
    return presets.kept(own.document) if own else presets.preset(job.profile or presets.DEFAULT)


def _opened(content: bytes, name: str, sheet: str) -> Ledger:
    try:
        return handed_in.safely(content, handed_in.opened, content, name, sheet=sheet)
    except Unreadable as error:
        raise Refused(str(error)) from error


WORK: Mapping[str, Work] = {Stage.READING: _read, Stage.CHECKING: _check, Stage.STORING: _store, Stage.UNDOING: _undo}


def own(actor: Actor, at: datetime) -> "QuerySet[ImportJob]":
    """Return the actor's own jobs that are still kept."""
    return ImportJob.objects.filter(made_by=actor.person, made_at__gte=at - KEPT)


def batches() -> QuerySet:
    return ImportBatch.objects.select_related("made_by").order_by("-pk")
