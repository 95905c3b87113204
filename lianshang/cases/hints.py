"""One line for each row of the inbox that waits to be dispatched: whom the catalogue and the own ledger point to.

It is thought over once for a case and an edition of what is known; similar cases are asked on the form alone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from lianshang.cases import catalogue, suggesting, training
from lianshang.cases.models import Case
from lianshang.cases.queues import Row
from lianshang.cases.suggesting import Suggestion
from lianshang.directory.models import Unit

KEPT = 4096  # hints in memory
UNSURE = "没有把握"

Sendable = Callable[[Case, datetime], Iterable[Unit]]


class Hint(NamedTuple):
    """What is kept of a suggestion: the key of the unit, whose name may change, and where it comes from."""

    unit: int | None
    source: str

    def line(self, units: Mapping[int, Unit]) -> str:
        return f"建议：{units[self.unit].name} · {self.source}" if self.unit else self.source


Key = tuple[UUID, int, bytes]  # a case, its version, the edition of what is known
_HINTS: dict[Key, Hint] = {}


def hinted(rows: list[Row], sendable: Sendable, *, at: datetime) -> list[Row]:
    """Return the rows, those to be dispatched with a hint. Sealed ones have none. Needs the park's scope."""
    waiting = [row.case for row in rows if row.verb == "dispatch" and not row.case.sealed]
    if not waiting:
        return rows
    units = {unit.pk: unit for unit in sendable(waiting[0], at)}
    edition = _edition(units, at)
    if edition is None:
        return rows
    hints = _hints([case.pk for case in waiting], units, edition, at)
    return [replace(row, hint=hints[row.case.pk].line(units)) if row.case.pk in hints else row for row in rows]


def _edition(units: Iterable[int], at: datetime) -> bytes | None:
    """Return what stands for all that is known now; None where nothing is."""
    version, model = catalogue.in_force(timezone.localdate(at)), training.newest_version()
    if version is None and model is None:
        return None
    known = (version and (version.pk, version.adopted_at), model, sorted(units))
    return blake2b(repr(known).encode(), digest_size=16).digest()


def _hints(keys: list[int], units: Mapping[int, Unit], edition: bytes, at: datetime) -> dict[int, Hint]:
    """Return case → hint. Catalogue and texts are read only for those that were not thought over yet."""
    open_ = Case.objects.filter(sealed=False, pk__in=keys)
    told = {pk: (key, version, edition) for pk, key, version in open_.values_list("pk", "key", "version")}
    missing = [pk for pk, key in told.items() if key not in _HINTS]
    made = _thought_over(open_.filter(pk__in=missing), units, at) if missing else {}
    if len(_HINTS) + len(made) > KEPT:
        _HINTS.clear()
    _HINTS.update({told[pk]: hint for pk, hint in made.items()})
    kept = {pk: made.get(pk) or _HINTS.get(key) for pk, key in told.items()}
    return {pk: hint for pk, hint in kept.items() if hint}


def _thought_over(cases: Iterable[Case], units: Mapping[int, Unit], at: datetime) -> dict[int, Hint]:
    known = suggesting.knowledge(units.values(), at=at)
    return {case.pk: _hint(known.suggestion(case)) for case in cases}


def _hint(made: Suggestion) -> Hint:
    if made.first:
        return Hint(made.first.unit.pk, made.first.source)
    return Hint(None, UNSURE if made.likeliest else "")
