"""What the dispatch catalogue (派单目录) in force says of a text: whose matter it is, by its own words.

Dispatch follows a catalogue that is kept up to date (北京市接诉即办工作条例 art 11).
"""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lianshang.cases.models import CatalogueEntry, CatalogueVersion

MOST = 2000  # entries of a catalogue
LONGEST = 6  # characters of a word that count
APART = 2  # characters by which the first must be ahead of another unit's
CLEAR, FIRST, EVEN = 0.9, 0.6, 0.4  # how much a match says


@dataclass(frozen=True)
class Match:
    """An entry that the text speaks of, by which of its words, and how much that says (0 to 1)."""

    entry: CatalogueEntry
    words: tuple[str, ...]
    weight: float


def in_force(day: date) -> CatalogueVersion | None:
    return CatalogueVersion.objects.in_force(day).first()


def entries(version: CatalogueVersion | None) -> list[CatalogueEntry]:
    """Return the entries of the version with their units."""
    if version is None:
        return []
    rows = version.entries.select_related("lead").prefetch_related("co_units__unit").order_by("position")
    return list(rows)


def matches(text: str, among: Iterable[CatalogueEntry], units: Collection[int]) -> list[Match]:
    """Return the entries of these units that the text speaks of, the best of each unit, the best first."""
    plain = _plain(text)
    own = [(entry, _standing(entry, plain)) for entry in among if entry.lead_id in units]
    found = [(sum(min(len(_term(word)), LONGEST) for word in words), entry, words) for entry, words in own if words]
    found.sort(key=lambda one: (-one[0], one[1].position))
    best: dict[int, tuple[int, CatalogueEntry, tuple[str, ...]]] = {}
    for one in found:
        best.setdefault(one[1].lead_id, one)
    ranked = list(best.values())
    return [
        Match(entry, words, _says(place, weight, [other[0] for other in ranked]))
        for place, (weight, entry, words) in enumerate(ranked)
    ]


def _says(place: int, weight: int, ranked: list[int]) -> float:
    if place or (len(ranked) > 1 and ranked[1] == weight):
        return EVEN if weight == ranked[0] else EVEN * weight / ranked[0]
    second = ranked[1] if len(ranked) > 1 else 0
    return CLEAR if weight - second >= APART else FIRST


def _standing(entry: CatalogueEntry, plain: str) -> tuple[str, ...]:
    """Return the entry's terms that stand in the text; one of several words where all of them do."""
    told = [(term, _term(term).split()) for term in entry.terms]
    return tuple(term for term, parts in told if parts and all(part in plain for part in parts))


@lru_cache(maxsize=16 * MOST)
def _term(term: str) -> str:
    """The same terms are looked for in every text."""
    return _plain(term)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
