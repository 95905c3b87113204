"""What all pages of the chain have in common: who may see them, the park's chart, the way from one to the other."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lianshang.chain import access
from lianshang.chain.analysis.balance import Balance
from lianshang.chain.analysis.findings import LABELS, kinds
from lianshang.chain.analysis.words import NAMES
from lianshang.chain.charts import Chart, chart

SECTIONS = (
    ("问题和机会", "overview"),
    ("图谱", "map"),
    ("平衡表", "balance"),
    ("关键企业", "critical"),
    ("招商候选", "candidates"),
    ("沙盘", "what-if"),
    ("方案对比", "scenarios"),
    ("工艺目录", "processes"),
    ("目录和产能", "books"),
)
KEPT = {"books"}

View = Callable[..., Mapping[str, Any]]


def page(template: str, section: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Turn a function of request and chart that returns a context into a page for readers of the chain."""

    def framed(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, **asked: str) -> HttpResponse:
            access.reader(request.actor)
            found = chart()
            if found is None:
                return render(request, "chain/none.html", {"keeps": access.keeps(request.actor)})
            context = {
                "sections": sections(section, keeps=access.keeps(request.actor)),
                "chart": found,
                "named": found.named,
                "keeps": access.keeps(request.actor),
                **view(request, found, **asked),
            }
            return render(request, template, context)

        return require_safe(answer)

    return framed


def sections(chosen: str, *, keeps: bool = True) -> list[dict[str, Any]]:
    """The ways from page to page; who only reads is not offered what is kept."""
    return [
        {"label": label, "url": reverse(f"chain:{name}"), "count": None, "current": name == chosen}
        for label, name in SECTIONS
        if keeps or name not in KEPT
    ]


def told(found: Chart, balance: Balance) -> str:
    """What is wrong with a product, in words; nothing: empty."""
    return "、".join(NAMES[each] for each in kinds(balance, found.park.network) if each not in LABELS)
