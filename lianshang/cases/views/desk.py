"""Where the work of the office and of the units begins: the queue by the clock, and the clerk's note."""

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lianshang.cases import access, books, codes, queues
from lianshang.cases.forms.phone_note import PhoneNote
from lianshang.cases.models import Case
from lianshang.cases.navigation import NOTES
from lianshang.cases.services.intake import current_profile_version
from lianshang.cases.views.public import token_of
from lianshang.directory.actors import Actor
from lianshang.kernel import idempotency
from lianshang.kernel.refusals import Hidden

SIGNER = "lianshang.cases.note"
A_DAY = 24 * 3600
SHOWN = 60  # rows of the queue on one page: what is done goes, what waits moves up
WORDS = (("", "在办"), ("near", "临期"), ("late", "超期"))


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    show = request.GET.get("show", "")
    waiting = queues.desk(request.actor, now)
    rows = waiting.showing(show)
    context = {
        "desk": waiting,
        "rows": queues.filled(rows[:SHOWN]),
        "left_over": max(0, len(rows) - SHOWN),
        "filters": filters(waiting, show),
        "show": show,
        "shown_query": f"show={show}" if show in ("near", "late") else "",
        "takes_notes": request.actor.has(*NOTES),
    }
    return render(request, "cases/desk.html", context)


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


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def new(request: HttpRequest) -> HttpResponse:
    """Note down what somebody said; the receipt's code is read out at once."""
    if not request.actor.has(*NOTES):
        raise Hidden
    profile = books.profile_of(current_profile_version().pk)
    form = PhoneNote(profile, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        case = form.submit(request.actor, timezone.now())
        return redirect("cases:noted", token=_token(case, request.actor))
    context = {"form": form, "idempotency_key": idempotency.mint(), "park_token": token_of(request.actor.park)}
    return render(request, "cases/new.html", context, status=422 if form.is_bound else 200)


def _token(case: Case, actor: Actor) -> str:
    return signing.dumps([case.key.hex, actor.key], salt=SIGNER)


@require_safe
def noted(request: HttpRequest, token: str) -> HttpResponse:
    """The code to read out, for the clerk who wrote the note, for a day: not everyone who notes may open the case."""
    try:
        key, who = signing.loads(token, salt=SIGNER, max_age=A_DAY)
    except signing.BadSignature:
        raise Http404 from None
    if who != request.actor.key:
        raise Http404
    case = access.noted(request.actor, key)
    code = codes.public_code(request.actor.park, case)
    context = {"case": case, "code": codes.code_of(case), "receipt": f"/r/{code}/", "again": reverse("cases:new")}
    return render(request, "cases/noted.html", context)
