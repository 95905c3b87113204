"""Parks for the tests: the shipped one, and small ones made by chance."""

from functools import cache
from pathlib import Path
from random import Random

from lianshang.chain.analysis.network import Activity, Enterprise, Flow, Network, Park, Process, Product
from lianshang.chain.analysis.reading import read_park
from lianshang.chain.shipped import FOLDER

PARK_TABLE = Path(__file__).parents[2] / "config" / "demo"


@cache
def demo_park() -> Park:
    return read_park(FOLDER, PARK_TABLE)


def make_product(code: str = "P", **changes: object) -> Product:
    values = {
        "name": code,
        "unit": "t",
        "stage": "midstream",
        "role": "intermediate",
        "transport": "pipeline",
        "disposal": "none",
        "price": 100.0,
    }
    return Product(code, **{**values, **changes})


def make_process(code: str, reference: str, **changes: object) -> Process:
    values = {"stage": "midstream", "segment": "段", "typical_scale": 1000.0, "least_scale": 100.0, "capital": 10.0}
    return Process(code, code, reference=reference, **{**values, **changes})


def into(process: str, product: str, coefficient: float) -> Flow:
    return Flow(
        process, product, is_output=False, coefficient=coefficient, low=coefficient * 0.9, high=coefficient * 1.1
    )


def out(process: str, product: str, coefficient: float = 1.0) -> Flow:
    spread = 0.0 if coefficient == 1 else 0.1
    low, high = coefficient * (1 - spread), coefficient * (1 + spread)
    return Flow(process, product, is_output=True, coefficient=coefficient, low=low, high=high)


def make_network(products: list[Product], processes: list[Process], flows: list[Flow]) -> Network:
    return Network({each.code: each for each in products}, {each.code: each for each in processes}, tuple(flows))


def random_park(seed: int) -> Park:
    """Up to 12 products, 10 processes, 14 enterprises; every role, transport and disposal; loops and idle plants too."""
    chance = Random(seed)
    network = random_network(chance)
    enterprises = {
        f"E{at}": Enterprise(f"E{at}", f"企业{at}", output_value=chance.choice([0.0, 10.0, 250.0, 3000.0]))
        for at in range(chance.randint(1, 14))
    }
    processes = list(network.processes)
    pairs = {(chance.choice(list(enterprises)), chance.choice(processes)) for _ in range(chance.randint(1, 20))}
    activities = tuple(_activity(chance, owner, process) for owner, process in sorted(pairs))
    regional = {chance.choice(list(network.products)): chance.uniform(0, 500)}
    return Park(network, enterprises, activities, regional)


def random_network(chance: Random) -> Network:
    products = [_product(chance, f"P{at}") for at in range(chance.randint(3, 12))]
    processes, flows = [], []
    for at in range(chance.randint(2, 10)):
        chosen = chance.sample(products, chance.randint(2, min(5, len(products))))
        reference, *others = [each.code for each in chosen]
        process = make_process(f"R{at}", reference, least_scale=chance.choice([0.0, 50.0, 400.0]))
        processes.append(process)
        flows.append(out(process.code, reference))
        for code in others:
            coefficient = round(chance.uniform(0.01, 3), 3)
            flows.append((out if chance.random() < 0.25 else into)(process.code, code, coefficient))
    return make_network(products, processes, flows)


def _product(chance: Random, code: str) -> Product:
    return make_product(
        code,
        role=chance.choice(
            ["raw", "intermediate", "intermediate", "byproduct", "final", "utility", "service", "waste"]
        ),
        transport=chance.choice(["pipeline", "pipeline", "local", "road", "grid"]),
        disposal=chance.choice(["none", "none", "flare", "must_treat"]),
        price=chance.choice([-20.0, 0.0, 5.0, 80.0, 4000.0]),
        swing=chance.random() < 0.05,
        final_sale=chance.random() < 0.2,
    )


def _activity(chance: Random, owner: str, process: str) -> Activity:
    capacity = round(chance.uniform(1, 1000), 2)
    return Activity(owner, process, capacity, chance.choice([0.0, 0.5, 0.8, 1.0]) * capacity)
