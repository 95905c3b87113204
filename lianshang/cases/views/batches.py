"""One step on many cases: urging what is ticked, and handing all of somebody's open cases to a colleague."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from lianshang.cases import access
from lianshang.cases.forms.batches import HandOverAll
from lianshang.cases.models import Case
from lianshang.cases.navigation import OVERSEERS
from lianshang.cases.services import batches
from lianshang.directory.models import Role, Unit
from lianshang.kernel import idempotency
from lianshang.kernel.numbers import whole
from lianshang.kernel.refusals import Hidden, Refused

TOLD = 3  # refusals that the page words; the rest are counted


@require_POST
@idempotency.once
def urge(request: HttpRequest) -> HttpResponse:
    """Urge what was ticked on the leader's page: `to` is the case's key, and the unit's where a co-unit holds it."""
    if not request.actor or not request.actor.has(*OVERSEERS):
        raise Hidden
    batch = batches.urge_all(
        _ticked(request), actor=request.actor, at=timezone.now(), note=request.POST.get("note", "")[:500]
    )
    _say(request, batch, "已催办 {} 件，承办单位已收到通知。")
    return redirect("cases:leader")


def _ticked(request: HttpRequest) -> list[tuple[Case, Unit | None]]:
    asked = [value.partition(":") for value in request.POST.getlist("to")[: batches.MOST]]
    cases = {str(case.key): case for case in access.cases_by_keys(request.actor, [key for key, _, _ in asked])}
    named = [pk for _, _, typed in asked if (pk := whole(typed)) is not None]
    units = {str(unit.pk): unit for unit in Unit.objects.filter(pk__in=named)}
    return [(cases[key], units.get(pk)) for key, _, pk in asked if key in cases]


def _say(request: HttpRequest, batch: batches.Batch, sentence: str) -> None:
    if batch.done:
        messages.success(request, sentence.format(len(batch.done)))
    for case, reason in batch.left[:TOLD]:
        messages.warning(request, f"{case.number} 没有办：{reason}")
    if len(batch.left) > TOLD:
        messages.warning(request, f"另有 {len(batch.left) - TOLD} 件也没有办，请逐件打开看原因。")


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def hand_over(request: HttpRequest) -> HttpResponse:
    """交接 of one unit's open cases; who is liaison of several chooses (`unit`)."""
    unit, units = _unit(request)
    form = HandOverAll(unit, request.actor, timezone.now(), request.POST if request.method == "POST" else None)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            _say(request, form.hand_over(), "已交接 {} 件，各项时限照常计。")
            return redirect("cases:desk")
        except Refused as reason:
            refusal = str(reason)
    cases = batches.own_open(request.actor, unit, None)
    context = {"form": form, "unit": unit, "units": units, "count": len(cases), "refusal": refusal}
    context["mine"] = len(batches.own_open(request.actor, unit, request.actor.person))
    context["idempotency_key"] = idempotency.mint()
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "cases/hand_over.html", context, status=status)


def _unit(request: HttpRequest) -> tuple[Unit, list[Unit]]:
    if not request.actor:
        raise Hidden
    units = list(Unit.objects.filter(pk__in=request.actor.units(Role.LIAISON)).order_by("code"))
    asked = request.GET.get("unit", "")
    unit = next((each for each in units if not asked or each.code == asked), None)
    if unit is None:
        raise Hidden
    return unit, [each for each in units if each != unit]
