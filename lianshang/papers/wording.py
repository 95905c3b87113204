"""What a document reads, once for Word and PDF: lines with placeholders, what is repeated, what stands only where there is something.

Texts are Jinja texts over the names of a `Catalogue`: “{{ 受理编号 }}”. Layout of letters: GB/T 9704-2012.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lianshang.papers import expressions

Context = Mapping[str, Any]  # name → text, or a list of mappings name → text

BODY, CHAPTER, SECTION = 0, 1, 2  # 正文, 一、 (黑体), （一） (楷体)
LEVELS = (
    (CHAPTER, re.compile(r"[一二三四五六七八九十]+、")),
    (SECTION, re.compile(r"[（(][一二三四五六七八九十]+[）)]")),
)
LONGEST_HEADING = 30  # characters; what is longer is a paragraph that happens to begin with a number


@dataclass(frozen=True)
class Line:
    """A paragraph of a letter."""

    text: str
    level: int = BODY


@dataclass(frozen=True)
class Paragraphs:
    """What somebody wrote, paragraph by paragraph: a list of `paragraphs`."""

    name: str


@dataclass(frozen=True)
class Each:
    """The lines once for each item of the list `name`."""

    name: str
    item: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class When:
    """The parts only where `name` has something in it."""

    name: str
    parts: "tuple[Line | Paragraphs | Each, ...]"


Part = Line | Paragraphs | Each | When


@dataclass(frozen=True)
class Letter:
    """A document that an organ issues. `attachments` names a list whose items have 名称."""

    title: str
    to: str
    body: tuple[Part, ...]
    signer: str
    date: str
    note: str = ""
    attachments: str = ""
    number: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a form. With `only`, it stands only where that name has something in it."""

    label: str
    text: str
    only: str = ""


@dataclass(frozen=True)
class Column:
    label: str
    share: int  # of the width
    text: str


@dataclass(frozen=True)
class Grid:
    """A table with one row for each item of the list `name`; nothing where the list is empty."""

    heading: str
    name: str
    item: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Sheet:
    """A form (表单): not issued, so without the layout of issued documents. `signing`: cells that are signed by hand."""

    title: str
    under: tuple[str, str]
    rows: tuple[Row, ...]
    grids: tuple[Grid, ...]
    notes: tuple[str, ...] = ()
    signing: tuple[tuple[str, str], ...] = ()


Wording = Letter | Sheet


@dataclass(frozen=True)
class Catalogue:
    """The names that a template may use: plain ones with their meaning, lists with the meaning of each item's names."""

    plain: Mapping[str, str]
    lists: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)

    def names(self) -> list[str]:
        return [*self.plain, *self.lists]


def paragraphs(text: str, *, headings: bool = True) -> list[dict[str, Any]]:
    """Return what somebody typed as 文字 and 层次 of each paragraph; short lines that begin 一、 or （一） are headings.

    Without `headings` all is plain text: where it stands below a heading of ours.
    """
    lines = (line.strip(" \t\u3000") for line in clean(text).splitlines())
    return [{"文字": line, "层次": _level(line) if headings else BODY} for line in lines if line]


def _level(line: str) -> int:
    if len(line) > LONGEST_HEADING or line.endswith(("。", "；")):
        return BODY
    return next((level for level, shape in LEVELS if shape.match(line)), BODY)


def clean(text: str) -> str:
    """Return the text without signs that no document can hold: control characters, halves of pairs, non-characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(char for char in plain if _fits(char))


def _fits(char: str) -> bool:
    return char == "\n" or (unicodedata.category(char) not in ("Cc", "Cs", "Cf") and ord(char) & 0xFFFE != 0xFFFE)  # noqa: PLR2004


def cleaned(context: Context) -> dict[str, Any]:
    """Return the context with every text in it clean."""

    def of(value: Any) -> Any:
        if isinstance(value, str):
            return clean(value)
        if isinstance(value, Mapping):
            return {name: of(one) for name, one in value.items()}
        return [of(one) for one in value] if isinstance(value, list) else value

    return {name: of(value) for name, value in context.items()}


# -- said: the wording with its words, for setting it ourselves ---------------------------------------------------


def said(wording: Wording, context: Context) -> dict[str, Any]:
    """Return the wording as plain data with all placeholders filled: what the typesetter is given."""
    words = cleaned(context)
    return _letter(wording, words) if isinstance(wording, Letter) else _sheet(wording, words)


def _letter(letter: Letter, words: Context) -> dict[str, Any]:
    filled = {name: expressions.text(getattr(letter, name), words) for name in ("to", "signer", "date", "note")}
    return filled | {
        "shape": "letter",
        "title": expressions.text(letter.title, words).split("\n"),
        "number": expressions.text(letter.number, words),
        "mark": expressions.text(letter.mark, words),
        "body": [{"text": text, "level": level} for text, level in _spoken(letter.body, words)],
        "attachments": [one["名称"] for one in words.get(letter.attachments, [])],
    }


def _spoken(parts: tuple[Part, ...], words: Context) -> Iterator[tuple[str, int]]:
    for part in parts:
        if isinstance(part, Line):
            yield expressions.text(part.text, words), part.level
        elif isinstance(part, Paragraphs):
            yield from ((one["文字"], one["层次"]) for one in words[part.name])
        elif isinstance(part, Each):
            for item in words[part.name]:
                yield from _spoken(part.lines, {**words, part.item: item})
        elif words[part.name]:
            yield from _spoken(part.parts, words)


def _sheet(sheet: Sheet, words: Context) -> dict[str, Any]:
    rows = [row for row in sheet.rows if not row.only or words[row.only]]
    return {
        "shape": "sheet",
        "title": [expressions.text(sheet.title, words)],
        "under": [expressions.text(text, words) for text in sheet.under],
        "rows": [[row.label, expressions.text(row.text, words).split("\n")] for row in rows],
        "grids": [_grid(grid, words) for grid in sheet.grids if words[grid.name]],
        "notes": [expressions.text(note, words) for note in sheet.notes],
        "signing": [[label, expressions.text(text, words)] for label, text in sheet.signing],
    }


def _grid(grid: Grid, words: Context) -> dict[str, Any]:
    rows = [
        [expressions.text(column.text, {**words, grid.item: item}) for column in grid.columns]
        for item in words[grid.name]
    ]
    columns = [[column.label, column.share] for column in grid.columns]
    return {"heading": expressions.text(grid.heading, words), "columns": columns, "rows": rows}


TITLE_LINE = 20  # characters of 2号 in the width of the text
NOT_FIRST = "的”》）、，。：；？"  # a line of a title does not begin with these
GOOD_END, GOOD_START = "”》、，", "“《"


def title_lines(title: str) -> list[str]:
    """Break a title in lines of like length, where the sense allows it (GB/T 9704 7.3.1), the longest at most `TITLE_LINE`."""
    count = -(-len(title) // TITLE_LINE)
    lines = []
    while count > 1:
        at = min(range(1, len(title)), key=lambda at: _badness(title, at, len(title) / count))
        lines.append(title[:at])
        title, count = title[at:], count - 1
    return [*lines, title]


def _badness(title: str, at: int, ideal: float) -> float:
    too_long = at > TITLE_LINE or len(title) - at > TITLE_LINE * max(1, round(len(title) / ideal) - 1)
    sense = -5 if title[at - 1] in GOOD_END or title[at] in GOOD_START else -2 if title[at - 1] in "的于" else 0
    broken = title[at] in NOT_FIRST or (title[at - 1].isascii() and title[at].isascii()) or title[at - 1] in "“《（"
    return abs(at - ideal) + sense + 100 * too_long + 50 * broken
