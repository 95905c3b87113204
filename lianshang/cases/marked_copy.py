"""The user's own file, given back with its wrong cells coloured, each with the sentence as a comment, and a list of them.

An .xlsx stays what it was: values, formats, widths, other sheets. A CSV, and a workbook too large to be kept in memory
whole, is written anew with the same values in the same places.
"""

import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
import xlsxwriter
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from lianshang.cases.ledger_rows import CellError
from lianshang.cases.ledger_workbook import guarded
from lianshang.kernel import parcels, tables

KEPT_WHOLE = 40 * 2**20  # bytes of a workbook, unpacked; it takes about twelve times that in memory
MOST_MARKED = 5_000  # cells with a comment: more make a file that no one opens; the list has all
LIST = "导入问题"
WRONG, HINTED = "要改", "提示"
COLOURS = {WRONG: "FFC7CE", HINTED: "FFF2CC"}
HEADINGS = ("行", "单元格", "列", "值", "说明", "要不要改")
WIDTHS = (7, 9, 14, 30, 70, 9)
AUTHOR = "链上"
Told = tuple[str, CellError]


def marked(content: bytes, sheet: str, errors: Sequence[CellError], hints: Sequence[CellError]) -> bytes:
    """Return the copy as an .xlsx. `sheet` is the one that was read."""
    told = [(WRONG, error) for error in errors] + [(HINTED, hint) for hint in hints]
    told.sort(key=lambda one: one[1].row)
    content = parcels.opened(content)
    if parcels.is_workbook(content) and parcels.check_workbook(content) <= KEPT_WHOLE:
        try:
            return _in_place(content, sheet, told)
        except (KeyError, ValueError, TypeError, AttributeError, SyntaxError, BadZipFile):
            pass  # a workbook that only its own program opens whole: its values are written anew
    return _anew(content, sheet, told)


def _in_place(content: bytes, sheet: str, told: Sequence[Told]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book[sheet]
    if not isinstance(page, Worksheet):
        raise TypeError(sheet)
    for place, (kind, words) in _by_place(told).items():
        cell = _own_cell(page, place)
        cell.fill = PatternFill("solid", fgColor=COLOURS[kind])
        cell.comment = Comment(words, AUTHOR, width=320, height=110)
    _list(book, sheet, told)
    book.active = book.index(page)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _own_cell(page: Worksheet, place: str) -> Any:
    """The cell of that address; of one that is merged away, the cell that it is merged into."""
    cell = page[place]
    if isinstance(cell, MergedCell):
        over = next(range_ for range_ in page.merged_cells.ranges if place in range_)
        return page.cell(over.min_row, over.min_col)
    return cell


def _list(book: openpyxl.Workbook, sheet: str, told: Sequence[Told]) -> None:
    name = LIST if LIST not in book.sheetnames else f"{LIST}（新）"
    page = book.create_sheet(name)
    page.append(HEADINGS)
    for cell in page[1]:
        cell.font = Font(bold=True)
    for at, width in enumerate(WIDTHS):
        page.column_dimensions[tables.letter(at)].width = width
    page.freeze_panes = "A2"
    for line, (kind, error) in enumerate(told, 2):
        for at, value in enumerate(_line(kind, error), 1):
            cell = page.cell(line, at)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", guarded(value)) if isinstance(value, str) else value
        page.cell(line, 2).hyperlink = f"#'{sheet.replace(chr(39), chr(39) * 2)}'!{_place(error)}"


def _anew(content: bytes, sheet: str, told: Sequence[Told]) -> bytes:
    marks = _by_place(told)
    with tempfile.TemporaryDirectory(prefix="lianshang-marked-") as folder:
        path = Path(folder) / "copy.xlsx"
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
        page = book.add_worksheet(_sheet_name(sheet))
        styles = {kind: book.add_format({"bg_color": f"#{colour}"}) for kind, colour in COLOURS.items()}
        days = {
            kind: book.add_format({"bg_color": f"#{colour}", "num_format": "yyyy-mm-dd hh:mm"})
            for kind, colour in COLOURS.items()
        }
        days[""] = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page.set_column(0, 40, 16)
        for line, values in enumerate(tables.lines(content, sheet)):
            for at, value in _filled(values, line, marks):
                kind, words = marks.get(f"{tables.letter(at)}{line + 1}", ("", ""))
                moment = isinstance(value, date)
                _put(page, line, at, value, days[kind] if moment else styles.get(kind))
                if words:
                    page.write_comment(line, at, words, {"author": AUTHOR, "x_scale": 2.5, "y_scale": 1.5})
        _list_anew(book, told)
        book.close()
        return path.read_bytes()


def _filled(values: Sequence[Any], line: int, marks: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
    """The cells of a line that hold something, or are marked."""
    for at, value in enumerate(values):
        if value not in ("", None) or f"{tables.letter(at)}{line + 1}" in marks:
            yield at, value


def _put(page: Any, line: int, at: int, value: Any, style: Any) -> None:
    match value:
        case bool() | int() | float():
            page.write(line, at, value, style)
        case datetime() | date() | time():
            page.write_datetime(line, at, value, style)
        case "" | None:
            page.write_blank(line, at, None, style)
        case _:
            page.write_string(line, at, str(value)[:32_767], style)


def _list_anew(book: xlsxwriter.Workbook, told: Sequence[Told]) -> None:
    page = book.add_worksheet(LIST)
    bold = book.add_format({"bold": True})
    for at, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        page.set_column(at, at, width)
        page.write_string(0, at, heading, bold)
    page.freeze_panes(1, 0)
    for line, (kind, error) in enumerate(told, 1):
        for at, value in enumerate(_line(kind, error)):
            if isinstance(value, str):
                page.write_string(line, at, guarded(value))
            else:
                page.write_number(line, at, value)


def _line(kind: str, error: CellError) -> tuple[str | int, ...]:
    return error.row, error.cell, error.column, error.value, error.message, kind


def _by_place(told: Sequence[Told]) -> dict[str, tuple[str, str]]:
    """Address → what is said of the cell, all together; a fault colours it rather than a hint."""
    places: dict[str, tuple[str, str]] = {}
    for kind, error in told:
        place = _place(error)
        if place not in places and len(places) >= MOST_MARKED:
            continue
        before_kind, before = places.get(place, (kind, ""))
        worse = WRONG if WRONG in (kind, before_kind) else HINTED
        places[place] = (
            worse,
            f"{before}\n{error.message}" if before else f"{error.column}：{error.message}".lstrip("："),
        )
    return places


def _place(error: CellError) -> str:
    """The cell of a fault; of one about the row, or about a column that the file does not have, the row's first."""
    return error.cell if error.cell[:1].isalpha() else f"A{error.row}"


def _sheet_name(name: str) -> str:
    kept = "".join("_" if mark in "[]:*?/\\" else mark for mark in name)[:31].strip("'")
    return kept or "台账"
