"""Against floods: limits per address and a little work per form. Nothing of it is written down with a case.

The work is stateless: the form carries a signed challenge, the browser finds the decimal n for which SHA-256 of
`challenge:n` opens with enough zero bits. Without scripts the challenge must have grown some seconds old instead.
What was counted stands in one small table, under keyed hashes and no longer than it counts: no address is kept.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.core import signing
from django.db import connection

from lianshang.directory.models import Park
from lianshang.directory.visitors import network
from lianshang.kernel import outbox
from lianshang.kernel.models import Tally
from lianshang.kernel.refusals import Refused

KEEP = timedelta(hours=24)  # a challenge may wait so long for the net
COUNT = """
    INSERT INTO kernel_tally (digest, times, until) VALUES (%s, 1, %s)
    ON CONFLICT (digest) DO UPDATE SET times = kernel_tally.times + 1 RETURNING times
"""
SIGNER = signing.Signer(salt="lianshang.cases.abuse")
USED = "这张表单已经用过。请再按一次提交，已填内容都在。"


class TooMany(Refused):
    """So many from one address that the next has to wait. Answered 429."""


class NotYet(Refused):
    """The form came without proof and too soon: the same challenge is good a few seconds later."""


class Stale(Refused):
    """The challenge is too old, used up or not ours: the form needs a new one."""


def status_of(no: Refused) -> HTTPStatus:
    """Return what a page says with this refusal on it."""
    return HTTPStatus.TOO_MANY_REQUESTS if isinstance(no, TooMany) else HTTPStatus.CONFLICT


@dataclass(frozen=True)
class Limit:
    most: int
    within: timedelta
    sentence: str


HOUR = timedelta(hours=1)
LIMITS = {
    "whistle": Limit(30, HOUR, "这个网络一小时内提交得太多了。请过一会儿再提交，或者直接打电话；已填内容都在。"),
    "unproven": Limit(10, HOUR, "这个网络一小时内提交得太多了。请过一会儿再提交，或者直接打电话；已填内容都在。"),
    "trial": Limit(20, HOUR, "这个网络一小时内试算得太多了。请过一会儿再试；要反复试算的，可以装在自己的电脑上用。"),
    "act": Limit(60, HOUR, "这个网络一小时内操作得太多了。请过一会儿再试，已填内容都在。"),
    "miss": Limit(30, HOUR, "这个网络输错的查询码太多了。请过一小时再查，或者直接打电话询问。"),
}


def seen(at: datetime, what: str, address: str, within: timedelta) -> int:
    """Return how often this was done from the address in the hour (the day) by the clock that `at` lies in, with this time.

    The address is kept as a hash under a key of that day alone.
    """
    stretch = str(int(at.timestamp() // within.total_seconds()))
    return _tally(f"{at:%F}", stretch, what, network(address), until=at + within)


def _tally(day: str, *parts: str, until: datetime) -> int:
    """Count in the database, so that all web processes count together: one statement."""
    key = hashlib.blake2b(f"{settings.SECRET_KEY}\n{day}".encode(), person=b"abuse").digest()
    digest = hashlib.blake2b("\n".join(parts).encode(), key=key, digest_size=16).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [digest, connection.ops.adapt_datetimefield_value(until)])
        return int(cursor.fetchone()[0])


@outbox.every(600)
def forget(park: Park, now: datetime) -> None:
    """Clear away what has had its time. Every park's tick may do it: the rows are no park's."""
    Tally.objects.filter(until__lt=now).delete()


def count(what: str, address: str, at: datetime) -> None:
    """Count one deed of this address. Raises `TooMany` beyond the limit."""
    limit = LIMITS[what]
    if seen(at, what, address, limit.within) > limit.most:
        raise TooMany(limit.sentence)


# -- the work -----------------------------------------------------------------------------------------------------


def challenge(at: datetime) -> str:
    """Return a new challenge, made at that moment."""
    return SIGNER.sign(f"{secrets.token_urlsafe(12)}.{int(at.timestamp())}")


def is_proven(question: str, answer: str, bits: int) -> bool:
    """Whether `answer` is a decimal with which the hash opens with so many zero bits."""
    if not (answer.isascii() and answer.isdecimal() and len(answer) <= 20):  # noqa: PLR2004
        return False
    digest = hashlib.sha256(f"{question}:{answer}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def check(question: str, answer: str, *, address: str, at: datetime, what: str = "whistle") -> None:
    """Let a form pass that was worked or waited for, and count it as `what`. Raises `Stale`, `NotYet` or `TooMany`."""
    age = at - _made_at(question, at)
    if Tally.objects.filter(pk=_spent(question)).exists():
        raise Stale(USED)
    if not is_proven(question, answer, settings.PROOF_BITS):
        wait = timedelta(seconds=settings.PROOF_WAIT) - age
        if wait > timedelta(0):
            raise NotYet(
                f"为防止恶意刷屏，请过 {int(wait.total_seconds()) + 1} 秒再提交。已填内容都在，照片需要再选一次。"
            )
        count("unproven", address, at)
    count(what, address, at)


def spend(question: str, at: datetime) -> None:
    """A challenge serves for one case: spent where the case is made. Raises `Stale` where another was quicker."""
    _, is_first = Tally.objects.get_or_create(pk=_spent(question), defaults={"until": at + 2 * KEEP})
    if not is_first:
        raise Stale(USED)


def _spent(question: str) -> str:
    return hashlib.blake2b(f"spent\n{question}".encode(), digest_size=16).hexdigest()


def _made_at(question: str, at: datetime) -> datetime:
    try:
        made = datetime.fromtimestamp(int(SIGNER.unsign(question).rpartition(".")[2]), tz=at.tzinfo)
    except (signing.BadSignature, ValueError):
        raise Stale("页面已失效。请再按一次提交，已填内容都在。") from None
    if not timedelta(0) <= at - made + timedelta(seconds=1) <= KEEP:
        raise Stale("页面放得太久了。请再按一次提交，已填内容都在。")
    return made
