"""Sends postings, at least once: put off before it is tried, marked only after it went out.

Putting off is the lease (whoever comes second changes no row) and the wait to the next try. What waits for the same
receiver goes out as one message: the first posting carries the others, and from then on they share its fate, so that
a message sent twice, because a worker died between sending and marking, is the same message with the same numbers.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from lianshang.directory.models import Park, Person
from lianshang.notices import hours
from lianshang.notices.models import NoticeWish, Posting

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
BATCH = 20
LONGEST_ROUND = 30  # seconds: other ticks wait meanwhile


class Refusal(Exception):
    """The message was not taken. `why` is for the administrator; `wait`: at least so long; `final`: do not try again."""

    def __init__(self, why: str, *, wait: timedelta = timedelta(0), final: bool = False) -> None:
        super().__init__(why)
        self.why, self.wait, self.final = why, wait, final


@dataclass(frozen=True)
class Way:
    """One channel. `send` gets the postings of one message and raises where it did not go out."""

    name: str
    model: Any  # type[Posting], concrete
    receiver: Callable[[Any], dict[str, Any] | None]  # what all postings to the same receiver have; None: alone
    listener: Callable[[Any], Person | None]  # whose wishes count; None: a group's
    send: Callable[[list[Any], datetime], None]
    held: Callable[[Any, datetime], datetime | None] | None = None  # the channel's own reasons to wait
    related: tuple[str, ...] = ("notice__person",)


def deliver(
    way: Way,
    park: Park,
    now: datetime,
    *,
    among: QuerySet | None = None,
    seconds: Callable[[], float] = time.monotonic,
) -> int:
    """Send what is due in the park and return how many postings went out.

    The first failure ends the round: a server that is away must not hold up the worker, and the message that failed
    stands back for a while, so that it does not hold up the others. So does the time: servers are slow. What `seconds`
    says has passed counts on from `now`, so that the lease of the last message is as long as that of the first.
    """
    begun, sent = seconds(), 0
    rows = among if among is not None else way.model.objects.all()
    due = rows.filter(park=park, sent_at=None, carried_by=None, not_before__lte=now).order_by("not_before", "pk")
    for leader in due.select_related(*way.related)[:BATCH]:
        if (passed := seconds() - begun) >= LONGEST_ROUND:
            break
        moment = now + timedelta(seconds=int(passed))
        if until := _held(way, park, leader, moment):
            _same(leader).update(not_before=until)
            continue
        if not put_off(leader, moment):
            continue
        batch = _gathered(way, leader, moment)
        try:
            way.send(batch, moment)
        except Exception as error:  # noqa: BLE001 servers fail in many ways, and their words hold addresses
            _failed(way, leader, error, moment)
            break
        _message(leader).update(sent_at=now + timedelta(seconds=int(seconds() - begun)), problem="")
        sent += len(batch)
    return sent


def put_off(row: Posting, now: datetime) -> bool:
    """Claim the posting by moving its time on: whoever comes second changes no row. It is also the wait to the next try."""
    return bool(_same(row).update(not_before=_again(row, now), attempts=min(row.attempts + 1, 30_000)))


def _again(row: Posting, now: datetime) -> datetime:
    return now + min(FIRST_WAIT * 2 ** min(row.attempts, 10), LONGEST_WAIT)


def _same(row: Posting) -> QuerySet:
    """The posting, as long as nobody took it since it was read."""
    rows: Any = type(row).objects
    return rows.filter(park=row.park_id, pk=row.pk, sent_at=None, carried_by=None, not_before=row.not_before)


def _message(leader: Posting) -> QuerySet:
    """The posting and all that it carries."""
    rows: Any = type(leader).objects
    return rows.filter(Q(pk=leader.pk) | Q(carried_by=leader.pk), park=leader.park_id)


def _gathered(way: Way, leader: Posting, now: datetime) -> list[Posting]:
    """Return the postings of the message. At the first try it takes along what else is due to the receiver.

    Urgent goes with urgent and plain with plain, in every channel: the one may not have to wait for the morning, the
    other may, and that is asked again of the whole message whenever it is tried again.
    """
    if leader.attempts == 0 and (place := way.receiver(leader)):
        rows = way.model.objects.filter(park=leader.park_id, sent_at=None, carried_by=None, attempts=0, **place)
        others = rows.filter(not_before__lte=now, notice__urgent=leader.notice.urgent).exclude(pk=leader.pk)
        others.update(carried_by=leader.pk)
    return list(_message(leader).select_related(*way.related).order_by("pk"))


def _held(way: Way, park: Park, leader: Posting, now: datetime) -> datetime | None:
    """Return until when the message must still wait, or None: the channel's limits, the hours, the last message."""
    until = way.held(leader, now) if way.held else None
    place = way.receiver(leader)
    if until is None and place and not leader.notice.urgent:
        until = _in_time(way, park, leader, place, now)
    return until if until and until > now else None


def _in_time(way: Way, park: Park, leader: Posting, place: dict[str, Any], now: datetime) -> datetime:
    """Return when it may go out: in the receiver's hours, some time after the last message, behind one that is stuck."""
    rules, listener = hours.rules_of(park.pk), way.listener(leader)
    wish = NoticeWish.objects.filter(park=park, person=listener).first() if listener else None
    open_to = hours.hours_of(park, wish, rules=rules, calendar=hours.calendar_of(park.pk))
    rows = way.model.objects.filter(park=park, **place)
    last = rows.filter(sent_at__isnull=False).order_by("-sent_at").values_list("sent_at", flat=True).first()
    stuck = rows.filter(sent_at=None, carried_by=None, attempts__gt=0).exclude(pk=leader.pk)
    waits = [now, *stuck.filter(not_before__gt=now).values_list("not_before", flat=True)[:1]]
    if last and leader.attempts == 0:
        waits.append(last + timedelta(minutes=rules.gather_minutes))
    return open_to.next_allowed(max(waits))


def _failed(way: Way, leader: Posting, error: Exception, now: datetime) -> None:
    """Note why, and wait as long as the other side asked for."""
    log.warning("%s: %s, attempt %s", way.name, type(error).__qualname__, leader.attempts + 1)
    why = error.why if isinstance(error, Refusal) else "对方服务器没有接上"
    wait = error.wait if isinstance(error, Refusal) else timedelta(0)
    _message(leader).update(problem=why[:100], not_before=max(_again(leader, now), now + wait))


def release(rows: Iterable[Posting] | QuerySet, *, at: datetime) -> None:
    """Let what waits be tried at once, because what stood in its way was mended."""
    for row in rows:
        _same(row).update(not_before=min(row.not_before, at))
