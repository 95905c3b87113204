"""What the park's own open ledger teaches: which unit the cases with such words were handled by in the end.

The worker looks each hour whether enough is new and then trains in a process of its own, so that neither the pages nor
the worker wait. Sealed cases are never among the rows. Nothing learned is shipped with the product.
"""

import hashlib
import json
import logging
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, connections, transaction
from django.db.models import Exists, OuterRef, Q
from django_scopes import scope

from lianshang.cases import learning
from lianshang.cases.learning import Linear
from lianshang.cases.models import Case, CaseEvent, DispatchModel
from lianshang.cases.states import VOID, State
from lianshang.kernel import outbox

log = logging.getLogger(__name__)

NEEDED = 60  # rows; fewer teach nothing
OF_A_UNIT = 3  # rows that a unit needs to be learned
MOST = 6000  # newest rows
GROWN = 0.05  # share of new rows after which it is learned anew
REST = timedelta(hours=20)  # between two trainings
LOOK = 3600  # seconds
PATIENCE = 900  # seconds that a training may take
KEPT = 3  # models

_BUSY = threading.Lock()


@outbox.every(LOOK)
def look(park: Any, now: datetime) -> None:
    """Train beside the worker's own work where that is due, one park after the other."""
    if is_due(now):
        threading.Thread(target=_beside, args=(park, now), name="training", daemon=True).start()


def _beside(park: Any, now: datetime) -> None:
    try:
        with _BUSY, scope(park=park):
            if is_due(now):
                train(park, at=now)
    except Exception as error:  # noqa: BLE001 -- a thread has nobody above it who could tell
        log.warning("training: %s", type(error).__name__)
    finally:
        connections.close_all()


def is_due(now: datetime) -> bool:
    """Whether there is enough to learn from, and enough that is new. Needs the park's scope."""
    last = DispatchModel.objects.defer("payload").order_by("-version").first()
    if last is None:
        return len(_known()[:NEEDED]) == NEEDED
    wanted = max(int(last.rows * GROWN), NEEDED // 3)
    since = CaseEvent.objects.filter(subject=OuterRef("pk"), verb="answer", at__gt=last.trained_at)
    new = _known().filter(Q(pk__gt=last.newest) | Exists(since))  # however long ago it was registered
    return now - last.trained_at >= REST and len(new[:wanted]) == wanted


def train(park: Any, *, at: datetime) -> DispatchModel | None:
    """Learn from the newest rows and keep the model; None where they are too few."""
    found = list(_known().values_list("pk", "title", "text", "lead_unit")[:MOST])[::-1]
    counts = Counter(unit for *_, unit in found)
    answers = _answers([pk for pk, *_ in found])
    rows = [
        (f"{title}\n{text}", str(unit), answers.get(pk, ""))
        for pk, title, text, unit in found
        if counts[unit] >= OF_A_UNIT
    ]
    if len(rows) < NEEDED or len({unit for _, unit, _ in rows}) < 2:  # noqa: PLR2004 one unit is no choice
        return None
    begun = time.monotonic()
    payload = _in_a_process(rows)
    seconds = time.monotonic() - begun
    newest = max(pk for pk, *_ in found)
    return _keep(park, payload, at=at, rows=len(rows), newest=newest, seconds=round(seconds, 2))


def _known() -> Any:
    """Cases of the open ledger that a unit answered or saw through, the newest first; mistakes teach nothing."""
    told = Case.objects.open_ledger().filter(lead_unit__isnull=False, lead_unit__is_active=True)
    told = told.filter(state__in=(State.ANSWERED, State.CALLBACK, State.CLOSED)).exclude(close_type__in=VOID)
    return told.order_by("-registered_at", "-pk")


def _answers(keys: list[int]) -> dict[int, str]:
    """Return the lead's last answer to each case: in its words the unit speaks of its own matters."""
    told = CaseEvent.objects.filter(subject__in=keys, verb="answer").order_by("subject", "ordinal")
    return dict(told.values_list("subject", "note"))


def _in_a_process(rows: list[tuple[str, str, str]]) -> bytes:
    command = [sys.executable, "-m", learning.__name__]
    given = json.dumps(rows, ensure_ascii=False).encode()
    return subprocess.run(command, input=given, capture_output=True, check=True, timeout=PATIENCE).stdout  # noqa: S603


def _keep(park: Any, payload: bytes, **facts: Any) -> DispatchModel | None:
    """Store the model as the next version. Where another worker was first, that one's stands."""
    last = newest_version() or 0
    at = facts.pop("at")
    digest = hashlib.sha256(payload).hexdigest()
    try:
        with transaction.atomic():
            made = DispatchModel.objects.create(
                park=park, version=last + 1, trained_at=at, payload=payload, digest=digest, **facts
            )
            DispatchModel.objects.filter(version__lte=made.version - KEPT).delete()
    except IntegrityError:
        return None
    return made


def newest_version() -> int | None:
    """Return the version of the model in use, if there is one, without reading it."""
    return DispatchModel.objects.order_by("-version").values_list("version", flat=True).first()


def newest() -> tuple[int, Linear] | None:
    """Return the version and the model in use, if there is one. Its weights are read once by each process."""
    row = DispatchModel.objects.order_by("-version").values_list("version", "digest").first()
    return (row[0], _loaded(row[1])) if row else None


@lru_cache(maxsize=8)
def _loaded(digest: str) -> Linear:
    payload = DispatchModel.objects.filter(digest=digest).values_list("payload", flat=True).order_by("-version")[0]
    return learning.unpack(bytes(payload))
