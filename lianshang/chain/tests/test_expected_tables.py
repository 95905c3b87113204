"""The reference tables for the demo park, met column by column where they are at hand."""

import csv
import json

import pytest

from lianshang.chain.analysis.answer import analyse
from lianshang.chain.analysis.closures import closures
from lianshang.chain.analysis.criticality import remedy
from lianshang.chain.analysis.reading import read_park
from lianshang.chain.analysis.throughput import Standby

KEYS = {
    "balance": ["product"],
    "links": ["product", "supplier", "consumer"],
    "criticality": ["enterprise"],
    "candidates": ["process"],
}
NOT_COMPARED = {"hit", "enterprises_hit"}  # they may differ between optima of the same value
# The stand-by units that the reference table names, in its order.
STANDBYS = [
    [("BOILER_COG", 60_000)],
    [("LETDOWN", 60_000)],
    [("LETDOWN", 60_000), ("DEMIN_P", 10_000)],
    [("ASU", 9_500)],
    [("WATER_SUP", 600_000)],
    [("WWTP", 63_000)],
    [("PSA_H2", 15_000)],
    [("RAIL_OP", 516_000)],
    [("LOAD_OP", 260_000)],
]


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "chain"


@pytest.fixture(scope="module")
def rows(folder):
    return analyse(read_park(folder)).as_rows()


def table(folder, name):
    with (folder / f"expected_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def same(found, expected):
    if expected == "":
        return found is None
    if isinstance(found, list):
        return found == expected.split("|")
    if isinstance(found, int | float):
        return found == pytest.approx(float(expected), rel=1e-6, abs=1e-6)
    return found == expected


@pytest.mark.parametrize("name", KEYS)
def test_reference_table_is_met(rows, folder, name):
    keys = KEYS[name]
    found = {tuple(row[key] for key in keys): row for row in rows[name]}

    expected = {tuple(row[key] for key in keys): row for row in table(folder, name)}

    assert found.keys() == expected.keys()
    assert list(rows[name][0]) == list(next(iter(expected.values())))
    different = [
        (key, column, found[key][column], value)
        for key, row in expected.items()
        for column, value in row.items()
        if column not in NOT_COMPARED
        and not (same(found[key][column], value) or (not found[key][column] and not value))
    ]
    assert different == []


def test_findings_are_met_both_ways(rows, folder):
    expected = [row for row in table(folder, "findings") if row["type"] != "not_flagged"]

    found = {(row["product"], row["type"]): row for row in rows["findings"]}

    assert found.keys() == {(row["product"], row["type"]) for row in expected}
    for row in expected:
        ours = found[row["product"], row["type"]]
        assert all(same(ours[column], row[column]) for column in ("supply", "demand", "unit"))


def test_controls_stay_silent(rows, folder):
    controls = {row["product"] for row in table(folder, "findings") if row["type"] == "not_flagged"}

    assert controls & {row["product"] for row in rows["findings"]} == set()


def test_metrics_are_met(rows, folder):
    expected = json.loads((folder / "expected_metrics.json").read_text())

    assert {
        key: pytest.approx(value, rel=1e-6) if isinstance(value, float) else value for key, value in expected.items()
    } == rows["metrics"]


def test_resilience_is_met(folder):
    park = read_park(folder)

    for row, units in zip(table(folder, "resilience"), STANDBYS, strict=True):
        found = remedy(park, row["enterprise"], tuple(Standby(*unit) for unit in units))
        assert found.before == pytest.approx(float(row["knock_on_before_wan"]), rel=1e-6)
        assert found.after == pytest.approx(float(row["knock_on_after_wan"]), rel=1e-6, abs=1e-3)
        assert found.avoided == pytest.approx(float(row["avoided_wan"]), rel=1e-6)


def test_portfolios_are_met(rows, folder):
    """Scales are unique here; shadow prices of a degenerate optimum are not."""

    def chosen(table):
        return {
            (row["view"], row["model"], row["item"]): float(row["quantity"] or row["value_wan"])
            for row in table
            if "shadow" not in row["model"]
        }

    expected = chosen(table(folder, "portfolio"))

    assert chosen(rows["portfolio"]) == {key: pytest.approx(value, rel=1e-6) for key, value in expected.items()}


def test_closures_of_processes_are_met(folder):
    columns = ["mass_in", "mass_out", "mass_closure", "carbon_closure", "energy_ratio"]

    for ours, row in zip(closures(read_park(folder).network), table(folder, "process_balance"), strict=True):
        assert (ours.process, ours.check) == (row["process"], row["check"])
        values = list(row.values())[2:]
        assert all(same(getattr(ours, column), value) for column, value in zip(columns, values, strict=True))
