"""One page and one address for every verb of a case: its form, what became of it, and who was first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lianshang.cases import access, answering, identities
from lianshang.cases.flow import FLOW
from lianshang.cases.forms.staff import FORMS
from lianshang.cases.forms.verbs import VerbForm
from lianshang.cases.models import Case
from lianshang.cases.sentences import entry
from lianshang.cases.views.detail import files_told, show_phone, timeline
from lianshang.directory.landing import desk_of
from lianshang.kernel import files, idempotency
from lianshang.kernel.numbers import whole
from lianshang.kernel.refusals import Hidden, Overtaken, Refused

TEMPLATES = {"dispatch": "cases/dispatch.html", "merge": "cases/merge.html"}
LEADER = "leader"  # where somebody may come from and goes back to: the overview, or else the own desk
DESK = "desk"


@require_http_methods(["GET", "HEAD", "POST"])
@files.prepared
@idempotency.once
def act(request: HttpRequest, key: UUID, verb: str) -> HttpResponse:
    """Show the form of the verb, or do it. What the rules refuse is said above the words, which stay."""
    case = access.case_for(request.actor, key, shown=request.method != "POST")
    if verb not in FORMS:
        raise Http404
    if request.method == "POST":
        return _done(request, case, verb)
    FLOW.check(case, verb, request.actor)
    return _page(request, _form(request, case, verb))


def _form(request: HttpRequest, case: Case, verb: str) -> VerbForm:
    sent = {"data": request.POST, "uploads": request.FILES} if request.method == "POST" else {}
    return FORMS[verb](verb, case=case, actor=request.actor, at=timezone.now(), **sent)


def _done(request: HttpRequest, case: Case, verb: str) -> HttpResponse:
    form = _form(request, case, verb)
    try:
        _refuse_overtaken(case, verb, request)
        if not form.is_valid():
            return _page(request, form, status=422)
        after = form.act()
    except Refused as reason:
        return _page(request, form, refusal=str(reason), status=409)
    messages.success(request, form.done(after) or f"{after.number} {FLOW.transitions[verb].label}，已记下。")
    return redirect(_place(request) or after.get_absolute_url())


def _refuse_overtaken(case: Case, verb: str, request: HttpRequest) -> None:
    """Tell whoever lost the right between opening the form and sending it who was first; a stranger sees nothing.

    Raises `Hidden` for those who had no such right when the form was opened, as far as the form's version tells.
    """
    if FLOW.transitions[verb].allows(request.actor, case):
        FLOW.check(case, verb, request.actor)
        return
    seen = whole(request.POST.get("version", ""))
    since = case.events.none() if seen is None else case.events.filter(ordinal__gt=seen)
    last = since.select_related("actor").order_by("-ordinal").first()
    if last is None:
        raise Hidden
    raise Overtaken(f"{FLOW.who_was_first(last)}，这一步不再由您办。填写的内容还在下面，可以复制留用。")


def _place(request: HttpRequest) -> str:
    origin = request.POST.get("from", "") or request.GET.get("from", "")
    if origin == DESK:
        return desk_of(request.actor)
    return reverse("cases:leader") if origin == LEADER else ""


def _page(request: HttpRequest, form: VerbForm, *, refusal: str = "", status: int = 200) -> HttpResponse:
    form.explain()
    asked = form.asked()
    context: dict[str, Any] = {
        "form": form,
        "case": form.case,
        "verb": form.verb,
        "label": FLOW.transitions[form.verb].label,
        "asked": entry(asked) | {"quote": identities.readable(asked, form.case)} if asked else None,
        "shows_phone": show_phone(form.case, request.actor),
        **(_told(form.case) if form.verb == "dispatch" else {}),
        "helps": answering.helps(form.case, form.verb, request.actor, form.at),
        "origin": request.POST.get("from", "") or request.GET.get("from", ""),
        "version": request.POST.get("version", "") or form.case.version,
        "back": _place(request) or form.case.get_absolute_url(),
        "idempotency_key": idempotency.mint(),
        "refusal": refusal,
    }
    return render(request, TEMPLATES.get(form.verb, "cases/act.html"), context, status=status)


def _told(case: Case) -> dict[str, Any]:
    """Return what whoever dispatches has to go by beside the matter: all files, and what was added since, in its order."""
    added = list(case.events.filter(verb="supplement").select_related("actor", "actor_unit").order_by("ordinal"))
    files_handed_in = files_told(case)
    return {
        "handed_in": files_handed_in,
        "photos": sum(file["is_photo"] for file in files_handed_in),
        "added": timeline(case, added, identities.sayings_of(case))[::-1] if added else [],
    }
