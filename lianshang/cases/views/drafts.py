"""Pasted chats and what waits to be registered: read apart, chosen, made cases of, set aside, taken back."""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_scopes import scope

from lianshang.cases import access, codes, receipts, recusal, services
from lianshang.cases.chat.offers import offers
from lianshang.cases.forms.draft_note import About, DraftNote, Paste
from lianshang.cases.models import Draft
from lianshang.cases.navigation import DRAFTS, NOTES
from lianshang.cases.services.drafts import Pasted
from lianshang.cases.views.notes import profile_now, takes_notes, token
from lianshang.cases.views.public import superior, token_of
from lianshang.directory.actors import Actor
from lianshang.directory.models import Park, Post
from lianshang.kernel import idempotency
from lianshang.kernel.refusals import Hidden, Refused

SHOWN = 100  # drafts on one page, the oldest first
LATELY = 60  # settled ones that can be looked up
MOST = 20  # drafts that one case may be made of
NOTHING_READ = "没有读出消息。请连同名字和时间一起复制，再粘贴；只有一句话的，直接写在“登记诉求”里。"
NONE_CHOSEN = "没有选中消息。请勾选要登记的消息。"


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def paste(request: HttpRequest) -> HttpResponse:
    """Keep every message of the pasted text as a draft; the clerk then chooses."""
    actor, at, refusal = takes_notes(request), timezone.now(), ""
    form = Paste(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept, left_out = _taken_in(form.cleaned_data["pasted"], actor, at)
            messages.success(request, _kept(kept, left_out))
            return redirect(f"{reverse('cases:drafts')}?{urlencode({'paste': str(kept.key)})}")
        except Refused as no:
            refusal = str(no)
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "refusal": refusal, "idempotency_key": idempotency.mint()}
    return render(request, "cases/drafts/paste.html", context, status=status)


def _taken_in(pasted: str, actor: Actor, at: datetime) -> tuple[Pasted, int]:
    """Return what was kept, and how many lines were not. Raises `Refused` for too many messages, and for none."""
    found = offers(pasted, timezone.localtime(at))
    if not found.offers:
        raise Refused(NOTHING_READ)
    return services.keep_pasted(found.offers, actor=actor, at=at), len(found.left_out)


def _kept(kept: Pasted, left_out: int) -> str:
    waiting = [draft for draft in kept.drafts if not draft.reason]
    said = [f"读出 {len(kept.drafts)} 条，{len(waiting)} 条等您挑选"]
    answers = len(kept.drafts) - len(waiting)
    said += [f"{answers} 条只是应答，已搁置"] if answers else []
    said += [f"{kept.known} 条以前贴过，没有重复收"] if kept.known else []
    said += [f"{left_out} 行是群提示或表情，没有收"] if left_out else []
    return "，".join(said) + "。"


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    actor = _reads(request)
    rows, show = access.drafts_visible_to(actor), request.GET.get("show", "")
    waiting = rows.filter(settled_at=None).order_by("noted_at", "position")
    pasted = _pasted(request)
    shown = {
        "registered": rows.filter(case__isnull=False).order_by("-settled_at", "-pk")[:LATELY],
        "aside": rows.exclude(reason="").order_by("-settled_at", "-pk")[:LATELY],
    }.get(show, (waiting.filter(paste=pasted) if pasted else waiting)[:SHOWN])
    context = {
        "drafts": list(shown),
        "show": show if show in ("registered", "aside") else "",
        "filters": _filters(show, waiting.count()),
        "is_one_paste": bool(pasted),
        "reasons": Draft.Reason.choices,
        "may_note": actor.has(*NOTES),
    }
    return render(request, "cases/drafts/list.html", context)


def _reads(request: HttpRequest) -> Actor:
    if not request.actor or not request.actor.has(*DRAFTS):
        raise Hidden
    return request.actor


def _pasted(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("paste", ""))
    except ValueError:
        return None


def _filters(show: str, waiting: int) -> list[dict[str, Any]]:
    words = (("", "待登记", waiting), ("registered", "已登记", None), ("aside", "已搁置", None))
    return [
        {"label": label, "count": count, "url": f"?show={word}" if word else "?", "current": word == show, "tone": ""}
        for word, label, count in words
    ]


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """What the list's buttons do with the rows that are ticked."""
    actor = takes_notes(request)
    chosen = _chosen(actor, request.POST.getlist("d"))
    if not chosen:
        raise Refused(NONE_CHOSEN)
    if request.POST.get("do") != "aside":
        return redirect(_with(chosen, "cases:draft-register"))
    if request.POST.get("reason") == Draft.Reason.SEALED:
        return redirect(_with(chosen, "cases:draft-aside"))
    count = services.set_aside(chosen, request.POST.get("reason", ""), actor=actor, at=timezone.now())
    messages.success(request, f"已搁置 {count} 条，在“已搁置”里可以取回。")
    return redirect("cases:drafts")


