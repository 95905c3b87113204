"""The receipt: who answers until when, and what the enterprise may do. Whoever has the code holds the case."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial, wraps
from typing import Any

import segno
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django_scopes import scope

from lianshang.cases import abuse, access, apart, codes, receipts, services
from lianshang.cases.forms import public as forms_
from lianshang.cases.models import Case
from lianshang.cases.phones import masked
from lianshang.cases.states import State
from lianshang.cases.views.public import stored
from lianshang.cases.views.remembered import remember
from lianshang.directory import actors
from lianshang.directory.models import Park
from lianshang.directory.visitors import address_of
from lianshang.kernel import files, idempotency
from lianshang.kernel.history import standing
from lianshang.kernel.refusals import Overtaken, Refused

AGAIN = "{when} 已经催办过，承办单位和综合党委办公室都收到了。过 4 小时还没有动静，可以再催。"
OVERTAKEN = "这件事刚有新进展，现在不能{verb}了。请返回回执看最新情况，已填内容都在。"

SEEN = "已补充，只有{who}看得到，被反映的除外。"  # of a complaint or report; as `access` has it

View = Callable[..., HttpResponseBase]


def by_code(view: View) -> View:
    """Open the park and the case that the code names, and act as its holder; a wrong code is answered like any other."""

    @login_not_required
    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        prefix, _, secret = code.partition("-")
        park = Park.objects.filter(code=prefix.upper()).first()
        with scope(park=park):
            case = held(park, secret) if park else None
            if park is None or case is None:
                return missed(request)
            request.park, request.actor = park, actors.holder(park, case.pk)
            return view(request, case, *args, **kwargs)

    return opened


def held(park: Park, secret: str) -> Case | None:
    """Return the case behind a code, or None; what staff only noted down has no receipt yet."""
    try:
        case = access.case_by_code(park, secret)
    except Http404:
        return None
    return case if case.state != State.DRAFT else None


def missed(request: HttpRequest) -> HttpResponse:
    """Answer a code that opens nothing: the same page for all, until there were too many from one address."""
    try:
        abuse.count("miss", address_of(request), timezone.now())
    except abuse.TooMany as no:
        return render(request, "web/refused.html", {"sentence": str(no), "back": "/"}, status=429)
    return render(request, "404.html", status=404)


@by_code
@require_GET
def receipt(request: HttpRequest, case: Case) -> HttpResponse:
    at = timezone.now()
    shown = receipts.receipt(case, at=at)
    link = request.build_absolute_uri(reverse("cases:receipt", args=[shown.code]))
    context = {
        "receipt": shown,
        "case": case,
        "link": link,
        "qr": drawn(link),
        "standing": standing.standing(list(case.events.order_by("ordinal"))),
        "phone": masked(case.contact_phone),
        "office": None if case.sealed else receipts.office_contact(at),
        "done": _done(case, request.GET.get("done", "")),
        "files": () if case.sealed else shown.words[-1].files,
    }
    response = render(request, "cases/public/receipt.html", context)
    if not case.sealed:
        remember(request, response, shown.code)
    return response


def _done(case: Case, verb: str) -> str:
    """Say what became of the step; of a complaint's supplement who sees it, and that is never a unit at large."""
    if verb == "supplement" and case.sealed:
        return SEEN.format(who="专办员、综合党委负责人和承办人" if case.lead_unit_id else "专办员和综合党委负责人")
    return ACTS[verb].done if verb in ACTS else ""


@lru_cache(maxsize=256)
def drawn(link: str) -> str:
    """Return the QR code of an address as a data URI; who waits looks at the same receipt again and again."""
    return str(segno.make(link, error="m").svg_data_uri(scale=8, border=2))


@by_code
@require_GET
def file(request: HttpRequest, case: Case, position: int) -> HttpResponseBase:
    """Hand out the file at that place among those that the holder may open."""
    own = receipts.files_of(case)
    if not 1 <= position <= len(own) or (case.sealed and own[position - 1].event.by == "holder"):
        return missed(request)
    return files.response(own[position - 1].stored, own[position - 1].name)


@by_code
@require_GET
def proof(request: HttpRequest, case: Case) -> HttpResponse:
    """Hand out what proves the record, to be kept outside; its name betrays nothing."""
    first = case.events.order_by("ordinal").first()
    name = "凭据.json" if case.sealed else f"凭据-{case.number}.json"
    return files.attached(standing.kept(first, case.number), name, "application/json")


