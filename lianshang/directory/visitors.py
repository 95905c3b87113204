"""Where a request comes from."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the visitor's address: behind a proxy the one that the proxy itself saw, which it puts last."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def on_this_machine(request: HttpRequest) -> bool:
    """Whether browser and server are one machine, with nothing in between."""
    try:
        loopback = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    named = request.get_host().rpartition(":")[0] or request.get_host()
    return loopback and named in settings.LOOPBACK and "X-Forwarded-For" not in request.headers


def network(address: str) -> str:
    """Return the address as far as it tells visitors apart: an IPv6 subscriber has a whole /64."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if known.version == 6 else str(known)  # noqa: PLR2004


def neighbourhood(address: str) -> str:
    """Return what is given out to one house or one provider's customer at most: 256 addresses of IPv4, a /48 of IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 48 if known.version == 6 else 24), strict=False))  # noqa: PLR2004
