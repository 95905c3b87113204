import time

import pytest

from lianshang.chain.analysis.findings import Kind
from lianshang.chain.analysis.scenarios import Attract, Impossible, Reprice, Resize, Stop, applied, outcome
from lianshang.chain.analysis.throughput import Throughput
from lianshang.chain.tests.parks import demo_park


def test_scenario_of_a_stop_says_what_hangs_by_it():
    found = outcome(demo_park(), [Stop("E007")])

    assert found.at_risk == pytest.approx(171161.2352, rel=1e-6)
    assert ("WATER_IND", Kind.MISSING_SUPPLY) in found.new
    assert ("WATER_IND", Kind.FRAGILE_SINGLE) in found.gone


def test_scenario_of_two_stops_costs_at_least_the_worse_of_them():
    found = outcome(demo_park(), [Stop("E007"), Stop("E025")])

    assert found.stopped == 192 + 2167
    assert found.value_before - found.value_after >= 171353.2


def test_scenario_of_an_acid_plant_closes_the_broken_link_in_part():
    found = outcome(demo_park(), [Attract("ACID_S", 3512.0)])

    assert ("SULFUR", Kind.NO_DOWNSTREAM) in found.gone
    assert ("H2SO4", Kind.GAP) in found.new
    assert found.value_after > found.value_before
    assert {"H2SO4", "SULFUR"} <= {move.line.product.code for move in found.moves}


def test_scenario_of_a_larger_railway_ends_the_bottleneck():
    found = outcome(demo_park(), [Resize("E025", "RAIL_OP", 800_000, 0.7)])

    assert ("RAIL_FR", Kind.GAP_AT_FULL_CAPACITY) in found.gone
    assert found.at_risk == 0


def test_scenario_of_a_price_moves_values_and_no_findings():
    found = outcome(demo_park(), [Reprice("METCOKE", 2000)])

    assert (found.new, found.gone) == ((), ())
    assert [move.line.product.code for move in found.moves] == ["METCOKE"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Stop("E999"), "没有编号为“E999”的企业。"),
        (Resize("E025", "WASH", 10), "企业“E025”没有工艺“WASH”，不能改它的产能。"),
        (Resize("E025", "RAIL_OP", -1), "产能和开工率不能小于 0。"),
        (Attract("NOPE", 1), "没有编号为“NOPE”的工艺。"),
        (Attract("ACID_S", 0), "规模要大于 0。"),
        (Reprice("NOPE", 1), "没有编号为“NOPE”的产品。"),
    ],
)
def test_scenario_refuses_what_does_not_fit(change, sentence):
    with pytest.raises(Impossible, match=sentence):
        applied(demo_park(), [change])


def test_scenario_leaves_its_park_alone():
    before = demo_park().activities

    applied(demo_park(), [Stop("E001"), Attract("ACID_S", 100), Resize("E025", "RAIL_OP", 1)])

    assert demo_park().activities == before


def test_scenario_is_answered_within_a_tenth_of_a_second():
    model = Throughput(demo_park())
    model.value()
    started = time.process_time()

    for code in ("E007", "E005", "E001", "E025"):
        outcome(demo_park(), [Stop(code)], model=model)

    assert (time.process_time() - started) / 4 < 0.1
