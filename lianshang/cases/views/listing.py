"""The open ledger as a list: filters as words and fields, two-character search, pages by key."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianshang.cases import access, books, queues, saved_views, supervision
from lianshang.cases.forms.ledger_filter import GROUPS, LedgerFilter, Order, listed
from lianshang.cases.models import CaseQuerySet
from lianshang.cases.navigation import READERS
from lianshang.cases.services.intake import current_profile_version
from lianshang.kernel.paging import SIZE, Page, asked, page
from lianshang.kernel.profiles import Profile
from lianshang.kernel.refusals import Hidden, Refused

MOST = 300  # as far as a list counts its rows: ten pages; whoever has more narrows the list


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    if not request.actor.has(*READERS):
        raise Hidden
    now = timezone.now()
    narrowing = LedgerFilter(current_profile(), request.GET)
    rows = narrowing.narrowed(access.open_ledger(request.actor), now)
    found, total = _page(rows, narrowing.terms, request)
    context = {
        "filter": narrowing,
        "filters": _groups(request.GET, narrowing.group),
        "rows": queues.lit(found.rows, now),
        "supervised": supervision.marked([case.pk for case in found.rows]),
        "page": found,
        "total": total,
        "keeps": _kept(request.GET),
        "saved": saved_views.words(request.actor, narrowing.query),
    }
    return render(request, "cases/list.html", context)


def current_profile() -> Profile | None:
    try:
        return books.profile_of(current_profile_version().pk)
    except Refused:
        return None


def _page(rows: CaseQuerySet, terms: Order, request: HttpRequest) -> tuple[Page, str]:
    """Return the page and the number of all rows, counted no further than `MOST`.

    The first page is what is asked for most: its rows are the first of those that are counted, and sought once.
    """
    after, ordered = asked(request), rows.order_by(*terms)
    if after:
        return page(listed(rows), terms, after=after, size=SIZE), _counted(ordered[: MOST + 1].count())
    keys = list(ordered.values_list("pk", flat=True)[: MOST + 1])
    shown = access.open_ledger(request.actor).filter(pk__in=keys[: SIZE + 1])
    return page(listed(shown), terms, size=SIZE), _counted(len(keys))


def _counted(count: int) -> str:
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
