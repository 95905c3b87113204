"""What is read from an old ledger though it was not typed as it should be, and the sentence that says so.

Decided so: what can be read in one way only is read, and told as a hint; what could mean two things, or has lost
something already, is a fault and never guessed. Full-width digits, cells merged over several rows, formulas with a
result, single dates typed as text and single codes typed as numbers are hints. Where a whole column is so, it is how
that ledger is kept, and nothing is said.
"""

from collections.abc import Mapping
from typing import Any

from lianshang.kernel import formulas
from lianshang.kernel.tables import Cell, Mended, Sheet

LONGEST_VALUE_SHOWN = 60
TIMES = ("asked_at", "answered_at", "due")
CODES = ("number", "phone")
DIGITS = (*TIMES, *CODES)  # columns in which full-width digits are told
_SAME = frozenset({"同上", "同前", "同左", "〃", "″", "”", '"', "''", "’’"})
DITTO: Mapping[str, frozenset[str]] = dict.fromkeys(
    ("number", "title", "text", "enterprise", "contact", "phone", "category", "unit", "co_units", "channel", "chain"),
    _SAME,
)


class Habits:
    """How a sheet keeps its columns: which have real dates, and which codes as text, for the most part."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int]) -> None:
        self.kept = {name: _mostly(sheet, columns[name], name) for name in DIGITS if name in columns}

    def breaks(self, name: str, cell: Cell) -> bool:
        """Whether this cell is kept in another way than most of its column."""
        return self.kept.get(name, False) and not _as_it_should(name, cell)


def hint(name: str, cell: Cell, formula: str, habits: Habits) -> str:
    """Return what to say of a filled cell that could be read; nothing where it is as it should be."""
    how = getattr(cell, "how", "")
    if formula == formulas.WORKED:
        return f"这里是公式，按它显示的“{shown(cell)}”读入"
    if how == "merged":
        return f"合并的单元格，这一行也按“{shown(cell)}”读入"
    if how == "wide" and name in DIGITS:
        return f"全角数字，按“{shown(cell)}”读入"
    if name in TIMES and habits.breaks(name, cell):
        return "这里是文字，不是日期；能认出来，已照读"
    if name in CODES and habits.breaks(name, cell):
        return f"这里存成了数字，按“{shown(cell)}”读入；前面若有 0 已经丢失，请核对"
    return ""


def shown(cell: Cell) -> str:
    value = str(cell)
    return f"{value[:LONGEST_VALUE_SHOWN]}…" if len(value) > LONGEST_VALUE_SHOWN else value


def _mostly(sheet: Sheet, at: int, name: str) -> bool:
    filled: list[Any] = [row.cells[at] for row in sheet.rows if row.cells[at] != ""]
    return bool(filled) and 2 * sum(_as_it_should(name, cell) for cell in filled) > len(filled)


def _as_it_should(name: str, cell: Cell) -> bool:
    if name in TIMES:
        return not isinstance(cell, str)
    return not (isinstance(cell, Mended) and cell.how == "number")
