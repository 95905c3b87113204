from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django_scopes import scope

from lianshang.directory.models import Park
from lianshang.kernel import numbers


def make_park(code: str = "LZ") -> Park:
    return Park.objects.create(code=code, name=code)


def together(*jobs: Callable[[], None]) -> None:
    """Run the jobs at the same time, each with a connection of its own."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        barrier.wait()
        try:
            job()
        finally:
            connection.close()

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db
def test_numbers_count_from_one_in_each_park_series_and_year():
    first, second = make_park("A"), make_park("B")
    places = [(first, "cases", 2026), (first, "cases", 2026), (first, "cases", 2027), (first, "x", 2026)]

    with scope(park=first):
        counted = [numbers.next_number(*place) for place in places]
    with scope(park=second):
        counted.append(numbers.next_number(second, "cases", 2026))

    assert counted == [1, 2, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_numbers_go_back_with_their_transaction():
    park = make_park()

    with scope(park=park):
        with transaction.atomic():
            numbers.next_number(park, "cases", 2026)
            transaction.set_rollback(True)  # the row that was to be numbered failed
        with transaction.atomic():
            number = numbers.next_number(park, "cases", 2026)

    assert number == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_need_a_transaction():
    park = make_park()

    with scope(park=park), pytest.raises(TransactionManagementError):
        numbers.next_number(park, "cases", 2026)


@pytest.mark.django_db(transaction=True)
def test_numbers_are_given_once_under_race():
    park, given = make_park(), []

    def number() -> None:
        for _ in range(5):
            with scope(park=park), transaction.atomic():
                given.append(numbers.next_number(park, "cases", 2026))

    together(number, number, number, number)

    assert sorted(given) == list(range(1, 21))


def test_random_code_has_no_letters_that_are_mistaken():
    code = numbers.random_code(500)

    assert len(code) == 500
    assert set(code).isdisjoint("0O1IL")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("7", 7), ("007", 7), ("0", 0), (str(2**63 - 1), 2**63 - 1), (str(2**63), None), ("9" * 5000, None),
     ("", None), ("-1", None), ("1.0", None), ("1 ", None), ("²", None), ("٣", None), ("三", None)],
)  # fmt: skip
def test_a_whole_number_is_read_from_plain_figures_within_bounds(typed, meant):
    assert numbers.whole(typed) == meant
    assert numbers.whole("501", most=500) is None
