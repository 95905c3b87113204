"""Where the work of the office and of the units begins: the queue by the clock, and what waits to be registered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianshang.cases import access, hints, queues, supervision
from lianshang.cases.forms.dispatching import sendable
from lianshang.cases.navigation import NOTES
from lianshang.directory.actors import Actor

DRAFTS = 3  # drafts that stand above the queue
SHOWN = 30  # rows of the queue on one page: what is done goes, what waits moves up
WORDS = (("", "在办"), ("near", "临期"), ("late", "超期"))


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    show = request.GET.get("show", "")
    waiting = queues.desk(request.actor, now)
    rows = waiting.showing(show)
    shown = hints.hinted(queues.filled(rows[:SHOWN]), sendable, at=now)
    context = {
        "desk": waiting,
        "rows": shown,
        "supervised": supervision.marked([row.case.pk for row in (*shown, *waiting.sealed)]),
        "left_over": max(0, len(rows) - SHOWN),
        "filters": filters(waiting, show),
        "show": show,
        "shown_query": f"show={show}" if show in ("near", "late") else "",
        "takes_notes": request.actor.has(*NOTES),
        **_drafts(request.actor),
    }
    return render(request, "cases/desk.html", context)


def _drafts(actor: Actor) -> dict[str, object]:
    """Return how many drafts wait to be registered, and the oldest of them."""
    if not actor.has(*NOTES):
        return {"draft_count": 0, "drafts": []}
    waiting = access.drafts_visible_to(actor).filter(settled_at=None).order_by("noted_at", "position")
    count = waiting.count()
    return {"draft_count": count, "drafts": waiting[:DRAFTS] if count else []}


def filters(waiting: queues.Desk, show: str) -> list[dict[str, object]]:
    """Return the filters as words: 在办 23 · 临期 4 · 超期 1."""
    more = "+" if waiting.is_cut else ""
    counts = {"": len(waiting.rows), "near": waiting.count("near"), "late": waiting.count("late")}
    return [
        {
            "label": label,
            "count": f"{counts[word]}{more}" if counts[word] else counts[word],
            "url": f"?show={word}" if word else "?",
            "current": word == show,
            "tone": word,
        }
        for word, label in WORDS
    ]
