import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_scopes import get_scope, scope, scopes_disabled

from lianshang.directory.models import Park
from lianshang.kernel import outbox
from lianshang.kernel.models import Counter, Heartbeat, OutboxItem
from lianshang.kernel.tests.test_numbers import make_park, together

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "HANDLERS", {})
    monkeypatch.setattr(outbox, "TICKS", {})


def put(park: Park, *subjects: int, at: datetime = NOW) -> None:
    with scope(park=park):
        for subject in subjects:
            outbox.put(park.pk, "case", subject, at=at)


def work(at: datetime = NOW, worker: str = "a") -> int:
    return outbox.run_due(at, worker=worker)


def count(park: Park, subject: int) -> None:
    """An effect on our rows: one for each subject."""
    Counter.objects.create(park=park, series="seen", year=subject)


def seen() -> list[int]:
    with scopes_disabled():
        return sorted(Counter.objects.values_list("year", flat=True))


def item() -> OutboxItem:
    with scopes_disabled():
        return OutboxItem.objects.get()


@pytest.mark.django_db
def test_put_is_one_insert_and_twice_is_once():
    park = make_park()

    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        put(park, 7)
    put(park, 7)

    assert [query["sql"].split()[0] for query in queries.captured_queries] == ["INSERT"]
    assert item().subject == 7


@pytest.mark.django_db
def test_due_items_run_once_each_in_their_park_oldest_first():
    parks, ran = [make_park("A"), make_park("B")], []
    outbox.handles("case")(lambda park, subject: ran.append((park, subject, get_scope()["park"])))
    put(parks[0], 1, at=NOW)
    put(parks[1], 2, at=NOW - MINUTE)
    put(parks[0], 3, at=NOW + MINUTE)

    done = [work(), work()]

    assert done == [2, 0]
    assert ran == [(parks[1], 2, parks[1]), (parks[0], 1, parks[0])]


@pytest.mark.django_db
def test_topic_without_handler_waits_for_a_worker_that_knows_it():
    park = make_park()
    put(park, 1)

    before = work()
    outbox.handles("case")(count)

    assert [before, work()] == [0, 1]


@pytest.mark.django_db
def test_failure_undoes_its_effects_and_waits_longer_each_time():
    park = make_park()
    put(park, 1)

    @outbox.handles("case")
    def fail(park: Park, subject: int) -> None:
        count(park, subject)
        raise ValueError("张三的电话 13800000000")

    waits, at = [], NOW
    for _ in range(12):
        assert work(at) == 0
        waits.append((item().run_at - at).total_seconds())
        at = item().run_at

    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    assert item().last_error.startswith("case: ValueError at test_outbox.py:")
    assert "张三" not in item().last_error
    assert seen() == []


@pytest.mark.django_db
def test_failed_item_is_done_later_and_its_error_forgotten():
    park, answers = make_park(), iter([True, False])
    put(park, 1)
    outbox.handles("case")(lambda park, subject: 1 / 0 if next(answers) else count(park, subject))

    done = [work(), work(NOW + timedelta(seconds=4)), work(NOW + timedelta(seconds=5))]

    assert done == [0, 0, 1]
    assert [item().attempts, item().last_error] == [2, ""]
    assert seen() == [1]


@pytest.mark.django_db
def test_one_failure_does_not_hold_up_the_others():
    park = make_park()
    put(park, 1, 2, 3)
    outbox.handles("case")(lambda park, subject: 1 / 0 if subject == 2 else count(park, subject))

    assert work() == 2
    assert seen() == [1, 3]


@pytest.mark.django_db(transaction=True)
def test_item_of_a_dead_worker_is_taken_after_its_lease():
    park = make_park()
    put(park, 1)

    @outbox.handles("case")
    def die(park: Park, subject: int) -> None:
        count(park, subject)
        raise SystemExit  # not an Exception: nothing is written down, as after a kill

    with pytest.raises(SystemExit):
        work()
    outbox.HANDLERS["case"] = count
    done = [work(NOW + MINUTE - timedelta(seconds=1), "b"), work(NOW + MINUTE, "b")]

    assert done == [0, 1]
    assert [item().attempts, seen()] == [2, [1]]


@pytest.mark.django_db(transaction=True)
def test_batch_of_a_dead_worker_runs_after_its_lease_and_each_item_once():
    park, died_at = make_park(), 4
    put(park, *range(1, outbox.TOGETHER + 3))

    @outbox.handles("case")
    def die(park: Park, subject: int) -> None:
        count(park, subject)
        if subject == died_at:
            raise SystemExit  # with ten items in its hands: three done, one under way, six not begun

    with pytest.raises(SystemExit):
        work()
    before = seen()
    outbox.HANDLERS["case"] = count
    done = [work(NOW + MINUTE - timedelta(seconds=1), "b"), work(NOW + MINUTE, "b"), work(NOW + 2 * MINUTE, "a")]

    assert before == [1, 2, 3]
    assert done == [2, 7, 0]
    assert seen() == list(range(1, outbox.TOGETHER + 3))


