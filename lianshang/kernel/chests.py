"""Words under a key of their own, and that key under the site's: who has the database alone has neither.

master key (from `SECRET_KEY`, HKDF-SHA256, one for each purpose) → key of one matter, random → its words. Both by
AES-256-GCM, bound to what they belong to, so that a text moved to another row does not open. No time is written into
them, unlike in a Fernet token. A matter's words are gone for good once its key is thrown away.
"""

import base64
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from lianshang.kernel.vault import Locked

NONCE, KEY = 12, 32  # bytes


def new_key(*, purpose: str, bound_to: str) -> str:
    """Return a new key, wrapped under the site's: to be stored beside what it locks."""
    return _sealed(_master(settings.SECRET_KEY, purpose), secrets.token_bytes(KEY), bound_to)


def lock(words: str, wrapped: str, *, purpose: str, bound_to: str) -> str:
    """Return the words unreadable, in ASCII, under the wrapped key."""
    return _sealed(_unwrapped(wrapped, purpose, bound_to), words.encode(), bound_to)


def unlock(locked: str, wrapped: str, *, purpose: str, bound_to: str) -> str:
    """Return the words again. Raises `Locked` where the key, the words or what they are bound to are others."""
    return _opened(_unwrapped(wrapped, purpose, bound_to), locked, bound_to).decode()


def _unwrapped(wrapped: str, purpose: str, bound_to: str) -> bytes:
    """Open the matter's key with the site's newest secret, or with one that it had before."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _opened(_master(secret, purpose), wrapped, bound_to)
        except Locked:
            continue
    raise Locked


def _sealed(key: bytes, words: bytes, bound_to: str) -> str:
    nonce = secrets.token_bytes(NONCE)
    return base64.urlsafe_b64encode(nonce + AESGCM(key).encrypt(nonce, words, bound_to.encode())).decode()


def _opened(key: bytes, sealed: str, bound_to: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(sealed.encode())
        return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], bound_to.encode())
    except (InvalidTag, ValueError):
        raise Locked from None


@lru_cache(maxsize=16)
def _master(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=KEY, salt=None, info=f"lianshang:chest:{purpose}".encode()).derive(secret.encode())
