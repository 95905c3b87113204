"""The map: who makes, what, who uses; by stage, or opened at one product. The same as a table, and as a picture."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from lianshang.chain import access
from lianshang.chain.analysis.words import amount
from lianshang.chain.charts import Chart, chart
from lianshang.chain.drawings import Drawing, sankey
from lianshang.chain.models.catalogue import Stage
from lianshang.chain.views.frame import page
from lianshang.kernel.refusals import Hidden


@page("chain/map.html", "map")
def chain_map(request: HttpRequest, found: Chart) -> Mapping[str, Any]:
    stage, product = _asked(request, found)
    drawing = sankey(found.park, found.balances, stage=stage, product=product)
    words = request.GET.get("q", "").strip()
    known = [each.product for each in found.balances.values()]
    return {
        "drawing": drawing,
        "rows": _rows(drawing),
        "product": found.park.network.products.get(product),
        "words": words,
        "hits": [each for each in known if words and words.casefold() in f"{each.code} {each.name}".casefold()],
        "filters": [
            {
                "label": label,
                "count": None,
                "url": f"?{urlencode({'stage': value})}",
                "current": not product and value == stage,
            }
            for value, label in (("", "全链"), *Stage.choices)
        ],
        "picture": urlencode({"stage": stage, "product": product}),
    }


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """The drawing as a file, for a report or a screen."""
    access.reader(request.actor)
    found = chart()
    if found is None:
        raise Hidden
    stage, product = _asked(request, found)
    context = {
        "drawing": sankey(found.park, found.balances, stage=stage, product=product),
        "alone": True,
        "demo": found.demo,
    }
    answer = render(request, "chain/_sankey.html", context, content_type="image/svg+xml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="chain.svg"'
    return answer


def _asked(request: HttpRequest, found: Chart) -> tuple[str, str]:
    stage, product = request.GET.get("stage", ""), request.GET.get("product", "")
    return stage if stage in Stage.values else "", product if product in found.balances else ""


def _rows(drawing: Drawing) -> list[dict[str, Any]]:
    """What the drawing shows, line by line: for those who read it, and for phones."""
    products = sorted((each for each in drawing.nodes if each.code), key=lambda node: -node.value)
    rows = []
    for node in products:
        made = [each for each in drawing.bands if each.target is node]
        used = [each for each in drawing.bands if each.source is node]
        rows.append({"node": node, "from_": _ends(made, "source"), "to": _ends(used, "target")})
    return rows


def _ends(bands: list[Any], side: str) -> str:
    ordered = sorted(bands, key=lambda band: -band.quantity)
    return "；".join(f"{getattr(band, side).label} {amount(band.quantity, band.unit)}" for band in ordered)
