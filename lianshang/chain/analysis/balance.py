"""The park's balance: for each product what is made and what is used, at the actual and at the full activity.

Supply and demand are gross: what an enterprise makes and uses itself counts on both sides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lianshang.chain.analysis.network import Activity, Network, Park, Product

Sides = dict[str, tuple[dict[str, float], dict[str, float]]]  # product → supply and demand by enterprise


@dataclass(frozen=True)
class Balance:
    """One product's line. Ratios are None where there is nothing to measure by."""

    product: Product
    suppliers: Mapping[str, float]
    consumers: Mapping[str, float]
    supply_full: float = 0.0
    demand_full: float = 0.0
    supply: float = field(init=False)
    demand: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "supply", sum(self.suppliers.values()))
        object.__setattr__(self, "demand", sum(self.consumers.values()))

    @property
    def net(self) -> float:
        return self.supply - self.demand

    @property
    def surplus(self) -> float:
        return max(self.net, 0.0)

    @property
    def deficit(self) -> float:
        return max(-self.net, 0.0)

    @property
    def coverage(self) -> float | None:
        return self.supply / self.demand if self.demand else None

    @property
    def self_sufficiency(self) -> float | None:
        return min(self.supply / self.demand, 1.0) if self.demand else None

    @property
    def concentration(self) -> float | None:
        """The Herfindahl–Hirschman index of the supply, 1 for a single supplier."""
        return concentration(self.suppliers.values())

    @property
    def largest(self) -> str | None:
        return max(self.suppliers, key=lambda code: (self.suppliers[code], _reversed(code)), default=None)

    @property
    def coverage_without_largest(self) -> float | None:
        """N-1: what part of the demand is left when the largest of several suppliers stops."""
        if self.largest is None or len(self.suppliers) < 2 or not self.demand:  # noqa: PLR2004 one is no N-1
            return None
        return (self.supply - self.suppliers[self.largest]) / self.demand

    @property
    def own_use(self) -> float:
        return sum(min(made, self.consumers.get(code, 0.0)) for code, made in self.suppliers.items())

    @property
    def captive_share(self) -> float | None:
        return self.own_use / self.demand if self.demand else None

    @property
    def is_captive(self) -> bool:
        """One supplier, and the only consumer is the same enterprise."""
        return len(self.suppliers) == 1 and self.suppliers.keys() == self.consumers.keys()

    @property
    def value(self) -> float:
        """Of the net, in 万元."""
        return self.net * self.product.price / 10_000


def concentration(quantities: Iterable[float]) -> float | None:
    """The sum of squared shares. None for nothing."""
    known = list(quantities)
    whole = sum(known)
    return sum((each / whole) ** 2 for each in known) if whole else None


def balances(park: Park) -> dict[str, Balance]:
    """The line of each product that the park's processes touch, in the catalogue's order; environment apart."""
    now = sides(park.network, park.activities)
    full = sides(park.network, park.at_capacity().activities)
    return {
        code: Balance(
            product,
            now[code][0],
            now[code][1],
            supply_full=sum(full[code][0].values()),
            demand_full=sum(full[code][1].values()),
        )
        for code, product in park.network.products.items()
        if code in now and product.role != "env"
    }


def sides(network: Network, activities: Iterable[Activity]) -> Sides:
    """Who makes and who uses how much of each product. Standing processes are in it with nothing."""
    found: Sides = {}
    for activity in activities:
        for flow in network.of_process[activity.process]:
            side = found.setdefault(flow.product, ({}, {}))[0 if flow.is_output else 1]
            quantity = activity.level * flow.coefficient
            if quantity:
                side[activity.enterprise] = side.get(activity.enterprise, 0.0) + quantity
    return found


def _reversed(code: str) -> tuple[int, ...]:
    """Of equals the first by code is named."""
    return tuple(-ord(letter) for letter in code)
