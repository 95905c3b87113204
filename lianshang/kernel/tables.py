"""A sheet that somebody hands in: Excel (.xlsx) or CSV (UTF-8 or GB 18030), either of them gzipped.

`read` answers rows with the numbers that the sheet shows and values that are clean text or dates. It knows no subject:
whoever asks says which headings would be known. What cannot be read is answered by one sentence that says what to do.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import python_calamine as calamine

from lianshang.kernel import formulas, parcels
from lianshang.kernel.cells import Cell, Mended, clean, of_excel
from lianshang.kernel.parcels import Unreadable

__all__ = ["Cell", "Mended", "Row", "Sheet", "Unreadable", "clean", "letter", "lines", "pages", "read", "sheet_names"]

MOST_ROWS = 200_000
MOST_COLUMNS = 200
LOOK_AHEAD = 10  # rows among which the row of headings is looked for: a title and 填报单位 may stand above it
HEADING_DEPTH = 3
MOST_SKIPPED = 1000  # rows that are told of
ENOUGH = 2  # headings or values that make a row one of a table

Recognise = Callable[[str], bool]

_SUMS = re.compile(r"合计|总计|小计|共计")
_SIGNED = re.compile(r"(填表|制表|填报|审核|复核|经办|(统计|单位)负责)(人|单位)?\s*[:：].*", re.DOTALL)
_NOTE = re.compile(r"(备?注|说明|填表说明)\s*[:：].*", re.DOTALL)
_EXAMPLE = re.compile(r"示例.{0,20}")


@dataclass(frozen=True)
class Row:
    number: int  # as the sheet shows it, the first row is 1
    cells: tuple[Cell, ...]  # as many as there are headings


@dataclass(frozen=True)
class Sheet:
    name: str
    header_row: int
    headings: tuple[str, ...]  # "" for a column without a heading
    rows: tuple[Row, ...]
    skipped: tuple[tuple[int, str], ...] = ()  # rows among them that are none: blank, repeated (headings), sums
    formulas: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # address → kind and shown, see `formulas`


@dataclass
class _Grid:
    """Raw rows from the sheet's first one on, and its merged cells that reach over more than one row."""

    name: str
    lines: Iterable[list[Cell]]
    merges: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # first row → (column, last row), from 0


def read(
    source: Path | str | bytes, name: str = "", *, sheet: str | None = None, recognise: Recognise | None = None
) -> Sheet:
    """The sheet of a file (by path, or its bytes with the `name` to call it).

    The headings are the first of the first ten rows with two that are recognised (without `recognise`, or where no row
    has them: the first row with two filled cells, or any). Without `sheet` the first sheet with such a row is taken.
    Blank rows, repeated headings and the sums and signatures at the foot are no rows. A value merged over several
    rows stands in each of them. Raises `Unreadable`.
    """
    content = parcels.opened(source)
    if parcels.is_workbook(content):
        grids = _of_workbook(content, sheet)
    else:
        grids = iter([_of_text(parcels.decoded(content), name or _name_of(source))])
    chosen = _chosen(grids, recognise or (lambda _: False))
    return replace(chosen, formulas=formulas.found(content, chosen.name)) if content[:2] == b"PK" else chosen


def lines(source: Path | str | bytes, sheet: str) -> Iterator[list[Any]]:
    """The rows of a sheet (of a CSV, all its lines) from the first on, with values as they are: for a copy. Unchecked."""
    content = parcels.opened(source)
    if not parcels.is_workbook(content):
        text = parcels.decoded(content)
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
        return
    page = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet)
    lead = [""] * page.start[1] if page.start else []
    yield from ([*lead, *line] for line in page.iter_rows())


def sheet_names(source: Path | str | bytes) -> list[str]:
    """The sheets of a workbook; none for a CSV. Raises `Unreadable`."""
    content = parcels.opened(source)
    if not parcels.is_workbook(content):
        return []
    parcels.check_workbook(content)
    try:
        return list(calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names)
    except calamine.PasswordError as error:
        raise Unreadable(parcels.LOCKED) from error
    except calamine.CalamineError as error:
        raise Unreadable(parcels.BROKEN) from error


def pages(content: bytes) -> dict[str, list[list[Any]]]:
    """Every sheet of a workbook with its `lines`, checked as `sheet_names` does. Raises `Unreadable`."""
    try:
        return {name: list(lines(content, name)) for name in sheet_names(content)}
    except calamine.CalamineError as error:
        raise Unreadable(parcels.BROKEN) from error


def letter(index: int) -> str:
    """The letter of a column, counted from 0: A, B, … AA."""
    text, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def _name_of(source: Path | str | bytes) -> str:
    return "" if isinstance(source, bytes) else Path(source).name.split(".")[0]


def _chosen(grids: Iterator[_Grid], recognise: Recognise) -> Sheet:
    """The first sheet whose headings are known; else the first with anything in it."""
    spare: Sheet | None = None
    for grid in grids:
        lines = list(_numbered(grid))
        top = next((at for at, (_, cells) in enumerate(lines[:LOOK_AHEAD]) if _known(cells, recognise) >= ENOUGH), None)
        if top is not None:
            return _sheet(grid, lines, top)
        if lines and spare is None:
            spare = _sheet(grid, lines, _likely(lines))
    if spare is None:
        raise Unreadable("表里没有内容。请确认保存的是有数据的那一份，再重新选择。")
    return spare


def _likely(lines: list[tuple[int, list[Cell]]]) -> int:
    """Without known headings: the first row that has more than a title in it."""
    filled = (sum(cell != "" for cell in cells) for _, cells in lines[:LOOK_AHEAD])
    return next((at for at, count in enumerate(filled) if count >= ENOUGH), 0)


