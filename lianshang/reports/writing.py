"""Writes a briefing from its words and the records: each figure is a reading, printed by its wording, linked to its rows.

Needs the park's scope. A frozen briefing is written from what was frozen with it, and reads the same ever after.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from lianshang.directory.models import Park
from lianshang.indicators import registry
from lianshang.indicators.periods import IN_PERIOD, Period, chinese
from lianshang.indicators.readings import Reading
from lianshang.indicators.scopes import Scope
from lianshang.reports import crossing, names, wording
from lianshang.reports.labels import label
from lianshang.reports.models import Briefing, BriefingFigure
from lianshang.reports.names import PLACEHOLDER, Slot
from lianshang.reports.times import Standpoint


@dataclass(frozen=True)
class Figure:
    """A figure as it stands in a briefing."""

    name: str
    shown: str
    address: str
    label: str
    crosses: bool = False
    slot: Slot | None = None
    reading: Reading | None = None
    period: Period | None = None


@dataclass(frozen=True)
class Piece:
    """Some words of a paragraph; with a figure they are one."""

    text: str
    figure: Figure | None = None


@dataclass(frozen=True)
class Written:
    """A briefing as it reads."""

    title: str
    to: str
    paragraphs: list[list[Piece]]
    signer: str
    date: str
    figures: list[Figure]
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        return ["".join(piece.text for piece in line) for line in self.paragraphs]

    @property
    def text(self) -> str:
        """The whole text: title, body, signature."""
        return "\n".join([self.title, *([self.to] if self.to else []), *self.lines, self.signer, self.date])

    @property
    def length(self) -> int:
        """Characters of the body, as lengths of documents are counted: without blanks."""
        return len("".join("".join(self.lines).split()))

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def typed(self) -> list[tuple[int, int]]:
        """Return where figures of ours stand in `text`, to tell them from numbers that somebody typed."""
        places, at = [], len("\n".join([self.title, *([self.to] if self.to else [])])) + 1
        for line in self.paragraphs:
            for piece in line:
                if piece.figure:
                    places.append((at, at + len(piece.text)))
                at += len(piece.text)
            at += 1
        return places


def standpoint(briefing: Briefing, park: Park, clock: datetime) -> Standpoint:
    return Standpoint(park, briefing.day, clock)


def write(briefing: Briefing, park: Park, clock: datetime) -> Written:
    """Return the briefing as it reads now; a frozen one as it read then. Raises `UnknownName`."""
    figures = frozen(briefing) if briefing.frozen_at else live(briefing, standpoint(briefing, park, clock))
    return written(briefing, park, figures)


def written(briefing: Briefing, park: Park, figures: Mapping[str, Figure]) -> Written:
    """Put words and figures together."""
    words = {
        "园区": park.name, "时段": label(briefing.first, briefing.last), "截至日": chinese(briefing.day),
        "年": str(briefing.last.year), "主送": briefing.to, "落款": briefing.signer, "成文日期": chinese(briefing.day),
    }  # fmt: skip
    words["标题"] = _plain(briefing.title, words)
    lines = [line.strip(" \t\u3000") for line in briefing.body.splitlines()]
    paragraphs = [_pieces(line, words, figures) for line in lines if line]
    shown = [piece.figure for line in paragraphs for piece in line if piece.figure]
    return Written(
        words["标题"],
        _plain(briefing.to, words),
        paragraphs,
        _plain(briefing.signer, words),
        words["成文日期"],
        shown,
        words,
    )


def _plain(text: str, words: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: words.get(found[1], ""), text)


def _pieces(line: str, words: Mapping[str, str], figures: Mapping[str, Figure]) -> list[Piece]:
    pieces, at = [], 0
    for found in PLACEHOLDER.finditer(line):
        pieces.append(Piece(line[at : found.start()]))
        figure = figures.get(found[1])
        mark = figure is not None and figure.crosses and not crossing.SAID.search(line[found.end() :])
        pieces.append(Piece(figure.shown, figure) if figure else Piece(words.get(found[1], "")))
        if mark:
            pieces.append(Piece(f"（{crossing.MARK}）"))
        at = found.end()
    return [piece for piece in (*pieces, Piece(line[at:])) if piece.text]


def slots(text: str) -> list[Slot]:
    """Return the figures that a text names. Raises `UnknownName`."""
    return [names.slot(name) for name in names.used(text) if name not in names.WORDS]


def period_of(slot: Slot, scope: Scope, first: date, last: date) -> Period:
    """Return the slot's period: the briefing's own for 当期, else of its kind as of the scope's day."""
    if slot.kind == IN_PERIOD:
        return Period(first, last, label(first, last))
    return registry.period(slot.figure, scope, slot.kind)


def live(briefing: Briefing, stand: Standpoint) -> dict[str, Figure]:
    """Return the figures by name as the records are now."""
    scope = stand.scope()
    found = slots(briefing.body)
    over = [period_of(one, scope, briefing.first, briefing.last) for one in found]
    readings = [registry.read(one.figure.key, scope, period) for one, period in zip(found, over, strict=True)]
    registry.gather(readings)
    crossed = {
        place
        for first, second, _ in crossing.crossed(list(zip([one.figure for one in found], readings, strict=True)))
        for place in (first, second)
    }
    return {
        one.name: Figure(
            one.name, _shown(one, reading), registry.address(one.figure.key, period, at=scope.at),
            f"{one.figure.label}，{period.label}", place in crossed, one, reading, period,
        )
        for place, (one, reading, period) in enumerate(zip(found, readings, over, strict=True))
    }  # fmt: skip


def _shown(one: Slot, reading: Reading) -> str:
    return wording.worded(reading.value, one.figure.unit, one.figure.kind, one.rule)


def frozen(briefing: Briefing) -> dict[str, Figure]:
    """Return the figures by name as they were frozen."""
    rows = BriefingFigure.objects.filter(briefing=briefing).select_related("frozen__publication").order_by("position")
    return {
        row.name: Figure(
            row.name,
            row.shown,
            row.frozen.get_absolute_url(),
            f"{row.frozen.label}，{row.frozen.publication.title}",
            row.crosses,
        )
        for row in rows
    }
