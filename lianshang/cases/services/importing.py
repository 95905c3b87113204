"""Old records in, and out again: a batch is brought in at once and undone at once, and nothing is ever deleted.

A batch of ordinary size is one transaction. A larger one goes in stretches, so that nobody else has to wait for it; if
it cannot be finished, what is in is undone.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from lianshang.cases import books, histories, importing
from lianshang.cases.flow import FLOW
from lianshang.cases.histories import History, Setting
from lianshang.cases.importing import Ledger
from lianshang.cases.ledger_rows import Draft
from lianshang.cases.models import Case, CaseClock, CaseEvent, ImportBatch
from lianshang.cases.states import VOID, CloseType, State
from lianshang.directory.actors import Actor
from lianshang.directory.models import Park, Role
from lianshang.kernel.events import Event
from lianshang.kernel.models import ProfileVersion
from lianshang.kernel.refusals import Hidden, Refused

MAY_IMPORT = (Role.DISPATCHER, Role.REPORTING_CLERK, Role.ADMINISTRATOR)
WHOLE = 5_000  # cases that are written in one transaction
STRETCH = 200  # cases between which others may write
PAUSE = 0.02  # seconds
NAMED = 10  # cases that a refusal names

Progress = Callable[[int], None]  # told how many rows are done


def may_import(actor: Actor | None) -> bool:
    return actor is not None and (actor.kind == "system" or actor.has(*MAY_IMPORT))


def bring_in(
    ledger: Ledger,
    drafts: Sequence[Draft],
    *,
    actor: Actor,
    at: datetime,
    version: ProfileVersion,
    progress: Progress | None = None,
) -> ImportBatch:
    """Bring the rows in as cases that count by `version`. Raises `Refused` where another import was faster."""
    if not may_import(actor):
        raise Hidden
    _refuse_twice(ledger, drafts)
    batch = ImportBatch(
        park=actor.park,
        name=ledger.name[:200],
        digest=ledger.digest,
        row_count=len(ledger.sheet.rows),
        made_at=at,
        made_by=actor.person,
    )
    setting, rows = Setting(batch, version, _on_behalf(actor)), importing.by_time(drafts)
    if len(rows) <= WHOLE:
        _at_once(rows, setting, progress or _silent)
    else:
        _in_stretches(rows, setting, progress or _silent, actor)
    return batch


def _refuse_twice(ledger: Ledger, drafts: Sequence[Draft]) -> None:
    """Rows with numbers are told apart by these; a file without any is known by its content."""
    before = ImportBatch.objects.filter(digest=ledger.digest, undone_at=None).order_by("-pk").first()
    if before and not any(draft.number for draft in drafts):
        day = timezone.localtime(before.made_at)
        raise Refused(
            f"这个文件已在 {day:%-m月%-d日 %H:%M} 导入（批次 {before.pk}），再导入会重复。要重来，请先撤销那一批。"
        )


def _silent(done: int) -> None:
    """Nobody wants to know how far it is."""


def _at_once(drafts: list[Draft], setting: Setting, progress: Progress) -> None:
    """Nothing is locked while the histories are worked out, only while they are written."""
    told: list[History] = []
    for done in range(0, len(drafts), STRETCH):
        told += [histories.history(draft, setting) for draft in drafts[done : done + STRETCH]]
        progress(len(told))
    with transaction.atomic():
        setting.batch.save()
        _store(told)


def _in_stretches(drafts: list[Draft], setting: Setting, progress: Progress, actor: Actor) -> None:
    setting.batch.save()
    try:
        for done in range(0, len(drafts), STRETCH):
            told = [histories.history(draft, setting) for draft in drafts[done : done + STRETCH]]
            _store(told)
            progress(done + len(told))
            _let_others_in(len(drafts))
    except BaseException:
        undo_import(setting.batch, actor=actor, at=setting.batch.made_at)
        raise


def _let_others_in(count: int) -> None:
    """Between two stretches whoever waits to write goes first: who asks again at once would win every time."""
    if count > WHOLE:
        time.sleep(PAUSE)


def _on_behalf(actor: Actor) -> Actor:
    """The system acts, and the event says for whom: an import knows sealed rows too, which no importer may open."""
    return Actor(kind="system", park=actor.park, person=actor.person, unit=actor.unit)


@transaction.atomic
def _store(told: list[History]) -> None:
    """One import of a park at a time looks for repeats and writes."""
    if not told:
        return
    Park.objects.select_for_update(of=("self",), no_key=True).get(pk=told[0].case.park_id)
    if places := importing.imported_before(history.case.external_number for history in told):
        number, place = next(iter(places.items()))
        raise Refused(f"编号 {number} 刚刚已由别人导入（{place}）。请重新检查这个文件，再导入。")
    histories.number(told)
    histories.store(told)


def _whole(count: int) -> AbstractContextManager[None]:
    return transaction.atomic() if count <= WHOLE else nullcontext()


# -- and out again ----------------------------------------------------------------------------------------------------


def undo_import(batch: ImportBatch, *, actor: Actor, at: datetime, progress: Progress | None = None) -> int:
    """Close every case of the batch as undone and return how many. Refused where people worked on one."""
    if not may_import(actor):
        raise Hidden
    count, done = batch.cases.count(), 0
    with _whole(count):
        row = _standing(batch)
        for cases in _stretches(row):
            done += _undo(cases, row, actor=actor, at=at)
            (progress or _silent)(done)
            _let_others_in(count)
        ImportBatch.objects.filter(park=row.park, pk=row.pk).update(undone_at=at)
    return count


@transaction.atomic
def _standing(batch: ImportBatch) -> ImportBatch:
    row = ImportBatch.objects.select_for_update(of=("self",), no_key=True).get(park=batch.park_id, pk=batch.pk)
    refuse_undo(row)
    return row


def refuse_undo(batch: ImportBatch) -> None:
    """Raise `Refused` where the batch cannot be taken out any more."""
    if batch.undone_at:
        raise Refused(f"批次 {batch.pk} 已于 {timezone.localtime(batch.undone_at):%Y-%m-%d %H:%M} 撤销过。")
    _refuse_worked_on(batch.cases.all())


def _stretches(batch: ImportBatch) -> Iterator[QuerySet]:
    """Cases that are not out yet: an undoing that was cut short is carried on."""
    standing = batch.cases.exclude(close_type__in=VOID).order_by("pk")
    keys = list(standing.values_list("pk", flat=True))
    for start in range(0, len(keys), STRETCH):
        yield Case.objects.filter(park=batch.park_id, pk__in=keys[start : start + STRETCH])


@transaction.atomic
def _undo(rows: QuerySet, batch: ImportBatch, *, actor: Actor, at: datetime) -> int:
    cases = list(rows.select_for_update(of=("self",), no_key=True).defer("text", "search_text").order_by("pk"))
    _refuse_worked_on(rows)
    clocks: dict[int, list[CaseClock]] = {case.pk: [] for case in cases}
    for clock in CaseClock.objects.running().filter(subject__in=clocks):
        clocks[clock.subject_id].append(clock)
    events = [_undone(case, clocks[case.pk], batch, actor=actor, at=at) for case in cases]
    CaseEvent.objects.bulk_create(events)
    stopped = [clock for held in clocks.values() for clock in held]
    CaseClock.objects.bulk_update(stopped, ["stopped_at", "outcome", "stopped_by"], batch_size=STRETCH)
    ended = {"state": State.CLOSED, "close_type": CloseType.UNDONE, "closed_at": at, "next_due_at": None}
    rows.update(version=F("version") + 1, **ended)
    return len(cases)


def _undone(case: Case, clocks: list[CaseClock], batch: ImportBatch, *, actor: Actor, at: datetime) -> CaseEvent:
    event: CaseEvent = FLOW.tell(
        case,
        "undo_import",
        books.opened(case, clocks),
        actor=_on_behalf(actor),
        at=at,
        recorded_at=timezone.now(),
        note=f"撤销批次 {batch.pk}（{batch.name}）",
        close_type=CloseType.UNDONE,
    )
    return event


def _refuse_worked_on(cases: QuerySet) -> None:
    """A case is as imported while nothing was recorded but by the system; what is out already is no matter.

    Of sealed ones nothing is told, not even that they are what stands in the way.
    """
    done = CaseEvent.objects.filter(subject__in=cases).exclude(by=Event.By.SYSTEM)
    worked = Case.objects.filter(pk__in=done.values("subject")).exclude(close_type__in=VOID).order_by("number")
    open_ones = list(worked.filter(sealed=False).values_list("number", flat=True)[: NAMED + 1])
    if open_ones:
        more = f"{'、'.join(open_ones[:NAMED])}{' 等' if len(open_ones) > NAMED else ''}"
        raise Refused(f"这一批里有诉求已经有人办理：{more}。导入没有撤销；不要的请逐件标为误录。")
    if worked.exists():
        raise Refused("这一批现在不能整批撤销。不要的请逐件标为误录。")
