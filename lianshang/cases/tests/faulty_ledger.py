"""A ledger of many rows with faults planted in it, of the kinds that people really make: the same for the same seed.

`make` answers the workbook and what was planted: kind, row, address, and whether it is an error or a hint. Each plant
stands in a row of its own, so that what is found can be compared with what was planted, cell by cell.
"""

import io
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import openpyxl

HEADINGS = (
    "编号", "提出时间", "标题", "正文", "企业名称", "联系电话", "紧急程度", "主办单位", "答复时间", "答复内容", "备注",
)  # fmt: skip
COLUMN = {heading: chr(65 + at) for at, heading in enumerate(HEADINGS)}
TOP = 3  # the row of headings: a title and a line of who reports stand above
UNITS = ("交通运输局", "综合行政执法局", "税务局")
FIRST_DAY = datetime(2025, 1, 6, 9, 0)  # noqa: DTZ001 a sheet knows no zones
ERROR, HINT = "error", "hint"


@dataclass(frozen=True)
class Plant:
    kind: str
    row: int
    cell: str  # the address; the row's number where the whole row is meant
    level: str


def asked(n: int) -> datetime:
    """When the matter of the n-th row was raised."""
    return FIRST_DAY + timedelta(hours=n / 3)


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
# kind → (column, level, what is put there)
CELLS = {
    "date in words": ("提出时间", ERROR, lambda n: ("三月四日", "昨天", "2025年13月1日", "25/4/2025")[n % 4]),
    "date as text": (
        "提出时间",
        HINT,
        lambda n: asked(n).strftime(("%Y.%m.%d %H:%M", "%Y年%m月%d日", "%Y%m%d")[n % 3]),
    ),
    "date in full-width digits": ("提出时间", HINT, lambda n: asked(n).strftime("%Y年%m月%d日").translate(WIDE)),
    "no date": ("提出时间", ERROR, lambda n: None),
    "date to come": ("提出时间", ERROR, lambda n: datetime(2027, 3, 4)),  # noqa: DTZ001
    "answered before asked": ("答复时间", ERROR, lambda n: datetime(2024, 1, 2)),  # noqa: DTZ001
    "full-width digits": ("联系电话", HINT, lambda n: f"１３８０００{n:05d}"),
    "code of 18 digits as a number": ("编号", ERROR, lambda n: 915202030000000000 + n),
    "code as a number": ("编号", HINT, lambda n: 70_000_000 + n),
    "unknown unit": ("主办单位", HINT, lambda n: ("交通局", "城管", "供水公司")[n % 3]),
    "ditto": ("企业名称", ERROR, lambda n: ("同上", "〃")[n % 2]),
    "unknown urgency": ("紧急程度", ERROR, lambda n: ("马上", "五级")[n % 2]),
    "title too long": ("标题", ERROR, lambda n: "路" * 81),
    "failed formula": ("企业名称", ERROR, lambda n: "#REF!"),
    "formula never worked out": ("备注", ERROR, lambda n: "=A1&B1"),
}
ROWS = {"blank row": HINT, "headings again": HINT, "duplicate number": ERROR, "merged cells": HINT}


def make(rows: int, plants: int, seed: int) -> tuple[bytes, list[Plant]]:
    """Return an .xlsx with so many sound rows and faults among them."""
    chance = random.Random(seed)
    kinds = [*CELLS, *ROWS]
    chosen = {at: kinds[n % len(kinds)] for n, at in enumerate(chance.sample(range(2, rows - 2, 3), plants))}
    book = openpyxl.Workbook()
    page = book.active
    page.title = "台账"
    page.append(["LZ 示范园区诉求台账"])
    page.append(["填报单位：办公室"])
    page.append(HEADINGS)
    planted: list[Plant] = []
    for n in range(rows):
        page.append(_row(n, chance))
        if kind := chosen.get(n):
            planted.append(_plant(page, kind, n))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue(), planted


def _row(n: int, chance: random.Random) -> list[object]:
    answered = asked(n) + timedelta(days=chance.randrange(1, 9)) if n % 4 else None
    return [
        f"S{n:06d}", asked(n), f"厂区道路第 {n} 处破损", f"第 {n} 处路面破损，货车绕行。", f"示范企业{n % 37}有限公司", f"1380001{n % 10000:04d}",
        ("普通", "紧急")[n % 9 == 0], UNITS[n % 3], answered, "已修补，恢复通行。" if answered else None, None,
    ]  # fmt: skip


def _plant(page: object, kind: str, n: int) -> Plant:
    """Put the fault into the row written last, or beside it."""
    row = page.max_row
    if kind in CELLS:
        column, level, value = CELLS[kind]
        cell = page[f"{COLUMN[column]}{row}"]
        cell.value = value(n)
        if kind == "failed formula":
            cell.data_type = "e"
        return Plant(kind, row, cell.coordinate, level)
    if kind == "blank row":
        page._current_row += 1
        return Plant(kind, row + 1, str(row + 1), HINT)
    if kind == "headings again":
        page.append(HEADINGS)
        return Plant(kind, row + 1, str(row + 1), HINT)
    if kind == "duplicate number":
        page[f"A{row}"].value = page[f"A{row - 1}"].value
        return Plant(kind, row, f"A{row}", ERROR)
    page[f"E{row}"].value = None
    page.merge_cells(f"E{row - 1}:E{row}")
    return Plant(kind, row, f"E{row}", HINT)
