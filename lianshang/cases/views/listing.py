"""The open ledger as a list: filters as words and fields, two-character search, pages by key."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianshang.cases import access, books, queues, saved_views
from lianshang.cases.forms.ledger_filter import GROUPS, LedgerFilter, listed
from lianshang.cases.models import CaseQuerySet
from lianshang.cases.navigation import READERS
from lianshang.cases.services.intake import current_profile_version
from lianshang.kernel.paging import SIZE, page
from lianshang.kernel.profiles import Profile
from lianshang.kernel.refusals import Hidden, Refused

MOST = 1000  # as far as a list counts its rows


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    if not request.actor.has(*READERS):
        raise Hidden
    now = timezone.now()
    narrowing = LedgerFilter(current_profile(), request.GET)
    rows = narrowing.narrowed(access.open_ledger(request.actor), now)
    after = request.GET.get("after") or request.GET.get("before") or ""
    found = page(listed(rows), narrowing.terms, after=after, size=SIZE)
    context = {
        "filter": narrowing,
        "filters": _groups(request.GET, narrowing.group),
        "rows": queues.lit(found.rows, now),
        "page": found,
        "total": _total(rows, found.rows, found.next or found.previous),
        "keeps": _kept(request.GET),
        "saved": saved_views.words(request.actor, narrowing.query),
    }
    return render(request, "cases/list.html", context)


def current_profile() -> Profile | None:
    try:
        return books.profile_of(current_profile_version().pk)
    except Refused:
        return None


def _total(rows: CaseQuerySet, shown: list[Any], more: str | None) -> str:
    """Count no further than `MOST`; a list of one page is counted by looking at it."""
    if not more:
        return str(len(shown))
    count = rows.order_by("-registered_at", "-id")[: MOST + 1].count()
    return f"{MOST} 以上" if count > MOST else str(count)


def _groups(query: QueryDict, current: str) -> list[dict[str, Any]]:
    told = [("", "全部"), *((name, words) for name, (words, _) in GROUPS.items())]
    return [
        {"label": words, "count": None, "url": _with(query, state=name), "current": name == current, "tone": ""}
        for name, words in told
    ]


def _with(query: QueryDict, **changes: str) -> str:
    """Return the address with these changes, from its first page."""
    changed = query.copy()
    for name in ("after", "before", *changes):
        changed.pop(name, None)
    changed.update({name: value for name, value in changes.items() if value})
    return f"?{changed.urlencode()}"


def _kept(query: QueryDict) -> list[tuple[str, str]]:
    """What the form of filters carries along: the words searched for and the state group."""
    return [(name, query[name]) for name in ("q", "state") if query.get(name)]
