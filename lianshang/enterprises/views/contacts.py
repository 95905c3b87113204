"""专人对接 as a page: every enterprise with its person and deputy; tick some, or all of one person's, and hand them over."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lianshang.directory.models import Person
from lianshang.enterprises import contact_persons
from lianshang.enterprises.forms import ContactPersonForm
from lianshang.enterprises.models import Enterprise
from lianshang.kernel import idempotency
from lianshang.kernel.paging import asked, page
from lianshang.kernel.refusals import Hidden, Refused

MOST = 2000  # enterprises handed over at once
ALL = "all"


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def contacts(request: HttpRequest) -> HttpResponse:
    actor, at = request.actor, timezone.now()
    if not actor or not actor.has(*contact_persons.READS):
        raise Hidden
    may_name = actor.has(*contact_persons.NAMES)
    form = ContactPersonForm(at, request.POST if request.method == "POST" else None)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            count = form.name(_ticked(request), actor)
            messages.success(request, _told(form, count))
            return redirect(request.get_full_path())
        except Refused as reason:
            refusal = str(reason)
    context = {**_listed(request), "form": form, "may_name": may_name, "refusal": refusal}
    context |= {"idempotency_key": idempotency.mint(), "ticked": set(request.POST.getlist("enterprise"))}
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "enterprises/contacts.html", context, status=status)


def _told(form: ContactPersonForm, count: int) -> str:
    person = form.cleaned_data["person"]
    return (
        f"{count} 家企业已交给{person}对接，已通知交接双方。" if count else f"这些企业本来就由{person}对接，没有变动。"
    )


def _ticked(request: HttpRequest) -> list[Enterprise]:
    """Return the enterprises ticked, or all that the page's search found."""
    if request.POST.get("which") == ALL:
        return list(_found(request)[:MOST])
    codes = request.POST.getlist("enterprise")
    return list(Enterprise.objects.filter(is_active=True, code__in=codes).order_by("code"))


def _listed(request: HttpRequest) -> dict[str, Any]:
    found = _found(request)
    shown = page(found, ("code",), after=asked(request))
    held = {row.enterprise_id: row for row in contact_persons.in_force().filter(enterprise__in=shown.rows)}
    gone = contact_persons.gone(held.values(), timezone.now())
    only = shown.rows[0] if len(shown.rows) == 1 else None
    return {
        "rows": [(row, held.get(row.pk), row.pk in held and held[row.pk].person_id in gone) for row in shown.rows],
        "page": shown,
        "total": found.count(),
        "words": request.GET.get("q", "").strip(),
        "people": _looking_after(),
        "of": request.GET.get("of", ""),
        "query": urlencode({"q": request.GET.get("q", ""), "of": request.GET.get("of", "")}),
        "history": contact_persons.history(only) if only else (),
        "without": contact_persons.found("", "nobody").count(),
    }


def _looking_after() -> QuerySet[Person]:
    held = contact_persons.in_force().values("person")
    return Person.objects.filter(pk__in=held).order_by("name", "pk")


def _found(request: HttpRequest) -> QuerySet[Enterprise]:
    return contact_persons.found(request.GET.get("q", ""), request.GET.get("of", ""))