@pytest.mark.django_db(transaction=True)
def test_item_that_ends_the_process_each_time_does_not_starve_its_neighbours():
    park = make_park()
    put(park, *range(1, 15))

    @outbox.handles("case")
    def die(park: Park, subject: int) -> None:
        if subject == 1:
            raise SystemExit
        count(park, subject)

    for minute in range(4):
        for start in range(3):  # whoever watches over the worker starts it again
            with suppress(SystemExit):
                work(NOW + minute * MINUTE, f"{minute}-{start}")

    assert seen() == list(range(2, 15))


def test_failure_of_one_row_is_raised_after_the_others_were_done(caplog):
    done = []

    def halve(number: int) -> None:
        done.append(12 // number)

    with pytest.raises(ZeroDivisionError):
        outbox.each([1, 0, 2], halve)

    assert done == [12, 6]
    assert "1 of many failed: ZeroDivisionError at test_outbox.py:" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_killed_process_leaves_nothing_half_done():
    park = make_park()
    put(park, 1)

    @outbox.handles("case")
    def hang(park: Park, subject: int) -> None:
        count(park, subject)
        os.write(ready, b".")
        signal.pause()

    waiting, ready = os.pipe()
    connection.close()
    child = os.fork()
    if child == 0:
        work()
        os._exit(1)
    os.read(waiting, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    for end in (waiting, ready):
        os.close(end)

    before = seen()
    outbox.HANDLERS["case"] = count
    done = [work(NOW, "b"), work(NOW + MINUTE, "b")]

    assert [before, done, seen()] == [[], [0, 1], [1]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres_only
def test_slow_handler_is_not_joined_by_a_second_worker_after_its_lease():
    park, others = make_park(), []
    put(park, 1)

    @outbox.handles("case")
    def slow(park: Park, subject: int) -> None:
        second = threading.Thread(target=lambda: (others.append(work(NOW + 2 * MINUTE, "b")), connection.close()))
        second.start()
        second.join(10)
        count(park, subject)

    done = work()

    assert [done, others, seen()] == [1, [0], [1]]


@pytest.mark.django_db(transaction=True)
def test_worker_that_lost_its_claim_does_nothing():
    park = make_park()
    put(park, 1)
    outbox.handles("case")(count)
    with scope(park=park):
        (mine,) = outbox._claim(park, [item().pk], NOW, "a")
        (theirs,) = outbox._claim(park, [item().pk], NOW + MINUTE, "b")

        ran = [outbox._run(park, mine, NOW + MINUTE), outbox._run(park, theirs, NOW + MINUTE)]

    assert [ran, seen()] == [[False, True], [1]]


@pytest.mark.django_db(transaction=True)
def test_many_workers_do_each_item_once():
    park, done = make_park(), []
    put(park, *range(1, 31))
    outbox.handles("case")(count)

    together(*[lambda name=name: done.append(work(worker=name)) for name in "abcd"])

    assert sum(done) == 30
    assert seen() == list(range(1, 31))


@pytest.mark.django_db
def test_looking_when_nothing_is_due_only_reads():
    park = make_park()
    outbox.handles("case")(count)
    put(park, 1, at=NOW + MINUTE)

    with CaptureQueriesContext(connection) as queries:
        work()

    assert [query["sql"].split()[0] for query in queries.captured_queries] == ["SELECT"]


@pytest.fixture
def worker(transactional_db: None) -> Iterator[threading.Event]:
    """A worker in a thread, set the event to end it."""
    stop = threading.Event()
    yield stop
    stop.set()


def test_worker_beats_runs_ticks_in_each_park_and_outlives_errors(worker):
    parks, ran = [make_park("A"), make_park("B")], []

    @outbox.every(0.01)
    def fail(park: Park, now: datetime) -> None:
        raise ValueError("张三")

    @outbox.every(0.01)
    def tick(park: Park, now: datetime) -> None:
        ran.append((park, get_scope()["park"]))
        if len(ran) == 2:
            worker.set()

    thread = threading.Thread(target=lambda: (outbox.run_forever(worker), connection.close()))
    thread.start()
    thread.join(20)

    assert not thread.is_alive()
    assert ran == [(park, park) for park in parks]
    assert Heartbeat.objects.count() == 1


@pytest.mark.django_db
def test_last_beat_is_that_of_the_liveliest_worker():
    beats = [outbox.last_beat()]
    outbox.beat("old", NOW - timedelta(days=2))
    outbox.beat("a", NOW - MINUTE)
    outbox.beat("b", NOW - 3 * MINUTE)

    beats.append(outbox.last_beat())

    assert beats == [None, NOW - MINUTE]
    assert set(Heartbeat.objects.values_list("worker", flat=True)) == {"a", "b"}


def test_topic_has_one_handler():
    outbox.handles("case")(count)

    with pytest.raises(ValueError, match="two handlers"):
        outbox.handles("case")(count)
