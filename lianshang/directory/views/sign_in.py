from http import HTTPStatus

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_scopes import scope

from lianshang.directory import actors
from lianshang.directory.demo_accounts import PASSWORD, demo_accounts
from lianshang.directory.forms import SignInForm
from lianshang.directory.landing import desk_of
from lianshang.directory.models import Account
from lianshang.directory.visitors import on_this_machine


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
        login(request, form.account)
        return redirect(_next(request) or _desk(form.account))
    shown = {"form": form, "next": _next(request), "demo": demo_accounts() if on_this_machine(request) else []}
    return render(request, "directory/sign_in.html", shown | {"demo_password": PASSWORD}, status=_status(form))


def _status(form: SignInForm) -> int:
    if form.waiting:
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _next(request: HttpRequest) -> str:
    """Return the page that was asked for before, if it is ours: a path, since other words would be a view's name."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else ""


def _desk(account: Account) -> str:
    with scope(park=account.park):
        return desk_of(actors.from_account(account, on=timezone.localdate()))


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("directory:sign-in")
