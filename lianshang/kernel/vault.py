"""Words that the database keeps unreadable: tokens and secrets of other services, under a key made of the site's own.

The key is derived from `SECRET_KEY` (HKDF, SHA-256); what was locked under an earlier key of
`LIANSHANG_OLD_SECRET_KEYS` still opens. Who has the database alone has nothing.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Locked(Exception):
    """The words were locked under a key that this site no longer knows."""


def lock(words: str, *, purpose: str) -> str:
    """Return the words unreadable, in ASCII; empty stays empty. Another `purpose` has another key."""
    return _keys(purpose).encrypt(words.encode()).decode() if words else ""


def unlock(locked: str, *, purpose: str) -> str:
    """Return the words again. Raises `Locked`."""
    try:
        return _keys(purpose).decrypt(locked.encode()).decode() if locked else ""
    except InvalidToken:
        raise Locked from None


def secrets_for(purpose: str) -> tuple[bytes, ...]:
    """Return 32 bytes for the purpose from each of this site's keys, the one in force first."""
    return tuple(_derived(one, purpose) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def _keys(purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(_key(one, purpose)) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str, purpose: str) -> bytes:
    return base64.urlsafe_b64encode(_derived(secret, purpose))


@lru_cache(maxsize=64)
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=f"lianshang:{purpose}".encode()).derive(secret.encode())
