"""Where staff declare what binds them to a unit, an enterprise or a person: no complaint about these exists for them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lianshang.cases import access, services
from lianshang.cases.forms.interests import EndForm, InterestForm
from lianshang.kernel import idempotency
from lianshang.kernel.refusals import Hidden, Refused


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def interests(request: HttpRequest) -> HttpResponse:
    """One's own, and the form for another."""
    if request.actor is None or request.actor.person is None:
        raise Hidden
    form = InterestForm(request.POST or None, actor=request.actor)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.declare_interest_in(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as no:
            refusal = str(no)
        else:
            messages.success(request, "已申报。与此有关的投诉举报，您看不到，也不会派给您。")
            return redirect("cases:interests")
    return _page(request, form, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """One of one's own is over."""
    row = access.interest_for(request.actor, pk)
    form, refusal = EndForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            services.end_interest(row, actor=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as no:
            refusal = str(no)
        else:
            messages.success(request, "已终止，记录保留。")
            return redirect("cases:interests")
    context = {"row": row, "form": form, "refusal": refusal, "idempotency_key": idempotency.mint()}
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "cases/interest_end.html", context, status=status)


def _page(request: HttpRequest, form: InterestForm, refusal: str) -> HttpResponse:
    rows = list(access.own_interests(request.actor))
    context = {
        "form": form,
        "refusal": refusal,
        "current": [one for one in rows if one.ended_at is None],
        "ended": [one for one in rows if one.ended_at],
        "idempotency_key": idempotency.mint(),
    }
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "cases/interests.html", context, status=status)
