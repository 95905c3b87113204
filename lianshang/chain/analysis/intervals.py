"""How sure a finding is: coefficients have a low and a high, and a finding either survives them all or it does not.

Each flow moves within its own range, alike for everybody who runs the process. Supply and demand are taken at their
opposite ends, and one supplier against the others, so what holds here holds for every mixture between.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from lianshang.chain.analysis.balance import Balance, Sides, balances, sides
from lianshang.chain.analysis.findings import LABELS, Kind, kinds
from lianshang.chain.analysis.network import Network, Park

# A finding survives where it turns into a worse one: who hangs by a single supplier does so still when it falls short.
WORSE: Mapping[Kind, Kind] = {
    Kind.FRAGILE_SINGLE: Kind.GAP,
    Kind.N1_SHORT: Kind.GAP,
    Kind.TIGHT: Kind.GAP,
    Kind.GAP_AT_FULL_CAPACITY: Kind.GAP,
    Kind.FRAGILE_TREATMENT: Kind.UNTREATED_SURPLUS,
}


class Certainty(StrEnum):
    SURE = "sure"  # at every coefficient
    LIKELY = "likely"  # at the given coefficients, not at all
    POSSIBLE = "possible"  # not at the given ones, but at some


@dataclass(frozen=True, slots=True)
class Range:
    """Supply and demand of one product, each from low to high, and how sure its findings are."""

    balance: Balance
    supply: tuple[float, float]
    demand: tuple[float, float]
    certainty: Mapping[Kind, Certainty]

    def survives(self, kind: Kind) -> bool:
        return self.certainty.get(kind) == Certainty.SURE


def ranges(park: Park) -> dict[str, Range]:
    lines = balances(park)
    low, high = _ends(park, "low"), _ends(park, "high")
    return {code: _range(line, _Ends(code, low, high), park.network) for code, line in lines.items()}


@dataclass(frozen=True, slots=True)
class _Ends:
    """One product at the low and at the high coefficients: today and at full capacity."""

    code: str
    low: tuple[Sides, Sides]
    high: tuple[Sides, Sides]

    def side(self, end: str, at: int) -> Mapping[str, float]:
        """Who makes (0) or uses (1) how much today, at the `low` or `high` end."""
        return (self.low if end == "low" else self.high)[0].get(self.code, ({}, {}))[at]

    def full(self, end: str, at: int) -> float:
        return sum((self.low if end == "low" else self.high)[1].get(self.code, ({}, {}))[at].values())


def _ends(park: Park, end: str) -> tuple[Sides, Sides]:
    network = Network(
        park.network.products,
        park.network.processes,
        tuple(replace(flow, coefficient=getattr(flow, end)) for flow in park.network.flows),
    )
    return sides(network, park.activities), sides(network, park.at_capacity().activities)


def _range(line: Balance, ends: _Ends, network: Network) -> Range:
    stated = set(kinds(line, network))
    seen = [set(kinds(corner, network)) for corner in _corners(line, ends)]
    possible = set().union(*seen) - stated - LABELS
    certainty = {kind: _certainty(kind, seen) for kind in stated - LABELS}
    certainty |= dict.fromkeys(sorted(possible), Certainty.POSSIBLE)
    supply = (sum(ends.side("low", 0).values()), sum(ends.side("high", 0).values()))
    demand = (sum(ends.side("low", 1).values()), sum(ends.side("high", 1).values()))
    return Range(line, supply, demand, certainty)


def _certainty(kind: Kind, seen: list[set[Kind]]) -> Certainty:
    survives = all(kind in corner or WORSE.get(kind) in corner for corner in seen)
    return Certainty.SURE if survives else Certainty.LIKELY


def _corners(line: Balance, ends: _Ends) -> Iterator[Balance]:
    for supply_end in ("low", "high"):
        for demand_end in ("low", "high"):
            consumers = ends.side(demand_end, 1)
            full = ends.full(supply_end, 0), ends.full(demand_end, 1)
            other = ends.side("high" if supply_end == "low" else "low", 0)
            given = ends.side(supply_end, 0)
            for suppliers in (given, *({**given, code: other.get(code, 0.0)} for code in given if given != other)):
                yield Balance(line.product, dict(suppliers), dict(consumers), supply_full=full[0], demand_full=full[1])
