"""Guessing passwords gets slow: whoever fails has to wait, longer each time. Nobody is locked out for good.

Counted are failures at one account and from one address, and against spraying the number of different accounts that
fail from one address, from addresses nearby, with one password, and anywhere. Nearby comes before anywhere, so that nobody
with one line and its many addresses makes all others wait. A device on which the account has signed in before is counted
for itself alone, and so is whoever gives the code of the second factor at once: an attack from elsewhere keeps neither
out. Nothing tells whether an account exists: a name that nobody has waits just the same.

The counters stand in the database, so all web processes count together, under keyed hashes; of a password 20 bits are
hashed: enough to see one that is tried again and again, too few to find it by.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from lianshang.directory.models import Attempts, Park
from lianshang.directory.visitors import neighbourhood, network
from lianshang.kernel import outbox

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONGEST = timedelta(minutes=20)
FIRST = timedelta(seconds=2)
PASSWORD_BITS = 20


@dataclass(frozen=True)
class Rule:
    """Failures before there is any waiting, and how long after the last one all are forgotten."""

    free: int
    remembered: timedelta


RULES = {
    "account": Rule(5, DAY),
    "device": Rule(10, HOUR),
    "code": Rule(5, DAY),
    "address": Rule(20, HOUR),
    "spread": Rule(10, HOUR),  # different accounts from one address
    "nearby": Rule(30, HOUR),  # different accounts from one neighbourhood of addresses
    "everywhere": Rule(60, HOUR),  # different accounts from anywhere
    "password": Rule(5, DAY),  # different accounts with one password
}
NOTED = Rule(10**6, HOUR)  # of a pair that is only remembered
INSIDE = "inside"  # the mark of browsers in which the account is signed in
PAIRS = {
    "spread": "pair",
    "nearby": "near",
    "everywhere": "name",
}  # what is counted once for each account, and where that is noted


@dataclass(frozen=True)
class Attempt:
    """Somebody at the door: the account as typed, the address, and the mark of a device that knows the account."""

    account: str
    address: str
    at: datetime
    device: str = ""

    @property
    def name(self) -> str:
        return self.account.strip().casefold()

    def scopes(self) -> dict[str, str]:
        """The counters by their scope."""
        if self.device:
            return {"device": _digest("device", self.device, self.name)}
        place, around = network(self.address), neighbourhood(self.address)
        return {
            "account": _digest("account", self.name),
            "address": _digest("address", place),
            "spread": _digest("spread", place),
            "nearby": _digest("nearby", around),
            "everywhere": _digest("everywhere"),
            "near": _digest("near", around, self.name),
            "pair": _digest("pair", place, self.name),
            "name": _digest("name", self.name),
        }


@dataclass(frozen=True)
class Claim:
    """Leave to try once: `wait` seconds first (then nothing was counted), or the counters that it went into."""

    wait: int
    counted: tuple[str, ...] = ()


@transaction.atomic
def claim(attempt: Attempt, password: str = "") -> Claim:
    """Count the attempt before the password is looked at, so that many at once are as slow as one after the other."""
    scopes = attempt.scopes()
    tried = "" if attempt.device else _password(password)
    rows = _locked([*scopes.values(), *filter(None, [tried])], attempt.at)
    wait = max((_wait(row, attempt.at) for row in rows.values()), default=0)
    if wait:
        return Claim(wait)
    counted = [scope for scope in scopes if scope in RULES and not _known(rows, scopes, scope)]
    for scope in counted:
        _count(rows[scopes[scope]], RULES[scope], attempt.at)
    for scope in PAIRS.values():
        if scope in scopes:
            _count(rows[scopes[scope]], NOTED, attempt.at)
    return Claim(0, tuple(scopes[scope] for scope in counted))


@transaction.atomic
def claim_code(account: str, at: datetime, device: str = "") -> Claim:
    """As `claim`, of the second factor of an account: a device that knows it (`INSIDE`: signed in) by itself."""
    digest = _code(account, device)
    row = _locked([digest], at)[digest]
    if wait := _wait(row, at):
        return Claim(wait)
    _count(row, RULES["code"], at)
    return Claim(0, (digest,))


@transaction.atomic
def failed(attempt: Attempt, password: str) -> None:
    """The password was wrong: count for how many accounts it was tried."""
    if attempt.device:
        return
    pair, tried = _digest("word", _short(password), attempt.name), _password(password)
    rows = _locked([pair, tried], attempt.at)
    if not rows[pair].failures:
        _count(rows[tried], RULES["password"], attempt.at)
    _count(rows[pair], NOTED, attempt.at)


@transaction.atomic
def passed(attempt: Attempt, given: Claim) -> int:
    """It was the right one: the account and the device are cleared, from the other counters this attempt is taken.

    Return how often it was tried in vain before.
    """
    own = [digest for scope, digest in attempt.scopes().items() if scope in ("account", "device")]
    failures = sum(Attempts.objects.filter(pk__in=own).values_list("failures", flat=True))
    Attempts.objects.filter(pk__in=own).delete()
    rest = Attempts.objects.filter(pk__in=given.counted, failures__gt=0)
    rest.update(failures=F("failures") - 1, wait_until=None)
    return max(0, failures - 1)


def passed_code(given: Claim) -> None:
    """The code was right: they are counted anew."""
    Attempts.objects.filter(pk__in=given.counted).delete()


def waiting(account: str, at: datetime) -> int:
    """Return the seconds that this account has to wait from devices that do not know it, 0 for none."""
    digests = _of_account(account)
    return max((_wait(row, at) for row in Attempts.objects.filter(pk__in=digests, forget_at__gt=at)), default=0)


def unlock(account: str) -> None:
    """Forget the failures at this account."""
    Attempts.objects.filter(pk__in=_of_account(account)).delete()


@outbox.every(600)
def forget(park: Park, now: datetime) -> None:
    """Clear away what has had its time. Every park's tick may do it: the rows are no park's."""
    Attempts.objects.filter(forget_at__lt=now).delete()


def _of_account(account: str) -> list[str]:
    name = account.strip().casefold()
    return [_digest("account", name), _code(account, ""), _code(account, INSIDE)]


def _code(account: str, device: str) -> str:
    return _digest("code", account, device) if device else _digest("code", account)


def _known(rows: dict[str, Attempts], scopes: dict[str, str], scope: str) -> bool:
    """Whether this account is among those counted already."""
    return scope in PAIRS and rows[scopes[PAIRS[scope]]].failures > 0


def _locked(digests: Iterable[str], at: datetime) -> dict[str, Attempts]:
    """Return the rows under a lock, new ones made, in one order for all; what is past starts anew.

    Between making and locking somebody may clear a row away (`forget`, `passed`): it is made again.
    """
    wanted = sorted(set(digests))
    rows: dict[str, Attempts] = {}
    while len(rows) < len(wanted):
        missing = [Attempts(digest=digest, forget_at=at) for digest in wanted if digest not in rows]
        Attempts.objects.bulk_create(missing, ignore_conflicts=True)
        found = Attempts.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
        rows = {row.pk: row for row in found}
    for row in rows.values():
        if row.forget_at <= at:
            row.failures, row.wait_until = 0, None
    return rows


def _wait(row: Attempts, at: datetime) -> int:
    if row.wait_until is None or row.wait_until <= at:
        return 0
    return round((row.wait_until - at).total_seconds() + 0.5)


def _count(row: Attempts, rule: Rule, at: datetime) -> None:
    """One more: past the free ones the wait is 2 seconds, then doubles."""
    failures = row.failures + 1
    beyond = failures - rule.free
    wait = min(LONGEST, FIRST * 2 ** min(beyond - 1, 20)) if beyond > 0 else timedelta(0)
    until = at + wait if wait else None
    Attempts.objects.filter(pk=row.pk).update(failures=failures, wait_until=until, forget_at=at + rule.remembered)


def _password(password: str) -> str:
    return _digest("password", _short(password)) if password else ""


def _short(password: str) -> str:
    return str(int(_digest("short", password), 16) >> (128 - PASSWORD_BITS))


def _digest(*parts: str) -> str:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"sign-in").digest()
    return hashlib.blake2b("\n".join(parts).encode(), key=key, digest_size=16).hexdigest()
