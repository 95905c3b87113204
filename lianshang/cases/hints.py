"""One line for each row of the inbox that waits to be dispatched: whom the catalogue and the own ledger point to.

It is thought over once for a case and an edition of what is known; similar cases are asked on the form alone.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from lianshang.cases import suggesting
from lianshang.cases.models import Case
from lianshang.cases.queues import Row
from lianshang.cases.suggesting import Knowledge
from lianshang.directory.models import Unit

KEPT = 4096  # lines in memory
UNSURE = "没有把握"

Sendable = Callable[[Case, datetime], Iterable[Unit]]


def hinted(rows: list[Row], sendable: Sendable, *, at: datetime) -> list[Row]:
    """Return the rows, those to be dispatched with a hint. Sealed ones have none. Needs the park's scope."""
    waiting = [row.case for row in rows if row.verb == "dispatch" and not row.case.sealed]
    if not waiting:
        return rows
    known = suggesting.knowledge(sendable(waiting[0], at), at=at)
    if known.version is None and known.model is None:
        return rows
    texts = _texts(case.pk for case in waiting)
    lines = {case.pk: _line(case.key, _Told(known, texts[case.pk])) for case in waiting if case.pk in texts}
    return [replace(row, hint=lines.get(row.case.pk, "")) for row in rows]


class _Told:
    """A text and what is known, alike for the cache where their editions are."""

    def __init__(self, known: Knowledge, case: Case) -> None:
        self.known, self.case = known, case
        version = known.version and (known.version.pk, known.version.adopted_at)
        self.edition = (case.version, version, known.model_version, frozenset(known.units))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Told) and self.edition == other.edition

    def __hash__(self) -> int:
        return hash(self.edition)


@lru_cache(maxsize=KEPT)
def _line(key: UUID, told: _Told) -> str:
    made = told.known.suggestion(told.case)
    if made.first:
        return f"建议：{made.first.line}"
    return UNSURE if made.likeliest else ""


def _texts(keys: Iterable[int]) -> dict[int, Case]:
    return Case.objects.filter(sealed=False).only("key", "title", "text", "version", "sealed").in_bulk(list(keys))
