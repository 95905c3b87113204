"""The catalogue in editions and what enterprises run, as records; the chart that is drawn from them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django_scopes import scope

from lianshang.chain import charts, services
from lianshang.chain.analysis.network import Network
from lianshang.chain.models import Edition, ProcessRun, ProductEntry
from lianshang.chain.shipped import network
from lianshang.directory.actors import Actor, system
from lianshang.directory.models import Park, Person
from lianshang.enterprises.models import Enterprise, Output
from lianshang.kernel.refusals import Hidden, Refused

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
FEW = ("RAWCOAL", "WCOAL", "MIDD")

pytestmark = pytest.mark.django_db


@pytest.fixture
def park():
    made = Park.objects.create(code="CH", name="链上园区")
    with scope(park=made):
        yield made


def small(price: float = 1480) -> Network:
    whole = network()
    products = {code: whole.products[code] for code in FEW} | {"WCOAL": replace(whole.products["WCOAL"], price=price)}
    flows = tuple(flow for flow in whole.flows if flow.process == "WASH" and flow.product in FEW)
    return Network(products, {"WASH": whole.processes["WASH"]}, flows)


def adopt(park: Park, found: Network, days: int = 0) -> Edition:
    return services.adopt(found, actor=system(park), at=AT + timedelta(days=days), note="试")


def make_enterprise(park: Park, **changes: object) -> Enterprise:
    return Enterprise.objects.create(park=park, **{"code": "E1", "name": "甲洗煤", **changes})


def run(park: Park, enterprise: Enterprise, capacity: float, level: float, days: int = 0) -> int:
    told = [services.Statement(enterprise, "WASH", capacity, level)]
    return services.state(told, source="企业填报", actor=system(park), at=AT + timedelta(days=days))


def test_catalogue_gives_back_what_was_adopted(park):
    adopt(park, small())

    assert charts.chart().park.network == small()


def test_catalogue_that_is_the_same_makes_no_edition(park):
    assert adopt(park, small()) == adopt(park, small(), days=1)
    assert Edition.objects.count() == 1


def test_catalogue_change_closes_one_row_and_keeps_the_rest(park):
    adopt(park, small())

    second = adopt(park, small(price=1500), days=1)

    changed = ProductEntry.objects.filter(code="WCOAL").order_by("pk")
    assert [(row.price, row.until) for row in changed] == [(1480, second), (1500, None)]
    assert ProductEntry.objects.in_force().count() == 3
    assert charts.chart().park.network.products["WCOAL"].price == 1500


def test_catalogue_without_products_is_refused(park):
    with pytest.raises(Refused, match="目录里没有产品或工艺"):
        adopt(park, Network({}, {}, ()))


def test_statement_ends_the_one_before_and_keeps_it(park):
    adopt(park, small())
    firm = make_enterprise(park)

    assert [run(park, firm, 100, 80), run(park, firm, 100, 80, days=1), run(park, firm, 120, 90, days=2)] == [1, 0, 1]

    rows = ProcessRun.objects.order_by("pk").values_list("capacity", "until")
    assert list(rows) == [(100, AT + timedelta(days=2)), (120, None)]
    assert charts.chart().balances["WCOAL"].supply == 90


def test_statement_of_nothing_ends_it(park):
    adopt(park, small())
    firm = make_enterprise(park)
    run(park, firm, 100, 80)

    run(park, firm, 0, 0, days=1)

    assert charts.chart().park.activities == ()


@pytest.mark.parametrize(
    ("told", "sentence"), [(("NOPE", 1, 1), "没有编号为“NOPE”的工艺"), (("WASH", -1, 1), "不能小于 0")]
)
def test_statement_refuses_what_does_not_fit(park, told, sentence):
    adopt(park, small())
    statement = services.Statement(make_enterprise(park), *told)

    with pytest.raises(Refused, match=sentence):
        services.state([statement], source="", actor=system(park), at=AT)


def test_strangers_change_nothing(park):
    stranger = Actor(kind="staff", park=park, person=Person.objects.create(park=park, name="路人"))

    with pytest.raises(Hidden):
        services.adopt(small(), actor=stranger, at=AT, note="")
    with pytest.raises(Hidden):
        services.state([], source="", actor=stranger, at=AT)


def test_chart_takes_the_newest_output_and_leaves_closed_enterprises_out(park):
    adopt(park, small())
    firm, closed = make_enterprise(park), make_enterprise(park, code="E2", name="乙", is_active=False)
    for year, value in ((2025, 200), (2024, 100)):
        period = {"starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31"}
        Output.objects.create(park=park, enterprise=firm, value=value, source="统计", **period)
    run(park, firm, 100, 80)
    run(park, closed, 100, 80)

    found = charts.chart().park

    assert {code: each.output_value for code, each in found.enterprises.items()} == {"E1": 200}
    assert [each.enterprise for each in found.activities] == ["E1"]


def test_chart_of_another_park_is_its_own(park):
    adopt(park, small())
    run(park, make_enterprise(park), 100, 80)
    other = Park.objects.create(code="CI", name="别的园区")

    with scope(park=other):
        assert charts.chart() is None


def test_chart_is_worked_out_once_for_a_state(park):
    adopt(park, small())

    assert charts.chart() is charts.chart()
    run(park, make_enterprise(park), 100, 80)
    assert charts.chart().park.activities != ()
