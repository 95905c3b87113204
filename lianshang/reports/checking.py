"""Checks a text against the records: each figure in it is supported, contradicted, overlapping or unknown.

Which figure a number speaks of is told by its measure word and the words around it (`matching`), over which period by what
the text says of the time (`spans`); its value has no part in that. Values are over the open ledger, for a text is to be
published. Needs the park's scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lianshang.cases.models import Case
from lianshang.directory.models import Unit
from lianshang.indicators import registry
from lianshang.indicators.readings import Reading
from lianshang.indicators.registry import REGISTRY, Indicator
from lianshang.reports import crossing, matching, mentions, spans, times, wording
from lianshang.reports.matching import Match, Spoken
from lianshang.reports.mentions import Mention
from lianshang.reports.models import Binding
from lianshang.reports.times import Standpoint, When

SUPPORTED, CONTRADICTED, OVERLAPPING, UNKNOWN = "supported", "contradicted", "overlapping", "unknown"
BASE = {"万元": wording.WAN, "亿元": wording.YI}


@dataclass(frozen=True)
class Checked:
    """A figure of a text with its verdict. `value` is the true one in the indicator's unit; None: nothing to measure."""

    mention: Mention
    verdict: str
    reason: str
    figure: Indicator | None = None
    value: Decimal | None = None
    when: When | None = None
    reading: Reading | None = None
    rivals: tuple[Indicator, ...] = ()
    name: str = ""
    crosses: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The true value as it would be printed."""
        return "" if self.figure is None else wording.worded(self.value, self.figure.unit, self.figure.kind)

    @property
    def address(self) -> str:
        if self.figure is None or self.when is None:
            return ""
        return registry.address(self.figure.key, self.when.period, at=self.when.scope.at)


@dataclass(frozen=True)
class _Candidate:
    """A mention with the figure that it speaks of, and the readings that it may be true of, the likeliest first."""

    mention: Mention
    match: Match
    figure: Indicator | None = None
    readings: tuple[tuple[When, Reading], ...] = field(default=())


def check(text: str, stand: Standpoint) -> list[Checked]:
    """Return the figures of the text in their order, each with its verdict."""
    found = mentions.found(text)
    matched = matching.match(text, found, spoken(), parts())
    told = spans.spans(text, stand.day)
    read: dict[tuple[str, str, object], Reading] = {}
    candidates = [
        _candidate(mention, match, told.at(mention.start), stand, read)
        for mention, match in zip(found, matched, strict=True)
    ]
    registry.gather(one.readings[0][1] for one in candidates if one.readings)
    doubted = [one for one in candidates if len(one.readings) > 1 and _true_at(one) is None]
    registry.gather(reading for one in doubted for _, reading in one.readings[1:])
    judged = [_judged(one) for one in candidates]
    judged = [one for one in judged if not (one.mention.indefinite and one.verdict != SUPPORTED)]
    return _crossed(text, judged)


def spoken() -> list[Spoken]:
    """Return the figures as texts speak of them: what people bound here, then what is declared."""
    bound = [
        Spoken(one.figure, (one.measure,), (one.words,), own=True)
        for one in Binding.objects.filter(ended_at=None).order_by("pk")
        if one.figure in REGISTRY
    ]
    return bound + [Spoken(one.key, one.measures, (one.label, *one.names)) for one in REGISTRY.values()]


def parts() -> list[str]:
    """Return the names of units and of classes of matters: what is said of one of them is a part of a figure."""
    units = Unit.objects.filter(kind=Unit.Kind.DEPARTMENT, is_active=True).values_list("name", flat=True)
    return [
        *units,
        *Case.objects.open_ledger().exclude(category="").order_by().values_list("category", flat=True).distinct(),
    ]


def _candidate(
    mention: Mention, match: Match, span: spans.Span, stand: Standpoint, read: dict[tuple[str, str, object], Reading]
) -> _Candidate:
    one = REGISTRY.get(match.key)
    if one is None:
        return _Candidate(mention, match)
    readings = []
    for when in times.meant(span, one, stand):
        asked = (one.key, when.period.text + when.period.kind, when.scope.at)
        if asked not in read:
            read[asked] = registry.read(one.key, when.scope, when.period)
        readings.append((when, read[asked]))
    return _Candidate(mention, match, one, tuple(readings))


def _judged(one: _Candidate) -> Checked:
    mention, figure = one.mention, one.figure
    if figure is None:
        rivals = tuple(REGISTRY[key] for key in one.match.rivals if key in REGISTRY)
        return Checked(mention, UNKNOWN, _why_unknown(one.match, rivals), rivals=rivals)
    if not one.readings:
        return Checked(mention, UNKNOWN, "没有读懂这里说的是哪段时间。请写明时段，如“2026年11月”。", rivals=(figure,))
    place = next((place for place in range(len(one.readings)) if _true_at(one, place) is not None), None)
    when, reading = one.readings[place or 0]
    verdict = CONTRADICTED if place is None else SUPPORTED
    return Checked(mention, verdict, "", figure, reading.value, when, reading, name=one.match.name)


def _true_at(one: _Candidate, place: int = 0) -> Decimal | None:
    """Return the value of that reading if what is said is true of it."""
    value = one.readings[place][1].value
    if one.figure is None or value is None:
        return None
    return value if wording.is_true(one.mention, value * BASE.get(one.figure.unit, Decimal(1))) else None


def _why_unknown(match: Match, rivals: Sequence[Indicator]) -> str:
    labels = "、".join(f"“{one.label}”" for one in rivals)
    if match.part:
        return f"说的像是{labels}的一部分或变化（{match.part}），没有单独的指标。"
    if rivals:
        return f"可能是{labels}，分不清是哪一个。请选定，或在文中写得更明白。"
    return ""


def _crossed(text: str, judged: list[Checked]) -> list[Checked]:
    """Mark what is true, but counts rows that another figure of the text counts too, and does not say so."""
    true = [one for one in judged if one.verdict == SUPPORTED and one.figure and one.reading]
    pairs = crossing.crossed([(one.figure, one.reading) for one in true if one.figure and one.reading])
    others: dict[int, list[str]] = {}
    for first, second, shared in pairs:
        for here, there in ((first, second), (second, first)):
            figure = true[there].figure
            others.setdefault(id(true[here]), []).append(f"“{figure.label if figure else ''}”重复 {shared} 条")
    return [_marked(text, one, others.get(id(one), [])) for one in judged]


def _marked(text: str, one: Checked, others: list[str]) -> Checked:
    if not others:
        return one
    verdict = SUPPORTED if crossing.is_said(text, one.mention.end) else OVERLAPPING
    return replace(one, verdict=verdict, crosses=tuple(dict.fromkeys(others)))
