from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F
from django_scopes import scope

from lianshang.directory.models import Park
from lianshang.kernel.models import OutboxItem
from lianshang.kernel.paging import Page, page
from lianshang.kernel.tests.test_numbers import make_park

START = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def park(db: None) -> Iterator[Park]:
    park = make_park()
    with scope(park=park):
        yield park


def write(park: Park, *days: int | None) -> None:
    """A row for each day, three to a time of entry; None has no day."""
    for subject, day in enumerate(days, OutboxItem.objects.count()):
        done = None if day is None else START + timedelta(days=day, microseconds=1)
        run = START + timedelta(minutes=subject // 3)
        OutboxItem.objects.create(park=park, topic="t", subject=subject, run_at=run, done_at=done)


ORDERS = [
    ("-run_at", "-id"),
    ("run_at", "-id"),
    ("-run_at", "subject"),
    (F("done_at").asc(nulls_last=True), "-id"),
    (F("done_at").desc(nulls_last=True), "run_at", "id"),
]
DAYS = [3, None, 1, 1, None, 2, None, 3, 1, 1, 2]


def walk(order: tuple, size: int) -> list[Page]:
    pages = [page(OutboxItem.objects.all(), order, size=size)]
    while pages[-1].next:
        pages.append(page(OutboxItem.objects.all(), order, after=pages[-1].next, size=size))
    return pages


@pytest.mark.parametrize("size", [1, 2, 3, 11, 50])
@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_pages_together_are_the_whole_list(park, order, size):
    write(park, *DAYS)

    pages = walk(order, size)

    rows = [row for each in pages for row in each.rows]
    assert rows == list(OutboxItem.objects.order_by(*order))
    assert [len(each.rows) for each in pages[:-1]] == [size] * (len(pages) - 1)


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_pages_lead_back_the_way_they_came(park, order):
    write(park, *DAYS)
    pages = walk(order, 2)

    back = [pages[-1]]
    while back[-1].previous:
        back.append(page(OutboxItem.objects.all(), order, after=back[-1].previous, size=2))

    assert [each.rows for each in reversed(back)] == [each.rows for each in pages]
    assert [each.next is None for each in reversed(back)] == [each.next is None for each in pages]


def test_page_stands_still_while_rows_are_added_before_it(park):
    write(park, 1, 1, 1, 1, 1, 1)
    first = page(OutboxItem.objects.all(), ORDERS[0], size=2)
    write(park, 1, 1, 1)

    second = page(OutboxItem.objects.all(), ORDERS[0], after=first.next, size=2)

    assert [row.subject for row in [*first.rows, *second.rows]] == [5, 4, 3, 2]


def test_bad_token_means_the_first_page(park):
    write(park, 1, 2, 3)
    rows = OutboxItem.objects.all()
    of_another_order = page(rows, ("run_at", "id"), size=1).next

    answers = [page(rows, ORDERS[0], after=token, size=2) for token in ("", "x", "中文", of_another_order)]

    assert [[row.subject for row in answer.rows] for answer in answers] == [[2, 1]] * 4


def test_page_after_the_last_row_is_the_first_page(park):
    write(park, 1, 2, 3)
    token = page(OutboxItem.objects.all(), ORDERS[0], size=2).next
    OutboxItem.objects.filter(park=park, subject=0).delete()

    answer = page(OutboxItem.objects.all(), ORDERS[0], after=token, size=2)

    assert [row.subject for row in answer.rows] == [2, 1]


def test_token_tells_nothing(park):
    write(park, 1, 2, 3)

    token = page(OutboxItem.objects.all(), ORDERS[0], size=2).next

    assert token.isascii()
    assert token.startswith("gAAAA")


def test_pages_follow_a_foreign_key(park):
    write(park, 1, 2, 3)

    pages = walk(("park__code", "-id"), 2)

    assert [[row.subject for row in each.rows] for each in pages] == [[2, 1], [0]]
