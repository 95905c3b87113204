"""The officer reads what may give a reporter away, marked, and decides what those who handle the case may read."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lianshang.cases import access, identities, roles, services
from lianshang.cases.forms.sealed_words import WordsForm
from lianshang.cases.models import Case, Saying
from lianshang.kernel import idempotency
from lianshang.kernel.refusals import Hidden, Refused


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def words(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show all that the reporter said, each with its marks; decide on one of them."""
    case = access.case_for(request.actor, key)
    if not roles.directs_sealed(request.actor, case):
        raise Hidden
    forms = _forms(case, request)
    if request.method != "POST":
        return _page(request, case, forms)
    form = next((one for one in forms if one.is_sent), None)
    if form is None:
        raise Http404
    if not form.is_valid():
        return _page(request, case, forms, status=422)
    try:
        services.screen_words(form.saying, case, actor=request.actor, at=timezone.now(), **form.decided())
    except Refused as no:
        return _page(request, case, forms, refusal=str(no), status=409)
    messages.success(request, "已核对。承办单位看到的是遮盖后的文字。")
    return redirect("cases:words", case.key)


def _forms(case: Case, request: HttpRequest) -> list[WordsForm]:
    rows = Saying.objects.filter(case=case).select_related("event", "screened_by").order_by("event__ordinal")
    sent = request.POST if request.method == "POST" else None
    return [WordsForm(one, identities.original(one, case), sent) for one in rows]


def _page(
    request: HttpRequest, case: Case, forms: list[WordsForm], *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {"case": case, "forms": forms, "refusal": refusal, "idempotency_key": idempotency.mint()}
    return render(request, "cases/words.html", context, status=status)
