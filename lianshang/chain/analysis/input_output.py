"""Input–output analysis of a table of flows: Leontief's inverse, and what a demand takes upstream.

Z: flows between n sectors, x: their outputs, f: final demand; A = Z·diag(x)⁻¹, L = (I − A)⁻¹, x = L·f.
"""

from collections.abc import Mapping, Sequence

from lianshang.chain.analysis.network import Network

Matrix = Sequence[Sequence[float]]


class Singular(ValueError):
    """The table has no inverse: some sector uses up more than it makes."""


def coefficients(flows: Matrix, outputs: Sequence[float]) -> list[list[float]]:
    """A: what one unit of each sector's output takes from each sector."""
    return [[flow / made for flow, made in zip(row, outputs, strict=True)] for row in flows]


def inverse(technical: Matrix) -> list[list[float]]:
    """L: what one unit of final demand takes of each sector, all rounds together. Raises `Singular`."""
    import numpy as np

    matrix = np.array(technical, float)
    try:
        found = np.linalg.inv(np.eye(len(matrix)) - matrix)
    except np.linalg.LinAlgError:
        raise Singular from None
    return found.tolist()


def outputs_for(technical: Matrix, final_demand: Sequence[float]) -> list[float]:
    """x: what each sector has to make for a final demand."""
    return [sum(a * f for a, f in zip(row, final_demand, strict=True)) for row in inverse(technical)]


def multipliers(technical: Matrix) -> list[float]:
    """The output of all sectors that one unit of final demand for each sector brings about."""
    return [sum(column) for column in zip(*inverse(technical), strict=True)]


def upstream(network: Network, process: str, makers: Mapping[str, str], amount: float = 1.0) -> dict[str, float]:
    """What `amount` of a process's reference output takes of each product, along the chosen makers, by-products not credited.

    `makers` names for a product the process that makes it; where it makes it as a by-product, as much is run as the
    product needs. A product without a maker is taken from outside. Loops among the makers are refused.
    """
    found: dict[str, float] = {}
    _take(network, process, makers, amount, found, ())
    return found


def _take(
    network: Network,
    process: str,
    makers: Mapping[str, str],
    amount: float,
    found: dict[str, float],
    path: tuple[str, ...],
) -> None:
    if process in path:
        raise Singular(f"{process} feeds itself")
    for flow in network.inputs(process):
        wanted = amount * flow.coefficient
        found[flow.product] = found.get(flow.product, 0.0) + wanted
        if flow.product in makers:
            maker = makers[flow.product]
            made = next(each.coefficient for each in network.outputs(maker) if each.product == flow.product)
            _take(network, maker, makers, wanted / made, found, (*path, process))
