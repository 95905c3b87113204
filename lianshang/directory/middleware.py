"""Open the park's scope and its time zone for whoever is signed in, say who acts, and end what has had its time."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django_scopes import scope

from lianshang.directory import actors, second_factor, sign_ins
from lianshang.directory.models import Account
from lianshang.directory.visitors import address_of

GATES = {"password": "directory:password", "second-factor": "directory:second-factor"}
OPEN_TO_ALL = {*GATES.values(), "directory:sign-out", "directory:papers"}


class ParkMiddleware:
    """`request.actor` for staff (None for visitors); public pages open their own scope from the link they were given."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        account = request.user
        if not account.is_authenticated:
            request.actor = None
            return self.get_response(request)
        with scope(park=account.park), timezone.override(account.park.zoneinfo):
            request.actor = actors.from_account(account, on=timezone.localdate())
            now = timezone.now()
            if why := sign_ins.ended(request.session, request.actor, now):
                sign_ins.close(account, request.session.session_key or "", at=now)
                return self._out(request, why)
            if sign_ins.seen(request.session, request.actor, now):
                _ask(request, account)
            return _gate(request) or self.get_response(request)

    def _out(self, request: HttpRequest, why: str) -> HttpResponse:
        """Sign out: staff are led to sign in again and then back, public pages go on for a visitor."""
        logout(request)
        request.actor = None
        if not getattr(_view(request), "login_required", True):
            return self.get_response(request)
        messages.warning(request, why)
        back = {"next": request.get_full_path()} if request.method == "GET" else {}
        return redirect(f"{reverse('directory:sign-in')}?{urlencode(back)}")


def note_sign_in(sender: object, request: HttpRequest, user: Account, **more: Any) -> None:
    """Every way of signing in passes here (`user_logged_in`): it is noted with the posts that it rests on."""
    with scope(park=user.park), timezone.override(user.park.zoneinfo):
        where = sign_ins.Where(sign_ins.browser_of(request.headers.get("User-Agent", "")), address_of(request)[:45])
        actor = actors.from_account(user, on=timezone.localdate())
        sign_ins.begin(request.session, actor, user, where, at=timezone.now())


def _ask(request: HttpRequest, account: Account) -> None:
    """Whoever must have a second factor by now and has none is led to it, however long signed in: the day has come."""
    asked = second_factor.asked_of(account, request.actor.roles, timezone.localdate())
    if asked == "now" and not second_factor.has(account):
        request.session.setdefault(sign_ins.GATE, "second-factor")


def _gate(request: HttpRequest) -> HttpResponse | None:
    """Lead whoever must first change the password or set up the second factor there, whatever was asked for."""
    place = GATES.get(request.session.get(sign_ins.GATE, ""))
    if place is None:
        return None
    try:
        asked = resolve(request.path_info).view_name
    except Resolver404:
        return None
    return None if asked in OPEN_TO_ALL else redirect(place)


def _view(request: HttpRequest) -> object:
    try:
        return resolve(request.path_info).func
    except Resolver404:
        return None
