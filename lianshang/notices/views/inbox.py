from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from lianshang.directory.models import Person
from lianshang.kernel import paging
from lianshang.kernel.numbers import whole
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.notices import queries, services


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The person's notices, the newest first; unread ones alone unless all are asked for."""
    person = _person(request)
    everything = request.GET.get("show") == "all"
    rows = queries.notices_of(person) if everything else queries.unread_of(person)
    page = paging.page(rows, ("-sequence",), after=paging.asked(request))
    unread = queries.unread_count(person)
    filters = [
        {"label": "未读", "count": unread, "url": "?", "current": not everything, "tone": ""},
        {"label": "全部", "count": None, "url": "?show=all", "current": everything, "tone": ""},
    ]
    shown = {"page": page, "filters": filters, "everything": everything, "unread": unread}
    shown["query"] = "show=all" if everything else ""
    return render(request, "notices/list.html", shown)


@require_POST
def open_one(request: HttpRequest, sequence: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    return redirect(services.read(_person(request), sequence, at=timezone.now()).url)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what the page showed, and nothing that came after."""
    until = whole(request.POST.get("until", ""))
    if until is None:
        raise Refused("没有收到要标记的通知。请刷新页面再试。")
    services.read_until(_person(request), min(until, 2**31 - 1), at=timezone.now())
    return redirect("notices:list")


def _person(request: HttpRequest) -> Person:
    if not request.actor or not request.actor.person:
        raise Hidden
    return request.actor.person
