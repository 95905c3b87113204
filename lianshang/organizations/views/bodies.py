"""The tree of organisations, one of them, and what is written down about it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianshang.kernel import idempotency
from lianshang.kernel.refusals import Hidden
from lianshang.organizations import access, queries
from lianshang.organizations.forms import bodies as forms
from lianshang.organizations.forms.deeds import Deed
from lianshang.organizations.forms.members import EnterForm
from lianshang.organizations.forms.roster import PurposeForm
from lianshang.organizations.models import Coverage, Organization, OrganizationRecord, Term
from lianshang.organizations.rules.kinds import restrictions
from lianshang.organizations.rules.life import due_in
from lianshang.organizations.services import openings
from lianshang.organizations.views.deeds import answer, asked
from lianshang.organizations.views.rosters import roster

RECENT = 20  # lines of the record
DEEDS: dict[str, type[Deed]] = {**forms.DEEDS, "enter": EnterForm}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    visible = access.organizations_visible_to(request.actor, today)
    words, ended = request.GET.get("q", "").strip()[:40], "ended" in request.GET
    found = queries.named(visible, words)
    found = found.exclude(ended_on=None) if ended else found.on(today)
    rows = queries.rows_of(found.order_by("pk")[: queries.MOST], today)
    context = {
        "rows": rows,
        "words": words,
        "ended": ended,
        "today": today,
        "full": sum(row.full for row in rows),
        "probationary": sum(row.probationary for row in rows),
        "due": [row for row in rows if row.light in ("late", "near")],
        "decides": access.decides(request.actor),
        "reads": access.reads(request.actor),
    }
    return render(request, "organizations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def new(request: HttpRequest) -> HttpResponse:
    access.decider(request.actor)
    form = forms.FoundForm(None, timezone.now(), request.POST if request.method == "POST" else None)
    above = ("党组织", reverse("organizations:list"))
    return answer(request, form, above=above, to=Organization.get_absolute_url)


@require_safe
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    today = timezone.localdate()
    organization = access.organization_for(request.actor, key, today)
    return render(request, "organizations/one.html", told(request, organization, named=False))


def told(request: HttpRequest, organization: Organization, *, named: bool) -> dict[str, object]:
    """Return what the page says; members by name where that is allowed or was opened for a purpose."""
    today, actor = timezone.localdate(), request.actor
    named = named or access.may_name(actor, organization, today)
    return {
        "organization": organization,
        "row": queries.rows_of([organization], today)[0],
        "today": today,
        "restriction": restrictions(organization.of_kind),
        "officers": queries.officers_of(organization, today),
        "below": organization.below.on(today).order_by("name"),
        "units": Coverage.objects.on(today).filter(organization=organization).select_related("enterprise"),
        "life": due_in(queries.standing_of(organization), today) if organization.ended_on is None else [],
        "terms": Term.objects.filter(organization=organization).order_by("-since"),
        "venue": queries.venue_of(organization),
        "roster": roster(organization, today, named=named),
        "named": named,
        "purpose": PurposeForm(),
        "records": OrganizationRecord.objects.filter(organization=organization)
        .select_related("by").order_by("-recorded_at", "-pk")[:RECENT],
        "keeps": access.keeps(actor) and organization.ended_on is None,
        "decides": access.decides(actor) and organization.ended_on is None,
    }  # fmt: skip


@never_cache
@require_http_methods(["POST"])
def opened(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same page with the members' names, for a purpose that is put on record."""
    access.keeper(request.actor)
    organization = access.organization_for(request.actor, key, timezone.localdate())
    form = PurposeForm(request.POST)
    if form.is_valid():
        openings.open_roster(organization, form.cleaned_data["purpose"], actor=request.actor, at=timezone.now())
    context = told(request, organization, named=form.is_valid()) | {"purpose": form}
    return render(request, "organizations/one.html", context, status=200 if form.is_valid() else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def do(request: HttpRequest, key: UUID, verb: str) -> HttpResponse:
    make = asked(DEEDS, verb)
    _may(request, verb)
    organization = access.organization_for(request.actor, key, timezone.localdate())
    form = make(organization, timezone.now(), request.POST if request.method == "POST" else None)
    page = organization.get_absolute_url()
    return answer(request, form, above=(organization.name, page), to=lambda _: page, about=organization.name)


def _may(request: HttpRequest, verb: str) -> None:
    may = access.decides if verb in forms.DECIDED else access.keeps
    if not may(request.actor):
        raise Hidden
