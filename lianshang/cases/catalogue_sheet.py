"""The dispatch catalogue as a sheet: out with its entries, to be changed in Excel, and in again, every fault with its cell."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from lianshang.cases import handed_in
from lianshang.cases.catalogue import MOST
from lianshang.cases.headings import among, plain
from lianshang.cases.models import CatalogueEntry
from lianshang.cases.services.catalogue import Matter, matter_of
from lianshang.directory.models import Unit
from lianshang.kernel import tables

COLUMNS = {  # ours: heading, longest, width; the first of a name is what we write
    "matter": (("事项", "事项名称", "诉求事项"), 60, 22),
    "words": (("别名和关键词", "关键词", "别名"), 400, 46),
    "lead": (("主办单位", "承办单位", "责任单位", "牵头单位"), 60, 24),
    "co_units": (("协办单位", "配合单位"), 400, 28),
    "basis": (("权责依据", "依据", "权责清单依据"), 200, 46),
    "kind": (("限时类别", "办理类别"), 20, 12),
}
NEEDED = ("matter", "lead", "basis")
SPLIT = re.compile(r"[、,，;；\n]+")
LISTED = 500  # lines of the template that offer the lists
HOW = "一行一件事。别名和关键词用“、”分开，写企业平常的说法；一个词里有空格，表示几个字都要出现。"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell of a row; the row alone where no column is to blame."""

    row: int
    cell: str
    column: str
    value: str
    message: str


def written(entries: Sequence[CatalogueEntry], units: Sequence[Unit], kinds: Sequence[str]) -> bytes:
    """Return the workbook: the entries there are, lists to choose from, how to fill it in."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page, lists = book.add_worksheet("派单目录"), book.add_worksheet("单位")
    head, wrap = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, (names, _, width) in enumerate(COLUMNS.values()):
        page.set_column(column, column, width, wrap)
        page.write_string(0, column, names[0], head)
    for row, entry in enumerate(entries, 1):
        for column, text in enumerate(_cells(matter_of(entry))):
            page.write_string(row, column, text)
    lists.write_column(0, 0, ["单位", *(unit.name for unit in units)])
    lists.write_column(0, 2, ["怎么填", HOW])
    lists.set_column(0, 0, 30)
    lists.set_column(2, 2, 80, wrap)
    page.freeze_panes(1, 1)
    _offer(page, len(entries), len(units), kinds)
    book.close()
    return content.getvalue()


def _offer(page: Any, filled: int, units: int, kinds: Sequence[str]) -> None:
    last = filled + LISTED
    if units:
        source = f"=单位!$A$2:$A${units + 1}"
        page.data_validation(1, 2, last, 2, {"validate": "list", "source": source, "error_type": "warning"})
    if kinds:
        page.data_validation(1, 5, last, 5, {"validate": "list", "source": list(kinds), "error_type": "warning"})


def _cells(told: Matter) -> list[str]:
    helping = "、".join(unit.name for unit in told.co_units)
    return [told.matter, "、".join(told.words), told.lead.name, helping, told.basis, told.kind]


def read(content: bytes, name: str, units: Sequence[Unit], kinds: Sequence[str]) -> tuple[list[Matter], list[Fault]]:
    """Return what the sheet says and its faults; with faults it is not to be used. Raises `tables.Unreadable`."""
    known = {plain(one): key for key, (names, _, _) in COLUMNS.items() for one in names}
    sheet = handed_in.safely(content, tables.read, content, name, recognise=among(known))
    places = {known[plain(one)]: at for at, one in reversed(list(enumerate(sheet.headings))) if plain(one) in known}
    missing = [COLUMNS[key][0][0] for key in NEEDED if key not in places]
    if missing:
        there = "、".join(one for one in sheet.headings if one) or "没有表头"
        raise tables.Unreadable(f"这张表缺少：{'、'.join(missing)}。表头有：{there}。请用下载的模板填写。")
    if len(sheet.rows) > MOST:
        raise tables.Unreadable(f"目录超过 {MOST} 条。请合并相近的事项，再重新选择。")
    reader = _Reader(places, {unit.name: unit for unit in units}, tuple(kinds))
    matters = [one for row in sheet.rows if (one := reader.matter(row))]
    if not sheet.rows:
        raise tables.Unreadable("表里没有条目。请填写后再重新选择。")
    return matters, reader.faults


class _Reader:
    """Reads row after row and keeps what is wrong."""

    def __init__(self, places: dict[str, int], units: dict[str, Unit], kinds: tuple[str, ...]) -> None:
        self.places, self.units, self.kinds = places, units, kinds
        self.faults: list[Fault] = []
        self.seen: dict[str, int] = {}

    def matter(self, row: tables.Row) -> Matter | None:
        before = len(self.faults)
        told = {key: self._text(row, key) for key in COLUMNS}
        lead = self._unit(row, "lead", told["lead"])
        helping = [self._unit(row, "co_units", name) for name in _split(told["co_units"])]
        if lead and lead in helping:
            self._blame(row, "co_units", told["co_units"], f"{lead}已是主办单位，请从协办里去掉")
        if told["kind"] and told["kind"] not in self.kinds:
            self._blame(row, "kind", told["kind"], f"没有这一限时类别，可选：{'、'.join(self.kinds)}，也可以空着")
        if (first := self.seen.setdefault(told["matter"], row.number)) != row.number:
            self._blame(row, "matter", told["matter"], f"与第 {first} 行同名，请合并或换个名称")
        if lead is None or len(self.faults) > before:
            return None
        words = tuple(dict.fromkeys(_split(told["words"])))
        return Matter(told["matter"], lead, told["basis"], words, tuple(filter(None, helping)), told["kind"])

    def _text(self, row: tables.Row, key: str) -> str:
        text = str(row.cells[self.places[key]]) if key in self.places else ""
        if key in NEEDED and not text:
            self._blame(row, key, text, "请填写这一格")
        if len(text) > COLUMNS[key][1]:
            self._blame(row, key, text[:20] + "…", f"超过 {COLUMNS[key][1]} 个字，请缩短")
        return text

    def _unit(self, row: tables.Row, key: str, name: str) -> Unit | None:
        if name and name not in self.units:
            self._blame(row, key, name, "没有这个单位，或已停用。请照“单位”一页的名称填写")
        return self.units.get(name)

    def _blame(self, row: tables.Row, key: str, value: str, message: str) -> None:
        at = self.places.get(key)
        cell = f"{tables.letter(at)}{row.number}" if at is not None else ""
        self.faults.append(Fault(row.number, cell, COLUMNS[key][0][0], value, message))


def _split(text: str) -> list[str]:
    return [part.strip() for part in SPLIT.split(text) if part.strip()]
