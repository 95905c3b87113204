"""What is wrong, product by product: broken links, gaps, single suppliers, bottlenecks, what is wasted.

Each rule is a comparison of supply and demand; the limits are conventions and stand at the top.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lianshang.chain.analysis.balance import Balance, concentration
from lianshang.chain.analysis.network import SHORTFALL, Network

CONCENTRATED = 0.70  # from this Herfindahl–Hirschman index on there is practically one supplier
TIGHT = 1.10  # less than a tenth to spare
FLARED = 1.08  # more than this over demand is burnt off
DUST = 1e-9  # sums of floats differ by less

PASSED_ON = frozenset({"intermediate", "byproduct"})
LINKING = frozenset({"intermediate", "utility", "service"})


class Kind(StrEnum):
    NATURAL_IMPORT = "natural_import"
    CAPTIVE = "captive"
    IMPORT_ONLY = "import_only"
    MISSING_SUPPLY = "missing_supply"
    GAP = "gap"
    GAP_OPERATIONAL = "gap_operational"
    NO_DOWNSTREAM = "no_downstream"
    WASTE_UNUSED = "waste_unused"
    NO_TREATMENT = "no_treatment"
    UNTREATED_SURPLUS = "untreated_surplus"
    FRAGILE_TREATMENT = "fragile_treatment"
    FRAGILE_SINGLE = "fragile_single"
    N1_SHORT = "n1_short"
    TIGHT = "tight"
    GAP_AT_FULL_CAPACITY = "gap_at_full_capacity"
    FLARED = "flared"


LABELS = frozenset({Kind.NATURAL_IMPORT, Kind.CAPTIVE, Kind.IMPORT_ONLY})  # told in the balance; nothing is wrong
TROUBLED = frozenset(  # a surplus with one of these waits for somebody who takes it
    {Kind.NO_DOWNSTREAM, Kind.WASTE_UNUSED, Kind.FLARED, Kind.NO_TREATMENT, Kind.UNTREATED_SURPLUS}
)


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    balance: Balance


def findings(balances: Mapping[str, Balance], network: Network) -> list[Finding]:
    """Everything that is wrong, in the catalogue's order; the labels of the balance are no findings."""
    return [
        Finding(kind, balance)
        for balance in balances.values()
        for kind in kinds(balance, network)
        if kind not in LABELS
    ]


def kinds(balance: Balance, network: Network) -> list[Kind]:
    """The findings and labels of one product."""
    product = balance.product
    if product.role == "raw":
        return [Kind.NATURAL_IMPORT]
    if product.must_be_treated:
        return list(_treatment(balance))
    if product.role == "waste":
        return [Kind.WASTE_UNUSED] if _exceeds(balance.supply, balance.demand) else []
    return [*_ownership(balance), *_shortage(balance, network), *_fragility(balance), *_waste(balance)]


def is_short(balance: Balance) -> bool:
    """Less is made than used, beyond a thousandth."""
    return balance.supply < balance.demand * (1 - SHORTFALL)


def _treatment(balance: Balance) -> Iterator[Kind]:
    generated, treated = balance.supply, balance.demand
    if not generated:
        return
    if not treated:
        yield Kind.NO_TREATMENT
    elif treated < generated * (1 - SHORTFALL):
        yield Kind.UNTREATED_SURPLUS
    elif (concentration(balance.consumers.values()) or 0) >= CONCENTRATED:
        yield Kind.FRAGILE_TREATMENT


def _ownership(balance: Balance) -> Iterator[Kind]:
    if balance.is_captive:
        yield Kind.CAPTIVE


def _shortage(balance: Balance, network: Network) -> Iterator[Kind]:
    product = balance.product
    if balance.demand and not balance.supply:
        yield Kind.MISSING_SUPPLY if network.makers.get(product.code) else Kind.IMPORT_ONLY
    elif is_short(balance):
        yield Kind.GAP
        if not _exceeds(balance.demand_full, balance.supply_full):
            yield Kind.GAP_OPERATIONAL
    elif balance.supply and not balance.demand and not product.final_sale and product.role in PASSED_ON:
        yield Kind.NO_DOWNSTREAM


def _fragility(balance: Balance) -> Iterator[Kind]:
    """What cannot be brought in and hangs by one, or by a hair."""
    product = balance.product
    if not product.is_fenced or product.swing or balance.is_captive or not balance.demand or is_short(balance):
        return
    if product.role in LINKING:
        rest = balance.coverage_without_largest
        if (balance.concentration or 0) >= CONCENTRATED:
            yield Kind.FRAGILE_SINGLE
        elif rest is not None and rest < 1 - DUST:
            yield Kind.N1_SHORT
        if _exceeds(TIGHT * balance.demand, balance.supply):
            yield Kind.TIGHT
    if _exceeds(balance.demand_full, balance.supply_full):
        yield Kind.GAP_AT_FULL_CAPACITY


def _waste(balance: Balance) -> Iterator[Kind]:
    product = balance.product
    if product.disposal != "flare" or product.swing or balance.is_captive or not balance.demand:
        return
    if _exceeds(balance.supply, FLARED * balance.demand):
        yield Kind.FLARED


def _exceeds(left: float, right: float) -> bool:
    return left > right * (1 + DUST)
