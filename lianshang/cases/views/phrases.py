"""常用语 of the units in which one has a post."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lianshang.cases.forms.phrases import PhrasesForm
from lianshang.cases.navigation import WORKERS
from lianshang.directory.models import Unit
from lianshang.kernel.refusals import Hidden, Refused


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """The list of one unit; whoever serves in several chooses (`unit`)."""
    if not request.actor or not request.actor.has(*WORKERS):
        raise Hidden
    units = list(Unit.objects.filter(pk__in=request.actor.unit_ids).order_by("code"))
    asked = request.GET.get("unit", "")
    unit = next((each for each in units if not asked or each.code == asked), None)
    if unit is None:
        raise Hidden
    form = PhrasesForm(unit, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            count = form.keep(request.actor)
            messages.success(request, f"已保存{unit}的 {count} 条常用语，同单位的人都能用。")
            return redirect(f"{reverse('cases:phrases')}?unit={unit.code}")
        except Refused as reason:
            form.add_error("lines", str(reason))
    context = {"form": form, "unit": unit, "units": units if len(units) > 1 else ()}
    return render(request, "cases/phrases.html", context, status=422 if form.is_bound else 200)
