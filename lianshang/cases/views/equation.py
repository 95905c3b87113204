from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianshang.cases import access, books, equation, queues, supervision
from lianshang.cases.forms.ledger_filter import listed
from lianshang.cases.models import CaseQuerySet
from lianshang.cases.navigation import READERS, SEALED_KEEPERS
from lianshang.directory.models import Unit
from lianshang.indicators import periods
from lianshang.indicators.periods import NoPeriod, Period
from lianshang.kernel.paging import asked, page
from lianshang.kernel.refusals import Hidden

TERMS = {
    "intake": ("受理", "本期登记的公开诉求，误录除外；投诉举报另有专册，不在其中"),
    "in_time": ("按期反馈", "已在时限内答复，或已告知不予受理、移交、撤回、终止"),
    "lawfully_open": ("依法在办", "还没有答复，但每一项反馈都没有超期"),
    "breaches": ("超期（点名）", "反馈晚于时限，或已过时限还没有反馈，下面写明由谁承担"),
    "mistaken": ("误录、撤销", "登记有误，或随导入撤销，不计入等式，单独列出"),
}
SEALED_TERMS = TERMS | {
    "intake": ("受理", "本期登记的投诉、举报，误录除外；只算您看得到的"),
    "in_time": ("按期反馈", "已在时限内答复，或已告知不予受理、移交、撤回、终止；匿名的看回执就算反馈到"),
}
NEWEST, OLDEST = ("-registered_at", "-id"), ("registered_at", "id")  # what has been late longest stands first


@require_safe
def proof(request: HttpRequest) -> HttpResponse:
    """The equation of a period, each term open to its rows; a breach is named."""
    if not request.actor.has(*READERS):
        raise Hidden
    return _proof(request, access.open_ledger(request.actor), TERMS)


@require_safe
def sealed_proof(request: HttpRequest) -> HttpResponse:
    """The same over complaints and reports, for those alone who look after them; no other figure holds any of it."""
    if not request.actor.has(*SEALED_KEEPERS):
        raise Hidden
    return _proof(request, access.sealed_ledger(request.actor), SEALED_TERMS)


def _proof(request: HttpRequest, ledger: CaseQuerySet, told: dict[str, tuple[str, str]]) -> HttpResponse:
    now, park = timezone.now(), request.actor.park
    period, refusal = _period(request.GET.get("period", ""), timezone.localdate())
    terms = equation.equation(ledger, *period.bounds(park.zoneinfo), now)
    asked_for = request.GET.get("term", "")
    name = asked_for if asked_for in TERMS else "breaches"
    order = OLDEST if name == "breaches" else NEWEST
    found = page(listed(getattr(terms, name)), order, after=asked(request))
    breaches = equation.named(found.rows, now, _office(park.pk)) if name == "breaches" else []
    context = {
        "period": period, "fault": refusal, "terms": _told(terms.counts, period, name, told), "counts": terms.counts, "is_sealed": told is SEALED_TERMS,
        "balanced": terms.balanced, "name": name, "title": told[name][0], "now": now, "page": found,
        "rows": [] if breaches else queues.lit(found.rows, now), "filters": _periods(timezone.localdate(), period),
        "breaches": breaches, "shown": len(found.rows),
        "supervised": supervision.marked([] if breaches else [case.pk for case in found.rows]),
    }  # fmt: skip
    return render(request, "cases/equation.html", context, status=400 if refusal else 200)


def _office(park_id: int) -> str:
    return str(Unit.objects.filter(pk=books.office_of(park_id)).first() or "综合党委办公室")


def _period(text: str, today: date) -> tuple[Period, str]:
    """Return what was asked for, or this month with the reason why not."""
    try:
        return (periods.parse(text), "") if text else (periods.month(today), "")
    except NoPeriod as wrong:
        return periods.month(today), str(wrong)


def _periods(today: date, current: Period) -> list[dict[str, Any]]:
    last = periods.month(
        today.replace(day=1).replace(month=today.month - 1 or 12, year=today.year - (today.month == 1))
    )
    quarter = f"{today.year}-Q{(today.month + 2) // 3}"
    choices = [
        ("本月", f"{today:%Y-%m}"), ("上月", f"{last.first:%Y-%m}"), ("本季度", quarter), ("今年以来", f"{today:%Y}")
    ]  # fmt: skip
    return [
        {"label": label, "count": None, "url": f"?period={value}", "current": periods.parse(value) == current}
        for label, value in choices
    ]


def _told(
    counts: dict[str, int], period: Period, current: str, told: dict[str, tuple[str, str]]
) -> list[dict[str, Any]]:
    given = f"{period.first}..{period.last}"
    return [
        {
            "name": name, "label": label, "words": words, "count": counts[name], "current": name == current,
            "url": f"?period={given}&term={name}",
        }
        for name, (label, words) in told.items()
    ]  # fmt: skip
