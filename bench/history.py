"""`python -m bench.history N`: an empty database filled with N events of a few told cases; seconds to seal and to verify them.

`python -m bench.history writers`: what a leaf costs who writes, and why the tree is not grown by the writers themselves.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_scopes import scope  # noqa: E402

from lianshang.cases.models import Case, CaseEvent  # noqa: E402
from lianshang.cases.tests.factories import make_town  # noqa: E402
from lianshang.config.backups.rows import snapshot  # noqa: E402
from lianshang.kernel.history import adopting, merkle, sealing  # noqa: E402
from lianshang.kernel.history.forms import form_of  # noqa: E402
from lianshang.kernel.history.verifying import verify  # noqa: E402
from lianshang.kernel.models import Leaf, Tile  # noqa: E402

CLIENTS, ROUNDS = 8, 150


def fill(count: int) -> dict[str, Any]:
    """Copy the steps of one case under many, adopt, seal and verify them; seconds for each."""
    town = make_town()
    with scope(park=town.park):
        case = town.answered()
        _copy(case, count)
        told: dict[str, Any] = {"events": CaseEvent.objects.count()}
        Leaf.objects.all().delete()
        told["adopt"] = timed(adopting.adopt)
        told["leaves"] = Leaf.objects.count()
        told["seal"] = timed(lambda: _seal(town.park))
    with snapshot():
        begun = time.monotonic()
        report = verify(timezone.now())
        told["verify"] = round(time.monotonic() - begun, 1)
    return told | {"rows": report.rows, "size": report.size, "checkpoints": report.checkpoints,
                   "faults": [fault.kind for fault in report.faults[:5]]}  # fmt: skip


def _copy(case: Case, count: int) -> None:
    """Bring in cases and their steps by one statement each, as the rows of the told one with other keys and times."""
    columns = [field.column for field in Case._meta.concrete_fields if field.column not in ("id", "key", "number",
               "code_digest", "version")]  # fmt: skip
    quoted = ", ".join(f'"{column}"' for column in columns)
    key = "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"
    numbers = f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {count // case.version})"
    first = Case.objects.order_by("-pk").values_list("pk", flat=True)[0]
    own = [field.column for field in CaseEvent._meta.concrete_fields if field.column not in ("id", "subject_id")]
    steps = ", ".join(f'"{column}"' for column in own)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_case (id, key, number, code_digest, version, {quoted}) {numbers}"
            f" SELECT {first} + n, {key}, 'B' || n, '', {case.version}, {quoted} FROM n, cases_case c"
            f" WHERE c.id = {case.pk}"
        )
        cursor.execute(
            f"INSERT INTO cases_caseevent (subject_id, {steps}) {numbers} SELECT {first} + n, {steps}"
            f" FROM n, cases_caseevent e WHERE e.subject_id = {case.pk}"
        )
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval('cases_case_id_seq', (SELECT max(id) FROM cases_case))")


def _seal(park: Any) -> None:
    while sealing.seal(park, timezone.now()):
        pass


def timed(do: Callable[[], object]) -> float:
    begun = time.monotonic()
    do()
    return round(time.monotonic() - begun, 1)


# -- what it costs who writes --------------------------------------------------------------------------------------------


def writers() -> dict[str, float]:
    """Events a second with 8 clients: rows alone; with their leaves; and with the tree grown in the writing transaction."""
    town = make_town()
    with scope(park=town.park):
        subjects = [town.whistle() for _ in range(CLIENTS)]
    ways = {"rows alone": _alone, "with a leaf": _with_leaf, "tree grown by writers": _grown}
    return {name: _rate(town.park, subjects, way) for name, way in ways.items()}


def _rate(park: Any, subjects: list[Case], way: Callable[[CaseEvent], None]) -> float:
    def client(case: Case) -> None:
        with scope(park=park):
            last = CaseEvent.objects.filter(subject=case).order_by("-ordinal")[0]
            for _ in range(ROUNDS):
                last.pk, last.ordinal, last.at = None, last.ordinal + 1, last.at + timedelta(seconds=1)
                last._state.adding = True
                way(last)
        connection.close()

    threads = [Thread(target=client, args=(case,)) for case in subjects]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round(CLIENTS * ROUNDS / (time.monotonic() - begun), 0)


def _alone(event: CaseEvent) -> None:
    with transaction.atomic():
        Model.save(event, force_insert=True)


def _with_leaf(event: CaseEvent) -> None:
    with transaction.atomic():
        event.save(force_insert=True)


def _grown(event: CaseEvent) -> None:
    """Lock the newest head, append one leaf, keep the new head: what a chain or a tree in the transaction has to do."""
    with transaction.atomic():
        event.save(force_insert=True)
        head = Tile.objects.select_for_update(of=("self",)).get_or_create(
            level=99, position=0, defaults={"hashes": b""}
        )[0]
        digest = bytes(Leaf.objects.get(ledger=form_of(CaseEvent).ledger, row=event.pk).digest)
        head.hashes = merkle.node_hash(bytes(head.hashes), digest)
        head.save()


if __name__ == "__main__":
    print(json.dumps(writers() if sys.argv[1] == "writers" else fill(int(sys.argv[1])), ensure_ascii=False))
