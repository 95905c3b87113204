"""Keys of single letters and figures: whoever speaks to the machine, or hits keys by mistake, switches them off (WCAG 2.1.4).

Kept in a cookie of the person's own, because it is a matter of this keyboard. Keys with Ctrl or Alt go on.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lianshang.directory.models import Account

YEARS = 5 * 365 * 24 * 3600  # seconds


def are_off(request: HttpRequest) -> bool:
    """Whether whoever is signed in works without them in this browser."""
    user = getattr(request, "user", None)
    return isinstance(user, Account) and request.COOKIES.get(_cookie(user)) == "off"


def switch(answer: HttpResponse, account: Account, *, off: bool) -> None:
    """Let the answer switch them off, or on again."""
    if off:
        secure = settings.SESSION_COOKIE_SECURE
        answer.set_cookie(_cookie(account), "off", max_age=YEARS, httponly=True, secure=secure, samesite="Lax")
    else:
        answer.delete_cookie(_cookie(account), samesite="Lax")


def _cookie(account: Account) -> str:
    return f"keys-{account.pk}"
