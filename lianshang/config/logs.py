"""Logs hold route names, never paths: a path can carry a receipt code or a case's key."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("lianshang.requests")


class RequestLog:
    """One line a request: method, route, status, milliseconds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.monotonic()
        response = self.get_response(request)
        spent = round((time.monotonic() - start) * 1000)
        logger.info("%s %s %s %s ms", request.method, route(request), response.status_code, spent)
        return response


class RouteNames(logging.Filter):
    """Django's own records about a request name its path; put the route there instead."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            place = route(request)
            record.args = tuple(
                place if word in {request.path, request.get_full_path()} else word for word in record.args
            )
        return True


def route(request: HttpRequest) -> str:
    """`cases:detail`, or `-` where no route matched."""
    return request.resolver_match.view_name if request.resolver_match else "-"
