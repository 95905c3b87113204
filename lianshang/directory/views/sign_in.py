"""Signing in: name and password, then the code of the second factor where the account has one; and signing out."""

from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_scopes import scope

from lianshang.directory import actors, audit, devices, second_factor, sign_ins, throttle
from lianshang.directory.demo_accounts import PASSWORD, demo_accounts
from lianshang.directory.forms.sign_in import CodeForm, SignInForm
from lianshang.directory.landing import desk_of
from lianshang.directory.models import Account
from lianshang.directory.visitors import on_this_machine

HALF = "half"  # whose password was right and whose code is still to come
HALF_AGE = timedelta(minutes=10)
TRIED = "（此前连续 {0} 次没有成功）"


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let staff in, each to the page asked for or to the own desk."""
    if request.user.is_authenticated:
        return redirect(_next(request) or desk_of(request.actor))
    at = timezone.now()
    form = SignInForm(request.POST or None, request=request, at=at)
    if request.method == "POST" and form.is_valid() and form.account:
        with scope(park=form.account.park):
            return _go_on(request, form.account, form)
    shown = {"form": form.shown(), "next": _next(request), "demo": demo_accounts() if on_this_machine(request) else []}
    return render(request, "directory/sign_in.html", shown | {"demo_password": PASSWORD}, status=_status(form))


def _go_on(request: HttpRequest, account: Account, form: SignInForm) -> HttpResponse:
    """The password was right."""
    tried = TRIED.format(form.failures) if form.failures else ""
    if form.proven:
        throttle.unlock(account.username)
        return _let_in(request, account, _next(request), f"用密码和动态口令登录{tried}")
    if not second_factor.has(account):
        return _let_in(request, account, _next(request), f"用密码登录{tried}")
    request.session.cycle_key()
    request.session[HALF] = {
        "account": account.pk, "hash": account.get_session_auth_hash(), "next": _next(request), "tried": tried,
        "at": form.at.timestamp(),
    }  # fmt: skip
    return redirect("directory:sign-in-code")


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step: six digits, or a code from paper."""
    at, half = timezone.now(), request.session.get(HALF) or {}
    account = _half_in(half, at.timestamp())
    if account is None:
        request.session.pop(HALF, None)
        return redirect("directory:sign-in")
    with scope(park=account.park):
        device = devices.known(request, account.username)
        form = CodeForm(request.POST or None, account=account, at=at, device=device)
        if request.method == "POST" and form.is_valid():
            del request.session[HALF]
            return _let_in(request, account, half["next"], f"用密码和动态口令登录{half['tried']}")
    return render(request, "directory/sign_in_code.html", {"form": form}, status=_status(form))


def _half_in(half: dict[str, object], now: float) -> Account | None:
    """Return whose password was right a little while ago and still is."""
    if not half or now - float(str(half["at"])) > HALF_AGE.total_seconds():
        return None
    account = Account.objects.select_related("park", "person").filter(pk=half["account"], is_active=True).first()
    return account if account and account.get_session_auth_hash() == half["hash"] else None


def _let_in(request: HttpRequest, account: Account, wanted: str, said: str) -> HttpResponse:
    """Sign in; first of all lead to what has to be done or should be."""
    at = timezone.now()
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    audit.record(audit.Kind.SIGN_IN, said, park=account.park, person=account.person, at=at)
    with timezone.override(account.park.zoneinfo):
        on = timezone.localdate(at)
    actor = actors.from_account(account, on=on)
    asked = "" if second_factor.has(account) else second_factor.asked_of(account, actor.roles, on)
    answer = redirect(wanted or desk_of(actor))
    if asked == "soon":
        answer = redirect(f"{_set_up()}?{urlencode({'next': wanted})}")
    if asked == "now":
        request.session[sign_ins.GATE] = "second-factor"
        answer = redirect("directory:second-factor")
    if account.must_change_password:
        request.session[sign_ins.GATE] = "password"
        answer = redirect("directory:password")
    devices.remember(request, answer, account.username)
    return answer


def _set_up() -> str:
    return reverse("directory:second-factor")


def _status(form: SignInForm | CodeForm) -> int:
    if form.waiting:
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _next(request: HttpRequest) -> str:
    """Return the page that was asked for before, if it is ours: a path, since other words would be a view's name."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else ""


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        with scope(park=request.user.park):
            sign_ins.close(request.user, request.session.session_key or "", at=timezone.now())
    logout(request)
    return redirect("directory:sign-in")
