"""What one enterprise runs, written down by who keeps the chain."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lianshang.chain import access, services
from lianshang.chain.charts import Chart, chart
from lianshang.chain.forms import RunsForm
from lianshang.chain.views.frame import sections
from lianshang.enterprises.models import Enterprise
from lianshang.kernel import idempotency
from lianshang.kernel.refusals import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def state(request: HttpRequest, code: str) -> HttpResponse:
    """Each process that it runs with capacity and output, and one more; what is saved ends what was said before."""
    actor, found = access.keeper(request.actor), chart()
    firm = Enterprise.objects.filter(code=code, is_active=True).first()
    if found is None or firm is None:
        raise Http404
    form = RunsForm(found.park, code, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        told = [services.Statement(firm, *each) for each in form.told()]
        try:
            news = services.state(told, source=form.cleaned_data["source"], actor=actor, at=timezone.now())
        except Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, f"已保存，{news} 条产能有变化。" if news else "没有变化。")
            return redirect("chain:enterprise", code=code)
    return _shown(request, found, firm, form)


def _shown(request: HttpRequest, found: Chart, firm: Enterprise, form: RunsForm) -> HttpResponse:
    context = {
        "sections": sections("critical"),
        "chart": found,
        "enterprise": firm,
        "form": form,
        "idempotency_key": idempotency.mint(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "chain/runs.html", context, status=status)
