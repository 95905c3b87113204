"""How rows become a value: each way as part of one query for many figures, so that a page of figures asks once."""

from collections.abc import Callable, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import DecimalField, F, IntegerField, QuerySet, Subquery

CENT = Decimal("0.01")


class CountOf(Subquery):
    """How many rows, or how many different values of `x`."""

    template = "(SELECT COUNT(%(counted)s) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class SumOf(Subquery):
    template = "(SELECT SUM(x) FROM (%(subquery)s) summed)"
    output_field = DecimalField(max_digits=20, decimal_places=2)


def rows(found: QuerySet) -> Subquery:
    return CountOf(found.order_by().values("pk"), counted="*")


def different(found: QuerySet, path: str) -> Subquery:
    return CountOf(found.order_by().values(x=F(path)), counted="DISTINCT x")


def summed(found: QuerySet, path: str) -> Subquery:
    return SumOf(found.order_by().values(x=F(path)))


def share(part: int, whole: int) -> Decimal | None:
    """Percent, cut to two decimals: never rounded up to 100 while an exception exists. None where there is nothing."""
    return (Decimal(100 * part) / whole).quantize(CENT, ROUND_DOWN) if whole else None


def median(counted: Sequence[tuple[int, int]]) -> Decimal | None:
    """Return the median of values given as (value, how often); the mean of the middle two where they differ."""
    ordered = sorted(counted)
    total = sum(times for _, times in ordered)
    if not total:
        return None
    low, high = (_nth(ordered, place) for place in ((total - 1) // 2, total // 2))
    return Decimal(low + high) / 2


def _nth(ordered: Sequence[tuple[int, int]], place: int) -> int:
    for value, times in ordered:
        if place < times:
            return value
        place -= times
    raise IndexError(place)


Spread = Callable[[QuerySet], Sequence[tuple[int, int]]]
Numbers = dict[str, Any]
