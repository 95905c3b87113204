"""What-ifs that were kept: saved from the 沙盘, listed, set side by side, put away."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from lianshang.chain import access, services
from lianshang.chain.analysis.findings import Kind
from lianshang.chain.analysis.network import Product
from lianshang.chain.analysis.scenarios import Impossible, Outcome, outcome
from lianshang.chain.analysis.words import NAMES, amount
from lianshang.chain.changes import FIELDS, changes, in_words
from lianshang.chain.charts import Chart
from lianshang.chain.models import Scenario
from lianshang.chain.views.frame import page
from lianshang.kernel.refusals import Refused

SIDE_BY_SIDE = 4
MOST_LINES = 30  # of the balance, the largest moves first


@page("chain/scenarios.html", "scenarios")
def scenarios(request: HttpRequest, found: Chart) -> Mapping[str, Any]:
    kept = list(access.scenarios().select_related("made_by"))
    asked = request.GET.getlist("with")[:SIDE_BY_SIDE]
    chosen = [each for each in kept if str(each.key) in asked]
    return {
        "kept": [(each, each in chosen, _told(each, found)) for each in kept],
        "most": SIDE_BY_SIDE,
        "compared": _compared(found, chosen) if chosen else None,
    }


def _told(kept: Scenario, found: Chart) -> list[str]:
    return [in_words(each, found.park) for each in changes(kept.changes)]


def _compared(found: Chart, chosen: list[Scenario]) -> dict[str, Any]:
    """One column for each, and rows that hold a cell for each: output value, what is at risk, findings, balance."""
    model = found.throughput()
    columns: list[tuple[Scenario, Outcome | None, str]] = []
    for each in chosen:
        try:
            columns.append((each, outcome(found.park, changes(each.changes), model=model), ""))
        except Impossible as fault:  # an enterprise left, a process is in the catalogue no more
            columns.append((each, None, str(fault)))
    moved = [one for _, one, _ in columns if one]
    return {
        "columns": [(each, fault, _told(each, found)) for each, _, fault in columns],
        "today": f"{found.park.output_value:,.0f}",
        "after": [f"{one.value_after:,.0f}" if one else "" for _, one, _ in columns],
        "at_risk": [f"{one.at_risk:,.0f}" if one else "" for _, one, _ in columns],
        "findings": _findings(found.park.network.products, moved, [one for _, one, _ in columns]),
        "balance": _balance(found, [one for _, one, _ in columns]),
    }


def _findings(
    products: Mapping[str, Product], moved: list[Outcome], columns: list[Outcome | None]
) -> list[tuple[Product, str, list[str]]]:
    """Every finding that comes or goes in one of them."""
    touched: dict[tuple[str, Kind], None] = dict.fromkeys(key for one in moved for key in (*one.new, *one.gone))
    return [
        (products[code], NAMES[kind], [_change_of((code, kind), one) for one in columns])
        for code, kind in sorted(touched, key=lambda key: (products[key[0]].name, key[1]))
    ]


def _change_of(key: tuple[str, Kind], one: Outcome | None) -> str:
    if one is None:
        return ""
    return "＋ 新出现" if key in one.new else "－ 消失" if key in one.gone else "不变"


def _balance(found: Chart, columns: list[Outcome | None]) -> list[tuple[Product, str, list[str]]]:
    """Net of every product that moves in one of them, the largest moves by value first."""
    moves: dict[str, list[tuple[float, float] | None]] = {}
    for at, one in enumerate(columns):
        for move in one.moves if one else ():
            moves.setdefault(move.line.product.code, [None] * len(columns))[at] = move.net
    products = found.park.network.products

    def weight(code: str) -> float:
        worth = max(abs(products[code].price), 1.0)
        return max(abs(each[1] - each[0]) * worth for each in moves[code] if each)

    rows = []
    for code in sorted(moves, key=lambda code: (-weight(code), code))[:MOST_LINES]:
        unit, line = products[code].unit, found.balances.get(code)
        today = line.net if line else 0.0
        cells = [
            amount(each[1] if each else today, unit) if one else ""
            for each, one in zip(moves[code], columns, strict=True)
        ]
        rows.append((products[code], amount(today, unit), cells))
    return rows


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what was tried under a name; what is wrong is told where it was tried."""
    actor = access.reader(request.actor)
    asked = [(kind, value) for kind in FIELDS for value in request.POST.getlist(kind) if value]
    draft = Scenario(name=request.POST.get("name", "").strip()[:60], changes=asked)
    try:
        kept = services.keep(request.POST.get("name", ""), asked, actor=actor, at=timezone.now())
    except (Refused, Impossible) as no:
        messages.error(request, str(no))
        return redirect(draft)
    messages.success(request, f"已保存“{kept.name}”。")
    return redirect("chain:scenarios")


@require_POST
def shelve(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = access.reader(request.actor)
    kept = access.scenario(actor, key)
    services.shelve(kept, actor=actor, at=timezone.now())
    messages.success(request, f"已收起“{kept.name}”。")
    return redirect("chain:scenarios")
