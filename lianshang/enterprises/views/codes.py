"""QR codes to print: posters for the wall, and slips with the enterprise's own code for its people alone."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lianshang.enterprises import links
from lianshang.enterprises.models import Enterprise
from lianshang.enterprises.navigation import HANDS_OUT
from lianshang.kernel.refusals import Hidden

PAGE = 50
MOST = 300  # squares of one printed sheet


def _only_who_hands_out(request: HttpRequest) -> None:
    actor = request.actor
    if not actor or not actor.has(*HANDS_OUT):
        raise Hidden


def _found(request: HttpRequest) -> QuerySet[Enterprise]:
    """Return the enterprises asked for: one by its number (`e`), or those whose name or number holds the words (`q`)."""
    rows = Enterprise.objects.filter(is_active=True).select_related("park").order_by("code")
    if number := request.GET.get("e", ""):
        return rows.filter(code=number)
    words = request.GET.get("q", "").strip()
    return rows.filter(Q(name__icontains=words) | Q(code__icontains=words)) if words else rows


@require_GET
def codes(request: HttpRequest) -> HttpResponse:
    _only_who_hands_out(request)
    rows = _found(request)
    total = rows.count()
    page = _page(rows, request.GET.get("after", ""), request.GET.get("before", ""))
    base = links.origin(request)
    park = request.actor.park
    context = {
        "park": park,
        "words": request.GET.get("q", "").strip(),
        "rows": [(row, links.whistle_link(base, row)) for row in page],
        "poster": links.poster(park.name, links.whistle_link(base, park)),
        "reachable": links.is_reachable(base),
        "total": total,
        "shown": len(page),
        **_ends(rows, page),
    }
    return render(request, "enterprises/codes.html", context)


def _page(rows: QuerySet[Enterprise], after: str, before: str) -> list[Enterprise]:
    """Return the rows after or before a number: pages stay what they were while others are added."""
    if before:
        return list(rows.filter(code__lt=before).order_by("-code")[:PAGE])[::-1]
    return list((rows.filter(code__gt=after) if after else rows)[:PAGE])


def _ends(rows: QuerySet[Enterprise], page: list[Enterprise]) -> dict[str, str]:
    if not page:
        return {"previous": "", "next": ""}
    first, last = page[0].code, page[-1].code
    return {
        "previous": first if rows.filter(code__lt=first).exists() else "",
        "next": last if rows.filter(code__gt=last).exists() else "",
    }


@require_GET
def posters(request: HttpRequest) -> HttpResponse:
    """Whistle codes for the wall, six to a sheet; with `park` the park's own."""
    _only_who_hands_out(request)
    base = links.origin(request)
    park = request.actor.park
    if "park" in request.GET:
        squares = [links.poster(park.name, links.whistle_link(base, park))]
    else:
        squares = [links.poster(row.name, links.whistle_link(base, row)) for row in _found(request)[:MOST]]
    return _sheet(request, "posters", squares, base)


@require_GET
def slips(request: HttpRequest) -> HttpResponse:
    """Enterprises' own codes: whoever has one sees all of that enterprise's open whistles."""
    _only_who_hands_out(request)
    base = links.origin(request)
    return _sheet(request, "slips", [links.slip(base, row) for row in _found(request)[:MOST]], base)


def _sheet(request: HttpRequest, name: str, squares: list[Any], base: str) -> HttpResponse:
    context = {
        "pairs": [squares[i : i + 2] for i in range(0, len(squares), 2)],
        "count": len(squares),
        "reachable": links.is_reachable(base),
        "park": request.actor.park,
    }
    return render(request, f"enterprises/{name}.html", context)
