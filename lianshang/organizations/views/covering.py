"""两个覆盖: every enterprise once with its standing and reason; gaps and how they are closed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lianshang.enterprises.models import Enterprise
from lianshang.kernel import idempotency
from lianshang.kernel.refusals import Hidden
from lianshang.organizations import access, coverage
from lianshang.organizations.forms.building import DECIDED, OF_ENTERPRISE, OF_INCUBATION
from lianshang.organizations.models import Incubation, Outside
from lianshang.organizations.rules.building import Standing, tally
from lianshang.organizations.rules.ratios import ratios
from lianshang.organizations.rules.steps import WORK, Step
from lianshang.organizations.views.deeds import answer, asked

PAGE = 30


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    access.reader(request.actor)
    today = timezone.localdate()
    basis = coverage.JOB if request.GET.get("basis") == coverage.JOB else coverage.REGISTER
    found = coverage.findings(today, basis)
    counts, standing, words = tally(found), request.GET.get("standing", ""), request.GET.get("q", "").strip()[:40]
    shown = [
        one for one in found if standing in ("", one.standing.value) and words in f"{one.firm.code} {one.firm.name}"
    ]
    incubating = dict(Incubation.objects.filter(ended_on=None).values_list("enterprise__code", "key"))
    order = {one: place for place, one in enumerate(Standing)}
    ordered = sorted(shown, key=lambda one: (order[one.standing], one.firm.code))
    begins = _begins([one.firm.code for one in ordered], request)
    listed = ordered[begins : begins + PAGE]
    context = {
        "rows": [(one, incubating.get(one.firm.code)) for one in listed],
        "previous": listed[0].firm.code if listed and begins else "",
        "next": listed[-1].firm.code if begins + PAGE < len(ordered) else "",
        "standings": [(one, counts[one]) for one in Standing],
        "standing": standing,
        "basis": basis,
        "bases": coverage.BASES,
        "words": words,
        "total": len(found),
        "operating": counts.operating,
        "ratios": ratios(found),
        "today": today,
    }
    return render(request, "organizations/coverage.html", context)


def _begins(codes: list[str], request: HttpRequest) -> int:
    """Return the place of the first row of the page that is asked for: after or before an enterprise's number."""
    after, before = request.GET.get("after"), request.GET.get("before")
    if after in codes:
        return codes.index(after) + 1
    return max(codes.index(before) - PAGE, 0) if before in codes else 0


@require_safe
def enterprise(request: HttpRequest, code: str) -> HttpResponse:
    """One enterprise: how it stands by both bases, what was done about it."""
    access.reader(request.actor)
    today, actor = timezone.localdate(), request.actor
    firm = get_object_or_404(Enterprise, code=code, is_active=True)
    by_basis = [
        (label, next(one for one in coverage.findings(today, basis) if one.firm.code == code))
        for basis, label in coverage.BASES
    ]
    context = {
        "firm": firm,
        "by_basis": by_basis,
        "finding": by_basis[0][1],
        "incubations": Incubation.objects.filter(enterprise=firm).order_by("-began_on", "-pk"),
        "outside": Outside.objects.filter(enterprise=firm).select_related("named_by").order_by("-since"),
        "is_outside": by_basis[0][1].standing is Standing.OUTSIDE,
        "may_begin": access.keeps(actor) and any(one.is_gap for _, one in by_basis) and not _is_incubated(firm),
        "decides": access.decides(actor),
    }
    return render(request, "organizations/enterprise.html", context)


def _is_incubated(firm: Enterprise) -> bool:
    return Incubation.objects.filter(enterprise=firm, ended_on=None).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def do(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    make = asked(OF_ENTERPRISE, verb)
    _may(request, verb)
    firm = get_object_or_404(Enterprise, code=code, is_active=True)
    form = make(firm, timezone.now(), request.POST if request.method == "POST" else None)
    back = reverse("organizations:enterprise", args=[code])
    return answer(request, form, above=(firm.name, back), to=lambda _: back, about=firm.name)


@require_safe
def incubation(request: HttpRequest, key: UUID) -> HttpResponse:
    found = access.incubation_for(request.actor, key)
    steps = [(row, WORK[Step(row.step)]) for row in found.steps.select_related("done_by")]
    context = {
        "incubation": found,
        "steps": steps,
        "next": next((pair for pair in steps if pair[0].done_on is None), None),
        "today": timezone.localdate(),
        "keeps": access.keeps(request.actor) and found.ended_on is None,
        "decides": access.decides(request.actor) and found.ended_on is None,
    }
    return render(request, "organizations/incubation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def incubate(request: HttpRequest, key: UUID, verb: str) -> HttpResponse:
    make = asked(OF_INCUBATION, verb)
    _may(request, verb)
    found = access.incubation_for(request.actor, key)
    form = make(found, timezone.now(), request.POST if request.method == "POST" else None)
    back = reverse("organizations:incubation", args=[key])
    return answer(request, form, above=(str(found), back), to=lambda _: back, about=str(found.enterprise))


def _may(request: HttpRequest, verb: str) -> None:
    may = access.decides if verb in DECIDED else access.keeps
    if not may(request.actor):
        raise Hidden
