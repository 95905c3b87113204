"""Which cells of a workbook are formulas, and which of them came to nothing: a reader of values cannot tell.

A formula that failed (#REF!) or was never worked out reads as an empty cell; here it is found, so that what a person
sees in the cell and what we took from it are never silently two things.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping

PIECE = 2**20
MOST = 50_000  # cells that are told

FAILED, EMPTY, WORKED = "failed", "empty", "worked"

_SHEETS = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_NAME = re.compile(rb"\bname=\"([^\"]*)\"")
_IDENTITY = re.compile(rb"\b\w+:id=\"([^\"]*)\"")
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_CELL = re.compile(rb"<c\b([^<>]*[^<>/])>(.*?)</c>", re.DOTALL)  # no tag reaches over another: that could take for ever
_PLACE = re.compile(rb"\br=\"([A-Z]+\d+)\"")
_VALUE = re.compile(rb"<v>([^<]*)</v>|<is>")


def found(content: bytes, sheet: str) -> Mapping[str, tuple[str, str]]:
    """Return address (D5) → kind and what the cell shows, of the formulas and failed cells in a sheet of an .xlsx."""
    told: dict[str, tuple[str, str]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        path = _path(archive, sheet)
        if path is None:
            return told
        for attributes, inside in _cells(archive, path):
            failed, formula = b't="e"' in attributes, b"<f" in inside
            place = _PLACE.search(attributes)
            if not (failed or formula) or place is None:
                continue
            value = _VALUE.search(inside)
            shown = html.unescape((value[1] or b"").decode("utf-8", "replace")) if value else ""
            told[place[1].decode()] = (FAILED if failed else WORKED if shown else EMPTY, shown)
            if len(told) >= MOST:
                break
    return told


def _path(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The member that holds the sheet, as the workbook and its relations say."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    targets = {}
    for relation in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        key, target = (re.search(rb'\b%s="([^"]*)"' % word, relation) for word in (b"Id", b"Target"))
        if key and target:
            targets[key[1]] = target[1].decode()
    for tag in _SHEETS.findall(archive.read("xl/workbook.xml")):
        name, key = _NAME.search(tag), _IDENTITY.search(tag)
        if name and key and html.unescape(name[1].decode("utf-8", "replace")) == sheet and key[1] in targets:
            place = targets[key[1]]
            path = place.lstrip("/") if place.startswith("/") else f"xl/{place}"
            return path if path in names else None
    return None


def _cells(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[bytes, bytes]]:
    """Attributes and inside of the cells among which a formula or a failed one may be."""
    tail = b""
    with archive.open(path) as stream:
        while piece := stream.read(PIECE):
            window = tail + piece
            cut = window.rfind(b"</c>") + 4
            if cut < 4:  # noqa: PLR2004 not one cell ends here
                tail = window[-PIECE:]
                continue
            whole, tail = window[:cut], window[cut:]
            if b"<f" in whole or b't="e"' in whole:
                yield from _CELL.findall(whole)
