"""A list as an Excel file: a sheet to print and sign, a sheet to sort and filter, and whom to call.

Written line by line, so that a hundred thousand rows take no more memory than ten. Texts are written as texts, and what
a spreadsheet would take for a formula gets an apostrophe in front, also for whoever saves it as CSV later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from lianshang.cases.ledger_columns import Column, Value

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST = 32_767  # characters of a cell, a limit of the format
A3, A4 = 8, 9
WIDE = 12  # columns beyond which a line needs the larger paper
HEAD = 3  # lines above the first row of the sheet to print
_LINES = {"border": 1, "valign": "vcenter", "font_name": "宋体", "font_size": 9}
_HEADING = {**_LINES, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#EDEFF2"}
_KINDS: dict[str, dict[str, Any]] = {
    "text": {},
    "wrap": {"text_wrap": True},
    "count": {"align": "center"},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
}


@dataclass(frozen=True)
class Frame:
    """What stands around the rows: the title, who reports, until when, and in what one counts."""

    title: str
    unit: str
    at: datetime  # in the park's zone
    counted_in: str = "件"

    @property
    def until(self) -> str:
        return f"统计截止时间：{self.at:%Y-%m-%d %H:%M}　单位：{self.counted_in}"


def guarded(text: str) -> str:
    """The text as no spreadsheet takes it for a formula, and no longer than a cell may be."""
    return f"'{text}"[:LONGEST] if text.startswith(FORMULA) else text[:LONGEST]


class Workbook:
    """Sheets are begun in order and written line by line, in turn as one likes; `close` ends the file."""

    def __init__(self, path: Path) -> None:
        self.book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
        self.formats = {kind: self.book.add_format({**_LINES, **more}) for kind, more in _KINDS.items()}
        self.plain = {
            "date": self.book.add_format({"num_format": "yyyy-mm-dd"}),
            "text": self.book.add_format({"num_format": "@"}),
        }
        self.heading = self.book.add_format(_HEADING)

    def close(self) -> None:
        self.book.close()


@dataclass
class PrintSheet:
    """To be printed and signed: title, who and until when, equal neighbours of one column merged, a sum at the foot."""

    workbook: Workbook
    name: str
    columns: Sequence[Column]
    frame: Frame
    merged: int = -1  # the column whose equal neighbours become one cell
    line: int = HEAD
    run: tuple[Value, int] = ("", HEAD)  # the value of that column, and the line where it began
    sheet: Any = field(init=False)

    def __post_init__(self) -> None:
        book = self.workbook.book
        self.sheet = sheet = book.add_worksheet(self.name)
        last, left = len(self.columns) - 1, (len(self.columns) - 1) // 2
        for at, column in enumerate(self.columns):
            sheet.set_column(at, at, column.width)
        sheet.set_landscape()
        sheet.set_paper(A3 if last >= WIDE else A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD - 1)
        sheet.set_footer("&C第 &P 页 共 &N 页")
        sheet.freeze_panes(HEAD, 2)
        sheet.set_row(0, 32)
        sheet.merge_range(0, 0, 0, last, guarded(self.frame.title), book.add_format(_title(18, "center", bold=True)))
        sheet.set_row(1, 20)
        sheet.merge_range(1, 0, 1, left, f"填报单位：{self.frame.unit}", book.add_format(_title(10, "left")))
        sheet.merge_range(1, left + 1, 1, last, self.frame.until, book.add_format(_title(10, "right")))
        sheet.set_row(2, 30)
        for at, column in enumerate(self.columns):
            sheet.write_string(2, at, column.heading, self.workbook.heading)

    def add(self, values: Sequence[Value]) -> None:
        """Write one line."""
        sheet, formats = self.sheet, self.workbook.formats
        if self.merged >= 0 and values[self.merged] != self.run[0]:
            self._merge()
            self.run = (values[self.merged], self.line)
        for at, value in enumerate(values):
            style = formats[self.columns[at].kind]
            if value == "" or (at == self.merged and self.line > self.run[1] and value == self.run[0]):
                sheet.write_blank(self.line, at, None, style)
            else:
                _write(sheet, self.line, at, value, style)
        self.line += 1

    def foot(self, sums: Sequence[str]) -> None:
        """End the rows and write the line of sums."""
        self._merge()
        style = self.workbook.book.add_format({**_LINES, "bold": True, "align": "center", "text_wrap": True})
        for at, words in enumerate(sums):
            if words:
                self.sheet.write_string(self.line, at, words, style)
            else:
                self.sheet.write_blank(self.line, at, None, style)

    def _merge(self) -> None:
        """One cell for the equal neighbours so far. The lines are written already; only their joining is noted."""
        value, first = self.run
        if value != "" and self.line - first > 1:
            self.sheet.merge.append([first, self.merged, self.line - 1, self.merged])


@dataclass
class RawSheet:
    """To be sorted, filtered and counted: a heading and rows, nothing merged, nothing that is no value."""

    workbook: Workbook
    name: str
    columns: Sequence[Column]
    line: int = 1
    sheet: Any = field(init=False)

    def __post_init__(self) -> None:
        self.sheet = sheet = self.workbook.book.add_worksheet(self.name)
        for at, column in enumerate(self.columns):
            sheet.set_column(at, at, column.width * 1.2, self.workbook.plain["text"] if column.kind == "text" else None)
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&C第 &P 页 共 &N 页")
        for at, column in enumerate(self.columns):
            sheet.write_string(0, at, column.heading, self.workbook.heading)

    def add(self, values: Sequence[Value]) -> None:
        for at, value in enumerate(values):
            if value != "":
                style = self.workbook.plain.get(self.columns[at].kind)
                _write(self.sheet, self.line, at, value, style)
        self.line += 1

    def foot(self) -> None:
        self.sheet.autofilter(0, 0, max(self.line - 1, 1), len(self.columns) - 1)


def _write(sheet: Any, line: int, at: int, value: Value, style: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(line, at, guarded(value), style)
    elif isinstance(value, date):
        sheet.write_datetime(line, at, value, style)
    else:
        sheet.write_number(line, at, value, style)


def _title(size: int, align: str, *, bold: bool = False) -> dict[str, Any]:
    return {"font_name": "宋体", "font_size": size, "align": align, "valign": "vcenter", "bold": bold}


def listed(
    path: Path, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], frame: Frame, measure: str = "件"
) -> int:
    """Write a short list as a sheet to print and a sheet to sort; returns how many rows it has."""
    workbook = Workbook(path)
    printed, raw = PrintSheet(workbook, name, columns, frame), RawSheet(workbook, "数据", columns)
    for row in rows:
        printed.add(row)
        raw.add(row)
    count = raw.line - 1
    printed.foot(["合计", f"{count} {measure}", *[""] * (len(columns) - 2)])
    raw.foot()
    workbook.close()
    return count
