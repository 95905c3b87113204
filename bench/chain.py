"""`python -m bench.chain [--quick]`: the chain's programs, what-ifs and graphs; prints JSON. CPU seconds of one core.

Where scipy and networkx are installed (the group `bench`) the same work is given to them, and the ratio is told.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from random import Random
from typing import Any

from lianshang.chain.analysis import graphs
from lianshang.chain.analysis.answer import analyse
from lianshang.chain.analysis.criticality import criticality
from lianshang.chain.analysis.network import Activity, Enterprise, Flow, Network, Park, Process, Product
from lianshang.chain.analysis.programs import INFINITE
from lianshang.chain.analysis.scenarios import Stop, outcome
from lianshang.chain.analysis.throughput import Throughput
from lianshang.chain.drawings import sankey
from lianshang.chain.tests.parks import demo_park

SEED = 7


def large_park(enterprises: int, activities: int, products: int) -> Park:
    """A province: each process makes one product from a few that come before it, most of them behind fences."""
    chance = Random(SEED)
    goods = [f"P{at}" for at in range(products)]
    network = Network(
        {code: Product(code, code, "t", "midstream", "raw" if at < products // 10 else "intermediate",
                       "pipeline" if at % 2 else "road", "none", price=100.0) for at, code in enumerate(goods)},
        {code: Process(code, code, "midstream", "段", code) for code in goods},
        tuple(flow for at, code in enumerate(goods) for flow in _flows(chance, goods, at, code)),
    )  # fmt: skip
    firms = {f"E{at}": Enterprise(f"E{at}", f"企业{at}", chance.uniform(10, 9000)) for at in range(enterprises)}
    codes = list(firms)
    runs = {(codes[at % enterprises], goods[chance.randrange(products)]) for at in range(activities)}
    return Park(network, firms, tuple(Activity(*pair, 1000.0, chance.uniform(200, 900)) for pair in sorted(runs)))


def _flows(chance: Random, goods: list[str], at: int, code: str) -> list[Flow]:
    feeds = chance.sample(range(max(0, at - 200), at), min(at, 3)) if at else []
    made = Flow(code, code, is_output=True, coefficient=1.0, low=1.0, high=1.0)
    rest = (chance.uniform(0.05, 0.6) for _ in feeds)
    taken = zip(feeds, rest, strict=True)
    return [made, *(Flow(code, goods[feed], is_output=False, coefficient=c, low=c, high=c) for feed, c in taken)]


def timed(work: Callable[[], Any], rounds: int = 1) -> tuple[float, Any]:
    begun = time.process_time()
    for _ in range(rounds):
        found = work()
    return (time.process_time() - begun) / rounds, found


def main(*, quick: bool) -> dict[str, Any]:
    size = (1000, 1200, 400) if quick else (10_000, 12_000, 2_000)
    demo = demo_park()
    analyse(demo)  # what has to be loaded is loaded
    park, told = large_park(*size), {"enterprises": size[0], "products": size[2]}
    told["activities"] = len(park.activities)
    told["build_s"], model = timed(lambda: Throughput(park))
    stopped = [column for code in list(park.enterprises)[:50] for column in model.of_enterprise.get(code, [])]
    told["lp_s"], ours = timed(lambda: _cold(model, stopped))
    told |= _against_scipy(model, stopped, ours, told["lp_s"])
    told["n1_of_62_s"], _ = timed(lambda: criticality(demo), 5)
    thousand = large_park(1000, 1200, 400)
    wide = Throughput(thousand)
    told["n1_of_1000_s"], _ = timed(lambda: criticality(thousand, wide))
    told["n1_of_1000_solved"] = sum(
        not wide.is_alone(wide.of_enterprise.get(code, [])) for code in thousand.enterprises
    )
    warm = Throughput(demo)
    warm.value()
    told["what_if_warm_s"], _ = timed(lambda: outcome(demo, [Stop("E007")], model=warm), 20)
    told["analyse_demo_s"], found = timed(lambda: analyse(demo), 3)
    told["map_s"], _ = timed(lambda: sankey(demo, found.balances), 5)
    return told | _graphs(quick=quick)


def _cold(model: Throughput, stopped: list[int]) -> float:
    from lianshang.chain.analysis.programs import Program

    upper = list(model.upper)
    for column in stopped:
        upper[column] = 0.0
    return Program(model.worth, upper, model.rows, presolve=True).best()


def _against_scipy(model: Throughput, stopped: list[int], ours: float, seconds: float) -> dict[str, Any]:
    if find_spec("scipy") is None:
        return {"scipy_s": None}
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    def theirs() -> float:
        values, rows, columns, limits = [], [], [], []
        for row in model.rows:
            for limit, sign in ((row.upper, 1), (-row.lower, -1)):
                if limit < INFINITE:
                    values += [sign * each for each in row.entries.values()]
                    columns += row.entries
                    rows += [len(limits)] * len(row.entries)
                    limits.append(limit)
        matrix = csr_array((values, (rows, columns)), shape=(len(limits), len(model.worth)))
        gone = set(stopped)
        bounds = [(0, 0 if at in gone else each) for at, each in enumerate(model.upper)]
        return -linprog([-each for each in model.worth], matrix, limits, bounds=bounds, method="highs").fun

    took, best = timed(theirs)
    assert abs(best - ours) <= 1e-6 * abs(best)
    return {"scipy_s": took, "scipy_over_ours": took / seconds}


def _graphs(*, quick: bool) -> dict[str, Any]:
    chance, count = Random(SEED), 5_000 if quick else 100_000
    nodes = [str(at) for at in range(count)]
    edges = [(nodes[chance.randrange(at)], nodes[at]) for at in range(1, count) for _ in range(1 + at % 2)]
    told: dict[str, Any] = {"graph_nodes": count}
    told["layers_s"], ours = timed(lambda: graphs.layers(nodes, edges))
    if find_spec("networkx") is None:
        return told | {"networkx_s": None}
    import networkx as nx

    def theirs() -> dict[str, int]:
        graph = nx.DiGraph()
        graph.add_nodes_from(nodes)
        graph.add_edges_from(edges)
        whole = nx.condensation(graph)
        depth = dict.fromkeys(whole, 0)
        for at in nx.topological_sort(whole):
            for after in whole.successors(at):
                depth[after] = max(depth[after], depth[at] + 1)
        return {name: depth[whole.graph["mapping"][name]] for name in nodes}

    told["networkx_s"], other = timed(theirs)
    assert ours == other
    return told | {"networkx_over_ours": told["networkx_s"] / told["layers_s"]}


if __name__ == "__main__":
    print(json.dumps(main(quick="--quick" in sys.argv), indent=1))
