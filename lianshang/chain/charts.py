"""The park's chain as it is on record now: the catalogue in force, who runs what, what it was worth.

What follows from it is computed once for each state of the records and kept in memory under its content.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

from lianshang.chain.analysis.balance import Balance, balances
from lianshang.chain.analysis.candidates import Ranked, candidates
from lianshang.chain.analysis.criticality import Stoppage, criticality
from lianshang.chain.analysis.findings import Finding, findings
from lianshang.chain.analysis.intervals import Range, ranges
from lianshang.chain.analysis.links import Link, links
from lianshang.chain.analysis.loops import Loop, loops
from lianshang.chain.analysis.metrics import metrics
from lianshang.chain.analysis.network import Activity, Enterprise, Flow, Network, Park, Process, Product, Substitute
from lianshang.chain.analysis.portfolios import Portfolio, portfolios
from lianshang.chain.analysis.throughput import Throughput
from lianshang.chain.models import (
    Edition,
    ProcessEntry,
    ProcessFlow,
    ProcessRun,
    ProductEntry,
    RegionalSupply,
    Substitution,
)
from lianshang.chain.shipped import network
from lianshang.enterprises import models as records

KEPT = 8  # states of parks that are kept in memory
_KEPT: "dict[str, Chart]" = {}

PRODUCT = ("code", "name", "unit", "stage", "role", "transport", "disposal", "price", "swing", "final_sale")
PRODUCT_MORE = ("hazardous", "category", "mass", "heat", "carbon", "note")
PROCESS = ("code", "name", "stage", "segment", "reference", "typical_scale", "least_scale", "capital", "closes_by")
PROCESS_MORE = ("hazard", "industry", "note")
FLOW = (
    "process",
    "product",
    "is_output",
    "coefficient",
    "low",
    "high",
    "in_mass_balance",
    "source",
    "evidence",
    "note",
)


@dataclass(frozen=True)
class Chart:
    """A state of the park's chain, and what follows from it, each worked out when it is first asked for."""

    park: Park
    edition: Edition
    demo: frozenset[str]  # enterprises whose figures are invented
    named: frozenset[str] = frozenset()  # those among them that bear a real company's name

    @cached_property
    def balances(self) -> dict[str, Balance]:
        return balances(self.park)

    @cached_property
    def findings(self) -> list[Finding]:
        return findings(self.balances, self.park.network)

    @cached_property
    def links(self) -> list[Link]:
        return links(self.balances)

    @cached_property
    def criticality(self) -> list[Stoppage]:
        return criticality(self.park)

    @cached_property
    def candidates(self) -> list[Ranked]:
        return candidates(self.park, self.balances)

    @cached_property
    def portfolios(self) -> list[Portfolio]:
        return portfolios(self.park, self.balances)

    @cached_property
    def metrics(self) -> dict[str, Any]:
        return metrics(self.park, self.balances)

    @cached_property
    def ranges(self) -> dict[str, Range]:
        return ranges(self.park)

    @cached_property
    def loops(self) -> list[Loop]:
        return loops(self.park, self.balances)

    def throughput(self) -> Throughput:
        """A program of one's own: it is not for several at once."""
        return Throughput(self.park)


def chart() -> Chart | None:
    """The chain of the park in scope; None where it has no catalogue yet."""
    edition = Edition.objects.order_by("-number").first()
    if edition is None:
        return None
    runs = ProcessRun.objects.filter(until=None, enterprise__is_active=True).order_by("enterprise__code", "pk")
    activities = tuple(Activity(*row) for row in runs.values_list("enterprise__code", "process", "capacity", "level"))
    enterprises, demo, named = _enterprises()
    state = sha256(repr((edition.pk, edition.digest, activities, enterprises)).encode()).hexdigest()
    if state not in _KEPT:
        _keep(state, Chart(_park(edition, activities, enterprises), edition, demo, named))
    return _KEPT[state]


def start() -> Park:
    """What a park without a catalogue begins with: the shipped one, its own enterprises, nobody running anything."""
    enterprises, _, _ = _enterprises()
    return Park(network(), {each.code: each for each in enterprises}, ())


def _keep(state: str, found: Chart) -> None:
    while len(_KEPT) >= KEPT:
        _KEPT.pop(next(iter(_KEPT)), None)
    _KEPT[state] = found


def _park(edition: Edition, activities: tuple[Activity, ...], enterprises: tuple[Enterprise, ...]) -> Park:
    network = _network(edition.digest)
    substitutes = _rows(Substitution, ("product", "instead", "ratio", "process", "condition"))
    return Park(
        network,
        {each.code: each for each in enterprises},
        tuple(each for each in activities if each.process in network.processes),
        dict(_rows(RegionalSupply, ("product", "quantity"))),
        tuple(Substitute(*row) for row in substitutes),
    )


@lru_cache(maxsize=KEPT)
def _network(digest: str) -> Network:
    products = [Product(*row) for row in _rows(ProductEntry, (*PRODUCT, *PRODUCT_MORE))]
    processes = [Process(*row) for row in _rows(ProcessEntry, (*PROCESS, *PROCESS_MORE))]
    return Network(
        {each.code: each for each in products},
        {each.code: each for each in processes},
        tuple(Flow(*row) for row in _rows(ProcessFlow, FLOW)),
    )


def _rows(model: type, names: Sequence[str]) -> list[tuple]:
    return list(model.objects.in_force().order_by("position", "pk").values_list(*names))


def _enterprises() -> tuple[tuple[Enterprise, ...], frozenset[str], frozenset[str]]:
    """The enterprises with the output value of their newest period."""
    worth = dict(records.Output.objects.order_by("ends_on", "pk").values_list("enterprise", "value"))
    rows = list(records.Enterprise.objects.filter(is_active=True).order_by("code"))
    found = tuple(
        Enterprise(
            row.code, row.name, float(worth.get(row.pk, 0)), row.stage, row.sector,
            row.staff_count, row.member_count, row.party_org, row.is_demo,
        )
        for row in rows
    )  # fmt: skip
    demo = [row for row in rows if row.is_demo]
    leaders = (row.code for row in demo if row.chain_role == records.Enterprise.ChainRole.LEADER)
    return found, frozenset(row.code for row in demo), frozenset(leaders)
