"""我的吹哨: look a receipt up by its code, an enterprise's whistles by the enterprise's code, and what this phone opened."""

import re
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_scopes import scope

from lianshang.cases import abuse, access, codes
from lianshang.cases.forms.public import CodeForm
from lianshang.cases.models import Case
from lianshang.cases.states import OPEN, State
from lianshang.cases.views.receipt import held, missed
from lianshang.cases.views.remembered import COOKIE, remembered
from lianshang.directory.models import Park
from lianshang.directory.visitors import address_of
from lianshang.enterprises.models import Enterprise

UNKNOWN = "没有这个码。请对照回执再输一遍；找不到回执的，请打电话给综合党委办公室。"
PAGE = 30
YOURS = (State.ANSWERED, State.CALLBACK)
GROUPS: dict[str, tuple[str, Q]] = {
    "": ("全部", Q()),
    "open": ("在办", Q(state__in=[state for state in OPEN if state not in YOURS])),
    "yours": ("待您确认", Q(state__in=YOURS)),
    "ended": ("已了结", ~Q(state__in=OPEN)),
}

CASE_NUMBER = re.compile(r"\d{4}[-－—]?\d{4,6}|[Mm][-－—]\w{8}")
NUMBER = "这是受理编号。查进度要用查询码：12 位字母和数字，在回执上受理编号的下面，也在交完时显示的页面上。"


@login_not_required
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Ask for a code, and list what this phone has opened. The code goes in a POST, so that it stays out of histories."""
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if found := _find(form.cleaned_data["code"]):
            return redirect(*found)
        form.add_error("code", NUMBER if CASE_NUMBER.fullmatch(form.cleaned_data["code"].strip()) else UNKNOWN)
        status = 404
        try:
            abuse.count("miss", address_of(request), timezone.now())
        except abuse.TooMany as no:
            form = CodeForm(request.POST)
            form.add_error("code", str(no))
            status = 429
    return render(request, "cases/public/mine.html", {"form": form, "entries": _opened(request)}, status=status)


def _find(typed: str) -> tuple[str, str] | None:
    """Return the route and its argument behind a receipt's or an enterprise's code, however it was typed."""
    plain = codes.plain(typed)
    prefix, secret = plain[: -codes.LENGTH], plain[-codes.LENGTH :]
    parks = list(Park.objects.filter(code=prefix) if prefix else Park.objects.all()[:2])
    if len(parks) != 1:
        return None
    with scope(park=parks[0]):
        if case := held(parks[0], secret):
            return "cases:receipt", codes.public_code(parks[0], case)
        enterprise = Enterprise.objects.filter(mine_token=secret, is_active=True).first()
        return ("cases:mine-enterprise", f"{parks[0].code}-{enterprise.mine_token}") if enterprise else None


def _opened(request: HttpRequest) -> list[dict[str, Any]]:
    """Return what this phone has opened, newest first; sealed cases are never kept there."""
    found: dict[str, dict[str, Any]] = {}
    kept = remembered(request)
    for prefix in {code.partition("-")[0] for code in kept}:
        park = Park.objects.filter(code=prefix).first()
        digests = {codes.digest(code.partition("-")[2]): code for code in kept if code.startswith(f"{prefix}-")}
        with scope(park=park):
            cases = access.cases_by_codes(digests) if park else []
            found |= {digests[case.code_digest]: _entry(case, digests[case.code_digest]) for case in cases}
    return [found[code] for code in kept if code in found]


def _entry(case: Case, code: str) -> dict[str, Any]:
    return {"case": case, "code": code, "yours": case.state in YOURS}


@login_not_required
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Let this phone forget what it opened."""
    response = redirect("cases:mine")
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


@login_not_required
@never_cache
@require_GET
def mine_enterprise(request: HttpRequest, token: str) -> HttpResponse:
    """The enterprise's own whistles on the open ledger. Sealed ones are never here, whoever made them."""
    prefix, _, secret = token.partition("-")
    park = Park.objects.filter(code=prefix).first()
    with scope(park=park):
        enterprise = Enterprise.objects.filter(mine_token=secret, is_active=True).first() if park else None
        if park is None or enterprise is None:
            return missed(request)
        return render(request, "cases/public/mine_enterprise.html", _listing(request, park, enterprise))


def _listing(request: HttpRequest, park: Park, enterprise: Enterprise) -> dict[str, Any]:
    own = access.own_whistles(enterprise)
    chosen = request.GET.get("show", "") if request.GET.get("show", "") in GROUPS else ""
    rows = own.filter(GROUPS[chosen][1])
    if after := own.filter(number=request.GET.get("after", "")).first():
        rows = rows.filter(
            Q(registered_at__lt=after.registered_at) | Q(registered_at=after.registered_at, pk__lt=after.pk)
        )
    page = list(rows[: PAGE + 1])
    return {
        "enterprise": enterprise,
        "park": park,
        "entries": [_entry(case, codes.public_code(park, case)) for case in page[:PAGE]],
        "filters": [
            {
                "label": label,
                "count": own.filter(condition).count(),
                "url": f"?show={key}" if key else "?",
                "current": key == chosen,
                "tone": "",
            }
            for key, (label, condition) in GROUPS.items()
        ],
        "whistle": f"{park.code}-{enterprise.whistle_token}",
        "previous": "",
        "next": page[PAGE - 1].number if len(page) > PAGE else "",
        "shown": len(page[:PAGE]),
    }
