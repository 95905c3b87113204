"""A checked text as a page shows it: pieces with and without marks, counts by verdict, words to bind."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lianshang.reports import matching
from lianshang.reports.checking import CONTRADICTED, OVERLAPPING, SUPPORTED, UNKNOWN, Checked

# Verdict → shape, word, tone of the styles. Colour is never the only sign.
SHOWN = {
    CONTRADICTED: ("▲", "与台账不符", "late"),
    OVERLAPPING: ("◆", "含交叉未注明", "near"),
    UNKNOWN: ("○", "没有对上", "still"),
    SUPPORTED: ("●", "有依据", "normal"),
}


@dataclass(frozen=True)
class Piece:
    """Some words of the text; with a mark they are a figure, `number` its place in the list."""

    text: str
    number: int = 0
    shape: str = ""
    word: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Row:
    """A figure of the list beside the text."""

    number: int
    checked: Checked
    shape: str
    word: str
    tone: str


class Marked:
    """A text with its figures judged."""

    def __init__(self, text: str, checked: Sequence[Checked]) -> None:
        self.text, self.checked = text, checked

    @property
    def rows(self) -> list[Row]:
        """The figures, those to be mended first."""
        order = list(SHOWN)
        rows = [Row(number, one, *SHOWN[one.verdict]) for number, one in enumerate(self.checked, 1)]
        return sorted(rows, key=lambda row: (order.index(row.checked.verdict), row.number))

    @property
    def counts(self) -> list[tuple[str, str, str, int]]:
        """Shape, word, tone and how many, of each verdict."""
        counted = Counter(one.verdict for one in self.checked)
        return [(*shown, counted[verdict]) for verdict, shown in SHOWN.items()]


def marked(text: str, checked: Sequence[Checked]) -> list[Piece]:
    """Return the text in pieces; together they are the text, sign by sign."""
    pieces, at = [], 0
    for number, one in enumerate(checked, 1):
        pieces.append(Piece(text[at : one.mention.start]))
        pieces.append(Piece(text[one.mention.start : one.mention.end], number, *SHOWN[one.verdict]))
        at = one.mention.end
    return [piece for piece in (*pieces, Piece(text[at:])) if piece.text]


def suggested_words(text: str, checked: Sequence[Checked], one: Checked) -> str:
    """Return the words right before a number, by which it may be known again."""
    around = matching.context(text, [each.mention for each in checked], checked.index(one))
    before = around.before.strip() or (around.earlier[0].strip() if around.earlier else "")
    return before.removesuffix("为").removesuffix("达到").removesuffix("共")[-16:]
