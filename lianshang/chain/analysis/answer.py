"""Everything about a park in the shape that the command prints: lists of plain rows with settled column names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lianshang.chain.analysis.balance import Balance, balances
from lianshang.chain.analysis.candidates import Ranked, candidates
from lianshang.chain.analysis.criticality import Stoppage, criticality
from lianshang.chain.analysis.findings import Finding, findings, kinds
from lianshang.chain.analysis.links import Link, links
from lianshang.chain.analysis.metrics import metrics
from lianshang.chain.analysis.network import Network, Park
from lianshang.chain.analysis.portfolios import Portfolio, portfolios

PER_CENT = 100

Row = dict[str, Any]


@dataclass(frozen=True)
class Analysis:
    park: Park
    balances: Mapping[str, Balance]
    links: list[Link]
    findings: list[Finding]
    criticality: list[Stoppage]
    candidates: list[Ranked]
    portfolios: list[Portfolio]
    metrics: dict[str, Any]

    def as_rows(self) -> dict[str, Any]:
        network = self.park.network
        return {
            "balance": [balance_row(balance, network) for balance in self.balances.values()],
            "links": [link_row(link) for link in self.links],
            "findings": [finding_row(finding) for finding in self.findings],
            "criticality": [stoppage_row(each, rank) for rank, each in enumerate(self.criticality, start=1)],
            "candidates": [candidate_row(each, network) for each in self.candidates],
            "portfolio": [row for each in self.portfolios for row in portfolio_rows(each, network)],
            "metrics": self.metrics,
        }


def analyse(park: Park) -> Analysis:
    found = balances(park)
    return Analysis(
        park=park,
        balances=found,
        links=links(found),
        findings=findings(found, park.network),
        criticality=criticality(park),
        candidates=candidates(park, found),
        portfolios=portfolios(park, found),
        metrics=metrics(park, found),
    )


def balance_row(balance: Balance, network: Network) -> Row:
    product = balance.product
    return {
        "product": product.code,
        "name_zh": product.name,
        "unit": product.unit,
        "transport": product.transport,
        "role": product.role,
        "supply": balance.supply,
        "demand": balance.demand,
        "net": balance.net,
        "coverage": balance.coverage,
        "self_sufficiency": balance.self_sufficiency,
        "n_suppliers": len(balance.suppliers),
        "n_consumers": len(balance.consumers),
        "hhi_supply": balance.concentration,
        "top_supplier": balance.largest,
        "n1_coverage": balance.coverage_without_largest,
        "captive_share": balance.captive_share,
        "supply_full": balance.supply_full,
        "demand_full": balance.demand_full,
        "net_full": balance.supply_full - balance.demand_full,
        "net_value_wan": balance.value,
        "findings": [kind.value for kind in kinds(balance, network)],
    }


def link_row(link: Link) -> Row:
    return {
        "product": link.product.code,
        "supplier": link.supplier,
        "consumer": link.consumer,
        "quantity": link.quantity,
        "unit": link.product.unit,
        "value_wan": link.value,
    }


def finding_row(finding: Finding) -> Row:
    balance = finding.balance
    return {
        "product": balance.product.code,
        "type": finding.kind.value,
        "supply": balance.supply,
        "demand": balance.demand,
        "unit": balance.product.unit,
    }


def stoppage_row(stoppage: Stoppage, rank: int) -> Row:
    return {
        "rank": rank,
        "enterprise": stoppage.enterprise,
        "name": stoppage.name,
        "own_value_wan": stoppage.own,
        "throughput_after_wan": stoppage.left,
        "loss_wan": stoppage.loss,
        "loss_pct": stoppage.loss_share * PER_CENT,
        "knock_on_wan": stoppage.knock_on,
        "knock_on_pct": stoppage.knock_on_share * PER_CENT,
        "amplification": stoppage.amplification,
        "enterprises_hit": len(stoppage.hit),
        "hit": ";".join(stoppage.hit) or None,
    }


def candidate_row(ranked: Ranked, network: Network) -> Row:
    process = network.processes[ranked.process]
    row: Row = {
        "rank_park": ranked.rank_park,
        "rank_region": ranked.rank_region,
        "process": process.code,
        "name_zh": process.name,
        "segment": process.segment,
        "min_scale": process.least_scale,
        "typical_scale": process.typical_scale,
        "margin_yuan_per_unit": ranked.park.margin,
        "capex_yuan_per_unit": process.capital,
        "net_yuan_per_unit": ranked.park.net,
    }
    for view, seen in (("park", ranked.park), ("region", ranked.region)):
        row |= {
            f"tier_{view}": seen.tier,
            f"main_feed_{view}": seen.main_feed,
            f"missing_{view}": "|".join(seen.missing) or None,
            f"scale_{view}": seen.scale,
            f"scale_over_min_{view}": seen.scale_over_least,
            f"value_added_wan_{view}": seen.value_added,
            f"net_value_wan_{view}": seen.net_value,
            f"gap_closed_wan_{view}": seen.gap_closed,
            f"local_content_{view}": seen.local_content,
            f"absorbs_{view}": seen.absorbs,
        }
    return row | {"score_park": ranked.score_park, "score_region": ranked.score_region}


def portfolio_rows(portfolio: Portfolio, network: Network) -> Iterator[Row]:
    yield _item(portfolio, portfolio.model, "OBJECTIVE", None, "万元/a", portfolio.value)
    for code, scale in portfolio.scales.items():
        unit = network.products[network.processes[code].reference].unit
        yield _item(portfolio, portfolio.model, code, scale, f"{unit}/a", portfolio.values[code])
    for product, price in portfolio.prices.items():
        unit = network.products[product].unit
        yield _item(portfolio, f"{portfolio.model} shadow price", product, price, f"元/{unit}", None)


def _item(portfolio: Portfolio, model: str, item: str, quantity: float | None, unit: str, value: float | None) -> Row:
    return {
        "view": portfolio.view,
        "model": model,
        "item": item,
        "quantity": quantity,
        "unit": unit,
        "value_wan": value,
    }
