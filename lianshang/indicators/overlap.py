"""Where figures count the same rows: sets that are claimed by several, with the total that counts each row once.

A figure whose rows also stand behind another one of the same document carries the mark 含交叉; the two are never added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from lianshang.directory.models import Park
from lianshang.indicators import folds
from lianshang.indicators.periods import Period
from lianshang.indicators.readings import Reading, gather
from lianshang.indicators.registry import REGISTRY, Indicator
from lianshang.indicators.scopes import Scope

MARK = "含交叉"


@dataclass(frozen=True)
class Claim:
    """One set: its figure, how many rows, and with each other set of the document how many rows it shares."""

    one: Indicator
    count: int
    shared: dict[str, int]

    @property
    def crosses(self) -> bool:
        return any(self.shared.values())


def families() -> list[str]:
    """Return the names of sets that overlap, in the order of the registry."""
    return list(dict.fromkeys(one.sets for one in REGISTRY.values() if one.sets))


def parts(family: str) -> list[Indicator]:
    """Return the claims of a family; the figure declared first is the total that counts each row once."""
    return [one for one in REGISTRY.values() if one.sets == family][1:]


def whole(family: str) -> Indicator:
    return next(one for one in REGISTRY.values() if one.sets == family)


def claims(found: Sequence[Indicator], scope: Scope, period: Period) -> list[Claim]:
    """Return how the sets overlap, asked of the database at once."""
    readings = {one.key: one.measure(scope, period) for one in found}
    gather(readings.values())
    shared = _shared(readings)
    return [
        Claim(
            one,
            readings[one.key].rows_count,
            {other.key: shared[frozenset((one.key, other.key))] for other in found if other is not one},
        )
        for one in found
    ]


def crossing(keys: Sequence[str], scope: Scope, period: Period) -> set[str]:
    """Return which of a document's figures share rows with another of them, within a family of sets or a family's total."""
    crossed: set[str] = set()
    for family in families():
        own = [REGISTRY[key] for key in keys if REGISTRY[key].sets == family]
        if len(own) > 1:
            crossed |= {claim.one.key for claim in claims(own, scope, period) if claim.crosses}
    return crossed


def _shared(readings: dict[str, Reading]) -> dict[frozenset[str], int]:
    pairs = [frozenset(pair) for pair in combinations(readings, 2)]
    questions = {}
    for place, pair in enumerate(pairs):
        first, second = (readings[key].evidence for key in sorted(pair))
        questions[f"p{place}"] = folds.rows(first.filter(pk__in=second.order_by().values("pk")))
    if not questions:
        return {}
    found: Any = Park.objects.order_by("pk").values(**questions)[:1].get()
    return {pair: int(found[f"p{place}"]) for place, pair in enumerate(pairs)}
