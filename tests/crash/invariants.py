"""What has to hold of a database and its folder of files after any crash, before anybody has mended anything."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, connection
from django.db.models import Count, Max
from django.utils import timezone

from lianshang.cases import books, codes
from lianshang.cases.equation import equation
from lianshang.cases.models import Case, CaseEvent
from lianshang.cases.tests.factories import DAY, MONDAY
from lianshang.cases.tests.test_walk import moves, traits
from lianshang.directory.models import Park
from lianshang.kernel import files
from lianshang.kernel.history.models import Leaf
from lianshang.kernel.history.sealing import seal
from lianshang.kernel.history.verifying import verify
from lianshang.kernel.models import Counter, OutboxItem, StoredFile


def broken() -> list[str]:
    """Return a sentence for each thing that does not hold. Needs the park's scope."""
    groups = (references(), histories(), clocks(), owed(), numbers(), contents(), balance())
    return [sentence for group in groups for sentence in group]


def references() -> Iterator[str]:
    try:
        connection.check_constraints()
    except IntegrityError as error:
        yield f"a reference points to nothing: {error}"


def histories() -> Iterator[str]:
    """A case stands where its last event left it, and no event is missing: state and event are one commit."""
    for case in Case.objects.annotate(told=Count("events"), newest=Max("events__ordinal")):
        if not case.version == case.told == case.newest:
            yield f"{case.number}: version {case.version}, {case.told} events up to {case.newest}"
        elif case.events.get(ordinal=case.version).target != case.state:
            yield f"{case.number}: stands as {case.state}, its last event says otherwise"


def clocks() -> Iterator[str]:
    for case in Case.objects.all():
        live, again = books.live(case), books.rebuilt(case)
        if (traits(live), moves(live)) != (traits(again), moves(again)):
            yield f"{case.number}: its clocks are not those of its events"
        if live.next_due(books.QUIET) != case.next_due_at:
            yield f"{case.number}: what is due next is not the earliest clock"


def owed() -> Iterator[str]:
    """Every step that people are told of owes the outbox an item; imported history owes nothing."""
    items = set(OutboxItem.objects.filter(topic="cases.event").values_list("subject", flat=True))
    told = CaseEvent.objects.filter(subject__batch=None).values_list("pk", flat=True)
    for key in set(told) - items:
        yield f"event {key} owes nobody anything"


def numbers() -> Iterator[str]:
    """Numbers have no gaps: the counter stands at as many as were given out."""
    for counter in Counter.objects.filter(series=codes.OPEN_SERIES):
        given = Case.objects.filter(number__startswith=f"{counter.year}-", sealed=False).count()
        if given != counter.last:
            yield f"{counter.last} numbers of {counter.year}, {given} cases"


def contents() -> Iterator[str]:
    """No row of a file points to nothing, or to something else."""
    for row in StoredFile.objects.all():
        path = Path(settings.MEDIA_ROOT) / files.place(row.park_id, row.digest)
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != row.digest:
            yield f"file {row.digest[:12]} has a row and no such content"


def balance() -> Iterator[str]:
    late = MONDAY + 400 * DAY
    terms = equation(Case.objects.open_ledger(), MONDAY - 4000 * DAY, late, late)
    if not terms.balanced:
        yield f"the equation does not balance: {terms.counts}"


def vouched() -> Iterator[str]:
    """Each row of the history has its leaf and each leaf its row, as they stand: whoever verifies finds nothing."""
    for fault in verify(timezone.now()).faults:
        yield f"the history: {fault.sentence}"


def sealed(park: Park, at: datetime) -> Iterator[str]:
    """Everything that was written gets into the tree, and what is signed then is what stands in the rows."""
    seal(park, at)
    if waiting := Leaf.objects.filter(index=None).count():
        yield f"{waiting} leaves do not get into the tree"
    yield from vouched()


def shape() -> dict[str, object]:
    """Return what two worlds have in common that went the same way: rows by table, cases, steps; no keys, no moments."""
    tables = sorted(connection.introspection.table_names())
    counts: dict[str, object] = {table: _count(table) for table in tables if table not in PASSING}
    cases = {case.pk: place for place, case in enumerate(Case.objects.order_by("pk"))}
    states = list(Case.objects.order_by("pk").values_list("state", "version", "sealed"))
    open_numbers = list(Case.objects.filter(sealed=False).order_by("pk").values_list("number", flat=True))
    steps = CaseEvent.objects.order_by("subject_id", "ordinal").values_list("subject_id", "ordinal", "verb", "target")
    told = [(cases[subject], *step) for subject, *step in steps]
    done = OutboxItem.objects.filter(done_at__isnull=False).count()
    return {**counts, "cases": states, "numbers": open_numbers, "told": told, "done": done}


PASSING = {"django_session", "kernel_heartbeat", "sqlite_sequence"}


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 its own name
        return int(cursor.fetchone()[0])
