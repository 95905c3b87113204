"""The Word template of a form: labels and words in a table, limits in tables, cells to sign in."""

from typing import Any

from docx.document import Document as Opened
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from lianshang.papers.word_parts import FANGSONG, HEI, SONG, TITLE, face, field_code, opened, put
from lianshang.papers.wording import Grid, Row, Sheet


class SheetTemplate:
    """A form: a table of labels and words, tables of limits, cells to sign in."""

    LABEL, WIDTH = 27.0, 162.0  # mm

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.document = opened((25, 24, 24, 24), 13)

    def made(self) -> Opened:
        sheet = self.sheet
        self._line(sheet.title, TITLE, 22, align=ALIGN.CENTER)
        under = self._line(f"{sheet.under[0]}\t{sheet.under[1]}", FANGSONG, 12)
        under.paragraph_format.tab_stops.add_tab_stop(Mm(self.WIDTH), ALIGN.RIGHT)
        under.paragraph_format.space_before = Pt(10)
        self._rows(sheet.rows)
        for grid in sheet.grids:
            self._grid(grid)
        for note in sheet.notes:
            self._line(note, FANGSONG, 12).paragraph_format.first_line_indent = Pt(24)
        if sheet.signing:
            self._signing()
        self._pages()
        return self.document

    def _line(self, text: str, family: str = FANGSONG, size: float = 13, *, align: ALIGN | None = None) -> Any:
        paragraph = self.document.add_paragraph()
        if align is not None:
            paragraph.alignment = align
        paragraph.paragraph_format.space_after = Pt(4)
        face(paragraph.add_run(text), family, size)
        return paragraph

    def _table(self, widths: list[float]) -> Any:
        table = self.document.add_table(0, len(widths))
        table.style, table.autofit, table.alignment = "Table Grid", False, WD_TABLE_ALIGNMENT.CENTER
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        return table

    def _row(self, table: Any, cells: list[tuple[str, bool]], widths: list[float], size: float = 13) -> Any:
        """A row; a cell is its text and whether it is a label."""
        row = table.add_row()
        for cell, (text, is_label), width in zip(row.cells, cells, widths, strict=True):
            cell.width = Mm(width)
            cell.vertical_alignment = 1
            paragraph = cell.paragraphs[0]
            paragraph.alignment = ALIGN.CENTER if is_label else ALIGN.LEFT
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
            face(paragraph.add_run(text), HEI if is_label else FANGSONG, 12 if is_label else size)
        return row

    def _rows(self, rows: tuple[Row, ...]) -> None:
        widths = [self.LABEL, self.WIDTH - self.LABEL]
        table = self._table(widths)
        for row in rows:
            if row.only:
                self._row(table, [("{%tr if " + row.only + " %}", False), ("", False)], widths)
            self._row(table, [(row.label, True), (row.text, False)], widths)
            if row.only:
                self._row(table, [("{%tr endif %}", False), ("", False)], widths)

    def _grid(self, grid: Grid) -> None:
        total = sum(column.share for column in grid.columns)
        widths = [self.WIDTH * column.share / total for column in grid.columns]
        self._line("{%p if " + grid.name + " %}")
        heading = self._line(grid.heading, HEI, 12)
        heading.paragraph_format.space_before, heading.paragraph_format.keep_with_next = Pt(10), True
        table = self._table(widths)
        head = self._row(table, [(column.label, True) for column in grid.columns], widths)
        put(head._tr.get_or_add_trPr(), "w:tblHeader")  # noqa: SLF001 -- repeated on each page
        for text in ("{%tr for " + grid.item + " in " + grid.name + " %}", "", "{%tr endfor %}"):
            cells = [(text, False), *[("", False)] * (len(widths) - 1)]
            self._row(table, cells if text else [(column.text, False) for column in grid.columns], widths, 12)
        self._line("{%p endif %}")

    def _signing(self) -> None:
        self._line("", size=6)
        widths = [self.LABEL, self.WIDTH / 2 - self.LABEL] * 2
        table = self._table(widths)
        cells = self.sheet.signing
        for at in range(0, len(cells), 2):
            pair = cells[at : at + 2]
            self._row(table, [cell for label, text in pair for cell in ((label, True), (text, False))], widths)

    def _pages(self) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.alignment = ALIGN.CENTER
        for piece in ("第 ", "PAGE", " 页　共 ", "NUMPAGES", " 页"):
            if piece.isascii() and piece.isupper():
                field_code(paragraph, piece, SONG, 10.5)
            else:
                face(paragraph.add_run(piece), SONG, 10.5)
