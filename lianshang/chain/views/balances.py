"""The balance by product, one product with who makes and uses it, and the catalogue of processes."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.http import urlencode

from lianshang.chain.analysis.balance import Balance
from lianshang.chain.analysis.findings import LABELS, Finding, kinds
from lianshang.chain.analysis.intervals import Certainty
from lianshang.chain.analysis.network import Flow, Product
from lianshang.chain.analysis.words import NAMES, amount, reason, remedy, share
from lianshang.chain.charts import Chart
from lianshang.chain.models import ProductEntry
from lianshang.chain.models.catalogue import Stage
from lianshang.chain.views.frame import page, told

FILTERS = (
    ("全部", ""),
    ("有问题的", "wrong"),
    ("缺的", "short"),
    ("富余的", "spare"),
    *((label, value) for value, label in Stage.choices),
)
SURENESS = {Certainty.SURE: "系数在高低之间怎么取都成立。", Certainty.LIKELY: "按现用系数成立，取到高低两头时未必。"}
ROLES, TRANSPORTS = dict(ProductEntry.ProductRole.choices), dict(ProductEntry.Transport.choices)


@page("chain/balance.html", "balance")
def balance(request: HttpRequest, found: Chart) -> Mapping[str, Any]:
    words, show = request.GET.get("q", "").strip(), request.GET.get("show", "")
    chosen = [each for each in found.balances.values() if _matches(each.product, words) and _shown(found, each, show)]
    others = [each for code, each in found.park.network.products.items() if words and code not in found.balances]
    return {
        "rows": [_row(found, each) for each in chosen],
        "others": [each for each in others if each.role != "env" and _matches(each, words)],
        "words": words,
        "show": show,
        "filters": [
            {
                "label": label,
                "count": None,
                "url": f"?{urlencode({'q': words, 'show': value})}",
                "current": value == show,
            }
            for label, value in FILTERS
        ],
    }


def _matches(product: Product, words: str) -> bool:
    return words.casefold() in f"{product.code} {product.name} {product.category}".casefold()


def _shown(found: Chart, line: Balance, show: str) -> bool:
    if show == "wrong":
        return bool(set(kinds(line, found.park.network)) - LABELS)
    if show in {"short", "spare"}:
        return (line.deficit if show == "short" else line.surplus) > 0
    return not show or line.product.stage == show


def _row(found: Chart, line: Balance) -> dict[str, Any]:
    unit = line.product.unit
    return {
        "product": line.product,
        "role": ROLES.get(line.product.role, ""),
        "supply": amount(line.supply, unit),
        "demand": amount(line.demand, unit),
        "net": amount(line.net, unit),
        "between": _net_between(found, line),
        "coverage": share(line.self_sufficiency) if line.self_sufficiency is not None else "",
        "told": told(found, line),
    }


def _net_between(found: Chart, line: Balance) -> str:
    """The least and the most that the net can be: supply and demand at their opposite ends."""
    place = found.ranges[line.product.code]
    low, high = place.supply[0] - place.demand[1], place.supply[1] - place.demand[0]
    return f"{amount(low)}～{amount(high)}" if high - low > 1e-9 * max(line.supply, line.demand) else ""


@page("chain/product.html", "balance")
def product(request: HttpRequest, found: Chart, code: str) -> Mapping[str, Any]:
    known = found.park.network.products.get(code)
    if known is None or known.role == "env":
        raise Http404
    line = found.balances.get(code, Balance(known, {}, {}))
    return {
        "product": known,
        "facts": _facts(found, line),
        "findings": _told(found, line),
        "possible": _possible(found, code),
        "loops": [each for each in found.loops if code in {each.surplus, each.into}],
        "makers": _owners(found, line.suppliers, known.unit),
        "users": _owners(found, line.consumers, known.unit),
        "flows": [_flow(found, each) for each in found.park.network.flows if each.product == code],
    }


def _facts(found: Chart, line: Balance) -> list[tuple[str, str]]:
    unit, place = line.product.unit, found.ranges.get(line.product.code)
    supply = _between(place.supply, unit) if place else ""
    demand = _between(place.demand, unit) if place else ""
    index, rest = line.concentration, line.coverage_without_largest
    return [
        ("性质", ROLES.get(line.product.role, "")),
        ("怎么运", TRANSPORTS.get(line.product.transport, "")),
        ("年供应", f"{amount(line.supply, unit)}{supply}" if line.supply else "园区没有人生产"),
        ("年需求", f"{amount(line.demand, unit)}{demand}" if line.demand else "园区没有人使用"),
        ("满产时", f"供应 {amount(line.supply_full, unit)}，需求 {amount(line.demand_full, unit)}"),
        ("供应集中度", f"{index:.2f}（1 为独家）" if index is not None else ""),
        ("最大的一家停了", f"还够需要的 {share(rest)}" if rest is not None else ""),
        ("参考价", f"{line.product.price:,.10g} 元/{unit}，仅用于排序"),
        ("说明", line.product.note),
    ]


def _between(ends: tuple[float, float], unit: str) -> str:
    low, high = ends
    return f"（系数高低之间 {amount(low)}～{amount(high, unit)}）" if low != high else ""


def _told(found: Chart, line: Balance) -> list[dict[str, str]]:
    named = [each for each in kinds(line, found.park.network) if each not in LABELS]
    return [
        {
            "kind": NAMES[each],
            "reason": reason(Finding(each, line), found.park),
            "remedy": remedy(Finding(each, line), found.park),
            "sure": SURENESS[found.ranges[line.product.code].certainty[each]],
        }
        for each in named
    ]


def _possible(found: Chart, code: str) -> str:
    """What is no finding at the coefficients in use, and would be one at others within their ranges."""
    place = found.ranges.get(code)
    kinds_ = place.certainty.items() if place else ()
    return "、".join(NAMES[kind] for kind, sure in kinds_ if sure == Certainty.POSSIBLE)


def _owners(found: Chart, quantities: Mapping[str, float], unit: str) -> list[dict[str, Any]]:
    whole = sum(quantities.values())
    ordered = sorted(quantities, key=lambda code: (-quantities[code], code))
    return [
        {
            "enterprise": found.park.enterprises[code],
            "quantity": amount(quantities[code], unit),
            "share": share(quantities[code] / whole),
        }
        for code in ordered
    ]


def _flow(found: Chart, flow: Flow) -> dict[str, Any]:
    return {
        "flow": flow,
        "process": found.park.network.processes[flow.process],
        "product": found.park.network.products[flow.product],
        "here": flow.process in found.park.running(),
        "range": f"{flow.low:g}～{flow.high:g}" if flow.low != flow.high else "",
    }


@page("chain/processes.html", "processes")
def processes(request: HttpRequest, found: Chart) -> Mapping[str, Any]:
    words, network, running = request.GET.get("q", "").strip(), found.park.network, found.park.running()
    return {
        "words": words,
        "rows": [
            {
                "process": each,
                "unit": network.products[each.reference].unit,
                "makes": network.products[each.reference].name,
                "here": each.code in running,
                "least": amount(each.least_scale, network.products[each.reference].unit) if each.least_scale else "",
            }
            for each in network.processes.values()
            if words.casefold() in f"{each.code} {each.name} {each.segment}".casefold()
        ],
        "edition": found.edition,
    }


@page("chain/process.html", "processes")
def process(request: HttpRequest, found: Chart, code: str) -> Mapping[str, Any]:
    network = found.park.network
    if code not in network.processes:
        raise Http404
    known = network.processes[code]
    unit = network.products[known.reference].unit
    runs = [each for each in found.park.activities if each.process == code]
    flows = [_flow(found, each) for each in network.of_process[code]]
    return {
        "process": known,
        "unit": unit,
        "facts": [
            ("链段", known.segment),
            ("基准产出", network.products[known.reference].name),
            ("常见规模", amount(known.typical_scale, unit) if known.typical_scale else ""),
            ("最小经济规模", amount(known.least_scale, unit) if known.least_scale else ""),
            ("单位投资", f"{known.capital:,.10g} 元/{unit}" if known.capital else ""),
            ("重点监管工艺", known.hazard),
            ("行业代码", known.industry),
            ("说明", known.note),
        ],
        "inputs": [each for each in flows if not each["flow"].is_output],
        "outputs": [each for each in flows if each["flow"].is_output],
        "runs": [
            {
                "enterprise": found.park.enterprises[each.enterprise],
                "capacity": amount(each.capacity, unit),
                "level": amount(each.level, unit),
                "share": share(each.level / each.capacity) if each.capacity else "",
            }
            for each in runs
        ],
    }
