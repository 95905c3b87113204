from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianshang.cases import books, overview, queues, supervision, theme_candidates, theme_list
from lianshang.cases.navigation import LEADERS, OVERSEERS
from lianshang.directory.models import Unit
from lianshang.kernel import idempotency
from lianshang.kernel.refusals import Hidden

SHOWN = 20  # of each kind at first: about a screen; the others are one press away


@require_safe
def leader(request: HttpRequest) -> HttpResponse:
    """What waits for the leader's own word, what is late and who holds it, what is near, what lies where, what recurs."""
    if not request.actor.has(*OVERSEERS):
        raise Hidden
    now, park = timezone.now(), request.actor.park
    office = str(Unit.objects.filter(pk=books.office_of(park.pk)).first() or "综合党委办公室")
    late = overview.late(now, office)
    asked = queues.put_to(request.actor, now) if request.actor.has(*LEADERS) else []
    shown = max(overview.MOST, queues.MOST) if "all" in request.GET else SHOWN
    near, asked_rows = overview.near(now, office), queues.filled(asked[:shown])
    marked = supervision.marked([row.case.pk for row in (*late, *near, *asked_rows)])
    context = {
        "asked": asked_rows, "asked_count": len(asked), "shown": shown, "cut": f":{shown}",
        "late": late, "near": near, "supervised": marked, "proposals": supervision.proposals(now), "loads": overview.loads(park, now),
        "recurring": overview.recurring(now), "themes": theme_list.rows(request.actor, now, under_way=True),
        "candidates": theme_candidates.candidates(request.actor, now), "days": overview.PERIOD.days, "is_cut": len(late) == overview.MOST,
        "idempotency_key": idempotency.mint(), "since": f"{timezone.localtime(now - overview.PERIOD):%Y-%m-%d}",
    }  # fmt: skip
    return render(request, "cases/leader.html", context)
