"""Templates of briefings: the list, one with its words and look, the names that it may use."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianshang.indicators.registry import REGISTRY, Indicator
from lianshang.kernel import file_types, files, idempotency
from lianshang.kernel.refusals import Refused
from lianshang.reports import access, names, templating
from lianshang.reports.forms.briefings import TemplateForm
from lianshang.reports.models import BriefingTemplate
from lianshang.reports.services import briefings as services
from lianshang.reports.shipped import SHIPPED, Template


def figure_names() -> list[tuple[str, list[tuple[str, Indicator]]]]:
    """Return by subject the names of figures with what they are."""
    groups: dict[str, list[tuple[str, Indicator]]] = {}
    for one in REGISTRY.values():
        groups.setdefault(one.subject or "其他", []).append((names.short(one), one))
    return list(groups.items())


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    access.writer(request.actor)
    own = templating.editions()
    rows = [(one, own.get(one.slug)) for one in templating.in_force()]
    context = {"rows": rows, "away": templating.put_away(), "idempotency_key": idempotency.mint()}
    return render(request, "reports/templates.html", context)


@require_POST
@idempotency.once
def retire(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer a template no more, or with `again` once more; a refusal is shown by the middleware."""
    again = bool(request.POST.get("again"))
    row = services.set_retired(slug, retired=not again, actor=request.actor, at=timezone.now())
    messages.success(request, f"“{row.name}”已{'重新启用' if again else '停用'}。已写好的简报不变。")
    return redirect("reports:templates")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, slug: str = "") -> HttpResponse:
    """One template, or a new one. `?from=shipped` fills the form with the words that came with the program."""
    access.writer(request.actor)
    now = templating.named(slug) if slug else None
    shown = SHIPPED[slug] if slug in SHIPPED and request.GET.get("from") == "shipped" else now
    initial = {} if shown is None else _words(shown)
    form = TemplateForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial=initial,
    )
    if form.is_bound and form.is_valid() and (row := _kept(request, slug, form)):
        messages.success(request, f"{row}已启用。已写好的简报不变。")
        return redirect("reports:templates")
    context: dict[str, Any] = {
        "now": now,
        "shipped": slug in SHIPPED,
        "form": form,
        "figures": figure_names(),
        "words": names.WORDS,
        "idempotency_key": idempotency.mint(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "reports/template.html", context, status=status)


def _words(one: Template) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("name", "title", "to", "body", "signer", "most")}


def _kept(request: HttpRequest, slug: str, form: TemplateForm) -> BriefingTemplate | None:
    """Keep the edition; what cannot be used is said in the form, and nothing typed is lost."""
    file = form.cleaned_data.get("file")
    try:
        return services.keep_template(
            slug, form.cleaned_data["name"], form.words, actor=request.actor, at=timezone.now(),
            file=(file.read(), file.name) if file else None,
        )  # fmt: skip
    except Refused as no:
        form.add_error("file" if file else "body", str(no))
        return None


@require_safe
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """The Word file that gives a template its look, to write one's own from."""
    access.writer(request.actor)
    one = templating.named(slug)
    return files.attached(templating.look(slug, one.number), f"{one.name}版式.docx", file_types.WORD)
