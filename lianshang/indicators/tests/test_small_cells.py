"""Small counts are hidden, and cannot be worked out: the attack tries every table that fits what is shown."""

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest

from lianshang.indicators import small_cells
from lianshang.indicators.small_cells import LEAST, Table

ROWS, COLUMNS = "ab", "xy"
LARGEST = 6


def fitting(table: Table, largest: int) -> Iterator[dict[tuple[str, str], int]]:
    """Yield every table of counts up to `largest` that agrees with all that is shown: what an attacker can do."""
    cells = list(table.cells)
    choices = [range(largest + 1) if table.cells[one] is None else [table.cells[one]] for one in cells]
    for values in product(*choices):
        counts = dict(zip(cells, values, strict=True))
        by_row = all(
            told in (None, sum(counts[one] for one in cells if one[0] == row)) for row, told in table.rows.items()
        )
        by_column = all(
            told in (None, sum(counts[one] for one in cells if one[1] == column))
            for column, told in table.columns.items()
        )
        if by_row and by_column and table.total in (None, sum(values)):
            yield counts


def given_away(counts: dict[tuple[str, str], int], table: Table) -> list[tuple[str, str]]:
    """Return the small cells that are small in every table that fits."""
    worlds = list(fitting(table, LARGEST + LEAST))
    assert counts in worlds
    return [one for one, count in counts.items() if count < LEAST and max(world[one] for world in worlds) < LEAST]


@pytest.mark.parametrize("seed", range(25))
def test_no_small_cell_of_a_random_table_is_given_away(seed: int):
    chance = Random(seed)
    counts = {(row, column): chance.choice((0, 0, 1, 2, 3, 4, LARGEST)) for row in ROWS for column in COLUMNS}

    table = small_cells.shown(counts)

    assert all(told is None or told >= LEAST for told in (*table.cells.values(), *table.rows.values(), table.total))
    assert given_away(counts, table) == []


def test_the_attack_finds_a_complement():
    """Otherwise it would prove nothing: hide the small cell alone, and its row gives it away."""
    counts = {("a", "x"): 1, ("a", "y"): 5, ("b", "x"): 6, ("b", "y"): 4}
    naive = Table(
        {one: None if count < LEAST else count for one, count in counts.items()},
        {"a": 6, "b": 10},
        {"x": 7, "y": 9},
        16,
    )

    assert given_away(counts, naive) == [("a", "x")]


def test_one_small_cell_of_a_list_takes_another_with_it():
    cells, total = small_cells.listed({"道路": 1, "供电": 9, "税务": 4})

    assert cells == {"道路": None, "供电": 9, "税务": None}
    assert total == 14


def test_none_at_all_is_hidden_as_one_is():
    without, _ = small_cells.listed({"道路": 0, "供电": 9, "税务": 4})
    one, _ = small_cells.listed({"道路": 1, "供电": 9, "税务": 4})

    assert without == one


def test_what_is_large_is_shown_whole():
    cells, total = small_cells.listed({"道路": 3, "供电": 9})

    assert (cells, total) == ({"道路": 3, "供电": 9}, 12)


def test_few_cases_in_all_are_not_told_at_all():
    assert small_cells.listed({"道路": 1, "供电": 1}) == ({"道路": None, "供电": None}, None)
    assert small_cells.listed({}) == ({}, None)
