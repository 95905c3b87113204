"""What comes up again: like cases of several enterprises within a period, found by the system for somebody to judge.

Looked for in the newest cases of the open ledger, when asked: nothing is stored. Two cases belong together where they
tell of nearly the same matter (`similar`) and name one category or one place; where a category is missing, they must
say almost the same words. A group is a case with all its neighbours, so that A like B and B like C does not make A and
C one matter.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from math import sqrt
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef

from lianshang.cases import access, similar
from lianshang.cases.models import Case, Theme, ThemeCase
from lianshang.cases.overview import PERIOD, RECURS
from lianshang.cases.similar import NEAR, SAME, Rareness
from lianshang.cases.states import VOID, State
from lianshang.cases.theme_access import distinct, theme_of, themes_visible_to
from lianshang.cases.theme_flow import MANAGERS
from lianshang.directory.actors import Actor

ENTERPRISES = RECURS  # distinct ones: from the third on it is no longer the trouble of one or two
NEWEST = (
    400  # cases of the period that are compared with each other, and members of themes that a case is compared with
)
SHOWN = 8  # candidates on a page
PAUSES = re.compile(r"[，。；！？、,;!?：:\s]+")
CLAUSE = range(4, 21)  # signs of a clause that may be a name
MEMBERS = 40  # cases of one theme that others are compared with
NEW = (State.REGISTERED, State.SCREENED, State.REOPENED)  # waiting to be sent
FIELDS = (
    "key", "number", "title", "text", "category", "place", "enterprise_id", "enterprise_name", "registered_at", "state",
    "park_id", "close_type", "enterprise__name",
)  # fmt: skip


class Told(NamedTuple):
    """What of a case is compared."""

    pk: int
    words: frozenset[str]
    category: str
    place: str


@dataclass(frozen=True)
class Candidate:
    """Cases that may be one matter, the newest first, of how many enterprises, and what they all say."""

    cases: list[Case]
    enterprises: int
    shared: tuple[str, ...]
    named: str = ""  # the clause of a title that says most of what the others say

    @property
    def title(self) -> str:
        """What the cases have in common, as a name to begin with."""
        categories = sorted(case.category for case in self.cases if case.category)
        place = _one({case.place for case in self.cases})
        return "：".join(part for part in (f"{place}{categories[0] if categories else ''}", self.named) if part)[:80]

    @property
    def query(self) -> str:
        """The cases and the title, as the form of a new theme takes them."""
        return urlencode([("title", self.title), *(("case", str(case.key)) for case in self.cases)])

    @cached_property
    def span(self) -> tuple[datetime, datetime]:
        return self.cases[-1].registered_at, self.cases[0].registered_at


@dataclass(frozen=True)
class Offer:
    """A theme whose cases are like the one at hand."""

    theme: Theme
    score: float


def candidates(actor: Actor, now: datetime) -> list[Candidate]:
    """Return the groups that this actor may see, those of the most enterprises first. Needs the park's scope."""
    cases = _loose(actor, now)
    rareness = similar.rareness_now()
    by_key = {case.pk: case for case in cases}
    whose = tuple((case.enterprise_id, case.enterprise_name) for case in cases)
    groups = _found(tuple(_told(case) for case in cases), whose, rareness)
    return [_candidate([by_key[pk] for pk in group], rareness) for group in groups[:SHOWN]]


def offers(case: Case, actor: Actor, now: datetime) -> list[Offer]:
    """Return the themes that the case might belong to, the nearest first: under way, or closed within the period."""
    if case.sealed:
        return []
    themes = {one.pk: one for one in themes_visible_to(actor).select_related("owner_unit") if _is_fresh(one, now)}
    members = ThemeCase.objects.filter(theme__in=themes, removed_by=None, case__sealed=False).select_related("case")
    rows = list(members.order_by("-pk")[:NEWEST]) if themes else []
    if not rows:
        return []
    scale, own = Scale(similar.rareness_now()), _told(case)
    nearest: dict[int, float] = {}
    for row in rows:
        if score := scale.score(own, _told(row.case)):
            nearest[row.theme_id] = max(score, nearest.get(row.theme_id, 0.0))
    found = sorted(nearest.items(), key=lambda one: (-one[1], -one[0]))
    return [Offer(themes[pk], score) for pk, score in found[:2]]


def beside(case: Case, actor: Actor, now: datetime) -> dict[str, object]:
    """Return what the case's page shows of themes: the one it belongs to, else those it might, before it is sent.

    Later the theme's own page offers it.
    """
    theme = theme_of(case, actor)
    asked = theme is None and case.state in NEW and actor.has(*MANAGERS)
    return {"theme": theme, "offers": offers(case, actor, now) if asked else []}


def like_members(members: Sequence[Case], actor: Actor, now: datetime) -> list[Case]:
    """Return cases of the period that are in no theme and like one of these, the newest first."""
    if not members:
        return []
    scale, told = Scale(similar.rareness_now()), [_told(case) for case in members[:MEMBERS]]
    return [case for case in _loose(actor, now) if any(scale.score(_told(case), one) for one in told)][:SHOWN]


