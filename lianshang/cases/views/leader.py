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
    own, office_id = request.actor.unit, books.office_of(park.pk)
    office = str(
        (own if own and own.pk == office_id else Unit.objects.filter(pk=office_id).first()) or "综合党委办公室"
    )
    late = overview.late(now, office)
    is_cut = len(late) == overview.MOST
    asked = queues.put_to(request.actor, now) if request.actor.has(*LEADERS) else []
    shown = max(overview.MOST, queues.MOST) if "all" in request.GET else SHOWN
    near, asked_rows = overview.near(now, office), queues.filled(asked[:shown])
    context = {
        "sealed": queues.sealed_put_to_head(request.actor, now), "asked": asked_rows, "asked_count": len(asked), "shown": shown, "cut": f":{shown}",
        "late": late, "near": near, "supervised": supervision.everywhere(), "is_cut": is_cut,
        "loads": overview.loads(park, now, None if is_cut else late), "idempotency_key": idempotency.mint(),
    }  # fmt: skip
    return render(request, "cases/leader.html", context)


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """What may be taken up, sought while the rest is read: cases to supervise, themes, what comes up again and again."""
    if not request.actor.has(*OVERSEERS):
        raise Hidden
    now = timezone.now()
    themes, candidates = theme_list.under_way(request.actor, now), theme_candidates.candidates(request.actor, now)
    context = {
        "proposals": supervision.proposals(now, supervision.everywhere()), "themes": themes, "candidates": candidates,
        "recurring": overview.recurring(now), "days": overview.PERIOD.days,
        "since": f"{timezone.localtime(now - overview.PERIOD):%Y-%m-%d}",
    }  # fmt: skip
    return render(request, "cases/_leader_more.html" if request.htmx else "cases/leader_more.html", context)
