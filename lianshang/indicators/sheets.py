"""The rows behind a figure as a workbook: definition and cut-off above, the rows below, text as text."""

import io
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

import xlsxwriter

from lianshang.indicators.evidence import Cell, Line, Sheet

WIDE, NARROW = 36, 16
HEAD_ROW = 3


def workbook(title: str, words: str, sheet: Sheet, lines: Iterable[Line], zone: tzinfo) -> bytes:
    """Return .xlsx: a title, one line that says what it is, then 序号 and the sheet's columns. Times in the park's zone."""
    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(kept, options) as book:
        page = book.add_worksheet("明细")
        bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page.write_string(0, 0, title, bold)
        page.write_string(1, 0, words)
        for place, heading in enumerate(("序号", *sheet.headings)):
            page.set_column(place, place, WIDE if heading == "诉求" else NARROW if place else 6)
            page.write_string(HEAD_ROW - 1, place, heading, bold)
        page.freeze_panes(HEAD_ROW, 0)
        for number, line in enumerate(lines, 1):
            page.write_number(HEAD_ROW - 1 + number, 0, number)
            for place, cell in enumerate(line.cells, 1):
                _write(page, HEAD_ROW - 1 + number, place, cell, sheet, zone, moment)
    return kept.getvalue()


def _write(page: Any, row: int, place: int, cell: Cell, sheet: Sheet, zone: tzinfo, moment: Any) -> None:
    match cell:
        case datetime():
            page.write_datetime(row, place, cell.astimezone(zone).replace(tzinfo=None), moment)
        case int():
            page.write_number(row, place, cell)
        case _:
            page.write_string(row, place, sheet.masked(cell))
