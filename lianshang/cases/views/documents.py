"""The documents of a case: drawn by one press, kept as they were issued, opened again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lianshang.cases import access
from lianshang.cases.documents import kinds, templates
from lianshang.cases.models import Case, CaseDocument, DocumentForm
from lianshang.cases.services import documents as services
from lianshang.cases.views.detail import show_phone
from lianshang.directory.actors import Actor
from lianshang.kernel import files, idempotency
from lianshang.kernel.numbers import whole


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, key: UUID) -> HttpResponse:
    """What has been drawn and what may be. A press draws before the transaction begins: setting a page takes a moment."""
    case = access.case_for(request.actor, key)
    if request.method == "POST":
        request.drawn = _drawn(request, case)
        return _kept(request, key)
    return render(request, "cases/documents/case.html", _page(request, case))


def _drawn(request: HttpRequest, case: Case) -> services.Drawn:
    kind, _, form = request.POST.get("draw", "").partition(":")
    shows = "phone" in request.POST and show_phone(case, request.actor)
    return services.draw(case, actor=request.actor, at=timezone.now(), kind=kind, form=form, shows_phone=shows)


@idempotency.once
def _kept(request: HttpRequest, key: UUID) -> HttpResponse:
    row = services.keep(request.drawn, actor=request.actor, at=timezone.now())
    position = sum(1 for one in _rows(row.case) if one.pk <= row.pk)
    messages.success(request, f"已生成“{row.name}”，记在这件诉求里。")
    return redirect(f"{reverse('cases:documents', args=[key])}?drawn={position}")


def _rows(case: Case) -> list[CaseDocument]:
    """All documents of the case; an address names one by its place in this order, from 1."""
    return list(case.documents.select_related("stored", "template", "made_by", "made_by_unit", "case__park"))


def _page(request: HttpRequest, case: Case) -> dict[str, Any]:
    rows = list(enumerate(_rows(case), 1))
    drawn = whole(request.GET.get("drawn", "")) or 0
    verbs = set(case.events.values_list("verb", flat=True))
    mine = [kind for kind in kinds.KINDS.values() if kinds.may_draw(kind, case, request.actor)]
    own = [one.label for one in templates.all_in_force() if one.own] if mine else []
    return {
        "case": case,
        "rows": [(place, row, case.version - row.case_version) for place, row in reversed(rows)],
        "drawn": drawn if any(place == drawn and _opens(row, case, request.actor) for place, row in rows) else 0,
        "kinds": [(kind, kind.verb in verbs) for kind in mine],
        "forms": DocumentForm.choices,
        "own": own,
        "has_fonts": services.font_case().has_chinese,
        "may_show_phone": bool(mine) and not case.sealed and bool(case.contact_phone) and show_phone(case, request.actor),
        "idempotency_key": idempotency.mint(),
    }  # fmt: skip


def _opens(row: CaseDocument, case: Case, actor: Actor) -> bool:
    """A document with the enterprise's whole number is for those who may see that number."""
    return not row.shows_phone or show_phone(case, actor)


@require_safe
def document(request: HttpRequest, key: UUID, position: int) -> FileResponse:
    """The document at that place, as it was issued, for whoever may open the case."""
    case = access.case_for(request.actor, key)
    rows = _rows(case)
    if not 1 <= position <= len(rows) or not _opens(rows[position - 1], case, request.actor):
        raise Http404
    return files.response(rows[position - 1].stored, rows[position - 1].name)
