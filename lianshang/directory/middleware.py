"""Open the park's scope and its time zone for whoever is signed in, and say who acts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django_scopes import scope

from lianshang.directory import actors


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
            request.actor = SimpleLazyObject(lambda: actors.from_account(account, on=timezone.localdate()))
            return self.get_response(request)