def _with(chosen: list[Draft], place: str) -> str:
    return f"{reverse(place)}?{urlencode({'d': [str(one.key) for one in chosen]}, doseq=True)}"


@require_http_methods(["GET", "HEAD", "POST"])
def aside(request: HttpRequest) -> HttpResponse:
    """Set the drafts named in `d` aside as complaints or reports, once it is said whom they are about."""
    actor, at = takes_notes(request), timezone.now()
    sent = request.POST if request.method == "POST" else None
    drafts = _chosen(actor, (sent or request.GET).getlist("d"))
    if not drafts:
        raise Http404
    form = About(sent)
    if sent is not None and form.is_valid():
        count = services.set_aside(drafts, Draft.Reason.SEALED, actor=actor, at=at, about=form.told)
        _say_who_sees(request, drafts[0], count)
        return redirect("cases:drafts")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "cases/drafts/aside.html", {"form": form, "drafts": drafts}, status=status)


def _say_who_sees(request: HttpRequest, draft: Draft, count: int) -> None:
    """All of them are about the same; where nobody here may see them, it has to go to the authority above."""
    draft.refresh_from_db()
    today = timezone.localdate()
    readers = Post.objects.in_force(today).filter(role__in=access.SEALED_DRAFTS)
    messages.success(request, f"已搁置 {count} 条。请本人走投诉举报页；被反映的单位和人看不到这些话。")
    if not recusal.outside(readers, draft, on=today).exists():
        messages.warning(request, f"这件事本园区的人都要回避。请告诉本人直接向{superior()}反映。")


def _chosen(actor: Actor, keys: list[str]) -> list[Draft]:
    try:
        wanted = [UUID(key) for key in keys[:MOST]]
    except ValueError:
        raise Http404 from None
    return list(access.drafts_visible_to(actor).filter(key__in=wanted).order_by("happened_at", "position", "pk"))


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def register(request: HttpRequest) -> HttpResponse:
    """One case of the drafts named in `d`: what was said stands there, the enterprise is chosen."""
    actor, refusal = takes_notes(request), ""
    sent = request.POST if request.method == "POST" else None
    drafts = _chosen(actor, (sent or request.GET).getlist("d"))
    if not drafts:
        raise Http404
    form = DraftNote(profile_now(), drafts, sent, actor=actor, at=timezone.now())
    if sent is not None and form.is_valid():
        try:
            return redirect("cases:noted", token=token(form.submit(), actor))
        except Refused as no:
            refusal = str(no)
    settled = next((one for one in drafts if one.settled_at), None)
    context = {
        "form": form,
        "drafts": drafts,
        "settled": settled,
        "refusal": refusal,
        "idempotency_key": idempotency.mint(),
    }
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "cases/drafts/register.html", context, status=status)


@require_POST
def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = takes_notes(request)
    draft = get_object_or_404(access.drafts_visible_to(actor), key=key)
    services.take_back(draft, actor=actor, at=timezone.now())
    messages.success(request, f"{draft.number} 已取回，等待登记。")
    return redirect("cases:drafts")


@login_not_required
@never_cache
@require_safe
def waiting(request: HttpRequest, code: str) -> HttpResponse:
    """What the holder of a draft's code sees: that it waits, or the receipt of what it became."""
    prefix, _, secret = code.partition("-")
    park = Park.objects.filter(code=prefix).first()
    if park is None:
        raise Http404
    with scope(park=park):
        draft = access.draft_by_code(secret)
        if draft.case and access.is_first_of_its_case(draft):
            return redirect("cases:receipt", codes.public_code(park, draft.case))
        context = {
            "draft": draft,
            "park": park,
            "office": receipts.office_contact(timezone.now()),
            "whistle": reverse("cases:whistle", args=[token_of(park)]),
            "sealed": reverse("cases:whistle-sealed", args=[token_of(park)]),
        }
        return render(request, "cases/public/draft.html", context)
