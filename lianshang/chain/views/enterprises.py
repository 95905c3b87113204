"""Whom the park hangs by, and one enterprise's place on the chain."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest

from lianshang.chain.analysis.criticality import Remedy, remedies
from lianshang.chain.analysis.links import Link
from lianshang.chain.analysis.words import amount, share
from lianshang.chain.charts import Chart
from lianshang.chain.views.frame import page

MOST = 20  # neighbours on each side


@page("chain/critical.html", "critical")
def critical(request: HttpRequest, found: Chart) -> Mapping[str, Any]:
    rows = [
        {
            "rank": rank,
            "stop": each,
            "firm": found.park.enterprises[each.enterprise],
            "sector": found.park.enterprises[each.enterprise].sector,
            "own": f"{each.own:,.0f}",
            "knock_on": f"{max(each.knock_on, 0):,.0f}",
            "share": share(max(each.knock_on_share, 0)),
            "hit": len(each.hit),
        }
        for rank, each in enumerate(found.criticality, start=1)
    ]
    return {
        "rows": [row for row in rows if row["stop"].knock_on >= 1],
        "calm": sum(row["stop"].knock_on < 1 for row in rows),
    }


@page("chain/enterprise.html", "critical")
def enterprise(request: HttpRequest, found: Chart, code: str) -> Mapping[str, Any]:
    if code not in found.park.enterprises:
        raise Http404
    stop = next(each for each in found.criticality if each.enterprise == code)
    others = [each for each in found.links if each.supplier != each.consumer]
    return {
        "enterprise": found.park.enterprises[code],
        "stop": stop,
        "loss": f"{stop.loss:,.0f}",
        "own": f"{stop.own:,.0f}",
        "knock_on": f"{max(stop.knock_on, 0):,.0f}",
        "share": share(max(stop.knock_on_share, 0)),
        "hit": [found.park.enterprises[each] for each in stop.hit],
        "remedies": [_remedy(found, each) for each in (remedies(found.park, code) if stop.knock_on >= 1 else [])[:5]],
        "runs": [_run(found, each) for each in found.park.activities if each.enterprise == code],
        "from_": _neighbours(found, [each for each in others if each.consumer == code], "supplier"),
        "to": _neighbours(found, [each for each in others if each.supplier == code], "consumer"),
    }


def _run(found: Chart, activity: Any) -> dict[str, Any]:
    process = found.park.network.processes[activity.process]
    unit = found.park.network.products[process.reference].unit
    return {
        "process": process,
        "capacity": amount(activity.capacity, unit),
        "level": amount(activity.level, unit),
        "share": share(activity.level / activity.capacity) if activity.capacity else "",
    }


def _neighbours(found: Chart, links: list[Link], side: str) -> list[dict[str, Any]]:
    ordered = sorted(links, key=lambda each: (-abs(each.value), each.product.code))[:MOST]
    return [
        {
            "enterprise": found.park.enterprises[getattr(each, side)],
            "product": each.product,
            "quantity": amount(each.quantity, each.product.unit),
            "value": f"{each.value:,.1f}",
        }
        for each in ordered
    ]


def _remedy(found: Chart, each: Remedy) -> dict[str, str]:
    products, processes = found.park.network.products, found.park.network.processes
    units = [
        f"{unit.label} {amount(unit.capacity, products[processes[unit.process].reference].unit)}"
        for unit in each.standbys
    ]
    return {"units": "，加".join(units), "after": f"{max(each.after, 0):,.0f}", "avoided": f"{each.avoided:,.0f}"}
