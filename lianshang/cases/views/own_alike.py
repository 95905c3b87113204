"""For a visitor who writes a whistle: what this phone has whistled before that is like it, and nobody else's."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_scopes import scope

from lianshang.cases import access, codes
from lianshang.cases.similar import similar_cases
from lianshang.cases.views.remembered import remembered
from lianshang.directory.models import Park

SHORTEST = 6  # characters
SHOWN = 3


@login_not_required
@never_cache
@require_POST
def own_alike(request: HttpRequest, token: str) -> HttpResponse:
    """Start from the receipts that this phone has opened; a QR code on a wall proves nothing about who stands there."""
    park = Park.objects.filter(code=token.partition("-")[0]).first()
    if park is None:
        raise Http404
    text = request.POST.get("text", "").strip()[:5000]
    held = {
        codes.digest(code.partition("-")[2]): code for code in remembered(request) if code.startswith(f"{park.code}-")
    }
    found = []
    with scope(park=park):
        if held and len(text) >= SHORTEST:
            found = similar_cases(text, among=access.cases_by_codes(held), at=timezone.now(), limit=SHOWN)
        alike = [{"case": one.case, "code": held[one.case.code_digest]} for one in found]
        return render(request, "cases/public/_own_alike.html", {"alike": alike})
