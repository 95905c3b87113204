"""The lines of superiors: who stands above and below a unit."""

from collections.abc import Iterable

from lianshang.directory.models import Unit


def closure(unit_ids: Iterable[int]) -> frozenset[int]:
    """Return the units, all above them and all under them. Needs the park's scope."""
    named = set(unit_ids)
    if not named:
        return frozenset()
    parents: dict[int, int | None] = dict(Unit.objects.values_list("pk", "parent_id"))
    above = {ancestor for unit in named for ancestor in _up(unit, parents)}
    below = {unit for unit in parents if named & set(_up(unit, parents))}
    return frozenset(above | below)


def _up(unit_id: int | None, parents: dict[int, int | None]) -> list[int]:
    """Return the unit and all above it; a ring in the data ends the line."""
    line: list[int] = []
    while unit_id is not None and unit_id not in line:
        line.append(unit_id)
        unit_id = parents.get(unit_id)
    return line
