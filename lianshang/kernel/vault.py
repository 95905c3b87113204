"""Words that the database keeps unreadable: tokens and secrets of other services, under a key made of the site's own.

The key is derived from `SECRET_KEY` (HKDF, SHA-256); what was locked under an earlier key of
`LIANSHANG_OLD_SECRET_KEYS` still opens. Who has the database alone has nothing.
"""

import base64
import hashlib
import hmac
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


def mark(words: str, *, purpose: str) -> str:
    """Return a keyed hash of the words (HMAC, SHA-256), by which equal ones are found and nothing is read."""
    return marks(words, purpose=purpose)[0]


def marks(words: str, *, purpose: str) -> list[str]:
    """Return the hashes under the site's key and under its earlier ones: what was marked before is found by them."""
    keys = (_key(one, f"mark:{purpose}") for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    return [hmac.new(key, words.encode(), hashlib.sha256).hexdigest() for key in keys]


def _keys(purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(_key(one, purpose)) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str, purpose: str) -> bytes:
    return base64.urlsafe_b64encode(_derived(secret, purpose))


@lru_cache(maxsize=64)
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=f"lianshang:{purpose}".encode()).derive(secret.encode())
