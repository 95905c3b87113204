"""Which cases tell of nearly the same matter: by pairs of characters, the rarer the heavier, with no model to train.

Candidates come out of the search index by the text's rarest pairs; they are then weighed against the whole text.
How rare a pair is, is counted in the park's newest cases of the open ledger. What may be found is `among` alone.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet

from lianshang.cases.models import Case
from lianshang.cases.states import VOID
from lianshang.kernel import search

NEAR = 0.25  # a person would call it the same kind of matter
SAME = 0.45  # a repeated message; both measured by `python -m bench --only suggestions`

SAMPLE = 1000  # cases in which rareness is counted
FEW = 300  # a smaller ledger is counted as if it had so many: what it has not seen yet is not therefore rare
WINDOW = 200  # newest cases among which one stays the smallest for a while: as long, the count is kept
ASKED = 64  # tokens that candidates are sought by
HELD = 8000  # rows that those tokens are expected to give
WEIGHED = 60  # candidates that are compared in full
LONGEST_SHARED = 14  # characters of a phrase that is shown
SHOWN = 4  # phrases
KEPT = 2000  # texts whose words are kept: the newest ones are compared again and again
EMPTY = frozenset("的了是在和与及或有我你他它们这那个请把被对于为以也都就不一到从向等很要会能")


@dataclass(frozen=True)
class Similar:
    """A case, how near it is (0 to 1), and what both texts say, the telling first."""

    case: Case
    score: float
    shared: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Rareness:
    """In how many of `size` texts each token stands, and how many there are in all. A count is the same only as itself."""

    size: int
    total: int
    held: Mapping[str, int]
    squares: dict[str, float] = field(default_factory=dict, repr=False)  # what was asked for so far

    def weight(self, token: str) -> float:
        return math.log((max(self.size, FEW) + 1) / (self.held.get(token, 0) + 1))

    def square(self, words: Collection[str]) -> float:
        """Return the sum of the squared weights, exactly rounded, so that the order of a set does not matter."""
        for token in words:
            if token not in self.squares:
                self.squares[token] = self.weight(token) ** 2
        return math.fsum(map(self.squares.__getitem__, words))

    def rows(self, token: str) -> float:
        """Return how many of all texts are expected to hold the token."""
        return self.held.get(token, 0) * self.total / self.size if self.size else 0.0


def similar_cases(
    text: str, *, among: QuerySet[Case], at: datetime, limit: int = 5, but: Case | None = None
) -> list[Similar]:
    """Return cases registered until `at` that are like the text, the nearest first, none below `NEAR`.

    Start `among` from `access`; sealed cases are found only where it holds them, and mistakes never.
    Needs the park's scope.
    """
    words = words_of(text)
    rareness = rareness_now()
    wanted = among.filter(registered_at__lte=at).exclude(pk=but.pk if but else None).exclude(close_type__in=VOID)
    read = [(pk, words_of(told)) for pk, told in _candidates(words, rareness, wanted)]
    scored = [(round(likeness(words, own, rareness), 4), pk, own) for pk, own in read]
    near = sorted((one for one in scored if one[0] >= NEAR), key=lambda one: (-one[0], -one[1]))[:limit]
    cases = wanted.in_bulk([pk for _, pk, _ in near])
    return [Similar(cases[pk], score, phrases(text, words & own, rareness)) for score, pk, own in near if pk in cases]


@lru_cache(maxsize=KEPT)
def words_of(text: str) -> frozenset[str]:
    """Return the text's pairs of Han characters and its words of letters; figures say nothing of the matter."""
    return frozenset(token for token in search.tokens(text) if len(token) > 1 and not token.isdecimal())


def likeness(one: frozenset[str], other: frozenset[str], rareness: Rareness) -> float:
    """Return the cosine of the two texts, each token weighed by its rareness."""
    both = rareness.square(one & other)
    return both / math.sqrt(rareness.square(one) * rareness.square(other)) if both else 0.0


def rareness_now() -> Rareness:
    """Return the count over the park's newest cases. It is kept until the smallest key has left the window."""
    newest = list(_newest().values_list("key", flat=True)[:WINDOW])
    if not newest:
        return Rareness(0, 0, {})
    return _counted(min(newest) if len(newest) == WINDOW else newest[0], len(newest))


@lru_cache(maxsize=32)
def _counted(kept_by: UUID, rows: int) -> Rareness:
    """Count anew. The arguments only name the state of the ledger that the count is of."""
    held: Counter[str] = Counter()
    texts = _newest().values_list("search_text", flat=True)[:SAMPLE]
    size = 0
    for size, text in enumerate(texts, start=1):  # noqa: B007 the last one is the size
        held.update(set(text.split()))
    return Rareness(size, _newest().count() if size == SAMPLE else size, held)


def _newest() -> QuerySet[Case]:
    return Case.objects.open_ledger().order_by("-registered_at", "-pk")


def _candidates(words: frozenset[str], rareness: Rareness, among: QuerySet[Case]) -> list[tuple[int, str]]:
    """Return what shares the most weight of rare tokens with the text, as (key, what it tells).

    Ids alone are fetched until it is known which.
    """
    asked = _rarest(words, rareness)
    weights = [rareness.weight(token) for token in asked]
    gained: defaultdict[int, float] = defaultdict(float)
    for place, row in search.holders(Case, asked):
        gained[row] += weights[place]
    ranked = sorted(gained, key=lambda row: (-round(gained[row], 6), -row))
    found: list[tuple[int, str]] = []
    first, width = 0, WEIGHED
    while first < len(ranked) and len(found) < WEIGHED:
        rows = among.filter(pk__in=ranked[first : first + width]).order_by("-pk")
        found += ((pk, f"{title}\n{text}") for pk, title, text in rows.values_list("pk", "title", "text"))
        first, width = first + width, width * 4
    return found


def _rarest(words: frozenset[str], rareness: Rareness) -> list[str]:
    """Return the tokens to look up: the rarest, as long as they give no more rows than can be counted at once."""
    ranked = sorted(words, key=lambda token: (rareness.held.get(token, 0), token))
    asked, expected = [], 0.0
    for token in ranked[:ASKED]:
        more = rareness.rows(token)
        if expected and expected + more > HELD:
            break
        asked.append(token)
        expected += more
    return asked


def phrases(text: str, shared: frozenset[str], rareness: Rareness) -> tuple[str, ...]:
    """Return the longest stretches of the text made of shared tokens, the weightiest first."""
    weighed: dict[str, float] = {}
    for stretch, weight in _stretches(text, shared, rareness):
        shown = stretch.strip("".join(EMPTY))[:LONGEST_SHARED]
        if len(shown) > 1:
            weighed[shown] = max(weight, weighed.get(shown, 0.0))
    ranked = sorted(weighed, key=lambda phrase: (-weighed[phrase], phrase))
    kept: list[str] = []
    for phrase in ranked:
        if not any(phrase in longer for longer in kept):
            kept.append(phrase)
    return tuple(kept[:SHOWN])


def _stretches(text: str, shared: frozenset[str], rareness: Rareness) -> list[tuple[str, float]]:
    """Return (stretch, weight): neighbouring shared pairs grow together, a word of letters stands alone."""
    grown: list[tuple[str, float]] = []
    open_ = False
    for token in search.tokens(text):
        weight = rareness.weight(token)
        if token not in shared:
            open_ = False
        elif open_ and grown[-1][0][-1] == token[0]:
            grown[-1] = (grown[-1][0] + token[-1], grown[-1][1] + weight)
        else:
            grown.append((token, weight))
            open_ = True
    return grown
