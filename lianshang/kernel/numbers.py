"""Numbers that people quote, and codes that they type."""

import secrets
from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import Model

from lianshang.kernel.models import Counter

# Without 0 O 1 I L: these are mistaken for each other on paper and by telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LARGEST = 2**63 - 1  # that a row's key can be, on both databases


def next_number(park: Model, series: str, year: int) -> int:
    """Return the next number of the series in that year, from 1 on, without gaps.

    Needs the transaction that writes the numbered row: the counter stays locked until that one ends, and goes back
    with it. Raises `TransactionManagementError` outside.
    """
    return next_numbers(park, series, year, 1)[0]


def next_numbers(park: Model, series: str, year: int, count: int) -> range:
    """Return that many numbers in a row, as `next_number` gives one."""
    last = raised(park.pk, [series], year, by=count)[series]
    return range(last - count + 1, last + 1)


def raised(park_id: int, series: Collection[str], year: int, *, by: int = 1) -> dict[str, int]:
    """Raise the counter of each series and return its last number, in one statement. As `next_number` otherwise.

    Whoever comes second waits for the first, row by row: in the same order for all, so that no two wait for each other.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a number given outside a transaction would leave gaps")
    ordered = sorted(series)
    table = connection.ops.quote_name(Counter._meta.db_table)
    rows = ", ".join(["(%s, %s, %s, %s)"] * len(ordered))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (park_id, series, year, last) VALUES {rows}"  # noqa: S608 -- names of our own
            f" ON CONFLICT (park_id, series, year) DO UPDATE SET last = {table}.last + excluded.last"
            " RETURNING series, last",
            [value for name in ordered for value in (park_id, name, year, by)],
        )
        return dict(cursor.fetchall())


def whole(typed: str, *, most: int = LARGEST) -> int | None:
    """Return the whole number that was typed in plain figures, or None: for other signs, none, or more than `most`.

    Whatever stands in an address may be put in there by anybody: figures of other scripts, or thousands of them.
    """
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > len(str(most)):
        return None
    number = int(typed)
    return number if number <= most else None


def random_code(length: int) -> str:
    """Return a random code; each character carries 4.95 bits, so 16 of them are beyond guessing."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
