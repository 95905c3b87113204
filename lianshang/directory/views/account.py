"""我的账号: one's own password, second factor, and where one is signed in."""

from http import HTTPStatus

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianshang.directory import accounts, keys, second_factor, shown_once, sign_ins
from lianshang.directory.forms.sign_in import PapersForm, PasswordForm, SetUpForm
from lianshang.directory.landing import desk_of
from lianshang.directory.models import Account
from lianshang.kernel.refusals import Hidden, Refused

SECRET, PAPERS, NEXT = "second-factor", "papers", "after-set-up"


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    return _mine(request, PapersForm(account=_own(request), at=timezone.now()))


def _mine(request: HttpRequest, form: PapersForm) -> HttpResponse:
    account, now = form.account, form.at
    context = {
        "form": form,
        "account": account,
        "has_factor": second_factor.has(account),
        "papers_left": second_factor.left(account),
        "rows": sign_ins.of(account, now),
        "here": request.session.session_key,
        "keyless": keys.are_off(request),
    }
    return render(request, "directory/account.html", context, status=_status(form))


@require_POST
def switch_keys(request: HttpRequest) -> HttpResponse:
    """Switch the keys of single letters off, or on again."""
    answer, off = redirect("directory:account"), request.POST.get("keys") == "off"
    keys.switch(answer, _own(request), off=off)
    messages.success(request, "单键快捷键已关闭。" if off else "单键快捷键已打开，按 ? 看有哪些。")
    return answer


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    account, now = _own(request), timezone.now()
    form = PasswordForm(request.POST or None, account=account, at=now)
    if request.method == "POST" and form.is_valid():
        old = request.session.session_key or ""
        accounts.change_password(account, form.cleaned_data["new"], at=now, here=old)
        update_session_auth_hash(request, account)
        sign_ins.moved(account, old, request.session.session_key or "")
        messages.success(request, "密码已改，别处的登录都已退出。")
        return _past_gate(request)
    context = {"form": form, "first": request.session.get(sign_ins.GATE) == "password"}
    return render(request, "directory/password.html", context, status=_status(form))


def _past_gate(request: HttpRequest) -> HttpResponse:
    """Go on to the next thing that has to be done, or to the desk."""
    account = _own(request)
    request.session.pop(sign_ins.GATE, None)
    asked = second_factor.asked_of(account, request.actor.roles, timezone.localdate())
    if asked == "now" and not second_factor.has(account):
        request.session[sign_ins.GATE] = "second-factor"
        return redirect("directory:second-factor")
    return redirect(desk_of(request.actor))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret as a picture and as letters until a code proves that the authenticator has it."""
    account, now = _own(request), timezone.now()
    if request.method != "POST":
        request.session[NEXT] = _wanted(request)
    secret = shown_once.read(request, SECRET) or shown_once.keep(request, SECRET, second_factor.new_secret())
    form = SetUpForm(request.POST or None, account=account, secret=secret, at=now)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.begin(account, secret, form.cleaned_data["code"], at=now)
        except Refused as reason:
            form.add_error("code", str(reason))
        else:
            return _begun(request, codes)
    context = {
        "form": form,
        "picture": segno.make(second_factor.address(account, secret), error="m").svg_data_uri(scale=6, border=2),
        "letters": [secret[at : at + 4] for at in range(0, len(secret), 4)],
        "account": account,
        "must": request.session.get(sign_ins.GATE) == "second-factor",
        "replaces": second_factor.has(account),
        "later": request.session.get(NEXT) or desk_of(request.actor),
    }
    return render(request, "directory/second_factor.html", context, status=_status(form))


def _begun(request: HttpRequest, codes: list[str]) -> HttpResponse:
    shown_once.forget(request, SECRET)
    shown_once.keep(request, PAPERS, " ".join(codes))
    if request.session.get(sign_ins.GATE) == "second-factor":
        del request.session[sign_ins.GATE]
    return redirect("directory:papers")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest) -> HttpResponse:
    """The codes for paper, until their owner says that they are written down."""
    codes = shown_once.read(request, PAPERS)
    if request.method == "POST" or not codes:
        shown_once.forget(request, PAPERS)
        return redirect(request.session.pop(NEXT, "") or desk_of(request.actor) if codes else "directory:account")
    return render(request, "directory/papers.html", {"codes": codes.split(), "account": _own(request)})


@never_cache
@sensitive_post_parameters()
@require_POST
def renew_papers(request: HttpRequest) -> HttpResponse:
    """Print new codes for whoever has the telephone or a code that still counts."""
    account, now = _own(request), timezone.now()
    second_factor.need(account)
    form = PapersForm(request.POST, account=account, at=now)
    if not form.is_valid():
        return _mine(request, form)
    shown_once.keep(request, PAPERS, " ".join(second_factor.new_papers(account, at=now)))
    return redirect("directory:papers")


@require_POST
def end_sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """End one sign-in of one's own."""
    if sign_ins.end(_own(request), at=timezone.now(), only=pk):
        messages.success(request, "那一处登录已退出。")
    return redirect("directory:account")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    count = sign_ins.end(_own(request), at=timezone.now(), but=request.session.session_key or "")
    messages.success(request, f"别处的登录都已退出（{count} 处）。" if count else "没有别处的登录。")
    return redirect("directory:account")


def _own(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise Hidden
    return request.user


def _wanted(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else ""


def _status(form: PasswordForm | SetUpForm | PapersForm) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
