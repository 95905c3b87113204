"""The shipped park against its hand-worked answers, in any clone."""

import pytest

from lianshang.chain.analysis import closures, criticality, loops
from lianshang.chain.analysis.balance import balances
from lianshang.chain.analysis.candidates import candidates
from lianshang.chain.analysis.findings import findings
from lianshang.chain.analysis.portfolios import portfolios
from lianshang.chain.analysis.throughput import Standby, Throughput
from lianshang.chain.shipped import network
from lianshang.chain.tests.parks import demo_park

# By hand, from the coefficients: 400,000 t of hot coke, 168,000 kNm3 of gas, and so on.
FOUND = """
WCOAL gap, WASHOIL missing_supply, H2SO4 missing_supply, TAR no_downstream, CBENZ no_downstream, SULFUR no_downstream,
NH3 no_downstream, O2 no_downstream, RECLAIM no_downstream, STACK missing_supply, FCSYS gap, UREA missing_supply,
CAT missing_supply, HAZ_FR gap, H2DISP gap, H2DISP gap_operational, FLYASH gap, FGDGYP gap, GANGUE waste_unused,
CO2_FLUE waste_unused, COG flared, COG fragile_single, HWASTE no_treatment, WW fragile_treatment,
H2RAW fragile_single, H2RAW tight, STEAM fragile_single, STEAM tight, WATER_IND fragile_single, WATER_IND tight,
WATER_IND gap_at_full_capacity, N2 fragile_single, N2 tight, RAIL_FR fragile_single, RAIL_FR tight,
RAIL_FR gap_at_full_capacity, LNG_TAIL fragile_single, LNG_TAIL tight, LNG_TAIL gap_at_full_capacity,
LOADSV n1_short, DEMIN n1_short, DEMIN tight
"""
BY_HAND = {
    "WCOAL": (322400, 536000),
    "TAR": (17673.6, 0),
    "H2SO4": (0, 4015.2),
    "GANGUE": (132184, 69000),
    "HAZ_FR": (30600, 46948),
    "RAIL_FR": (516000, 490560),
    "STEAM": (57225, 52095.712),
}


def test_demo_park_finds_what_was_worked_out_by_hand_and_nothing_else():
    expected = {tuple(each.split()) for each in FOUND.replace("\n", " ").split(",")}

    found = findings(balances(demo_park()), network())

    assert {(each.balance.product.code, each.kind.value) for each in found} == expected


def test_demo_park_balances_as_by_hand():
    lines = balances(demo_park())

    found = {code: (lines[code].supply, lines[code].demand) for code in BY_HAND}

    assert found == {code: pytest.approx(pair) for code, pair in BY_HAND.items()}


def test_demo_park_hangs_by_small_firms_first():
    reach = criticality.criticality(demo_park())

    assert [each.enterprise for each in reach[:6]] == ["E007", "E005", "E008", "E006", "E025", "E001"]
    assert Throughput(demo_park()).value() == pytest.approx(211600)
    assert [round(each.knock_on_share * 100, 1) for each in reach[:6]] == [80.9, 52.7, 51.9, 51.7, 50.9, 11.1]


def test_demo_park_second_station_costs_what_its_hydrogen_carried():
    """146 t less carry 146 / 0.000735 t of freight less, of 648,600 t worth 3,113 万元; maintenance goes with it."""
    lost = criticality.stoppage(Throughput(demo_park()), "E012").knock_on

    assert 953 < lost < 990


@pytest.mark.parametrize(
    ("units", "left"),
    [
        ([("BOILER_COG", 60_000)], 46144.71344),
        ([("LETDOWN", 60_000)], 2156.112492),
        ([("LETDOWN", 60_000), ("DEMIN_P", 10_000)], 351.9698563),
    ],
)
def test_demo_park_remedies_of_the_power_station(units, left):
    after = criticality.remedy(demo_park(), "E005", tuple(Standby(*unit) for unit in units)).after

    assert after == pytest.approx(left, rel=1e-6)


def test_demo_park_remedies_are_proposed_with_the_risk():
    proposed = criticality.remedies(demo_park(), "E005")

    assert [unit.process for unit in proposed[0].standbys] == ["LETDOWN", "DEMIN_P"]
    assert proposed[0].after == pytest.approx(351.97, abs=0.01)


def test_demo_park_attracts_what_was_attracted_in_truth():
    """Nitrates and tar with carbon black are what came to the place after its leader had started."""
    ranked = candidates(demo_park())

    by_region = sorted(ranked, key=lambda each: each.rank_region)
    assert [each.process for each in ranked[:4]] == ["HNO3_P", "NITROFERT_P", "ACID_S", "TAR_DIST"]
    assert [each.process for each in by_region[:3]] == ["HNO3_P", "CBLACK_P", "TAR_DIST"]


def test_demo_park_tar_distillation_is_never_attracted_alone():
    found = {(each.view, each.model): each for each in portfolios(demo_park())}

    bundle = found["region", "MILP"]
    assert found["park", "MILP"].scales == {}
    assert {"TAR_DIST", "NEEDLE_P", "ANODE_P"} <= bundle.scales.keys()
    assert all(bundle.scales[code] >= network().processes[code].least_scale * (1 - 1e-9) for code in bundle.scales)


def test_demo_park_tells_the_acid_loop_in_words():
    told = loops.loops(demo_park(), balances(demo_park()))

    acid = next(each for each in told if each.into == "H2SO4")
    assert acid.covers == pytest.approx(0.875, abs=0.001)
    assert "硫磺" in acid.sentence
    assert "87.5%" in acid.sentence
    assert [each.surplus for each in told if each.is_closed] == ["PSA_TAIL"]
    assert ("RECLAIM", "WATER_IND") in {(each.surplus, each.into) for each in told}


def test_every_process_of_the_catalogue_closes():
    open_ones = [each.process for each in closures.closures(network()) if not each.holds]

    assert open_ones == []


def test_every_flow_of_the_catalogue_names_its_source():
    assert [flow for flow in network().flows if not flow.source or not flow.evidence] == []
