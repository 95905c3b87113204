"""What the park could attract: candidates with score, tier and reasons, and what pays together."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from lianshang.chain.analysis.candidates import Candidate
from lianshang.chain.analysis.portfolios import Portfolio
from lianshang.chain.analysis.words import amount, share
from lianshang.chain.charts import Chart
from lianshang.chain.views.frame import page

VIEWS = {"park": "只看园区", "region": "连同周边"}
TIERS = {1: "原料齐备", 2: "部分原料要外购", 3: "缺管道原料", 4: "园区没有原料，也不缺它的产品"}


@page("chain/candidates.html", "candidates")
def listing(request: HttpRequest, found: Chart) -> Mapping[str, Any]:
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "park"
    ordered = sorted(found.candidates, key=lambda each: getattr(each, f"rank_{view}"))
    rows = [_row(found, getattr(each, view), getattr(each, f"score_{view}")) for each in ordered]
    return {
        "filters": [
            {"label": label, "count": None, "url": f"?view={value}", "current": value == view}
            for value, label in VIEWS.items()
        ],
        "rows": [row for row in rows if row["score"]],
        "rest": [row["process"] for row in rows if not row["score"]],
        "bundle": _bundle(found, next(each for each in found.portfolios if (each.view, each.model) == (view, "MILP"))),
    }


def _row(found: Chart, each: Candidate, score: float) -> dict[str, Any]:
    process = found.park.network.processes[each.process]
    unit = found.park.network.products[process.reference].unit
    return {
        "process": process,
        "score": f"{score * 100:.0f}" if score else "",
        "tier": TIERS[each.tier],
        "scale": amount(each.scale, unit) if each.scale else "",
        "small": each.scale_over_least < 1,
        "of_least": share(each.scale_over_least),
        "worth": f"{each.value_added:,.0f}",
        "pays": each.net > 0,
        "reasons": _reasons(found, each),
    }


def _reasons(found: Chart, each: Candidate) -> list[str]:
    products, told = found.park.network.products, []
    if each.main_feed:
        told.append(f"主要原料是{products[each.main_feed].name}，本地就有")
    if each.absorbs >= 0.1:  # noqa: PLR2004 below a tenth it is not worth a word
        told.append(f"能用掉一种富余的 {share(each.absorbs)}")
    if each.gap_closed > 0:
        told.append(f"补上园区缺的产品 {each.gap_closed:,.0f} 万元")
    if each.missing:
        told.append(f"{'、'.join(products[code].name for code in each.missing)}要从外面买")
    if each.scale_over_least < 1:
        told.append(f"只够最小经济规模的 {share(each.scale_over_least)}，宜与周边统筹")
    if each.net <= 0:
        told.append("按参考价和投资算，单独建不赚钱")
    return told


def _bundle(found: Chart, each: Portfolio) -> list[dict[str, Any]]:
    processes, products = found.park.network.processes, found.park.network.products
    return [
        {
            "process": processes[code],
            "scale": amount(scale, products[processes[code].reference].unit),
            "value": f"{each.values[code]:,.0f}",
        }
        for code, scale in each.scales.items()
    ]
