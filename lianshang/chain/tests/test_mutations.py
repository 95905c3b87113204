"""Twenty-five changes of the demo park's data, each drawn by chance in its size: the answer moves the right way."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from lianshang.chain.analysis.balance import balances
from lianshang.chain.analysis.candidates import candidates
from lianshang.chain.analysis.criticality import criticality
from lianshang.chain.analysis.findings import findings
from lianshang.chain.analysis.metrics import metrics
from lianshang.chain.analysis.network import Network, Park, Product
from lianshang.chain.tests.parks import demo_park


def run(park: Park, enterprise: str, process: str, *, by: float, capacity: float = 1.0) -> Park:
    def changed(each):
        mine = (each.enterprise, each.process) == (enterprise, process)
        return replace(each, level=each.level * by, capacity=each.capacity * capacity) if mine else each

    return replace(park, activities=tuple(map(changed, park.activities)))


def product(park: Park, code: str, **changes: object) -> Park:
    changed: Product = replace(park.network.products[code], **changes)
    products = {**park.network.products, code: changed}
    return replace(park, network=Network(products, park.network.processes, park.network.flows))


def flow(park: Park, process: str, code: str, *, by: float) -> Park:
    flows = tuple(
        replace(each, coefficient=each.coefficient * by) if (each.process, each.product) == (process, code) else each
        for each in park.network.flows
    )
    return replace(park, network=Network(park.network.products, park.network.processes, flows))


def net(park: Park, code: str) -> float:
    return balances(park)[code].net


def has(park: Park, code: str, kind: str) -> bool:
    return (code, kind) in {
        (each.balance.product.code, each.kind.value) for each in findings(balances(park), park.network)
    }


def knock_on(park: Park, code: str) -> float:
    return next(each.knock_on for each in criticality(park) if each.enterprise == code)


def candidate(park: Park, code: str):
    return next(each for each in candidates(park) if each.process == code)


def less(now: float, before: float) -> bool:
    return now < before * (1 - 1e-9)


CHANGES: dict[str, tuple[Callable, Callable]] = {
    "more washing closes the gap of clean coal": (
        lambda p, r: run(p, "E002", "WASH", by=r.uniform(1.1, 2)),
        lambda p, q: net(p, "WCOAL") < net(q, "WCOAL") < 0 and has(q, "WCOAL", "gap"),
    ),
    "washing for all of it ends the gap": (
        lambda p, r: run(p, "E002", "WASH", by=r.uniform(2.6, 4)),
        lambda p, q: not has(q, "WCOAL", "gap"),
    ),
    "less coke makes less tar": (
        lambda p, r: run(p, "E001", "GAS_CLEAN", by=r.uniform(0.3, 0.9)),
        lambda p, q: 0 < net(q, "TAR") < net(p, "TAR"),
    ),
    "a dry coal price makes nothing of the balance": (
        lambda p, r: product(p, "WCOAL", price=r.uniform(500, 3000)),
        lambda p, q: net(p, "WCOAL") == net(q, "WCOAL"),
    ),
    "water that can be trucked in is no single supplier": (
        lambda p, r: product(p, "WATER_IND", transport="road"),
        lambda p, q: not has(q, "WATER_IND", "fragile_single") and less(knock_on(q, "E007"), knock_on(p, "E007")),
    ),
    "tar that is normally sold is no broken link": (
        lambda p, r: product(p, "TAR", final_sale=True),
        lambda p, q: has(p, "TAR", "no_downstream") and not has(q, "TAR", "no_downstream"),
    ),
    "a thriftier oven needs less coal": (
        lambda p, r: flow(p, "COKE_OVEN", "WCOAL", by=r.uniform(0.8, 0.98)),
        lambda p, q: net(q, "WCOAL") > net(p, "WCOAL"),
    ),
    "thirstier trucks deepen the gap of hydrogen": (
        lambda p, r: flow(p, "ROAD_FC", "H2DISP", by=r.uniform(1.05, 1.5)),
        lambda p, q: net(q, "H2DISP") < net(p, "H2DISP"),
    ),
    "stations run harder close the operational gap": (
        lambda p, r: run(p, "E011", "HRS", by=r.uniform(1.52, 1.6)),
        lambda p, q: has(p, "H2DISP", "gap") and not has(q, "H2DISP", "gap"),
    ),
    "more water ends the tightness": (
        lambda p, r: run(p, "E007", "WATER_SUP", by=r.uniform(1.1, 1.2), capacity=2),
        lambda p, q: not has(q, "WATER_IND", "tight") and not has(q, "WATER_IND", "gap_at_full_capacity"),
    ),
    "a larger railway is no bottleneck": (
        lambda p, r: run(p, "E025", "RAIL_OP", by=1, capacity=r.uniform(1.1, 2)),
        lambda p, q: not has(q, "RAIL_FR", "gap_at_full_capacity") and has(q, "RAIL_FR", "tight"),
    ),
    "less nitrogen becomes a gap": (
        lambda p, r: run(p, "E006", "ASU", by=r.uniform(0.5, 0.9)),
        lambda p, q: has(q, "N2", "gap") and not has(q, "N2", "tight"),
    ),
    "a water works that stands still is a missing supply": (
        lambda p, r: run(p, "E007", "WATER_SUP", by=0),
        lambda p, q: has(q, "WATER_IND", "missing_supply"),
    ),
    "more bricks use more gangue": (
        lambda p, r: run(p, "E018", "BRICK_P", by=r.uniform(1.2, 2)),
        lambda p, q: net(q, "GANGUE") < net(p, "GANGUE"),
    ),
    "bricks for all of it end the heap": (
        lambda p, r: run(p, "E018", "BRICK_P", by=r.uniform(3.6, 5)),
        lambda p, q: not has(q, "GANGUE", "waste_unused"),
    ),
    "more gas to the liquefier ends the flare": (
        lambda p, r: run(p, "E013", "COG_LNG", by=r.uniform(1.2, 1.3)),
        lambda p, q: has(p, "COG", "flared") and not has(q, "COG", "flared"),
    ),
    "no treatment where the works stands still": (
        lambda p, r: run(p, "E008", "WWTP", by=0),
        lambda p, q: has(q, "WW", "no_treatment") and not has(q, "WW", "fragile_treatment"),
    ),
    "half a treatment is too little": (
        lambda p, r: run(p, "E008", "WWTP", by=r.uniform(0.3, 0.9)),
        lambda p, q: has(q, "WW", "untreated_surplus"),
    ),
    "a leader worth less leaves the output less concentrated": (
        lambda p, r: worth(p, "E001", by=r.uniform(0.3, 0.8)),
        lambda p, q: (
            less(metrics(q)["leader_share"], metrics(p)["leader_share"])
            and less(metrics(q)["output_hhi"], metrics(p)["output_hhi"])
        ),
    ),
    "an enterprise worth more loses more itself": (
        lambda p, r: worth(p, "E062", by=r.uniform(1.5, 3)),
        lambda p, q: criticality(q)[0].whole > criticality(p)[0].whole and knock_on(q, "E062") < 1e-6,
    ),
    "dearer nitric acid earns more": (
        lambda p, r: product(p, "HNO3", price=r.uniform(2000, 4000)),
        lambda p, q: candidate(q, "HNO3_P").park.margin > candidate(p, "HNO3_P").park.margin,
    ),
    "worthless carbon dioxide is not attracted": (
        lambda p, r: product(p, "CO2CAP", price=r.uniform(0, 300)),
        lambda p, q: candidate(p, "CO2_CAP").score_park > 0 == candidate(q, "CO2_CAP").score_park,
    ),
    "more tar makes a larger distillery": (
        lambda p, r: flow(p, "GAS_CLEAN", "TAR", by=r.uniform(1.05, 1.3)),
        lambda p, q: candidate(q, "TAR_DIST").park.scale > candidate(p, "TAR_DIST").park.scale,
    ),
    "more tar in the region is no matter for the park's own view": (
        lambda p, r: replace(p, regional={**p.regional, "TAR": p.regional["TAR"] * r.uniform(0.05, 0.5)}),
        lambda p, q: (
            candidate(q, "TAR_DIST").park == candidate(p, "TAR_DIST").park
            and less(candidate(q, "TAR_DIST").region.scale, candidate(p, "TAR_DIST").region.scale)
        ),
    ),
    "a second handler worth the first ends the N-1 of loading": (
        lambda p, r: run(run(p, "E038", "LOAD_OP", by=r.uniform(1.7, 2)), "E039", "LOAD_OP", by=2.2),
        lambda p, q: has(p, "LOADSV", "n1_short") and not has(q, "LOADSV", "n1_short"),
    ),
}


def worth(park: Park, code: str, *, by: float) -> Park:
    enterprise = park.enterprises[code]
    return replace(
        park, enterprises={**park.enterprises, code: replace(enterprise, output_value=enterprise.output_value * by)}
    )


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("seed", range(2))
def test_a_change_moves_the_answer_the_right_way(name, seed):
    change, holds = CHANGES[name]

    changed = change(demo_park(), Random(f"{name} {seed}"))

    assert holds(demo_park(), changed)