def _loose(actor: Actor, now: datetime) -> list[Case]:
    """Return the newest cases of the period that are in no theme."""
    inside = ThemeCase.objects.filter(case=OuterRef("pk"), removed_by=None)
    rows = access.open_ledger(actor).filter(registered_at__gt=now - PERIOD, registered_at__lte=now)
    rows = rows.filter(~Exists(inside)).exclude(close_type__in=VOID).select_related("enterprise")
    return list(rows.only(*FIELDS).order_by("-registered_at", "-pk")[:NEWEST])


def _is_fresh(theme: Theme, now: datetime) -> bool:
    return theme.closed_at is None or theme.closed_at > now - PERIOD


def _told(case: Case) -> Told:
    return Told(case.pk, similar.words_of(f"{case.title}\n{case.text}"), case.category, case.place.strip())


class Scale:
    """Likeness as `similar` has it, with each text's length worked out once."""

    def __init__(self, rareness: Rareness) -> None:
        self.rareness = rareness
        self.lengths: dict[int, float] = {}

    def score(self, one: Told, other: Told) -> float:
        """Return how like two cases are (0 to 1); 0 where they are not one matter."""
        least = _least(one, other)
        shared = one.words & other.words if least else frozenset()
        if len(shared) <= 1:
            return 0.0
        likeness = self.rareness.square(shared) / (self._length(one) * self._length(other))
        return likeness if likeness >= least else 0.0

    def _length(self, told: Told) -> float:
        if told.pk not in self.lengths:
            self.lengths[told.pk] = sqrt(self.rareness.square(told.words))
        return self.lengths[told.pk]


def _least(one: Told, other: Told) -> float:
    """Return how like the words must be: less where category or place agree; 0 where it cannot be one matter."""
    if (one.category and one.category == other.category) or (one.place and one.place == other.place):
        return NEAR
    return 0.0 if one.category and other.category else SAME


@lru_cache(maxsize=16)
def _found(
    told: tuple[Told, ...], whose: tuple[tuple[int | None, str], ...], rareness: Rareness
) -> tuple[tuple[int, ...], ...]:
    """Return the groups. The same cases are compared with each other once, and not for each page that shows them."""
    near = _neighbours(told, Scale(rareness))
    groups = _groups(near, dict(zip((one.pk for one in told), whose, strict=True)))
    return tuple(tuple(group) for group in groups)


def _neighbours(told: Sequence[Told], scale: Scale) -> dict[int, set[int]]:
    """Return case → the cases that are one matter with it."""
    found: dict[int, set[int]] = defaultdict(set)
    for place, one in enumerate(told):
        for other in told[place + 1 :]:
            if scale.score(one, other):
                found[one.pk].add(other.pk)
                found[other.pk].add(one.pk)
    return found


def _groups(near: Mapping[int, set[int]], whose: Mapping[int, tuple[int | None, str]]) -> list[list[int]]:
    """Return groups of enough enterprises, each case in one of them, the newest first in each."""
    left, found = set(near), []
    while left:
        sized = {pk: ({pk} | near[pk]) & left for pk in left}
        best = max(left, key=lambda pk: (len(distinct(whose[one] for one in sized[pk])), len(sized[pk]), pk))
        if len(distinct(whose[one] for one in sized[best])) < ENTERPRISES:
            break
        found.append(sorted(sized[best], reverse=True))
        left -= sized[best]
    return found


def _candidate(cases: list[Case], rareness: Rareness) -> Candidate:
    cases.sort(key=lambda case: (case.registered_at, case.pk), reverse=True)
    shared = frozenset.intersection(*(similar.words_of(f"{case.title}\n{case.text}") for case in cases))
    phrases = similar.phrases(cases[0].text, shared, rareness)
    enterprises = len(distinct((case.enterprise_id, case.enterprise_name) for case in cases))
    return Candidate(cases, enterprises, phrases, _clause(cases, rareness))


def _clause(cases: Sequence[Case], rareness: Rareness) -> str:
    """Return the clause of a title that is found again most in the other cases: a name that a person can read."""
    words = {case.pk: similar.words_of(f"{case.title}\n{case.text}") for case in cases}
    found = [(_covered(clause, case, words, rareness), clause) for case in cases for clause in _clauses(case.title)]
    return max(found, key=lambda one: (one[0], -len(one[1]), one[1]))[1] if found else ""


def _clauses(title: str) -> list[str]:
    cut = (part.strip() for part in PAUSES.split(title.rstrip("…")))
    return [part for part in cut if len(part) in CLAUSE]


def _covered(clause: str, case: Case, words: Mapping[int, frozenset[str]], rareness: Rareness) -> float:
    """Return how much of the clause's weight the other cases share, on average."""
    own = similar.words_of(clause)
    others = [rareness.square(own & told) for pk, told in words.items() if pk != case.pk]
    return sum(others) / len(others) if others else 0.0


def _one(values: set[str]) -> str:
    return values.pop() if len(values) == 1 else ""