def _known(cells: list[Cell], recognise: Recognise) -> int:
    return len({cell for cell in cells if isinstance(cell, str) and cell and recognise(cell)})


def _numbered(grid: _Grid) -> Iterator[tuple[int, list[Cell]]]:
    """Rows that have a value of their own, with their numbers; merged values are carried down."""
    held: dict[int, tuple[int, Cell]] = {}
    count = 0
    for at, cells in enumerate(grid.lines):
        for column, last in grid.merges.get(at, ()):
            held[column] = (last, cells[column] if column < len(cells) else "")
        if all(cell == "" for cell in cells):
            continue
        for column, (last, value) in held.items():
            if at <= last and column < len(cells) and cells[column] == "":
                cells[column] = Mended(value, "merged") if isinstance(value, str) and value else value
        count += 1
        if count > MOST_ROWS + LOOK_AHEAD:
            raise Unreadable(f"表里超过 {MOST_ROWS} 行。请分成几份，再逐份导入。")
        yield at + 1, cells


def _sheet(grid: _Grid, lines: list[tuple[int, list[Cell]]], top: int) -> Sheet:
    number = lines[top][0]
    ends = [last + 1 for _, last in grid.merges.get(number - 1, ())]
    bottom = min(max([number, *ends]), number + HEADING_DEPTH - 1)
    heads = [cells for at, cells in lines[top:] if at <= bottom]
    headings = _headings(heads)
    kept, skipped, before = [], [], bottom
    for at, cells in lines[top:]:
        if at <= bottom:
            continue
        row = Row(at, _fitted(cells, len(headings)))
        skipped += [(blank, "blank") for blank in range(before + 1, at)][:MOST_SKIPPED]
        before = at
        if _is_example(row):
            continue
        if why := "repeated" if _is_repeated(row, headings) else "sums" if _is_foot(row) else "":
            skipped.append((at, why))
        else:
            kept.append(row)
    last = kept[-1].number if kept else 0
    among = tuple((at, why) for at, why in skipped if at < last)[:MOST_SKIPPED]
    return Sheet(grid.name, number, headings, tuple(kept), among)


def _headings(heads: list[list[Cell]]) -> tuple[str, ...]:
    """The lowest filled cell of each column: in a head of two rows the upper one only groups."""
    width = max(len(cells) for cells in heads)
    columns = ([str(cells[at]) for cells in heads if at < len(cells) and cells[at] != ""] for at in range(width))
    return tuple("".join(filled[-1].split()) if filled else "" for filled in columns)


def _fitted(cells: list[Cell], width: int) -> tuple[Cell, ...]:
    return tuple(cells[:width] + [""] * (width - len(cells)))


def _is_repeated(row: Row, headings: tuple[str, ...]) -> bool:
    pairs = [(cell, heading) for cell, heading in zip(row.cells, headings, strict=True) if cell != ""]
    return len(pairs) >= ENOUGH and all(isinstance(cell, str) and "".join(cell.split()) == head for cell, head in pairs)


def _is_example(row: Row) -> bool:
    """The line of a form that shows how it is filled in."""
    return bool(_EXAMPLE.fullmatch(next((str(cell) for cell in row.cells if cell != ""), "")))


def _is_foot(row: Row) -> bool:
    filled = [cell for cell in row.cells if cell != ""]
    first = str(filled[0]) if filled else ""
    return bool(_SUMS.fullmatch(first) or _SIGNED.fullmatch(first) or (len(filled) == 1 and _NOTE.fullmatch(first)))


# ── Excel ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_workbook(content: bytes, sheet: str | None) -> Iterator[_Grid]:
    parcels.check_workbook(content)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            raise Unreadable(f"文件里没有名为“{sheet}”的工作表，只有：{'、'.join(names)}。请改用其中一个。")
        for name in names if sheet is None else [sheet]:
            yield _of_page(name, book.get_sheet_by_name(name))
    except calamine.PasswordError as error:
        raise Unreadable(parcels.LOCKED) from error
    except calamine.CalamineError as error:
        raise Unreadable(parcels.BROKEN) from error


def _of_page(name: str, page: calamine.CalamineSheet) -> _Grid:
    if page.start is None or page.end is None:
        return _Grid(name, [])
    if page.end[1] >= MOST_COLUMNS:
        raise Unreadable(f"工作表“{name}”超过 {MOST_COLUMNS} 列。请删去不用的列，再重新选择。")
    merges: dict[int, list[tuple[int, int]]] = {}
    for (first, column), (last, _) in page.merged_cell_ranges or ():
        if last > first and column <= page.end[1]:
            merges.setdefault(first, []).append((column, last))
    lead: list[Cell] = [""] * page.start[1]
    return _Grid(name, ([*lead, *map(of_excel, line)] for line in page.iter_rows()), merges)


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_text(text: str, name: str) -> _Grid:
    return _Grid(name, _lines(text, _separator(text)))


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",\t;，", key=first.count)


def _lines(text: str, separator: str) -> Iterator[list[Cell]]:
    number = 0
    try:
        for number, line in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            if len(line) > MOST_COLUMNS:
                raise Unreadable(f"第 {number} 行超过 {MOST_COLUMNS} 列。请检查分隔符和引号，再重新选择。")
            yield [clean(cell) for cell in line]
    except csv.Error as error:
        raise Unreadable(f"第 {number + 1} 行的引号没有成对，后面的内容无法分列。请改好这一行，再重新选择。") from error
