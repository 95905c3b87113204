"""Which processes of the catalogue the park could attract, with the reasons: what feeds them, what they close.

Seen from the park alone, and with what its region offers. The weights are a convention: each column is exact given the
data, the meaning is in the head of the order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from lianshang.chain.analysis.balance import Balance, balances
from lianshang.chain.analysis.findings import TROUBLED, kinds
from lianshang.chain.analysis.network import Flow, Park

CAPITAL_CHARGE = 0.167  # a year's share of the investment
WORTH, GAP, LOCAL, FEASIBLE, ABSORBED = 0.40, 0.20, 0.15, 0.15, 0.10
TIER_FACTORS = {1: 1.0, 2: 0.6, 3: 0.0, 4: 0.0}
IN_QUESTION = 2  # tiers up to here
# Mines and what burns their gas go with a deposit; the others are by-passes of what a park has already.
NOT_ATTRACTED = frozenset({"FUEL_TAIL", "WETQ", "MINE", "CMM_GEN", "LETDOWN"})


@dataclass(frozen=True)
class Supply:
    """What is to be had in one view: the park's balance, and with `offered` what the region adds."""

    park: Park
    balances: Mapping[str, Balance]
    offered: Mapping[str, float]

    def surplus(self, product: str) -> float:
        return self.local(product) + self.offered.get(product, 0.0)

    def local(self, product: str) -> float:
        return self.balances[product].surplus if product in self.balances else 0.0

    def deficit(self, product: str) -> float:
        return self.balances[product].deficit if product in self.balances else 0.0

    @cached_property
    def troubled(self) -> Mapping[str, float]:
        """The surpluses that wait for somebody who takes them."""
        return {
            code: balance.surplus
            for code, balance in self.balances.items()
            if balance.surplus and TROUBLED.intersection(kinds(balance, self.park.network))
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """One process in one view. Values in 万元 a year; shares are fractions."""

    process: str
    tier: int
    main_feed: str | None
    missing: tuple[str, ...]
    scale: float
    scale_over_least: float
    margin: float  # yuan per unit
    net: float  # yuan per unit, after the capital charge
    gap_closed: float = 0.0
    local_content: float = 0.0
    absorbs: float = 0.0

    @property
    def value_added(self) -> float:
        return self.margin * self.scale / 10_000

    @property
    def net_value(self) -> float:
        return self.net * self.scale / 10_000

    @property
    def feasible(self) -> float:
        return min(1.0, self.scale_over_least)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with both views. Ranks from 1."""

    process: str
    park: Candidate
    region: Candidate
    score_park: float
    score_region: float
    rank_park: int
    rank_region: int


def candidates(park: Park, found: Mapping[str, Balance] | None = None) -> list[Ranked]:
    """Every process of the catalogue that the park lacks, in the park's order."""
    lines = found if found is not None else balances(park)
    local = {each.process: each for each in view(park, Supply(park, lines, {}))}
    wide = {each.process: each for each in view(park, Supply(park, lines, park.regional))}
    of_park, of_region = scores(local.values()), scores(wide.values())
    first, second = _ranks(of_park), _ranks(of_region)
    return [
        Ranked(code, local[code], wide[code], of_park[code], of_region[code], rank, second[code])
        for code, rank in first.items()
    ]


def attractable(park: Park) -> list[str]:
    running = park.running()
    return [code for code in park.network.processes if code not in running and code not in NOT_ATTRACTED]


def view(park: Park, supply: Supply) -> list[Candidate]:
    return [_candidate(park, supply, code) for code in attractable(park)]


def margin(park: Park, process: str) -> float:
    """What one unit of the reference output brings over its inputs, yuan."""
    products = park.network.products
    flows = park.network.of_process[process]
    return sum(
        products[flow.product].price * (flow.coefficient if flow.is_output else -flow.coefficient) for flow in flows
    )


def net_margin(park: Park, process: str) -> float:
    return margin(park, process) - CAPITAL_CHARGE * park.network.processes[process].capital


def scores(found: Iterable[Candidate]) -> dict[str, float]:
    """The weighted sum of each candidate's merits against the best of those in question."""
    everyone = list(found)
    asked = [each for each in everyone if each.tier <= IN_QUESTION]
    worth = max((_worth(each) for each in asked), default=0.0)
    gap = max((each.gap_closed for each in asked), default=0.0)
    return {each.process: _score(each, worth, gap) for each in everyone}


def _worth(candidate: Candidate) -> float:
    return max(candidate.value_added, 0.0) * candidate.feasible


def _score(candidate: Candidate, worth: float, gap: float) -> float:
    if candidate.margin <= 0:
        return 0.0
    merits = (
        WORTH * (_worth(candidate) / worth if worth else 0.0)
        + GAP * (candidate.gap_closed / gap if gap else 0.0)
        + LOCAL * candidate.local_content
        + FEASIBLE * candidate.feasible
        + ABSORBED * candidate.absorbs
    )
    return TIER_FACTORS[candidate.tier] * merits


def _ranks(found: Mapping[str, float]) -> dict[str, int]:
    ordered = sorted(found, key=lambda code: (-found[code], code))
    return {code: rank for rank, code in enumerate(ordered, start=1)}


def _candidate(park: Park, supply: Supply, code: str) -> Candidate:
    process, inputs = park.network.processes[code], park.network.physical_inputs(code)
    missing = tuple(flow.product for flow in inputs if flow.coefficient and supply.surplus(flow.product) <= 0)
    feed = _main_feed(park, supply, inputs)
    tier = _tier(park, missing, has_ground=feed is not None or supply.deficit(process.reference) > 0)
    earned, net = margin(park, code), net_margin(park, code)
    if tier > IN_QUESTION:
        return Candidate(code, tier, None, missing, 0.0, 0.0, earned, net)
    scale = _scale(park, supply, code, feed)
    return Candidate(
        process=code,
        tier=tier,
        main_feed=feed.product if feed else None,
        missing=missing,
        scale=scale,
        scale_over_least=scale / process.least_scale if process.least_scale else 1.0,
        margin=earned,
        net=net,
        gap_closed=_gap_closed(park, supply, code, scale),
        local_content=_local_content(park, supply, code, scale),
        absorbs=_absorbs(supply, inputs, scale),
    )


def _tier(park: Park, missing: tuple[str, ...], *, has_ground: bool) -> int:
    if any(park.network.products[product].transport == "pipeline" for product in missing):
        return 3
    if not has_ground:
        return 4
    return 2 if missing else 1


def _main_feed(park: Park, supply: Supply, inputs: tuple[Flow, ...]) -> Flow | None:
    there = [flow for flow in inputs if flow.coefficient and supply.surplus(flow.product) > 0]
    prices = park.network.products
    return max(there, key=lambda flow: flow.coefficient * max(prices[flow.product].price, 1.0), default=None)


def _scale(park: Park, supply: Supply, code: str, feed: Flow | None) -> float:
    """As large as usual, as what comes through pipes allows, and as the main feed (or the park's own lack) allows."""
    process = park.network.processes[code]
    limits = [
        supply.surplus(flow.product) / flow.coefficient
        for flow in park.network.physical_inputs(code)
        if flow.coefficient and (flow == feed or park.network.products[flow.product].transport == "pipeline")
    ]
    if feed is None:
        limits.append(supply.deficit(process.reference))
    return min([process.typical_scale, *limits])


def _gap_closed(park: Park, supply: Supply, code: str, scale: float) -> float:
    """The value of its outputs that the park lacks, as far as it lacks them, 万元."""
    total = 0.0
    for flow in park.network.outputs(code):
        product = park.network.products[flow.product]
        if product.role != "waste":
            total += product.price * min(scale * flow.coefficient, supply.deficit(flow.product))
    return total / 10_000


def _local_content(park: Park, supply: Supply, code: str, scale: float) -> float:
    """What part of its priced inputs, services apart, the park's own surplus covers, by value."""
    made = {flow.product: flow.coefficient for flow in park.network.outputs(code)}
    covered = whole = 0.0
    for flow in park.network.inputs(code):
        product = park.network.products[flow.product]
        wanted = scale * (flow.coefficient - made.get(flow.product, 0.0))  # what it makes itself it need not be given
        if product.role == "service" or product.price <= 0 or wanted <= 0:
            continue
        whole += wanted * product.price
        covered += min(wanted, supply.local(flow.product)) * product.price
    return covered / whole if whole else 0.0


def _absorbs(supply: Supply, inputs: tuple[Flow, ...], scale: float) -> float:
    """The largest share that it takes of one troubled surplus."""
    taken = (
        min(1.0, scale * flow.coefficient / supply.troubled[flow.product])
        for flow in inputs
        if flow.product in supply.troubled
    )
    return max(taken, default=0.0)
