"""Work that a committed event owes, done later by a worker, at least once, each effect on our rows exactly once.

`put` writes the row in the event's own transaction. A worker claims some rows for a while (the lease, a commit of its
own, so that an attempt counts even if the worker dies in it) and then runs the handler of each in one transaction that
begins with marking the row as done. That mark locks the row: as long as the handler runs, however long, nobody else comes in, and
if it dies, mark and effects are gone together and the row is free when the lease is over. The lease therefore only has
to reach from the claim to the lock, and needs no renewal.

A handler writes rows and nothing else. What leaves the house (e-mail) is a row too, sent by a tick.
"""

import logging
import os
import secrets
import socket
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from django.db import close_old_connections, connection, transaction
from django.db.models import F, Max, Model, Q, QuerySet
from django.db.models.functions import Least
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from lianshang.kernel.models import Heartbeat, OutboxItem

log = logging.getLogger(__name__)

Handler = Callable[[Any, int], object]  # (park, subject)
Tick = Callable[[Any, datetime], object]  # (park, now)
Row = TypeVar("Row")

LEASE = timedelta(seconds=60)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
BEAT = 10  # seconds between heartbeats
REST = 1  # seconds between looks when nothing is due
BREATH = 0.1  # seconds after some work, in which more comes together
BATCH = 50
TOGETHER = 10  # items claimed in one commit: the lease has to reach to the lock of the last
MOST_ATTEMPTS = 30_000
FORGET_BEATS = timedelta(days=1)

# Each step of each case writes one: said plainly, because composing it takes longer than writing the row.
PUT = (
    f'INSERT INTO "{OutboxItem._meta.db_table}" (park_id, topic, subject, run_at, lease_by, attempts, last_error)'  # noqa: S608 -- a name of our own
    " VALUES (%s, %s, %s, %s, '', 0, '') ON CONFLICT DO NOTHING"
)

HANDLERS: dict[str, Handler] = {}
TICKS: dict[str, tuple[float, Tick]] = {}


def put(park_id: int, topic: str, subject: int, *, at: datetime) -> None:
    """Owe the topic's work on the subject from `at` on, in the caller's transaction and scope; twice is once."""
    with connection.cursor() as cursor:
        cursor.execute(PUT, [park_id, topic, subject, connection.ops.adapt_datetimefield_value(at)])


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Register `fn(park, subject_id)` for the topic. It runs in the park's scope and in one transaction."""

    def register(handler: Handler) -> Handler:
        if topic in HANDLERS:
            raise ValueError(f"outbox topic {topic} has two handlers")
        HANDLERS[topic] = handler
        return handler

    return register


def every(seconds: float) -> Callable[[Tick], Tick]:
    """Register `fn(park, now)` to run about that often in each park's scope. It opens its own transactions."""

    def register(tick: Tick) -> Tick:
        name = f"{tick.__module__}.{tick.__qualname__}"
        if name in TICKS:
            raise ValueError(f"tick {name} is registered twice")
        TICKS[name] = (seconds, tick)
        return tick

    return register


def run_due(now: datetime, *, worker: str, limit: int = BATCH) -> int:
    """Do what is due and return how many items were done. A failed one waits longer each time; it is never dropped."""
    done = 0
    for park, items in _due(now, limit):
        with scope(park=park):
            for claim in _claim(park, items, now, worker):
                done += _run(park, claim, now)
    return done


def each(rows: Iterable[Row], do: Callable[[Row], object]) -> None:
    """Do it for each row, and let none that fails keep the others from it; the last failure is raised in the end."""
    failure: Exception | None = None
    failures: Counter[str] = Counter()
    for row in rows:
        try:
            do(row)
        except Exception as error:  # noqa: BLE001 whatever it is, the next one follows
            failures[place(error)] += 1
            failure = error
    for where, count in failures.items():
        log.warning("worker: %s of many failed: %s", count, where)
    if failure:
        raise failure


def run_forever(stop: threading.Event) -> None:
    """Work until `stop` is set: heartbeat, due items, ticks. Nothing that fails ends it."""
    worker = f"{socket.gethostname()[:40]}:{os.getpid()}"
    next_beat, next_tick = 0.0, dict.fromkeys(TICKS, 0.0)
    while not stop.is_set():
        done = 0
        try:
            close_old_connections()
            if time.monotonic() >= next_beat:
                beat(worker, timezone.now())
                next_beat = time.monotonic() + BEAT
            done = run_due(timezone.now(), worker=worker)
            _tick(next_tick, stop)
        except Exception as error:  # noqa: BLE001 the database may be away for a while
            log.warning("worker: the round failed and is tried again: %s", place(error))
            done = 0
        stop.wait(0 if done == BATCH else BREATH if done else REST)
    close_old_connections()


