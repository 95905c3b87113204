"""Which processes to attract together: what one makes may feed the next.

A linear program chooses scales; with least scales each is either nothing or at least as large as pays. What passes from
process to process comes from the park's surplus, the region, or another candidate; raw materials are bought.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from lianshang.chain.analysis.balance import Balance, balances
from lianshang.chain.analysis.candidates import Supply, attractable, net_margin
from lianshang.chain.analysis.network import PHYSICAL, Park
from lianshang.chain.analysis.programs import Program, Row

DUST = 1e-9


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Scales by process with their yearly net value (万元), and what one more unit of each product would be worth."""

    view: str  # park, region
    model: str  # LP, MILP
    value: float
    scales: Mapping[str, float]
    values: Mapping[str, float]
    prices: Mapping[str, float]  # yuan per unit; of the LP alone


def portfolios(park: Park, found: Mapping[str, Balance] | None = None) -> list[Portfolio]:
    lines = found if found is not None else balances(park)
    views = {"park": Supply(park, lines, {}), "region": Supply(park, lines, park.regional)}
    return [
        portfolio(park, supply, view=view, with_least_scales=least)
        for view, supply in views.items()
        for least in (False, True)
    ]


def portfolio(park: Park, supply: Supply, *, view: str, with_least_scales: bool) -> Portfolio:
    codes = [code for code in attractable(park) if _most(park, supply, code) > 0]
    model = "MILP" if with_least_scales else "LP"
    if with_least_scales:
        codes = [code for code in codes if _most(park, supply, code) >= park.network.processes[code].least_scale]
    if not codes:
        return Portfolio(view, model, 0.0, {}, {}, {})
    most = [_most(park, supply, code) for code in codes]
    # Columns are shares of the largest scale, so that a ton of catalyst and a million of coke weigh alike.
    gains = [net_margin(park, code) * size / 10_000 for code, size in zip(codes, most, strict=True)]
    rows = _rows(park, supply, codes, most)
    program = Program(
        gains,
        [1.0] * len(codes),
        list(rows.values()),
        least=_least(park, codes, most) if with_least_scales else None,
        presolve=True,
    )
    value, columns = program.best(), program.columns()
    chosen = {code: size * column for code, size, column in zip(codes, most, columns, strict=True) if column > DUST}
    values = {code: net_margin(park, code) * scale / 10_000 for code, scale in chosen.items()}
    prices = {} if with_least_scales else _prices(rows, program)
    return Portfolio(view, model, value if chosen else 0.0, _by_value(chosen, values), values, prices)


def _by_value(chosen: Mapping[str, float], values: Mapping[str, float]) -> dict[str, float]:
    return {code: chosen[code] for code in sorted(chosen, key=lambda code: (-values[code], code))}


def _most(park: Park, supply: Supply, code: str) -> float:
    """The usual scale; without anything that the park would feed it, no more than what the park itself lacks."""
    process = park.network.processes[code]
    if park.network.physical_inputs(code):
        return process.typical_scale
    return min(process.typical_scale, supply.deficit(process.reference))


def _least(park: Park, codes: list[str], most: list[float]) -> list[float]:
    return [park.network.processes[code].least_scale / size for code, size in zip(codes, most, strict=True)]


def _rows(park: Park, supply: Supply, codes: list[str], most: list[float]) -> dict[str, Row]:
    """What candidates use of a product beyond what candidates make of it has to be there.

    The waste of plants that do not stand yet is not counted on.
    """
    rows: dict[str, Row] = defaultdict(Row)
    used = {flow.product for code in codes for flow in park.network.physical_inputs(code)}
    for at, (code, size) in enumerate(zip(codes, most, strict=True)):
        for flow in park.network.of_process[code]:
            role = park.network.products[flow.product].role
            if flow.product in used and role in PHYSICAL and not (flow.is_output and role == "waste"):
                rows[flow.product].add(at, size * (-flow.coefficient if flow.is_output else flow.coefficient))
    return {product: Row(upper=supply.surplus(product), entries=row.entries) for product, row in rows.items()}


def _prices(rows: Mapping[str, Row], program: Program) -> dict[str, float]:
    found = zip(rows, program.prices(), strict=True)
    return {product: price * 10_000 for product, price in found if abs(price) * 10_000 > 1e-6}  # noqa: PLR2004 dust
