"""How near products are to each other by who makes them both: proximity, and density around what somebody makes.

Proximity of two products = makers of both ÷ makers of the commoner one. Density of a product for a maker = the part of
the product's proximity, to everything but itself, that the maker already has.
"""

from collections.abc import Sequence

Table = Sequence[Sequence[int]]  # maker × product, 1 where the maker makes it


def ubiquity(table: Table) -> list[int]:
    """By how many each product is made."""
    return [sum(column) for column in zip(*table, strict=True)]


def diversity(table: Table) -> list[int]:
    """How many products each maker makes."""
    return [sum(row) for row in table]


def proximity(table: Table) -> list[list[float]]:
    columns = list(zip(*table, strict=True))
    return [[_near(left, right) for right in columns] for left in columns]


def density(table: Table) -> list[list[float]]:
    near = proximity(table)
    return [[_around(row, near[product], product) for product in range(len(near))] for row in table]


def _near(left: Sequence[int], right: Sequence[int]) -> float:
    both = sum(a * b for a, b in zip(left, right, strict=True))
    commoner = max(sum(left), sum(right))
    return both / commoner if commoner else 0.0


def _around(row: Sequence[int], near: Sequence[float], product: int) -> float:
    whole = sum(each for at, each in enumerate(near) if at != product)
    had = sum(each * row[at] for at, each in enumerate(near) if at != product)
    return had / whole if whole else 0.0
