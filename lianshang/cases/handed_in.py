"""The file of a ledger as it was handed in, read: without Django, so that a process apart can do it.

What is packed (a workbook, anything gzipped) is opened only there: a small file may unfold to fill the memory. A short
plain text is read where it is, a long one apart as well.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, ParamSpec, TypeVar

from lianshang.cases import headings
from lianshang.kernel import apart, parcels, tables
from lianshang.kernel.tables import Row, Sheet, Unreadable

P = ParamSpec("P")
T = TypeVar("T")

SMALL, SMALL_UNPACKED = 2**20, 4 * 2**20  # bytes of a file that is read while the browser waits
FIRST_ROWS = 30  # kept to show what stands in the columns
TOO_MUCH = "这个文件太大，超出了一次可用的内存或时间，一行也没有读进来。请分成几份，再逐份选择。"
_PACKED = (b"PK", b"\x1f\x8b", b"\xd0\xcf")


@dataclass(frozen=True)
class Ledger:
    """The file that was handed in, by its name and content, with the sheet that was taken from it."""

    name: str
    digest: str
    sheet: Sheet


def safely(content: bytes, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call what opens the content, apart where it is packed or long. Raises what that raises, and `Unreadable` if it is too much."""
    if len(content) <= SMALL and not content.startswith(_PACKED):
        return function(*args, **kwargs)
    try:
        return apart.run(function, *args, **kwargs)
    except apart.TooMuch:
        raise Unreadable(TOO_MUCH) from None


def opened(content: bytes, name: str, *, sheet: str = "", mapping: Mapping[str, str] | None = None) -> Ledger:
    """Read a file. Raises `tables.Unreadable`."""
    read = tables.read(
        content, PurePath(name).name.split(".")[0], sheet=sheet or None, recognise=headings.recogniser(mapping)
    )
    return Ledger(PurePath(name).name, hashlib.sha256(content).hexdigest(), read)


def glance(content: bytes, name: str) -> dict[str, Any]:
    """Return what `seen` does of a small file, nothing of a large one. Raises `Unreadable` where it is no table."""
    if len(content) > SMALL:
        return {}
    plain = parcels.opened(content)
    size = parcels.check_workbook(plain) if parcels.is_workbook(plain) else len(plain)
    return seen(content, name) if size <= SMALL_UNPACKED else {}


def seen(content: bytes, name: str, sheet: str = "") -> dict[str, Any]:
    """Return what a job keeps of a file that was read: so that no page has to read it again."""
    read = opened(content, name, sheet=sheet).sheet
    first = [[row.number, [str(cell) for cell in row.cells]] for row in read.rows[:FIRST_ROWS]]
    return {
        "sheet": read.name[:60],
        "mapping": guessed(read.headings),
        "rows": len(read.rows),
        "seen": {
            "sheets": tables.sheet_names(content),
            "header_row": read.header_row,
            "headings": list(read.headings),
            "first": first,
        },
    }


def first_rows(sheet: str, kept: Mapping[str, Any]) -> Sheet:
    """Return the sheet as far as a job keeps it: headings and first rows."""
    rows = tuple(Row(number, tuple(cells)) for number, cells in kept["first"])
    return Sheet(sheet, kept["header_row"], tuple(kept["headings"]), rows)


def guessed(known: Sequence[str]) -> dict[str, str]:
    """Our field → heading, as far as the usual headings tell."""
    return {name: known[at] for name, at in headings.columns(known).items()}
