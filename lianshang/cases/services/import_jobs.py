"""An import on the page: handed in, matched, checked, stored. Long work runs beside the request and can be left alone.

Small files are worked off in the request itself. What was found and how far it is stands in the job's row, so any
process can show it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Thread
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.functions import Now
from django_scopes import scope

from lianshang.cases import headings, importing, mechanism, presets
from lianshang.cases.importing import Ledger
from lianshang.cases.ledger_rows import Parsed
from lianshang.cases.models import ImportBatch
from lianshang.cases.models.import_jobs import KEPT, ImportJob
from lianshang.cases.services.importing import bring_in, may_import
from lianshang.directory.actors import Actor
from lianshang.kernel.profiles import Profile
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.kernel.tables import Unreadable

AT_ONCE = 300  # rows that are worked off while the browser waits
MOST_ERRORS = 20_000
Stage = ImportJob.Stage

Work = Callable[[ImportJob, Actor, datetime], None]


def open_job(name: str, content: bytes, *, actor: Actor, at: datetime) -> ImportJob:
    """Take a file in. Raises `Refused` where it cannot be read."""
    if not may_import(actor):
        raise Hidden
    ledger = _opened(content, name, "")
    ImportJob.objects.filter(made_at__lt=at - KEPT).delete()
    return ImportJob.objects.create(
        park=actor.park,
        name=name[-200:],
        content=content,
        sheet=ledger.sheet.name[:60],
        mapping=guessed(ledger),
        rows=len(ledger.sheet.rows),
        made_at=at,
        made_by=actor.person,
        heard_at=at,
    )


def guessed(ledger: Ledger) -> dict[str, str]:
    """Our field → heading, as far as the usual headings tell."""
    known = ledger.sheet.headings
    return {name: known[at] for name, at in headings.columns(known).items()}


def turn_to(job: ImportJob, sheet: str) -> None:
    """Take another sheet of the same workbook."""
    ledger = _opened(bytes(job.content), job.name, sheet)
    _still(job, Stage.MATCHING, Stage.CHECKED).update(
        sheet=sheet[:60], mapping=guessed(ledger), rows=len(ledger.sheet.rows), stage=Stage.MATCHING, errors=[], sound=0
    )


def match(job: ImportJob, mapping: Mapping[str, str], profile: str, *, actor: Actor, at: datetime) -> None:
    """Say which column is what, and have every row checked."""
    begun = _still(job, Stage.MATCHING, Stage.CHECKED).update(
        mapping=dict(mapping), profile=profile, stage=Stage.CHECKING, done=0, heard_at=at
    )
    if begun:
        _run(_check, job, actor, at)


def store(job: ImportJob, *, actor: Actor, at: datetime, partial: bool) -> None:
    """Bring in what was found sound; all rows or, with `partial`, the good ones."""
    if job.stage == Stage.CHECKED and job.errors and not partial:
        raise Refused("还有行没有改好。请改好文件重新上传，或只导入没有问题的行。")
    if _still(job, Stage.CHECKED).filter(sound__gt=0).update(stage=Stage.STORING, done=0, heard_at=at):
        _run(_store, job, actor, at)


def _still(job: ImportJob, *stages: str) -> QuerySet:
    return ImportJob.objects.filter(park=job.park_id, pk=job.pk, stage__in=stages)


def _run(work: Work, job: ImportJob, actor: Actor, at: datetime) -> None:
    if job.rows <= AT_ONCE:
        _guarded(work, job.pk, actor, at)
    else:
        Thread(target=_beside, args=(work, job.pk, actor, at), name="import", daemon=True).start()


def _beside(work: Work, key: int, actor: Actor, at: datetime) -> None:
    try:
        with scope(park=actor.park):
            _guarded(work, key, actor, at)
    finally:
        connections.close_all()


def _guarded(work: Work, key: int, actor: Actor, at: datetime) -> None:
    """Whatever happens, the job says how it ended."""
    job = ImportJob.objects.get(pk=key)
    try:
        work(job, actor, at)
    except (Refused, Unreadable, headings.Misheaded) as no:
        _say(job, stage=Stage.FAILED, failure=str(no).removesuffix(headings.BY_MAP)[:400])
    except BaseException:
        _say(job, stage=Stage.FAILED, failure="导入时出了没有料到的错，一行也没有导入。请告诉系统管理员。")
        raise


def _say(job: ImportJob, **news: Any) -> None:
    """Tell how far it is, by the database's clock: whoever looks asks how long nothing was heard."""
    ImportJob.objects.filter(park=job.park_id, pk=job.pk).update(heard_at=Now(), **news)


def _check(job: ImportJob, actor: Actor, at: datetime) -> None:
    _, parsed = _judged(job, actor, at)
    errors = [
        {"row": error.row, "cell": error.cell, "column": error.column, "value": error.value, "message": error.message}
        for error in parsed.errors[:MOST_ERRORS]
    ]
    _say(job, stage=Stage.CHECKED, rows=parsed.rows, sound=len(parsed.drafts), errors=errors)


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
    parsed = importing.judged(ledger, profile=profile_of(job), zone=actor.park.zoneinfo, at=at, mapping=job.mapping)
    return ledger, importing.without_repeats(parsed, importing.number_column(ledger, job.mapping))


def profile_of(job: ImportJob) -> Profile:
    own = mechanism.own(job.profile)
    return presets.read(own.document) if own else presets.preset(job.profile or presets.DEFAULT)


def _opened(content: bytes, name: str, sheet: str) -> Ledger:
    try:
        return importing.opened(content, name, sheet=sheet)
    except Unreadable as error:
        raise Refused(str(error)) from error


def batches() -> QuerySet:
    return ImportBatch.objects.select_related("made_by").order_by("-pk")
