"""Settings of documents: the templates in force, one's own in place of ours, fonts, and what stands above letters."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianshang.cases.documents import placeholders, templates
from lianshang.cases.documents.wordings import WORDINGS
from lianshang.cases.forms.documents import HeadForm, TemplateFile
from lianshang.cases.models import DocumentHead, DocumentTemplate
from lianshang.cases.services import documents as services
from lianshang.cases.views.settings_access import setters_only
from lianshang.kernel import file_types, files, idempotency
from lianshang.kernel.numbers import whole
from lianshang.kernel.refusals import Refused
from lianshang.papers import filling, word


@require_http_methods(["GET", "HEAD", "POST"])
@setters_only
@idempotency.once
def listing(request: HttpRequest) -> HttpResponse:
    """The five kinds with the template in force; the fonts; the heads, which are set here."""
    form = HeadForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        head = services.set_head(**form.cleaned_data, actor=request.actor, at=timezone.now())
        messages.success(request, f"{head.unit}今后的文书按新的标志印。已生成的不变。")
        return redirect("cases:document-templates")
    context = {
        "form": form,
        "all": templates.all_in_force(),
        "case": services.font_case(),
        "heads": _heads(),
        "idempotency_key": idempotency.mint(),
    }
    return render(request, "cases/documents/templates.html", context, status=422 if form.is_bound else 200)


def _heads() -> list[DocumentHead]:
    """The newest of each unit, where something is printed."""
    newest = {row.unit_id: row for row in DocumentHead.objects.select_related("unit", "made_by").order_by("pk")}
    return [row for row in newest.values() if row.mark or row.code]


@require_http_methods(["GET", "HEAD", "POST"])
@setters_only
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind: which template is in force, the names that it may use, another one in its place."""
    _known(kind)
    form = TemplateFile(request.POST, request.FILES) if request.method == "POST" else TemplateFile()
    faults: list[str] = []
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = services.replace_template(kind, file.read(), file.name, actor=request.actor, at=timezone.now())
        except services.Faulty as no:
            faults = list(no.faults)
        except Refused as no:
            faults = [str(no)]
        else:
            messages.success(request, f"试填没有问题，{row}已启用。已生成的文书不变。")
            return redirect("cases:document-template", kind)
    return render(
        request, "cases/documents/template.html", _page(kind, form, faults), status=422 if form.is_bound else 200
    )


def _page(kind: str, form: TemplateFile, faults: list[str]) -> dict[str, Any]:
    rows = DocumentTemplate.objects.filter(kind=kind).select_related("made_by", "stored").order_by("-number")
    return {
        "form": form,
        "faults": faults,
        "now": templates.in_force(kind),
        "versions": list(rows),
        "catalogue": placeholders.CATALOGUE,
        "is_letter": services.is_letter(kind),
        "idempotency_key": idempotency.mint(),
    }


def _known(kind: str) -> None:
    if kind not in WORDINGS:
        raise Http404


@require_POST
@setters_only
@idempotency.once
def revert(request: HttpRequest, kind: str) -> HttpResponse:
    _known(kind)
    services.revert_template(kind, actor=request.actor, at=timezone.now())
    messages.success(request, "已恢复自带模板。换上去过的版本都还在，可以下载。")
    return redirect("cases:document-template", kind)


@require_safe
@setters_only
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """`?from=shipped`, `?from=sample` (in force, filled with an invented case) or `?from=NUMBER` (a version of the park's own)."""
    _known(kind)
    wanted, now = request.GET.get("from", "shipped"), templates.in_force(kind)
    if wanted == "shipped":
        return files.attached(word.template(WORDINGS[kind]), f"{now.label}模板.docx", file_types.WORD)
    if wanted == "sample":
        at = timezone.localtime()
        sample = filling.fill(now.content, placeholders.example(), title=now.label, author="示例", at=at)
        return files.attached(sample, f"{now.label}样例.docx", file_types.WORD)
    rows = DocumentTemplate.objects.filter(kind=kind, stored__isnull=False).select_related("stored")
    row = rows.filter(number=number).first() if (number := whole(wanted)) is not None else None
    if row is None:
        raise Http404
    return files.attached(templates.InForce(kind, row).content, f"{row}.docx", file_types.WORD)
