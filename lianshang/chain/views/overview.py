"""What the park's chain lacks, wastes and hangs by, each with its reason and what can be done."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from lianshang.chain.analysis.findings import Kind
from lianshang.chain.analysis.intervals import Certainty
from lianshang.chain.analysis.words import ACTIONS, NAMES, reason, remedy, share
from lianshang.chain.charts import Chart
from lianshang.chain.views.frame import page

GROUPS = (
    ("断链和缺口", {Kind.MISSING_SUPPLY, Kind.GAP, Kind.GAP_OPERATIONAL}),
    ("一停就断的弱链", {Kind.FRAGILE_SINGLE, Kind.N1_SHORT, Kind.FRAGILE_TREATMENT}),
    ("紧张和扩产瓶颈", {Kind.TIGHT, Kind.GAP_AT_FULL_CAPACITY}),
    ("没有用掉的", {Kind.NO_DOWNSTREAM, Kind.WASTE_UNUSED, Kind.FLARED}),
    ("没有处置的", {Kind.NO_TREATMENT, Kind.UNTREATED_SURPLUS}),
)
SURE = {Certainty.SURE: "", Certainty.LIKELY: "系数取到边上时未必"}


@page("chain/overview.html", "overview")
def overview(request: HttpRequest, found: Chart) -> Mapping[str, Any]:
    return {"groups": [_group(found, *each) for each in GROUPS], "loops": found.loops, "sentence": _sentence(found)}


def _group(found: Chart, label: str, kinds: set[Kind]) -> dict[str, Any]:
    rows = [
        {
            "product": each.balance.product,
            "kind": NAMES[each.kind],
            "action": ACTIONS.get(each.kind, ""),
            "reason": reason(each, found.park),
            "remedy": remedy(each, found.park),
            "doubt": SURE[found.ranges[each.balance.product.code].certainty[each.kind]],
        }
        for each in found.findings
        if each.kind in kinds
    ]
    return {"label": label, "rows": rows}


def _sentence(found: Chart) -> str:
    figures, worst = found.metrics, found.criticality[0] if found.criticality else None
    parts = [
        f"{figures['n_enterprises']} 家企业，{figures['processes_in_park']} 种工艺，年产值 {found.park.output_value:,.0f} 万元",
        f"{len({each.balance.product.code for each in found.findings})} 种产品有 {len(found.findings)} 处问题",
    ]
    if figures["self_sufficiency_value_weighted"] is not None:
        parts.append(f"所需产品按价值有 {share(figures['self_sufficiency_value_weighted'])} 由园区自己供应")
    if worst and worst.knock_on > 0:
        parts.append(f"{worst.name}停产，连带影响 {share(worst.knock_on_share)} 的产值")
    return "；".join(parts) + "。"
