"""The park in a few figures: how large, how concentrated, how self-sufficient, which parts of the chain are there."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from lianshang.chain.analysis.balance import Balance, balances, concentration
from lianshang.chain.analysis.network import Network, Park

PARTY_MEMBERS_FOR_AN_ORGANIZATION = 3  # 党章 art. 30: from three full members on
OWN, NO_ORGANIZATION = "独立支部", "无"


def metrics(park: Park, found: Mapping[str, Balance] | None = None) -> dict[str, Any]:
    lines = found if found is not None else balances(park)
    values = [enterprise.output_value for enterprise in park.enterprises.values()]
    whole = park.output_value
    return {
        "total_output_wan": whole,
        "n_enterprises": len(values),
        "output_hhi": concentration(values),
        "leader_share": max(values) / whole if whole else None,
        "self_sufficiency_value_weighted": self_sufficiency(lines),
        "processes_in_catalogue": len(park.network.processes),
        "processes_in_park": len(park.running()),
        "segments": segments(park.network, park.running()),
        "staff": sum(enterprise.staff for enterprise in park.enterprises.values()),
        "party_members": sum(enterprise.party_members for enterprise in park.enterprises.values()),
        "own_party_branch": [code for code, each in park.enterprises.items() if each.party_organization == OWN],
        "should_establish": [
            code
            for code, each in park.enterprises.items()
            if each.party_members >= PARTY_MEMBERS_FOR_AN_ORGANIZATION and each.party_organization == NO_ORGANIZATION
        ],
        "stages": stages(park),
    }


def self_sufficiency(lines: Mapping[str, Balance]) -> float | None:
    """What part of the demand the park covers itself, by value; raw materials and what costs nothing apart."""
    covered = whole = 0.0
    for balance in lines.values():
        product = balance.product
        if product.role != "raw" and product.price > 0:
            covered += min(balance.supply, balance.demand) * product.price
            whole += balance.demand * product.price
    return covered / whole if whole else None


def segments(network: Network, running: frozenset[str]) -> dict[str, dict[str, int]]:
    """How much of each segment of the catalogue is in the park; what only fills the fuel header is no segment."""
    known = [process for process in network.processes.values() if not network.fills_header(process.code)]
    catalogue = Counter(process.segment for process in known)
    present = Counter(process.segment for process in known if process.code in running)
    return {segment: {"present": present[segment], "catalogue": count} for segment, count in catalogue.items()}


def stages(park: Park) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for stage in ("upstream", "midstream", "downstream"):
        there = [enterprise for enterprise in park.enterprises.values() if enterprise.stage == stage]
        found[stage] = {"enterprises": len(there), "output_wan": sum(each.output_value for each in there)}
    return found
