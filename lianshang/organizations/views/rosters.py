"""Members on a register, by name or masked."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lianshang.kernel import idempotency
from lianshang.kernel.refusals import Hidden
from lianshang.organizations import access, masking, queries
from lianshang.organizations.forms.members import DEEDS
from lianshang.organizations.models import Affiliation, Member, Organization, Placement
from lianshang.organizations.views.deeds import answer, asked


@dataclass(frozen=True)
class Line:
    """A member as the reader sees them."""

    member: Member
    name: str
    is_full: bool
    enterprise: str


def roster(organization: Organization, day: date, *, named: bool) -> list[Line]:
    rows = list(queries.members_of(organization, day))
    members = [row.member_id for row in rows]
    held = Placement.objects.on(day).filter(member__in=members).select_related("enterprise")
    works = {row.member_id: row.enterprise.name for row in held}
    return [_line(row.member, works.get(row.member_id, ""), day, named=named) for row in rows]


def _line(member: Member, works: str, day: date, *, named: bool) -> Line:
    name = member.person.name if named else masking.name(member.person.name)
    return Line(member, name, member.is_full(day), works)


@require_safe
def member(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """One member of the organisation: registers, enterprises, what may be written down."""
    today = timezone.localdate()
    organization = access.organization_for(request.actor, key, today)
    found = _member(request, organization, pk)
    named = access.may_name(request.actor, organization, today)
    context = {
        "organization": organization,
        "member": found,
        "name": found.person.name if named else masking.name(found.person.name),
        "is_full": found.is_full(today),
        "affiliations": found.affiliations.select_related("organization").order_by("-since"),
        "placements": found.placements.select_related("enterprise").order_by("-since"),
        "keeps": access.keeps(request.actor),
    }
    return render(request, "organizations/member.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def do(request: HttpRequest, key: UUID, pk: int, verb: str) -> HttpResponse:
    make = asked(DEEDS, verb)
    access.keeper(request.actor)
    organization = access.organization_for(request.actor, key, timezone.localdate())
    found = _member(request, organization, pk)
    form = make(found, timezone.now(), request.POST if request.method == "POST" else None)
    page, name = organization.get_absolute_url(), masking.name(found.person.name)
    return answer(request, form, above=(organization.name, page), to=lambda _: page, about=name)


def _member(request: HttpRequest, organization: Organization, pk: int) -> Member:
    """Return who stands on this register now. Raises `Hidden`: a register is read by keepers and its own officers."""
    today = timezone.localdate()
    if not (access.keeps(request.actor) or access.may_name(request.actor, organization, today)):
        raise Hidden
    rows = Affiliation.objects.on(today).filter(organization=organization, member=pk).select_related("member__person")
    found = rows.first()
    if found is None:
        raise Hidden
    return found.member
