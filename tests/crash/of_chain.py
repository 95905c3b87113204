"""The catalogue of the chain, what enterprises run, and what-ifs that are kept."""

from dataclasses import replace
from typing import Any

from lianshang.cases.tests.factories import MONDAY, Town
from lianshang.chain import services
from lianshang.chain.analysis.network import Activity, Network, Park
from lianshang.chain.shipped import network
from lianshang.chain.workbook import Handed
from tests.crash.scripts import AT, Script

FEW = ("RAWCOAL", "WCOAL", "MIDD")


def _small(price: float) -> Network:
    """Coal that is washed: three products, one process, three flows."""
    whole = network()
    products = {code: whole.products[code] for code in FEW} | {"WCOAL": replace(whole.products["WCOAL"], price=price)}
    flows = tuple(flow for flow in whole.flows if flow.process == "WASH" and flow.product in FEW)
    return Network(products, {"WASH": whole.processes["WASH"]}, flows)


def _adopted(town: Town, _: Any = None) -> Any:
    return services.adopt(_small(1480), actor=town.dispatcher, at=MONDAY, note="首版")


def _again(town: Town, _: Any = None) -> str:
    return str(services.adopt(_small(1500), actor=town.dispatcher, at=AT, note="改价格").number)


def _stated(town: Town, _: Any = None) -> str:
    told = [services.Statement(town.enterprise, "WASH", 180_000, 140_400)]
    return str(services.state(told, source="企业填报", actor=town.dispatcher, at=AT))


def _saved(town: Town, _: Any = None) -> Any:
    _adopted(town)
    return services.keep("洗煤涨价", [("price", "WCOAL:1600")], actor=town.dispatcher, at=MONDAY)


def _kept(town: Town, _: Any = None) -> str:
    return services.keep("洗煤降价", [("price", "WCOAL:1200")], actor=town.dispatcher, at=AT).name


def _shelved(town: Town, kept: Any) -> str:
    services.shelve(kept, actor=town.dispatcher, at=AT)
    return "shelved"


def _taken_in(town: Town, _: Any = None) -> str:
    run, park = Activity(town.enterprise.code, "WASH", 180_000, 140_400), Park(_small(1480), {}, ())
    handed = Handed(_small(1520), None, None, (run,))
    edition, news = services.take_in(handed, park, note="上传", source="企业填报", actor=town.dispatcher, at=AT)
    return f"{edition.number} {news}"


OF_CHAIN = (
    Script("chain.services.books.take_in", _adopted, _taken_in),
    Script("chain.services.catalogue.adopt", _adopted, _again),
    Script("chain.services.runs.state", _adopted, _stated),
    Script("chain.services.scenarios.keep", _adopted, _kept),
    Script("chain.services.scenarios.shelve", _saved, _shelved),
)
