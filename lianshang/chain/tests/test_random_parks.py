"""Parks made by chance, against the long way of answering."""

import pytest

from lianshang.chain.analysis.answer import analyse
from lianshang.chain.analysis.balance import balances
from lianshang.chain.analysis.criticality import criticality
from lianshang.chain.analysis.findings import findings
from lianshang.chain.analysis.intervals import Certainty, ranges
from lianshang.chain.analysis.links import links
from lianshang.chain.analysis.programs import Program
from lianshang.chain.analysis.throughput import Throughput
from lianshang.chain.tests import naive
from lianshang.chain.tests.parks import random_park

SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_balance_is_the_sum_over_flows(seed):
    park = random_park(seed)

    for code, line in balances(park).items():
        assert line.supply == pytest.approx(naive.supply(park, code))
        assert line.demand == pytest.approx(naive.demand(park, code))
        assert line.supply_full == pytest.approx(naive.supply(park, code, full=True))
        assert line.demand_full == pytest.approx(naive.demand(park, code, full=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_findings_are_those_of_the_rules(seed):
    park = random_park(seed)

    found = {(each.balance.product.code, each.kind.value) for each in findings(balances(park), park.network)}

    assert found == naive.findings(park)


@pytest.mark.parametrize("seed", SEEDS)
def test_links_give_nobody_more_than_is_there(seed):
    park = random_park(seed)
    lines = balances(park)

    for code, line in lines.items():
        given = links({code: line})
        assert sum(each.quantity for each in given) <= min(line.supply, line.demand) * (1 + 1e-9)
        for owner, made in line.suppliers.items():
            assert sum(each.quantity for each in given if each.supplier == owner) <= made * (1 + 1e-9)
        for owner, used in line.consumers.items():
            assert sum(each.quantity for each in given if each.consumer == owner) <= used * (1 + 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_criticality_is_that_of_programs_solved_anew(seed):
    park = random_park(seed)

    for each in criticality(park):
        assert each.left == pytest.approx(naive.left_without(park, each.enterprise), rel=1e-6, abs=1e-6)
        assert each.knock_on >= -1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_optimum_is_proved_by_its_prices(seed):
    """Strong duality: the limits at their prices are worth exactly the optimum, so nothing better exists."""
    model = Throughput(random_park(seed))
    upper = [0.0 if at % 3 == 0 else each for at, each in enumerate(model.upper)]
    program = Program(model.worth, upper, model.rows)

    best, prices = program.best(), program.prices()

    bound = 0.0
    for row, price in zip(model.rows, prices, strict=True):
        limit = row.upper if price > 0 else row.lower
        bound += price * limit if abs(price) > 1e-9 else 0.0
    for at, worth in enumerate(model.worth):
        paid = sum(row.entries.get(at, 0.0) * price for row, price in zip(model.rows, prices, strict=True))
        bound += max(worth - paid, 0.0) * upper[at]
    assert bound == pytest.approx(best, rel=1e-6, abs=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sure_finding_is_there_at_the_given_coefficients(seed):
    park = random_park(seed)
    stated = {(each.balance.product.code, each.kind) for each in findings(balances(park), park.network)}

    told = [(code, kind, sure) for code, each in ranges(park).items() for kind, sure in each.certainty.items()]

    assert {(code, kind) for code, kind, sure in told if sure != Certainty.POSSIBLE} == stated


@pytest.mark.parametrize("seed", SEEDS)
def test_every_park_gets_an_answer_that_is_plain(seed):
    rows = analyse(random_park(seed)).as_rows()

    assert list(rows) == ["balance", "links", "findings", "criticality", "candidates", "portfolio", "metrics"]
    assert all(row["score_park"] >= 0 for row in rows["candidates"])
