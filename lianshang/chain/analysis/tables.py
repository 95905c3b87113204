"""Reads one table into typed rows, and notes every fault on the way.

A column is a name with a type; a table is a list of columns. Unknown columns are left alone, missing ones are told.
"""

import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lianshang.chain.analysis.faults import Fault
from lianshang.kernel import parcels

SUFFIXES = (".csv", ".xlsx", ".csv.gz", ".xlsx.gz")
TRUTH = {"0": False, "1": True, "": False, "否": False, "是": True}


@dataclass(frozen=True)
class Column:
    name: str
    kind: Callable[[str], Any]
    is_needed: bool = True
    allowed: frozenset[str] = frozenset()

    def taken(self, value: str) -> Any:
        """The value as what it should be. Raises `Wrong`."""
        if self.allowed and value not in self.allowed:
            known = "、".join(sorted(filter(None, self.allowed)))
            raise Wrong(f"应为 {known} 之一，现为“{value[:40]}”。")
        return self.kind(value)


@dataclass(frozen=True)
class Record:
    """One row: its number as the sheet shows it, and its values by column. A faulty value is None."""

    row: int
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


class Wrong(ValueError):
    """A value is no such thing. The text says what is wanted."""


def text(value: str) -> str:
    return value


def name(value: str) -> str:
    if not value:
        raise Wrong("不能为空。")
    return value


def number(value: str) -> float:
    """Any finite number; blank is 0."""
    if not value:
        return 0.0
    try:
        found = float(value)
    except ValueError:
        raise Wrong(f"应为数字，现为“{value[:40]}”。") from None
    if not math.isfinite(found):
        raise Wrong(f"应为有限的数字，现为“{value[:40]}”。")
    return found


def quantity(value: str) -> float:
    """A number from 0 on; blank is 0."""
    found = number(value)
    if found < 0:
        raise Wrong(f"不能小于 0，现为“{value[:40]}”。")
    return found


def measure(value: str) -> float:
    """A number from 0 on that has to be there."""
    return quantity(name(value))


def truth(value: str) -> bool:
    if value not in TRUTH:
        raise Wrong(f"应为 0 或 1，现为“{value[:40]}”。")
    return TRUTH[value]


def count(value: str) -> int:
    return int(quantity(value))


def file_of(folders: Iterable[Path], *stems: str) -> Path | None:
    """The table of one of these names, as CSV or Excel, gzipped or not, in the first folder that has it."""
    found = (folder / f"{stem}{suffix}" for folder in folders for stem in stems for suffix in SUFFIXES)
    return next((path for path in found if path.is_file()), None)


def read(path: Path, columns: tuple[Column, ...], faults: list[Fault]) -> list[Record]:
    """The table's rows. Blank ones are left out; a value that is wrong is a fault and None."""
    try:
        lines = list(_lines(path))
    except parcels.Unreadable as error:
        faults.append(Fault(path.name, 0, "", str(error)))
        return []
    return records(path.name, lines, columns, faults)


def records(name_: str, lines: list[list[str]], columns: tuple[Column, ...], faults: list[Fault]) -> list[Record]:
    """As `read`, of lines of text whose first one has the headings."""
    if not lines:
        faults.append(Fault(name_, 0, "", "文件是空的。"))
        return []
    headings = lines[0]
    missing = [column.name for column in columns if column.is_needed and column.name not in headings]
    faults.extend(Fault(name_, 1, absent, "缺少这一列。") for absent in missing)
    twice = {heading for heading in headings if heading and headings.count(heading) > 1}
    faults.extend(Fault(name_, 1, heading, "这一列出现了两次。") for heading in sorted(twice))
    if missing:
        return []
    return [
        Record(at, _values(name_, at, dict(zip(headings, line, strict=False)), columns, faults))
        for at, line in enumerate(lines[1:], start=2)
        if any(line)
    ]


def _values(
    file: str, row: int, cells: Mapping[str, str], columns: tuple[Column, ...], faults: list[Fault]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in columns:
        value = cells.get(column.name, "")
        try:
            found[column.name] = column.taken(value)
        except Wrong as wrong:
            faults.append(Fault(file, row, column.name, str(wrong)))
            found[column.name] = None
    return found


def _lines(path: Path) -> Iterator[list[str]]:
    content = parcels.opened(path)
    if not parcels.is_workbook(content):
        decoded = parcels.decoded(content)
        try:
            yield from (
                [cell.strip() for cell in line] for line in csv.reader(io.StringIO(decoded, newline=""), strict=True)
            )
        except csv.Error:
            raise parcels.Unreadable("文件的引号或分隔有误，无法按 CSV 读取。请另存为 CSV（UTF-8）后再试。") from None
        return
    from lianshang.kernel import tables

    parcels.check_workbook(content)
    first = tables.sheet_names(content)[0]
    yield from (cells(line) for line in tables.lines(content, first))


def cells(line: Iterable[object]) -> list[str]:
    """A sheet's row as text."""
    return [_shown(cell) for cell in line]


def _shown(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004 beyond that a float has no ones
        return str(int(cell))
    if isinstance(cell, bool):
        return "1" if cell else "0"
    return "" if cell is None else str(cell).strip()
