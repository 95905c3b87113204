from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from lianshang.kernel.idempotency import Answered
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.web.context import who_of


def way_back(request: HttpRequest) -> str:
    """Return the page the person came from, if it is ours, else the landing page."""
    came_from = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if safe and came_from else "/"


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """Answer 409 with the sentence: a page with a way back, or for htmx the banner alone, put above what was typed."""
    context = {"sentence": sentence, "back": way_back(request), "typed": request.method == "POST"}
    if not request.headers.get("HX-Request"):
        page = "web/refused_desk.html" if who_of(getattr(request, "actor", None)) else "web/refused.html"
        return render(request, page, context, status=409)
    response = render(request, "web/_refusal.html", context, status=409)
    response["HX-Retarget"] = "#banner"
    response["HX-Reswap"] = "innerHTML"
    return response


class RefusalMiddleware:
    """The rules' no becomes a 409 page with their sentence; what an actor may not see becomes a plain 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refused(request, str(exception))
        if isinstance(exception, Hidden):
            return render(request, "404.html", status=404)
        return None


class OnceMiddleware:
    """A form of staff that is sent twice is answered as the first time, whatever its view does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if answered := getattr(request, "answered", None):
            answered.keep(response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, named: Any
    ) -> HttpResponse | None:
        try:
            answered = Answered(request, view)
            if (before := answered.before()) is not None:
                return before
        except Refused as no:
            return refused(request, str(no))
        request.answered = answered
        return None
