"""Briefings: begun, read with every figure leading to its rows, changed, taken out as Word and PDF, frozen."""

from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianshang.indicators import freezing
from lianshang.kernel import file_types, idempotency
from lianshang.kernel import files as stored
from lianshang.kernel.refusals import Refused
from lianshang.papers import fonts
from lianshang.reports import access, files, names, templating, writing
from lianshang.reports.forms.briefings import BeginForm, BriefingForm
from lianshang.reports.marking import SHOWN
from lianshang.reports.models import Briefing
from lianshang.reports.services import briefings as services
from lianshang.reports.typed import typed
from lianshang.reports.views.templates import figure_names

LISTED = 100
WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def index(request: HttpRequest) -> HttpResponse:
    """The park's briefings; whoever writes begins one here."""
    rows = access.briefings_of(request.actor)
    offered, today = templating.in_force(), timezone.localdate()
    form = BeginForm(
        offered, request.POST if request.method == "POST" else None, initial={"period": f"{today:%Y-%m}", "day": today}
    )
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            row = services.begin(
                templating.named(said["template"]), said["period"].first, said["period"].last, said["day"],
                actor=request.actor, at=timezone.now(),
            )  # fmt: skip
            return redirect(row)
        except Refused as no:
            form.add_error("period", str(no))
    context = {
        "rows": list(rows[:LISTED]),
        "form": form,
        "may_write": request.actor.has(*access.WRITERS),
        "idempotency_key": idempotency.mint(),
    }
    return render(request, "reports/briefings.html", context, status=WRONG if form.is_bound else HTTPStatus.OK)


@never_cache
@require_safe
def briefing(request: HttpRequest, key: UUID) -> HttpResponse:
    """The briefing as it reads, its figures, and what was typed instead of named."""
    one = access.briefing_for(request.actor, key)
    clock = timezone.now()
    context: dict[str, Any] = {
        "briefing": one,
        "may_write": request.actor.has(*access.WRITERS) and not one.frozen_at,
        "may_freeze": request.actor.has(*freezing.PUBLISHERS) and not one.frozen_at,
        "idempotency_key": idempotency.mint(),
    }
    try:
        text = writing.write(one, request.actor.park, clock)
    except names.UnknownName as no:
        return render(request, "reports/briefing.html", context | {"fault": str(no)})
    found = [] if one.frozen_at else typed(text, writing.standpoint(one, request.actor.park, clock))
    context |= {
        "text": text,
        "figures": list({figure.name: figure for figure in text.figures}.values()),
        "typed": [(one, *SHOWN[one.verdict]) for one in found],
        "too_long": text.length > one.most,
        "as_frozen": not one.frozen_at or text.digest == one.digest,
    }
    return render(request, "reports/briefing.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def edit(request: HttpRequest, key: UUID) -> HttpResponse:
    """The words of a draft; figures by name."""
    access.writer(request.actor)
    one = access.briefing_for(request.actor, key)
    kept = {name: getattr(one, name) for name in ("title", "to", "body", "signer", "most", "day", "version")}
    form = BriefingForm(request.POST if request.method == "POST" else None, initial=kept)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            services.change(
                one, form.words, day=said["day"], version=said["version"], actor=request.actor, at=timezone.now()
            )
            return redirect(one)
        except Refused as no:
            form.add_error("body", str(no))
    context = {
        "briefing": one,
        "form": form,
        "figures": figure_names(),
        "words": names.WORDS,
        "idempotency_key": idempotency.mint(),
    }
    return render(request, "reports/briefing_edit.html", context, status=WRONG if form.is_bound else HTTPStatus.OK)


@require_POST
@idempotency.once
def freeze(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let it stand as it reads; a refusal is shown by the middleware."""
    one = services.freeze(access.briefing_for(request.actor, key), actor=request.actor, at=timezone.now())
    messages.success(request, "已定稿。数字连同口径和明细一起留存，以后的变动另行显示。")
    return redirect(one)


@never_cache
@require_safe
def file(request: HttpRequest, key: UUID, form: str) -> HttpResponse:
    """The briefing as Word or PDF, as it reads now."""
    one = access.briefing_for(request.actor, key)
    try:
        text, at = writing.write(one, request.actor.park, timezone.now()), timezone.localtime()
    except names.UnknownName as no:
        raise Refused(str(no)) from None
    _short_enough(one, text)
    if form == "word":
        look = templating.look(one.template, one.template_number)
        content = files.word_file(text, look, base=settings.ADDRESS.geturl(), at=at)
        return stored.attached(content, f"{text.title}.docx", file_types.WORD)
    if form == "pdf":
        content = files.pdf_file(text, fonts.case(Path(settings.FONTS_ROOT)), at=at)
        return stored.attached(content, f"{text.title}.pdf", "application/pdf")
    raise Http404


def _short_enough(one: Briefing, text: writing.Written) -> None:
    if text.length > one.most:
        raise Refused(f"正文 {text.length} 字，超过 {one.most} 字。请删减后再导出。")
