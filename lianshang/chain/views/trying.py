"""沙盘: stop an enterprise, change a capacity, add a candidate, change a price, and see at once what moves.

What is tried stands in the address, so that it can be sent and printed; under a name it is kept and compared.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from lianshang.chain.analysis.scenarios import Impossible, Outcome, outcome
from lianshang.chain.analysis.words import NAMES, amount
from lianshang.chain.changes import FIELDS, changes, in_words
from lianshang.chain.charts import Chart
from lianshang.chain.views.frame import page

MOST = 30  # lines of the balance that are shown, the largest moves first


@page("chain/what_if.html", "what-if")
def what_if(request: HttpRequest, found: Chart) -> Mapping[str, Any]:
    kept: list[dict[str, str]] = []
    fault = ""
    try:
        asked = _asked(request)
        tried = changes(asked)
        kept = [
            {"kind": kind, "value": value, "words": in_words(each, found.park)}
            for (kind, value), each in zip(asked, tried, strict=True)
        ]
        moved = outcome(found.park, tried, model=found.throughput()) if tried else None
    except Impossible as impossible:
        moved, fault = None, str(impossible)
    return {
        "name": request.GET.get("name", "").strip()[:60],
        "kept": kept,
        "fault": fault,
        "outcome": _shown(found, moved) if moved else None,
        "enterprises": found.park.enterprises.values(),
        "runs": [
            (each, found.park.enterprises[each.enterprise], found.park.network.processes[each.process])
            for each in found.park.activities
        ],
        "candidates": [found.park.network.processes[each.process] for each in found.candidates],
        "products": [each.product for each in found.balances.values()],
    }


def _asked(request: HttpRequest) -> list[tuple[str, str]]:
    """The changes in the address, each `kind=value:value`, and what the form adds."""
    kept = [(kind, value) for kind in FIELDS for value in request.GET.getlist(kind) if value]
    return kept + [(kind, _joined(request, kind)) for kind in FIELDS if request.GET.get(f"{kind}-what")]


def _joined(request: HttpRequest, kind: str) -> str:
    what, size = request.GET.get(f"{kind}-what", ""), request.GET.get(f"{kind}-size", "")
    return what if kind == "stop" else f"{what}:{size}"


def _shown(found: Chart, moved: Outcome) -> dict[str, Any]:
    products = found.park.network.products
    lines = sorted(moved.moves, key=lambda each: -abs(each.net[1] - each.net[0]) * max(abs(each.line.product.price), 1))
    return {
        "new": [(products[code], NAMES[kind]) for code, kind in moved.new],
        "gone": [(products[code], NAMES[kind]) for code, kind in moved.gone],
        "before": f"{moved.value_before:,.0f}",
        "after": f"{moved.value_after:,.0f}",
        "at_risk": f"{moved.at_risk:,.0f}",
        "difference": f"{moved.value_after - moved.value_before:+,.0f}",
        "moves": [
            {
                "product": each.line.product,
                "before": amount(each.net[0], each.line.product.unit),
                "after": amount(each.net[1], each.line.product.unit),
            }
            for each in lines[:MOST]
        ],
        "more": max(len(lines) - MOST, 0),
    }
