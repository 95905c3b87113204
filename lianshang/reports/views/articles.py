"""Texts are handed in, read with their figures marked, and what was not matched is bound."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianshang.indicators.registry import REGISTRY
from lianshang.kernel import idempotency
from lianshang.kernel.numbers import whole
from lianshang.kernel.refusals import Refused
from lianshang.reports import access, checking, paragraphs
from lianshang.reports.forms.articles import ArticleForm, BindingForm
from lianshang.reports.marking import Marked, marked, suggested_words
from lianshang.reports.models import Article, Binding
from lianshang.reports.services import articles as services
from lianshang.reports.times import Standpoint

LISTED = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Paste a text or send a file; one's own last ones; what the park's people have bound."""
    access.reader(request.actor)
    if request.method != "POST":
        return _index(request, ArticleForm(initial={"day": timezone.localdate()}))
    form = ArticleForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return redirect(_handed_in(request, form.cleaned_data))
        except Refused as no:
            form.add_error("file" if form.cleaned_data.get("file") else "text", str(no))
    return _index(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _handed_in(request: HttpRequest, said: dict[str, Any]) -> Article:
    file = said.get("file")
    text = paragraphs.of_file(file.read(), file.name) if file else said["text"]
    return services.hand_in(
        text, actor=request.actor, at=timezone.now(), day=said["day"], name=file.name if file else ""
    )


def _index(request: HttpRequest, form: ArticleForm, status: int = HTTPStatus.OK) -> HttpResponse:
    bindings = Binding.objects.filter(ended_at=None).select_related("made_by").order_by("words", "measure")
    context = {
        "form": form,
        "articles": list(access.articles_of(request.actor)[:LISTED]),
        "bindings": [(one, REGISTRY.get(one.figure)) for one in bindings],
        "may_bind": request.actor.has(*access.WRITERS),
        "idempotency_key": idempotency.mint(),
    }
    return render(request, "reports/articles.html", context, status=status)


@never_cache
@require_safe
def article(request: HttpRequest, key: UUID) -> HttpResponse:
    """The text with its figures marked, and the list of them with the true values."""
    one = access.article_for(request.actor, key)
    return _shown(request, one, BindingForm())


def _shown(request: HttpRequest, one: Article, form: BindingForm, status: int = HTTPStatus.OK) -> HttpResponse:
    checked = checking.check(one.text, Standpoint(one.park, one.day, timezone.now()))
    place = whole(request.GET.get("bind", ""))
    chosen = checked[place - 1] if place and place <= len(checked) else None
    if chosen and not form.is_bound:
        form = BindingForm(
            initial={"words": suggested_words(one.text, checked, chosen), "measure": chosen.mention.unit}
        )
    context: dict[str, Any] = {
        "article": one,
        "marked": Marked(one.text, checked),
        "pieces": marked(one.text, checked),
        "chosen": chosen,
        "place": place,
        "form": form,
        "may_bind": request.actor.has(*access.WRITERS),
        "idempotency_key": idempotency.mint(),
    }
    return render(request, "reports/article.html", context, status=status)


@require_POST
@idempotency.once
def bind(request: HttpRequest, key: UUID) -> HttpResponse:
    """Bind the words of one number of this text; what the text reads is checked anew."""
    access.writer(request.actor)
    one = access.article_for(request.actor, key)
    form = BindingForm(request.POST)
    if form.is_valid():
        try:
            row = services.bind(**form.cleaned_data, actor=request.actor, at=timezone.now())
            messages.success(
                request, f"已记住：“{row.words}”说的是“{REGISTRY[row.figure].label}”。以后的文稿也按这个核对。"
            )
            return redirect(one)
        except Refused as no:
            form.add_error("words", str(no))
    return _shown(request, one, form, HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@idempotency.once
def unbind(request: HttpRequest, key: UUID) -> HttpResponse:
    """End a binding."""
    access.writer(request.actor)
    row = get_object_or_404(Binding, key=key)
    services.unbind(row, actor=request.actor, at=timezone.now())
    messages.success(
        request, f"“{row.words}”不再按“{REGISTRY[row.figure].label if row.figure in REGISTRY else row.figure}”核对。"
    )
    return redirect("reports:articles")
