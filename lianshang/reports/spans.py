"""Which period a text speaks of where a number stands: 今年以来, 11月, 三季度, 1—10月, 近年来, 累计, 截至11月20日.

A period holds from where it is said to the end of its paragraph, until another one is said; one in the title or the
opening sentence of the text holds where a paragraph says none. 截至 names the cut-off, and is no period of its own.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lianshang.reports import numerals

TO_DATE, IN_PERIOD, THIS_YEAR, RECENT_YEARS, CUMULATIVE = "到目前", "当期", "今年以来", "近年来", "累计"


@dataclass(frozen=True)
class Span:
    """What is said of the time: a kind, or whole days; `cut` is the day of 截至. All empty where nothing is said."""

    kind: str = ""
    first: date | None = None
    last: date | None = None
    cut: date | None = None
    unclear: bool = False  # 去年同期 and the like: a time that we do not read

    @property
    def is_said(self) -> bool:
        return bool(self.kind or self.first or self.unclear)


@dataclass(frozen=True)
class Said:
    """A span and where it is said."""

    at: int
    span: Span


def spans(text: str, day: date) -> "Spans":
    """Read the periods of a text as of `day`, which 本月 and 今年 are counted from."""
    plain = numerals.plain(text)
    found: list[Said] = []
    taken = 0
    for match in _ANY.finditer(plain):
        if match.start() < taken:
            continue
        name = match.lastgroup or ""
        if (span := _MEANINGS[name](match, day)) is not None:
            found.append(Said(match.start(), span))
        taken = match.end()
    return Spans(text, found)


class Spans:
    """The periods of a text, asked by place."""

    def __init__(self, text: str, said: list[Said]) -> None:
        self.text, self.said = text, said
        self.places = [one.at for one in said]
        self.opening = re.search(r"[。！？\n]|$", text.lstrip()).start() + len(text) - len(text.lstrip())

    def at(self, place: int) -> Span:
        """Return what is said of the time of a number at that place."""
        start = self.text.rfind("\n", 0, place) + 1
        here = self._between(start, place)
        if here.is_said:
            return here
        title = self._between(0, min(self.opening, place))
        return replace(title, cut=here.cut or title.cut)

    def _between(self, start: int, end: int) -> Span:
        """Put together what is said from `start` to `end`: the last period, the last cut-off."""
        span = Span()
        before = start
        for one in self.said[bisect_right(self.places, start - 1) : bisect_right(self.places, end - 1)]:
            cut = one.span.cut or span.cut
            goes_on = not re.search(r"[。！？；\n]", self.text[before : one.at])
            is_said = one.span.is_said and not (one.span.kind == TO_DATE and span.is_said and goes_on)
            span, before = replace(one.span if is_said else span, cut=cut), one.at
        return span


# -- forms --------------------------------------------------------------------------------------------------------

_N = r"(?:\d{1,2}|十?[一二三四五六七八九]|十)"
_Y = r"(?:19|20)\d\d"
_LAST_QUARTER = 4
Meaning = Callable[[re.Match[str], date], Span | None]


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _number(words: str | None) -> int:
    found = numerals.value(words or "")
    return int(found) if found is not None else 0


def _days(first: date, last: date) -> Span:
    return Span(IN_PERIOD, first, last)


def _months(year: int, first: int, last: int) -> Span | None:
    if not 1 <= first <= last <= 12:  # noqa: PLR2004
        return None
    return _days(date(year, first, 1), _month_end(year, last))


def _quarters(year: int, first: int, last: int) -> Span | None:
    return _months(year, 3 * first - 2, 3 * last) if 1 <= first <= last <= _LAST_QUARTER else None


def _year_said(found: re.Match[str], day: date, name: str) -> int:
    return int(found[name]) if found[name] else day.year


def _cut(found: re.Match[str], day: date) -> Span | None:
    month = _number(found["cut_month"])
    year = int(found["cut_year"]) if found["cut_year"] else day.year - (month > day.month)
    try:
        return (
            Span(cut=date(year, month, _number(found["cut_day"])))
            if found["cut_day"]
            else Span(cut=_month_end(year, month))
        )
    except ValueError:
        return None


def _range(found: re.Match[str], day: date) -> Span | None:
    year = _year_said(found, day, "range_year")
    until = int(found["range_until_year"]) if found["range_until_year"] else year
    try:
        return _days(
            date(year, _number(found["range_month"]), _number(found["range_day"])),
            date(
                until, _number(found["range_until"]) or _number(found["range_month"]), _number(found["range_until_day"])
            ),
        )
    except ValueError:
        return None


def _one_month(found: re.Match[str], day: date) -> Span | None:
    month = _number(found["month"])
    if found["month_day"] or not 1 <= month <= 12:  # noqa: PLR2004
        return None
    return _months(
        _year_said(found, day, "month_year") if found["month_year"] else day.year - (month > day.month), month, month
    )


def _last_month(_: re.Match[str], day: date) -> Span | None:
    before = day.replace(day=1) - timedelta(days=1)
    return _months(before.year, before.month, before.month)


def _half(found: re.Match[str], day: date) -> Span | None:
    year = _year_said(found, day, "half_year")
    return _months(year, 1, 6) if found["half"] == "上" else _months(year, 7, 12)


def _quarter(found: re.Match[str], day: date) -> Span | None:
    number = _number(found["quarter"])
    return _quarters(_year_said(found, day, "quarter_year"), 1 if found["quarters"] else number, number)


_FORMS: tuple[tuple[str, str, Meaning], ...] = (
    ("unclear_", r"(?:去年|上年|上月|同期|前年)同期|上年度?|同比|环比|较上(?:年|月)|比上(?:年|月)", lambda _, __: None),
    ("cut_", rf"截[至止]到?(?:(?P<cut_year>{_Y})年)?(?P<cut_month>{_N})月(?:份|底|末)?(?:(?P<cut_day>{_N}{{1,2}}|二?三?十[一二三四五六七八九]?)[日号])?", _cut),
    ("now_", r"截[至止]目前|截[至止]当前|目前|现有|现已|在册|在编", lambda _, __: Span(TO_DATE)),
    ("since_", rf"(?:自)?(?P<since>{_Y})年(?:{_N}月(?:{_N}日)?)?(?:起|以来)",
     lambda found, day: _days(date(int(found["since"]), 1, 1), day) if "月" not in found[0] else Span(unclear=True)),
    ("this_", r"今年以来|年初以来|今年|本年度?|年内", lambda _, __: Span(THIS_YEAR)),
    ("range_", rf"(?:(?P<range_year>{_Y})年)?(?P<range_month>{_N})月(?P<range_day>\d{{1,2}})[日号]?\s?[-—–~至到]+\s?(?:(?P<range_until_year>{_Y})年)?(?:(?P<range_until>{_N})月)?(?P<range_until_day>\d{{1,2}})[日号]", _range),
    ("months_", rf"(?:(?P<months_year>{_Y})年)?(?P<months>{_N})月?\s?[-—–~至到]+\s?(?P<months_until>{_N})月",
     lambda found, day: _months(_year_said(found, day, "months_year"), _number(found["months"]), _number(found["months_until"]))),
    ("quarter_", rf"(?:(?P<quarter_year>{_Y})年)?(?P<quarters>前)?第?(?P<quarter>[一二三四1-4])个?季度", _quarter),
    ("half_", rf"(?:(?P<half_year>{_Y})年)?(?P<half>[上下])半年", _half),
    ("month_", rf"(?:(?P<month_year>{_Y})年)?(?<!个)(?<![\d一二三四五六七八九])(?P<month>{_N})月(?:份)?(?P<month_day>{_N}{{1,2}}[日号])?", _one_month),
    ("year_", rf"(?P<year>{_Y})年(?:度|全年)?", lambda found, _: _days(date(int(found["year"]), 1, 1), date(int(found["year"]), 12, 31))),
    ("whole_", r"全年", lambda _, day: _days(date(day.year, 1, 1), date(day.year, 12, 31))),
    ("last_", r"去年", lambda _, day: _days(date(day.year - 1, 1, 1), date(day.year - 1, 12, 31))),
    ("month_now_", r"本月|当月|这个月", lambda _, day: _months(day.year, day.month, day.month)),
    ("month_before_", r"上个?月", _last_month),
    ("quarter_now_", r"本季度?|当季", lambda _, day: _quarters(day.year, (day.month + 2) // 3, (day.month + 2) // 3)),
    ("recent_", r"近年来|近几年来?|近[三3]年来?|这几年", lambda _, __: Span(RECENT_YEARS)),
    ("all_", r"累计|历年|(?:机制|平台|系统)?(?:运行|开展|实施|建立|启动|推行|成立)以来", lambda _, __: Span(CUMULATIVE)),
)  # fmt: skip
_MEANINGS = {name: meaning for name, _, meaning in _FORMS}
_ANY = re.compile("|".join(f"(?P<{name}>{form})" for name, form, _ in _FORMS))
