"""Guessing passwords gets slow: after a few failures, an account and an address have to wait, longer each time.

Kept in the cache alone, and nothing there tells whether an account exists: a name that nobody has waits just the same.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

FREE = {"account": 5, "address": 20}  # failures before there is any waiting
LONGEST = 15 * 60  # seconds
REMEMBERED = 60 * 60  # seconds after the last failure


@dataclass(frozen=True)
class _Tries:
    failures: int = 0
    until: float = 0.0  # POSIX time


def _key(what: str, name: str) -> str:
    return f"sign-in:{what}:{hashlib.sha256(name.strip().casefold().encode()).hexdigest()}"


def _tries(what: str, name: str) -> _Tries:
    return cache.get(_key(what, name)) or _Tries()


def waiting(account: str, address: str, at: datetime) -> int:
    """Return the seconds that whoever asks has to wait, 0 for none."""
    until = max(_tries("account", account).until, _tries("address", address).until)
    return max(0, round(until - at.timestamp() + 0.5))


def failed(account: str, address: str, at: datetime) -> None:
    """Count a failure: past the free ones the wait is 2 seconds, then doubles."""
    for what, name in (("account", account), ("address", address)):
        failures = _tries(what, name).failures + 1
        beyond = failures - FREE[what]
        wait = min(LONGEST, 2**beyond) if beyond > 0 else 0
        cache.set(_key(what, name), _Tries(failures, at.timestamp() + wait), REMEMBERED)


def passed(account: str) -> None:
    """The right password clears the account; the address keeps its count, lest one account hide guesses at others."""
    cache.delete(_key("account", account))
