"""Figures of one text whose rows overlap: they may stand side by side only with 含交叉.

Only figures that declare the same set of claims can: those that a reader would add up. That one is part of another by
definition (办结 and 受理) misleads nobody.
"""

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from lianshang.directory.models import Park
from lianshang.indicators import folds
from lianshang.indicators.readings import Reading
from lianshang.indicators.registry import Indicator

MARK = "含交叉"
SAID = re.compile(r"含.{0,4}交叉|有.{0,4}交叉|含.{0,4}重复|存在交叉|交叉统计")


def crossed(figures: Sequence[tuple[Indicator, Reading]]) -> list[tuple[int, int, int]]:
    """Return pairs of places whose rows overlap, with how many rows they share. All is asked of the database at once."""
    questions = {
        f"p{first}_{second}": folds.rows(mine.evidence.filter(pk__in=theirs.evidence.order_by().values("pk")))
        for (first, (one, mine)), (second, (other, theirs)) in combinations(enumerate(figures), 2)
        if _may_cross(one, other) and mine.evidence.model is theirs.evidence.model
    }
    if not questions:
        return []
    shared: Any = Park.objects.order_by("pk").values(**questions)[:1].get()
    places = [(name, *map(int, name[1:].split("_"))) for name in questions]
    return [(first, second, int(shared[name])) for name, first, second in places if shared[name]]


def _may_cross(one: Indicator, other: Indicator) -> bool:
    """Two claims of the same set, neither of which is the whole that the other is a part of by its name (a.b of a)."""
    part = one.key.startswith(f"{other.key}.") or other.key.startswith(f"{one.key}.")
    return bool(one.sets) and one.sets == other.sets and one.key != other.key and not part


def is_said(text: str, place: int) -> bool:
    """Whether the text says so from there to the end of the paragraph."""
    end = text.find("\n", place)
    return bool(SAID.search(text[place : end if end >= 0 else len(text)]))