def beat(worker: str, now: datetime) -> None:
    """Note that the worker lives, and forget workers that have not for a day."""
    Heartbeat.objects.update_or_create(worker=worker, defaults={"beat_at": now})
    if Heartbeat.objects.filter(beat_at__lt=now - FORGET_BEATS).exists():
        Heartbeat.objects.filter(beat_at__lt=now - FORGET_BEATS).delete()


def last_beat() -> datetime | None:
    """Return when any worker was last seen, None if none ever was."""
    return Heartbeat.objects.aggregate(last=Max("beat_at"))["last"]


@dataclass(frozen=True)
class _Claim:
    """An item in our hands; `token` is in its row as long as nobody took it from us."""

    id: int
    topic: str
    subject: int
    attempts: int
    token: str


def _waiting(now: datetime) -> Q:
    return Q(done_at=None, run_at__lte=now, topic__in=list(HANDLERS)) & (Q(lease_until=None) | Q(lease_until__lte=now))


def _due(now: datetime, limit: int) -> Iterator[tuple[Model, list[int]]]:
    """Look, without a lock, for items that may be claimed; the oldest first, a few of one park together.

    What was tried before is claimed alone: it may be what ends the process, and would take the others down each time.
    """
    with scopes_disabled():
        rows = OutboxItem.objects.filter(_waiting(now)).select_related("park").order_by("run_at", "id")
        found = [(row.park, row.attempts == 0, row.pk) for row in rows[:limit]]
    for (park, is_fresh), items in groupby(found, key=lambda one: one[:2]):
        keys = [key for *_, key in items]
        together = TOGETHER if is_fresh else 1
        yield from ((park, keys[at : at + together]) for at in range(0, len(keys), together))


def _own(park: Model, claim: _Claim) -> QuerySet:
    return OutboxItem.objects.filter(park=park, pk=claim.id, lease_by=claim.token, done_at=None)


def _claim(park: Model, items: list[int], now: datetime, worker: str) -> list[_Claim]:
    """Lease the items, but for those that somebody else has (or runs: then the row is locked); the oldest first."""
    token = f"{worker[:47]}#{secrets.token_hex(6)}"
    with transaction.atomic():
        rows = OutboxItem.objects.select_for_update(of=("self",), skip_locked=True)
        free = rows.filter(_waiting(now), park=park, pk__in=items).order_by("run_at", "id").defer("last_error")
        claims = [_Claim(row.pk, row.topic, row.subject, min(row.attempts + 1, MOST_ATTEMPTS), token) for row in free]
        OutboxItem.objects.filter(park=park, pk__in=[claim.id for claim in claims]).update(
            lease_by=token, lease_until=now + LEASE, attempts=Least(F("attempts") + 1, MOST_ATTEMPTS)
        )
    return claims


def _run(park: Model, claim: _Claim, now: datetime) -> bool:
    """Run the handler; whether it was done, and by us."""
    try:
        with transaction.atomic():
            if not _own(park, claim).update(done_at=now, lease_until=None, last_error=""):
                return False
            HANDLERS[claim.topic](park, claim.subject)
    except Exception as error:  # noqa: BLE001 whatever it is, the item must wait and the next one follow
        why = f"{claim.topic}: {place(error)}"
        log.warning("outbox: %s, attempt %s", why, claim.attempts)
        _put_off(park, claim, now, why)
        return False
    return True


def _put_off(park: Model, claim: _Claim, now: datetime, why: str) -> None:
    wait = min(FIRST_WAIT * 2 ** min(claim.attempts - 1, 20), LONGEST_WAIT)
    _own(park, claim).update(run_at=now + wait, lease_by="", lease_until=None, last_error=why)


def _tick(next_tick: dict[str, float], stop: threading.Event) -> None:
    """Run the ticks whose time has come, in each park; the failure of one leaves the others alone."""
    for name, (seconds, tick) in TICKS.items():
        if time.monotonic() < next_tick.get(name, 0):
            continue
        next_tick[name] = time.monotonic() + seconds
        for park in _parks():
            if stop.is_set():
                return
            try:
                with scope(park=park):
                    tick(park, timezone.now())
            except Exception as error:  # noqa: BLE001 one tick's failure is not the others'
                log.warning("worker: %s: %s", name, place(error))


def _parks() -> list[Model]:
    """The kernel knows parks only through the rows they own."""
    return list(OutboxItem._meta.get_field("park").related_model.objects.order_by("pk"))


def place(error: BaseException) -> str:
    """Kind and place of an error. Its own text is left out: it may hold names, numbers and matters."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    return f"{type(error).__qualname__} at {', '.join(f'{Path(frame.filename).name}:{frame.lineno}' for frame in last)}"
