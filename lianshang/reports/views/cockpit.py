"""The cockpit on a wall, and the same figures for a leader's phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianshang.cases.navigation import OVERSEERS
from lianshang.reports import access, cockpit


@never_cache
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """16:9, read from five metres; asks again each minute by itself, without a script."""
    actor = access.reader(request.actor)
    found = cockpit.board(actor.park, timezone.now())
    answer = render(request, "reports/cockpit_wall.html", {"board": found, "park": actor.park})
    answer["Refresh"] = str(int(cockpit.AGE.total_seconds()))
    return answer


@never_cache
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The same figures one below the other, and the way to what waits for the leader's own word."""
    actor = access.reader(request.actor)
    found = cockpit.board(actor.park, timezone.now())
    return render(request, "reports/cockpit.html", {"board": found, "oversees": actor.has(*OVERSEERS)})
