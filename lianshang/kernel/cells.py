"""The cells of a sheet as clean text or dates, with a mark on what was not typed as it is read."""

import re
from datetime import date, datetime, time
from typing import Self

Cell = str | date  # a datetime is a date; a cell without a value is ""
EXACT = 10**15  # whole numbers from here on have more digits than a sheet keeps

_WIDE = str.maketrans({chr(0xFF01 + n): chr(0x21 + n) for n in range(94) if chr(0x21 + n).isalnum()})
_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f])_")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2060\ufeff\ufffe\uffff]")
_WIDE_ONE = re.compile(f"[{''.join(map(chr, _WIDE))}]")


class Mended(str):
    """A text that was not typed as it is read.

    `how`: wide (full-width digits), merged (from the cell above it), number (the cell is a number), rounded (a number
    of more digits than a sheet keeps).
    """

    __slots__ = ("how",)

    def __new__(cls, text: str, how: str) -> Self:
        made = super().__new__(cls, text)
        made.how = how
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # of a str it is one; a pickle needs both
        return str(self), self.how


def clean(text: str) -> str:
    """Text as it was meant: no control characters, no full-width digits or letters, no padding, no empty lines."""
    if text.isascii() and text.isprintable() and "_x0" not in text:
        return text.strip()
    wide = _WIDE_ONE.search(text)
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\r\n", "\n").replace("\r", "\n")
    text = _INVISIBLE.sub("", text).replace("\xa0", " ").replace("\u3000", " ").translate(_WIDE)
    text = "\n".join(line for line in map(str.strip, text.split("\n")) if line)
    return Mended(text, "wide") if wide and text else text


def of_excel(value: object) -> Cell:
    """What calamine found: every number is a float there, so that a number of a ticket must lose its `.0` again."""
    match value:
        case str():
            return clean(value)
        case bool():
            return "是" if value else "否"
        case int() | float():
            return _number(value)
        case datetime() | date():
            return value
        case time():
            return value.isoformat("seconds")
    return "" if value is None else str(value)


def _number(value: float) -> str:
    if value != int(value):
        return format(value, ".15g")
    return Mended(str(int(value)), "rounded" if abs(value) >= EXACT else "number")
