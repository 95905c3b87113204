"""Who may set how the park works."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from lianshang.cases.navigation import SETTERS
from lianshang.kernel.refusals import Hidden

View = Callable[..., HttpResponse]


def setters_only(view: View) -> View:
    """Answer everybody else as if there were no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.actor or not request.actor.has(*SETTERS):
            raise Hidden
        return view(request, *args, **kwargs)

    return guarded
