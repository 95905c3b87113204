"""Numbers that people quote, and codes that they type."""

import secrets
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Model

from lianshang.kernel.models import Counter

# Without 0 O 1 I L: these are mistaken for each other on paper and by telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def next_number(park: Model, series: str, year: int) -> int:
    """Return the next number of the series in that year, from 1 on, without gaps.

    Needs the transaction that writes the numbered row: the counter stays locked until that one ends, and goes back
    with it. Raises `TransactionManagementError` outside.
    """
    return next_numbers(park, series, year, 1)[0]


def next_numbers(park: Model, series: str, year: int, count: int) -> range:
    """Return that many numbers in a row, as `next_number` gives one."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("next_number outside a transaction would leave gaps")
    place: dict[str, Any] = {"park": park, "series": series, "year": year}
    counter = Counter.objects.filter(**place)
    if not counter.update(last=F("last") + count):
        # Whoever comes second waits here for the first, and then counts on from its row.
        Counter.objects.bulk_create([Counter(**place)], ignore_conflicts=True)
        counter.update(last=F("last") + count)
    last = counter.values_list("last", flat=True).get()
    return range(last - count + 1, last + 1)


def random_code(length: int) -> str:
    """Return a random code; each character carries 4.95 bits, so 16 of them are beyond guessing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
