"""Browsers in which an account has signed in before: a signed cookie says so, and it is sent to the sign-in page alone.

It opens nothing. It only tells the owner's browser from an attacker's where failures are counted.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lianshang.kernel import vault

COOKIE = "known_here"
SALT = "lianshang.directory.devices"
AGE = 180 * 24 * 3600  # seconds
MOST = 8  # accounts of one browser: a counter with changing clerks


def known(request: HttpRequest, username: str) -> str:
    """Return the mark of this browser for the account, empty where it has not signed in here."""
    return str(_marks(request).get(_name(username), ""))


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Mark the browser as one in which the account has signed in."""
    marks = _marks(request)
    name = _name(username)
    kept = dict([*((key, mark) for key, mark in marks.items() if key != name)][1 - MOST :])
    kept[name] = marks.get(name) or secrets.token_urlsafe(9)
    response.set_cookie(
        COOKIE, signing.dumps(kept, salt=SALT), max_age=AGE, path=reverse("directory:sign-in"),
        httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def _marks(request: HttpRequest) -> dict[str, Any]:
    try:
        marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return {}
    return marks if isinstance(marks, dict) else {}


def _name(username: str) -> str:
    return vault.mark(username.strip().casefold(), purpose="device")[:16]
