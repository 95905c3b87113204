"""The codes that one phone has opened, kept on it alone."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "mine"
REMEMBERED = 20  # codes of one phone
YEAR = 365 * 24 * 3600  # seconds


def remembered(request: HttpRequest) -> list[str]:
    """Return the codes that this phone has opened, newest first."""
    kept = request.get_signed_cookie(COOKIE, default="", salt=COOKIE)
    return [code for code in kept.split(".") if code][:REMEMBERED]


def remember(request: HttpRequest, response: HttpResponse, code: str) -> None:
    kept = [code, *(one for one in remembered(request) if one != code)][:REMEMBERED]
    keep(response, kept)


def keep(response: HttpResponse, kept: list[str]) -> None:
    response.set_signed_cookie(
        COOKIE, ".".join(kept), salt=COOKIE, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
