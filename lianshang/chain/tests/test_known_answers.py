"""Answers that stand in textbooks and published examples."""

import pytest

from lianshang.chain.analysis import graphs, input_output, relatedness
from lianshang.chain.analysis.balance import concentration
from lianshang.chain.analysis.programs import INFINITE, Program, Row
from lianshang.chain.analysis.reconciliation import Unreconcilable, reconcile
from lianshang.chain.shipped import network

Z, X = [[150.0, 500.0], [200.0, 100.0]], [1000.0, 2000.0]
KALUNDBORG = """
Asnaes Statoil, Asnaes NovoNordisk, Asnaes Municipality, Asnaes FishFarm, Asnaes Gyproc, Asnaes CementIndustry,
Statoil Asnaes, Statoil Asnaes, Statoil Gyproc, Statoil SulfuricAcidPlant, NovoNordisk Farms,
LakeTisso Asnaes, LakeTisso Statoil, LakeTisso NovoNordisk
"""


def test_leontief_inverse_of_two_sectors():
    """Miller and Blair, Input–Output Analysis, chapter 2."""
    technical = input_output.coefficients(Z, X)

    assert technical == [[0.15, 0.25], [0.2, 0.05]]
    assert input_output.inverse(technical) == [
        pytest.approx([1.254125413, 0.330033003]),
        pytest.approx([0.264026403, 1.122112211]),
    ]
    assert input_output.outputs_for(technical, [600, 1500]) == pytest.approx([1247.524752, 1841.584158])
    assert input_output.multipliers(technical) == pytest.approx([1.518152, 1.452145])


def test_a_sector_that_uses_itself_up_is_refused():
    with pytest.raises(input_output.Singular):
        input_output.inverse([[1.0]])


def test_reconciliation_with_a_transfer_coefficient():
    """Cencic 2016: F1 + F2 + F4 = F3, F3 = F4 + F5, F4 = F3 × TC34."""
    measured = {"F1": (100, 10), "F2": (50, 0), "F3": (300, 30), "F5": (160, 16), "TC34": (0.5, 0.05)}
    equations = [
        lambda v: v["F1"] + v["F2"] + v["F4"] - v["F3"],
        lambda v: v["F3"] - v["F4"] - v["F5"],
        lambda v: v["F4"] - v["F3"] * v["TC34"],
    ]

    found = reconcile(measured, {"F4": 150.0}, equations)

    expected = {"F1": 102.42595966, "F3": 302.41622934, "F4": 149.99026973, "F5": 152.42595966, "TC34": 0.49597295}
    assert {key: found.values[key] for key in expected} == pytest.approx(expected, rel=1e-6)
    deviations = {"F1": 7.88279241, "F3": 22.60861434, "F5": 7.88279241, "TC34": 0.03768102}
    assert {key: found.deviations[key] for key in deviations} == pytest.approx(deviations, rel=1e-5)


def test_reconciliation_refuses_a_flow_that_nothing_determines():
    with pytest.raises(Unreconcilable):
        reconcile({"F1": (1.0, 0.1)}, {"F2": 1.0, "F3": 1.0}, [lambda v: v["F1"] - v["F2"] - v["F3"]])


def test_one_ton_of_hydrogen_traced_to_its_gas():
    makers = {"H2TT": "H2_FILL", "H2FC": "H2_FC", "H2RAW": "PSA_H2"}

    taken = input_output.upstream(network(), "HRS", makers)

    assert taken["H2FC"] == pytest.approx(1.0251)
    assert taken["H2RAW"] == pytest.approx(11.737395)
    assert taken["COG"] == pytest.approx(23.9442858)
    assert taken["COG"] / 0.42 == pytest.approx(57.01020429)


def test_coke_and_hydrogen_share_the_gas():
    """Coke 100 with 0.2 gas each at 10, hydrogen at 5 from 2 gas: all the gas goes to hydrogen, worth 2.5 a unit."""
    rows = [Row(upper=0.0, entries={0: -0.2, 1: 2.0}), Row(upper=134.0, entries={0: 1.34})]
    program = Program([10.0, 5.0], [100.0, 30.0], rows)

    assert program.best() == pytest.approx(1050)
    assert program.columns() == pytest.approx([100, 10])
    assert program.prices()[0] == pytest.approx(2.5)


def test_a_least_scale_is_nothing_or_at_least_that():
    limited = Program([1.0], [10.0], [Row(-INFINITE, 3.0, {0: 1.0})], least=[4.0], presolve=True)
    roomy = Program([1.0], [10.0], [Row(-INFINITE, 6.0, {0: 1.0})], least=[4.0], presolve=True)

    assert (limited.best(), roomy.best()) == (0, 6)


@pytest.mark.parametrize(
    ("shares", "index"), [([1], 1.0), ([0.5, 0.5], 0.5), ([0.4, 0.3, 0.2, 0.1], 0.3), ([0.855, 0.145], 0.75205)]
)
def test_concentration_is_the_sum_of_squared_shares(shares, index):
    assert concentration(shares) == pytest.approx(index)


def test_relatedness_of_a_toy_table():
    table = [[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0]]

    assert relatedness.ubiquity(table) == relatedness.diversity(table) == [4, 2, 2, 1]
    assert relatedness.proximity(table)[1] == [0.5, 1.0, 0.5, 0.5]
    assert relatedness.density(table)[1] == pytest.approx([0.4, 1 / 3, 2 / 3, 0.6])
    assert relatedness.density(table)[3] == pytest.approx([0, 1 / 3, 1 / 3, 0.2])


def test_kalundborg_hangs_by_its_power_station():
    edges = [tuple(edge.split()) for edge in KALUNDBORG.replace("\n", " ").split(",")]

    found = graphs.hubs(edges)

    assert found[0].member == "Asnaes"
    assert found[0].exchanges == 9
    assert max(found, key=lambda hub: hub.between).member == "Asnaes"


def test_layers_follow_the_longest_way_and_take_a_loop_as_one_place():
    edges = [("coal", "coke"), ("coke", "gas"), ("gas", "hydrogen"), ("hydrogen", "gas"), ("coal", "gas")]

    found = graphs.layers(["coal", "coke", "gas", "hydrogen", "alone"], edges)

    assert found == {"coal": 0, "coke": 1, "gas": 2, "hydrogen": 2, "alone": 0}


def test_columns_are_ordered_so_that_edges_do_not_cross():
    edges = [("a", "z"), ("b", "y"), ("c", "x")]

    found = graphs.ordered([["a", "b", "c"], ["x", "y", "z"]], edges)

    assert found[1] == ["z", "y", "x"] or found[0] == ["c", "b", "a"]


def test_neighbourhood_stops_at_its_limits():
    edges = [("a", "b"), ("b", "c"), ("c", "d"), ("e", "a")]

    assert graphs.neighbourhood(edges, "b", steps=1, most=60) == {"a", "b", "c"}
    assert len(graphs.neighbourhood(edges, "b", steps=9, most=3)) == 3
