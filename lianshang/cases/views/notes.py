"""The clerk's note: names offered while typing, what is like it, and the code to read out."""

from django.core import signing
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianshang.cases import access, books, codes
from lianshang.cases.forms.phone_note import PhoneNote
from lianshang.cases.models import Case
from lianshang.cases.navigation import NOTES
from lianshang.cases.services.intake import current_profile_version
from lianshang.cases.services.merging import TOLD
from lianshang.cases.similar import SAME, similar_cases
from lianshang.cases.states import Channel
from lianshang.cases.views.public import token_of
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.directory.models.people import mark_of_phone
from lianshang.enterprises.models import Contact, Enterprise
from lianshang.kernel import idempotency
from lianshang.kernel.profiles import Profile
from lianshang.kernel.refusals import Hidden, Refused

SIGNER = "lianshang.cases.note"
A_DAY = 24 * 3600
OFFERED = 8  # names while typing
SHORTEST_NAME, SHORTEST_TEXT = 2, 6  # characters from which something is offered
REPLY = "已登记，受理编号 {}。办到哪一步凭查询码看，查询码单独告知。"


def profile_now() -> Profile:
    return books.profile_of(current_profile_version().pk)


def takes_notes(request: HttpRequest) -> Actor:
    """Return who asks. Raises `Hidden` for all but those who meet enterprises."""
    if not request.actor or not request.actor.has(*NOTES):
        raise Hidden
    return request.actor


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def new(request: HttpRequest) -> HttpResponse:
    """Note down what somebody said; the receipt's code is read out at once."""
    actor, refusal = takes_notes(request), ""
    form = PhoneNote(profile_now(), request.POST if request.method == "POST" else None, actor=actor, at=timezone.now())
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("cases:noted", token=token(form.submit(), actor))
        except Refused as no:
            refusal = str(no)
    context = {
        "form": form,
        "idempotency_key": idempotency.mint(),
        "park_token": token_of(actor.park),
        "refusal": refusal,
    }
    return render(request, "cases/new.html", context, status=409 if refusal else 422 if form.is_bound else 200)


def token(case: Case, actor: Actor) -> str:
    """Return what opens the page of the code for this clerk, for a day."""
    return signing.dumps([case.key.hex, actor.key], salt=SIGNER)


@require_safe
def noted(request: HttpRequest, token: str) -> HttpResponse:
    """The code to read out, for the clerk who wrote the note, for a day: not everyone who notes may open the case."""
    try:
        key, who = signing.loads(token, salt=SIGNER, max_age=A_DAY)
    except signing.BadSignature:
        raise Http404 from None
    if who != request.actor.key:
        raise Http404
    case = access.noted(request.actor, key)
    code = codes.public_code(request.actor.park, case)
    context = {
        "case": case,
        "code": codes.code_of(case),
        "receipt": f"/r/{code}/",
        "again": reverse("cases:new"),
        "reply": REPLY.format(case.number) if case.channel == Channel.CHAT else "",
        "drafts_left": access.drafts_visible_to(request.actor).filter(settled_at=None).count(),
    }
    return render(request, "cases/noted.html", context)


@require_safe
def names(request: HttpRequest) -> HttpResponse:
    """Enterprises whose name holds what was typed, or whose number or contact's whole telephone number it is."""
    takes_notes(request)
    words = "".join(request.GET.get("q", "").split())[:40]
    rows: list[Enterprise] = []
    if len(words) >= SHORTEST_NAME:
        called = Contact.objects.filter(person__phone_mark=mark_of_phone(words)).values("enterprise")
        found = Q(name__contains=words) | Q(code__iexact=words) | (Q(pk__in=called) if words.isdecimal() else Q())
        rows = list(Enterprise.objects.filter(found, is_active=True).order_by("name")[:OFFERED])
    people: dict[int, Contact] = {}
    for contact in Contact.objects.filter(enterprise__in=rows).select_related("person").order_by("is_primary", "-pk"):
        people[contact.enterprise_id] = contact
    offered = [{"enterprise": row, "contact": people.get(row.pk)} for row in rows]
    return render(request, "cases/_names.html", {"offered": offered})


@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """What is like the words that stand in the note: cases that this clerk may open, open and solved."""
    actor, at = takes_notes(request), timezone.now()
    text = request.POST.get("text", "").strip()[:5000]
    firm = request.POST.get("enterprise_name", "").strip()
    among = access.open_ledger(actor).select_related("enterprise").defer("search_text")
    found = similar_cases(text, among=among, at=at, limit=4) if len(text) >= SHORTEST_TEXT else []
    alike = [
        {
            "case": one.case,
            "shared": one.shared,
            "is_same": one.score >= SAME,
            "is_own": bool(firm) and one.case.whose == firm,
            "may_join": one.case.is_open and one.case.state not in TOLD and actor.has(Role.DISPATCHER),
        }
        for one in found
    ]
    return render(request, "cases/_alike.html", {"alike": alike})
