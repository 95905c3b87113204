"""Secrets that a page shows until they are written down: kept in the session, locked, because sessions are rows."""

from django.http import HttpRequest

from lianshang.kernel import vault

PURPOSE = "shown-once"


def keep(request: HttpRequest, name: str, words: str) -> str:
    """Keep the words and return them."""
    request.session[_key(name)] = vault.lock(words, purpose=PURPOSE)
    return words


def read(request: HttpRequest, name: str) -> str:
    """Return the words, empty where there are none (any more)."""
    try:
        return vault.unlock(request.session.get(_key(name), ""), purpose=PURPOSE)
    except vault.Locked:
        return ""


def forget(request: HttpRequest, name: str) -> None:
    request.session.pop(_key(name), None)


def _key(name: str) -> str:
    return f"shown-{name}"
