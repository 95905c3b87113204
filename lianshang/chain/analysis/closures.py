"""Whether each process of the catalogue closes: mass in against mass out, carbon, energy.

Closure = out ÷ in − 1, in percent; for energy the ratio of heat out to heat in, which must not exceed 1.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lianshang.chain.analysis.network import Flow, Network, Product

MASS_TOLERANCE, CARBON_TOLERANCE = 1.0, 2.0  # percent
ROUNDING = 1e-3  # of an energy ratio: heating values are rounded to four figures


@dataclass(frozen=True, slots=True)
class Closure:
    process: str
    check: str
    mass_in: float
    mass_out: float
    mass_closure: float | None
    carbon_closure: float | None
    energy_ratio: float | None

    @property
    def holds(self) -> bool:
        if self.mass_closure is not None:
            return abs(self.mass_closure) <= MASS_TOLERANCE
        if self.carbon_closure is not None:
            return abs(self.carbon_closure) <= CARBON_TOLERANCE
        return self.energy_ratio is None or self.energy_ratio <= 1 + ROUNDING


def closures(network: Network) -> list[Closure]:
    return [closure(network, code) for code in network.processes]


def closure(network: Network, code: str) -> Closure:
    check = network.processes[code].closes_by
    weighed = [flow for flow in network.of_process[code] if flow.in_mass_balance]
    mass_in, mass_out = _sides(network, weighed, lambda product: product.mass)
    carbon = _sides(network, weighed, lambda product: product.carbon)
    heat = _sides(network, network.of_process[code], lambda product: product.heat)
    return Closure(
        process=code,
        check=check,
        mass_in=mass_in,
        mass_out=mass_out,
        mass_closure=_deviation(mass_in, mass_out) if check == "full" else None,
        carbon_closure=_deviation(*carbon) if check == "carbon" else None,
        energy_ratio=heat[1] / heat[0] if check == "energy" and heat[0] else None,
    )


def _sides(network: Network, flows: Iterable[Flow], content: Callable[[Product], float]) -> tuple[float, float]:
    into = out = 0.0
    for flow in flows:
        amount = flow.coefficient * content(network.products[flow.product])
        if flow.is_output:
            out += amount
        else:
            into += amount
    return into, out


def _deviation(into: float, out: float) -> float | None:
    return (out / into - 1) * 100 if into else None
