"""What was published: the list, one publication, one of its figures with what moved since; publishing and correcting."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lianshang.indicators import freezing, registry
from lianshang.indicators.folds import CENT
from lianshang.indicators.forms import CorrectForm, PublishForm
from lianshang.indicators.freezing import PUBLISHERS
from lianshang.indicators.models import FrozenFigure, Publication
from lianshang.indicators.navigation import READERS
from lianshang.indicators.registry import REGISTRY
from lianshang.indicators.scopes import Scope
from lianshang.kernel import idempotency, paging
from lianshang.kernel.refusals import Hidden, Refused

KEPT_BACK = ("row_keys", "of_keys")


def _reads(request: HttpRequest) -> None:
    if not request.actor or not request.actor.has(*READERS):
        raise Hidden


def _publication(request: HttpRequest, key: UUID) -> Publication:
    _reads(request)
    row: Publication = get_object_or_404(Publication.objects.select_related("made_by", "corrects"), key=key)
    row.park = request.actor.park
    return row


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    _reads(request)
    rows = Publication.objects.select_related("made_by").annotate(count=Count("figures"))
    found = paging.page(rows, ("-recorded_at", "-id"), after=paging.asked(request))
    context = {
        "page": found,
        "rows": found.rows,
        "shown": len(found.rows),
        "may_publish": request.actor.has(*PUBLISHERS),
    }
    return render(request, "indicators/publications.html", context)


@require_safe
def publication(request: HttpRequest, key: UUID) -> HttpResponse:
    """The figures as they were published, each with what it would be today where that is another number."""
    row = _publication(request, key)
    figures = list(row.figures.defer(*KEPT_BACK).order_by("pk"))
    context = {
        "publication": row, "figures": _told(row, figures), "may_publish": request.actor.has(*PUBLISHERS),
        "newer": row.corrections.first(),
    }  # fmt: skip
    return render(request, "indicators/publication.html", context)


def _told(row: Publication, figures: list[FrozenFigure]) -> list[dict[str, Any]]:
    for figure in figures:
        figure.publication = row
    known = [figure for figure in figures if _same_definition(figure)]
    today = {f.indicator: REGISTRY[f.indicator].measure(Scope(row.park, None, row.at), row.period) for f in known}
    registry.gather(today.values())
    return [
        {"figure": figure, "value": _shown(figure), "note": _note(figure, today.get(figure.indicator))}
        for figure in figures
    ]


def _same_definition(figure: FrozenFigure) -> bool:
    one = REGISTRY.get(figure.indicator)
    return one is not None and one.version == figure.version


def _shown(figure: FrozenFigure) -> str:
    if figure.number is None:
        return registry.NOTHING
    return figure.value if figure.kind in ("rate", "money") else f"{figure.number.normalize():f}"


def _note(figure: FrozenFigure, today: Any) -> str:
    if today is None:
        return "口径已改，按原口径不能重算"
    rows = (figure.rows_count, figure.of_count) == (today.rows_count, None if today.of is None else today.of_count)
    value = today.value if today.value is None else today.value.quantize(CENT)
    if rows and value == figure.number:
        return ""
    return f"按今天的记录是 {registry.shown(REGISTRY[figure.indicator], today.value)}"


@require_safe
def frozen(request: HttpRequest, key: UUID, indicator: str) -> HttpResponse:
    """One published figure: definition, hash, whether it can still be computed to the bit, and the rows that moved."""
    row = _publication(request, key)
    figure = row.figures.filter(indicator=indicator).first()
    if figure is None:
        raise Http404
    figure.publication = row
    moved = freezing.drift(figure)
    context = {
        "publication": row, "figure": figure, "value": _shown(figure), "drift": moved,
        "same": freezing.reproduces(figure), "today": None if moved.value is None else f"{moved.value.normalize():f}",
        "url": f"{reverse('indicators:figure', args=[figure.indicator])}?of={row.key}" if moved.computable else "",
    }  # fmt: skip
    return render(request, "indicators/frozen.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def new(request: HttpRequest) -> HttpResponse:
    """Publish a period: what is frozen is said before, and cannot be taken back."""
    if not request.actor or not request.actor.has(*PUBLISHERS):
        raise Hidden
    now = timezone.now()
    sent = {"data": request.POST} if request.method == "POST" else {}
    form = PublishForm(park=request.actor.park, at=now, initial={"period": f"{timezone.localdate():%Y-%m}"}, **sent)
    return _answered(
        request, form, "公布一期数字", lambda cleaned: freezing.publish(cleaned["period"], actor=request.actor, at=now)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def correct(request: HttpRequest, key: UUID) -> HttpResponse:
    row = _publication(request, key)
    if not request.actor.has(*PUBLISHERS):
        raise Hidden
    form = CorrectForm(request.POST if request.method == "POST" else None)
    return _answered(
        request, form, f"更正“{row}”",
        lambda cleaned: freezing.correct(row, actor=request.actor, at=timezone.now(), reason=cleaned["reason"]),
    )  # fmt: skip


def _answered(request: HttpRequest, form: Any, title: str, deed: Any) -> HttpResponse:
    refusal, status = "", 200
    if form.is_bound and form.is_valid():
        try:
            made = deed(form.cleaned_data)
        except Refused as why:
            refusal, status = str(why), 409
        else:
            messages.success(request, f"已公布：{made}。")
            return redirect(made)
    elif form.is_bound:
        status = 422
    context = {"form": form, "title": title, "refusal": refusal, "idempotency_key": idempotency.mint()}
    return render(request, "indicators/publish.html", context, status=status)
