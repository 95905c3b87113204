"""Themes (专题): the list with what comes up again, one theme, and every step of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lianshang.cases import access, queues, theme_access, theme_candidates, theme_list, theme_words
from lianshang.cases.forms.ledger_filter import listed
from lianshang.cases.forms.themes import FORMS, OpenTheme, ThemeForm
from lianshang.cases.models import Theme
from lianshang.cases.navigation import READERS
from lianshang.cases.theme_flow import MANAGERS, THEME_FLOW
from lianshang.kernel import idempotency
from lianshang.kernel.refusals import Hidden, Refused


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Themes by state, and for those who may make one what the system found."""
    if not request.actor or not request.actor.has(*READERS):
        raise Hidden
    now, chosen = timezone.now(), request.GET.get("show", "")
    rows = theme_list.rows(request.actor, now)
    sees_all = request.actor.has(*access.WIDE)
    context = {
        "filters": theme_list.filters(rows, chosen),
        "rows": theme_list.showing(rows, chosen),
        "any": bool(rows),
        "candidates": theme_candidates.candidates(request.actor, now) if sees_all else [],
        "sees_all": sees_all,
        "may_make": request.actor.has(*MANAGERS),
        "days": theme_candidates.PERIOD.days,
        "query": request.GET.urlencode(),
    }
    return render(request, "cases/themes/list.html", context)


@require_safe
def theme(request: HttpRequest, key: UUID) -> HttpResponse:
    one, actor, now = theme_access.theme_for(request.actor, key), request.actor, timezone.now()
    cases = list(listed(theme_access.cases_of(one, actor)))
    clock = one.clocks.running().first()
    turn = theme_words.turn_of(one, clock, actor, now)
    offered = THEME_FLOW.offered(one, actor)
    front, rest = theme_words.arranged(offered, turn.verb)
    may = {move.name for move in offered}
    likes = (
        theme_candidates.like_members(list(theme_access.cases_of(one, actor)), actor, now) if "attach" in may else []
    )
    once = {case.pk: case for case in (*cases, *theme_list.left(one, actor))}
    context = {
        "theme": one, "turn": turn, "front": front, "rest": rest,
        "rows": queues.lit(cases, now),
        "enterprises": theme_list.enterprises(cases),
        "timeline": theme_words.timeline(one, once),
        "may": may,
        "likes": likes,
        "idempotency_key": idempotency.mint(),
    }  # fmt: skip
    return render(request, "cases/themes/theme.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new theme, with the cases and the title that a candidate or a case page brings along."""
    if not request.actor or not request.actor.has(*MANAGERS):
        raise Hidden
    sent = {"data": request.POST} if request.method == "POST" else {}
    brought = request.POST.getlist("brought") or request.GET.getlist("case")
    offered = access.cases_by_keys(request.actor, brought).filter(sealed=False).select_related("enterprise")
    given: dict[str, Any] = {"title": request.GET.get("title", "")[:80], "cases": [case.key for case in offered]}
    form = OpenTheme(actor=request.actor, at=timezone.now(), offered=offered, initial=given, **sent)
    return _answered(request, form, "立为专题", brought=brought, back=reverse("cases:themes"))


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def act(request: HttpRequest, key: UUID, verb: str) -> HttpResponse:
    """Show the form of a step, or do it."""
    one = theme_access.theme_for(request.actor, key)
    if verb not in FORMS:
        raise Http404
    label = THEME_FLOW.check(one, verb, request.actor).label
    sent = {"data": request.POST} if request.method == "POST" else {"initial": request.GET.dict()}
    form = FORMS[verb](actor=request.actor, at=timezone.now(), theme=one, **sent)
    return _answered(request, form, label, theme=one, back=one.get_absolute_url())


def _answered(request: HttpRequest, form: ThemeForm, label: str, **shown: Any) -> HttpResponse:
    """Do what was sent and go to the theme, or show the form, with what the rules refuse above it."""
    status, refusal = 200, ""
    if form.is_bound:
        try:
            if form.is_valid():
                done: Theme = form.act()
                messages.success(request, f"{done}：{label}，已记下。")
                return redirect(done.get_absolute_url())
            status = 422
        except Refused as reason:
            status, refusal = 409, str(reason)
    context = {"form": form, "label": label, "refusal": refusal, "idempotency_key": idempotency.mint(), **shown}
    return render(request, "cases/themes/act.html", context, status=status)
