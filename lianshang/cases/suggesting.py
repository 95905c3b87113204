"""Whom to dispatch to: a suggestion with its reasons, or the honest word that there is none.

Three that know something speak: the catalogue in force, cases like this one that were seen through, and the words that
the park's own ledger taught. What speaks for a unit adds up; where it is not enough, or two units are close, nothing is
suggested and the likeliest are shown. A person decides: nothing is filled in or sent by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce

from django.utils import timezone

from lianshang.cases import access, catalogue, training
from lianshang.cases.learning import Linear
from lianshang.cases.models import Case, CatalogueEntry, CatalogueVersion
from lianshang.cases.similar import SAME, Similar, similar_cases
from lianshang.cases.states import VOID, State
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit

SURE = 0.75  # what must speak for a unit
AHEAD = 0.25  # and for no other by nearly as much
LIKELIEST = 3  # units that are shown
HEARD = 0.1  # what must speak for one of them
WORTH = 0.4  # and for the first: less is noise
LOOKED_AT = 5  # similar cases
SEEN_THROUGH = (State.ANSWERED, State.CALLBACK, State.CLOSED)
BY_SIMILAR = 0.8  # what repeated messages say at most


@dataclass(frozen=True)
class Likely:
    """A unit, how much speaks for it (0 to 1), and what, in words.

    `grounds` stand on the form, for this reader alone; `recorded` is what everyone who may open the case can read later.
    """

    unit: Unit
    weight: float
    grounds: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    entry: CatalogueEntry | None = None

    @property
    def reason(self) -> str:
        return "；".join(self.grounds)

    @property
    def source(self) -> str:
        """Where it comes from, as short as a row of the inbox has room for."""
        return f"目录第 {self.entry.position} 条" if self.entry else "照以往办理"


@dataclass(frozen=True)
class Suggestion:
    """The likeliest units, the first of them suggested where that is sure, and the editions that this came from."""

    likeliest: tuple[Likely, ...] = ()
    sure: bool = False
    catalogue: CatalogueVersion | None = None
    model_version: int | None = None

    @property
    def first(self) -> Likely | None:
        return self.likeliest[0] if self.sure else None


@dataclass(frozen=True)
class Knowledge:
    """What is known in a park at a time, read once for any number of cases: catalogue, model, units that may be sent."""

    units: Mapping[int, Unit]
    version: CatalogueVersion | None = None
    entries: Sequence[CatalogueEntry] = ()
    model_version: int | None = None
    model: Linear | None = None
    likes: tuple[Similar, ...] = field(default=())

    def suggestion(self, case: Case) -> Suggestion:
        """Weigh everything. Units that may not be sent are not thought of."""
        text = f"{case.title}\n{case.text}"
        heard = [*self._catalogue(text), *self._model(text), *self._similar(sealed=case.sealed)]
        added = [one for one in _added(heard) if one.weight >= HEARD]
        ranked = sorted(added, key=lambda one: (-one.weight, one.unit.code))[:LIKELIEST]
        if not ranked or ranked[0].weight < WORTH:
            return Suggestion((), sure=False, catalogue=self.version, model_version=self.model_version)
        second = ranked[1].weight if len(ranked) > 1 else 0.0
        sure = ranked[0].weight >= SURE and ranked[0].weight - second >= AHEAD
        return Suggestion(tuple(ranked), sure, self.version, self.model_version)

    def _catalogue(self, text: str) -> list[Likely]:
        found = catalogue.matches(text, self.entries, self.units)
        told = [(one, (_by_catalogue(one.entry),)) for one in found]
        return [Likely(self.units[one.entry.lead_id], one.weight, words, words, one.entry) for one, words in told]

    def _model(self, text: str) -> list[Likely]:
        if self.model is None:
            return []
        guesses = [one for one in self.model.guesses(text) if int(one.label) in self.units and one.words]
        told = [(one, self.units[int(one.label)]) for one in guesses]
        said = [(one, unit, (f"以往说到“{'、'.join(one.words)}”的多由{unit.name}办理",)) for one, unit in told]
        return [Likely(unit, one.chance, words, words) for one, unit, words in said]

    def _similar(self, *, sealed: bool) -> list[Likely]:
        """Each unit's nearest case speaks for it, as far as it is near and the others agree. Its number is never recorded."""
        nearest: dict[int, Similar] = {}
        for one in self.likes:
            if (lead := one.case.lead_unit_id) and lead in self.units:
                nearest.setdefault(lead, one)
        total = sum(one.score for one in nearest.values()) or 1.0
        told = []
        for key, one in nearest.items():
            weight = BY_SIMILAR * min(one.score / SAME, 1.0) * one.score / total
            unit = self.units[key]
            recorded = () if sealed else (f"与以往办结的诉求相似，当时由{unit.name}办理",)
            told.append(Likely(unit, weight, (_by_similar(one, unit),), recorded))
        return told


def knowledge(units: Iterable[Unit], *, at: datetime) -> Knowledge:
    """Read what is known of dispatching to these units. Needs the park's scope."""
    version = catalogue.in_force(timezone.localtime(at).date())
    model_version, model = training.newest() or (None, None)
    by_key = {unit.pk: unit for unit in units}
    return Knowledge(by_key, version, catalogue.entries(version), model_version, model)


def suggest(case: Case, units: Iterable[Unit], *, actor: Actor, at: datetime) -> Suggestion:
    """Return the suggestion for one case, similar cases included: those that this actor may see, sealed for sealed.

    `units` are those that may be sent: without the respondents' and whoever stands aside.
    """
    seen = access.cases_visible_to(actor).filter(sealed=True) if case.sealed else access.open_ledger(actor)
    done = seen.filter(state__in=SEEN_THROUGH, lead_unit__isnull=False).exclude(close_type__in=VOID)
    likes = similar_cases(f"{case.title}\n{case.text}", among=done, at=at, limit=LOOKED_AT, but=case)
    return replace(knowledge(units, at=at), likes=tuple(likes)).suggestion(case)


def _added(heard: Iterable[Likely]) -> list[Likely]:
    """Put together what speaks for the same unit: independent voices, each of which may be wrong."""
    units: dict[int, list[Likely]] = {}
    for one in heard:
        units.setdefault(one.unit.pk, []).append(one)
    return [reduce(_both, voices) for voices in units.values()]


def _both(one: Likely, other: Likely) -> Likely:
    weight = 1 - (1 - one.weight) * (1 - other.weight)
    grounds, recorded = (*one.grounds, *other.grounds), (*one.recorded, *other.recorded)
    return Likely(one.unit, weight, grounds, recorded, one.entry or other.entry)


def _by_catalogue(entry: CatalogueEntry) -> str:
    return f"目录第 {entry.position} 条：{entry.matter} → {entry.lead.name}（依据{entry.basis}）"


def _by_similar(one: Similar, unit: Unit) -> str:
    shared = f"（都说到“{one.shared[0]}”）" if one.shared else ""
    return f"与 {one.case.number} 相似{shared}，当时由{unit.name}办理"
