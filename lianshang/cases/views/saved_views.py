"""Named filters of the list: kept from what is shown, renamed, shared, dropped."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianshang.cases import saved_views
from lianshang.cases.forms.ledger_filter import LedgerFilter
from lianshang.cases.forms.saved_view import SavedViewForm
from lianshang.cases.models import SavedView
from lianshang.cases.navigation import READERS
from lianshang.cases.services import saved_views as keeping
from lianshang.cases.views.listing import current_profile
from lianshang.directory.models import Unit
from lianshang.kernel.numbers import whole
from lianshang.kernel.refusals import Hidden, Refused


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The views that one is offered; own ones can be changed and dropped."""
    _admit(request)
    profile = current_profile()
    views = saved_views.offered(request.actor).select_related("owner", "unit")
    units = {str(unit.pk): unit for unit in Unit.objects.all()}
    rows = [{"view": view, "said": LedgerFilter(profile, view.asked, units).said} for view in views]
    return render(request, "cases/ledger/views.html", {"rows": rows, "me": request.actor.person})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Keep what the list shows under a name, or put it in the place of an own view."""
    _admit(request)
    shown = LedgerFilter(current_profile(), request.GET)
    form = SavedViewForm(request.actor, request.POST or None)
    if request.method == "POST" and (over := request.POST.get("over")):
        view = keeping.refit_view(saved_views.own(request.actor, whole(over) or 0), shown.query, actor=request.actor)
        return _kept(request, view)
    if request.method == "POST" and form.is_valid():
        try:
            return _kept(request, keeping.keep_view(query=shown.query, actor=request.actor, **_answers(form)))
        except Refused as no:
            form.add_error("name", str(no))
    mine = [view for view in saved_views.offered(request.actor) if view.owner_id == request.actor.person.pk]
    return _show(request, form, {"shown": shown, "mine": mine})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    _admit(request)
    view = saved_views.own(request.actor, pk)
    form = SavedViewForm(request.actor, request.POST or None, initial={"name": view.name, "unit": view.unit_id})
    if request.method == "POST" and form.is_valid():
        try:
            keeping.change_view(view, actor=request.actor, **_answers(form))
            return redirect("cases:views")
        except Refused as no:
            form.add_error("name", str(no))
    return _show(request, form, {"view": view, "shown": LedgerFilter(current_profile(), view.asked), "mine": []})


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    _admit(request)
    view = saved_views.own(request.actor, pk)
    keeping.drop_view(view, actor=request.actor)
    messages.success(request, f"已删去视图“{view.name}”。诉求本身不受影响。")
    return redirect("cases:views")


def _admit(request: HttpRequest) -> None:
    if not request.actor.has(*READERS):
        raise Hidden


def _answers(form: SavedViewForm) -> dict[str, Any]:
    return {"name": form.cleaned_data["name"], "unit": form.cleaned_data["unit"]}


def _kept(request: HttpRequest, view: SavedView) -> HttpResponse:
    messages.success(request, f"已存为“{view.name}”，在清单上方点一下就能看。")
    return redirect(f"{reverse('cases:list')}?{QueryDict(view.query).urlencode()}")


def _show(request: HttpRequest, form: SavedViewForm, context: dict[str, Any]) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "cases/ledger/view.html", {"form": form, **context}, status=status)