# -- what the holder does -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """A form of the receipt: its words, and the service that it feeds. `words` names the service's argument for the note."""

    form: type[forms.Form]
    title: str
    button: str
    lead: str
    done: str
    words: str = "note"


ACTS = {
    "confirm": Act(
        forms_.ConfirmForm, "确认解决", "确认解决", "确认以后就办结了。满意不满意，照实选。", "已办结，谢谢您的评价。"
    ),
    "reject": Act(
        forms_.RejectForm,
        "退回重办",
        "退回重办",
        "没有解决就退回，不影响您以后吹哨。",
        "已退回，承办单位会接着办。",
        "reason",
    ),
    "supplement": Act(
        forms_.SupplementForm, "补充说明", "补充", "新情况、新材料都可以随时补充。", "已补充，承办单位看得到。"
    ),
    "ask_recusal": Act(
        forms_.RecusalForm,
        "要求回避",
        "要求回避",
        "办的人与这件事有利害关系的，可以要求换人。由综合党委负责人决定，决定前先不办。",
        "已记下，决定后会写在回执上。",
        "reason",
    ),
    "urge": Act(forms_.UrgeForm, "催办", "催办", "承办单位和综合党委办公室会马上收到提醒。", "已催办。"),
    "withdraw": Act(
        forms_.WithdrawForm, "撤回", "撤回", "事情已经解决，或者不想办了，可以撤回。", "已撤回。", "reason"
    ),
}
ANSWER = replace(
    ACTS["supplement"], form=forms_.AnswerForm, title="回答", button="回答", lead="别的情况、材料也可以一并补充。"
)  # the supplement while a question waits


@by_code
@files.prepared
@idempotency.once
def act(request: HttpRequest, case: Case, verb: str) -> HttpResponse:
    if verb not in ACTS:
        return missed(request)
    at = timezone.now()
    doing = _doing(case, verb, at)
    page = partial(_show, request, case, verb, doing, at)
    if request.method != "POST":
        return page(doing.form()) if verb in receipts.offers(case) else redirect(_address(case))
    form = doing.form(request.POST, request.FILES)
    if not form.is_valid():
        return page(form, status=422)
    try:
        _do(request, case, verb, form.cleaned_data, at)
    except Overtaken:
        return page(form, refusal=OVERTAKEN.format(verb=doing.title), status=409)
    except Refused as no:
        return page(form, refusal=str(no), status=abuse.status_of(no))
    return redirect(f"{_address(case)}?done={verb}")


def _doing(case: Case, verb: str, at: datetime) -> Act:
    """What is added to a complaint is an answer while its question waits."""
    asked = case.sealed and verb == "supplement" and receipts.receipt(case, at=at).asks
    return ANSWER if asked else ACTS[verb]


def _address(case: Case) -> str:
    return reverse("cases:receipt", args=[codes.public_code(case.park, case)])


def _do(request: HttpRequest, case: Case, verb: str, data: dict[str, Any], at: datetime) -> None:
    abuse.count("act", address_of(request), at)
    if verb == "urge":
        _not_again(case, at)
    given = {ACTS[verb].words: data["note"].strip()}
    if "grade" in data:
        given["grade"] = data["grade"]
    if "whose" in data:
        given["whose"] = data["whose"]
    if "files" in data:
        given["files"] = stored(case.park, data["files"], **_apart(case, at))
    getattr(services, verb)(case, actor=request.actor, at=at, **given)


def _apart(case: Case, at: datetime) -> dict[str, Any]:
    """Of a complaint's files neither the name nor the moment is kept."""
    return {"nameless": True, "at": apart.day_of(at)} if case.sealed else {}


def _not_again(case: Case, at: datetime) -> None:
    last = case.events.filter(verb="urge", by="holder", at__gt=at - receipts.URGE_AGAIN).order_by("-ordinal").first()
    if last:
        raise Refused(AGAIN.format(when=f"{timezone.localtime(last.at):%-m月%-d日 %H:%M}"))


def _show(
    request: HttpRequest,
    case: Case,
    verb: str,
    doing: Act,
    at: datetime,
    form: forms.Form,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """Draw the form. The receipt beside it is put together here alone: a step that is taken shows none."""
    shown = receipts.receipt(case, at=at)
    context = {
        "act": doing,
        "verb": verb,
        "receipt": shown,
        "asks": shown.asks if doing is ANSWER else None,
        "form": form,
        "refusal": refusal,
        "key": request.POST.get(idempotency.FIELD) or idempotency.mint(),
    }
    return render(request, "cases/public/act.html", context, status=status)
