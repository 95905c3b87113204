"""Every figure in a text: a number with its measure word and what qualifies it, and where it stands.

Places count code points, half-open. What dates, articles, telephones, lists and names say in numbers is no figure
(`passed_over`). “一” before a noun (一个企业) is an article rather than a count: such a mention is `indefinite`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lianshang.reports import numerals
from lianshang.reports.passed_over import masked

_SP = r"[ \u00a0\u2009\u202f]?"
DURATIONS = ("个工作日", "个工作小时", "个自然日", "个日历日", "个小时", "个半月", "个多月", "个月", "个季度", "个星期",
             "工作日", "工作小时", "小时", "分钟", "秒钟", "星期", "周年", "年", "天", "周", "日", "秒")  # fmt: skip
MEASURES = ("个百分点", "百分点", "人次", "人日", "批次", "班次", "场次", "架次", "台次", "户次", "车次", "件次", "家次", "项次",
            "户企业", "平方米", "平方公里", "立方米", "千米", "公里", "千瓦时", "千瓦", "兆瓦", "吨标准煤", "吨标煤", "公斤", "千克",
            "毫米", "厘米", "公顷", "课时", "学时", "美元", "欧元", "余元", "元", "块钱", "亩", "米", "吨", "升",
            "户", "家", "名", "人", "位", "个", "件", "次", "场", "起", "项", "条", "座", "处", "台", "套", "辆", "列",
            "支", "所", "批", "份", "篇", "张", "间", "栋", "幢", "盏", "根", "株", "棵", "只", "例", "宗", "桩", "笔", "单",
            "票", "轮", "届", "种", "款", "倍", "册", "枚", "艘", "堂", "岁", "字", "页", "幅", "本", "块",
            "个点", "户主", "具", "口井", "车", "趟", "回")  # fmt: skip
ARABIC_ONLY = (
    "分",
    "度",
    "班",
    "期",
    "类",
    "级",
    "门",
    "部",
    "步",
    "组",
    "队",
    "团",
    "站",
    "头",
    "节",
    "课",
    "层",
    "角",
    "对",
    "把",
    "面",
)
PERCENT, PERMILLE, POINTS = "%", "‰", "百分点"
BARE = "元?"  # 21.16亿 without a unit: money, most likely

_LOOSE = r"[余多来几]"
_NUMBER = (
    rf"(?:百分之(?P<percent>{numerals.SPELLED}|{numerals.ARABIC})"
    rf"|千分之(?P<permille>{numerals.SPELLED}|{numerals.ARABIC})"
    rf"|(?P<part>{numerals.SPELLED}分之{numerals.SPELLED})"
    rf"|(?P<arabic>{numerals.ARABIC}){_SP}(?P<loose1>{_LOOSE})?(?P<times>{numerals.TIMES})?"
    rf"|(?P<spelled>{numerals.SPELLED}))(?P<loose2>{_LOOSE})?"
)
_VAGUE = re.compile(r"(?P<vague>(?:数|几)[十百千万]|十几|[百千万](?=余|多|[名家个人件次]))")
_AFTER = r"及?以上|及?以下|以内|之内|左右|上下"
_MOST_BEFORE = ("不少于", "不低于", "不小于", "至少", "最少", "不多于", "不超过", "不高于", "最多", "至多", "不大于",
                "不到", "不足", "不满", "少于", "低于", "超过", "突破", "多于", "高于", "大于", "将近", "接近", "大约", "大概",
                "约为", "逾", "超", "近", "约", "上")  # fmt: skip
_NOT_AFTER = {
    "近": "附最远就临靠亲邻新",
    "约": "签节预履违合契公条特失相邀制解集",
    "超": "赶高",
    "上": "线网以地晚早马",
    "逾": "",
}
_ARTICLE = ("第", "每", "同", "某", "哪", "那", "这", "任", "逐", "另", "统", "唯", "之", "上", "下", "首", "再")
_RANGE = re.compile(rf"{_SP}(?P<unit>{{unit}})?{_SP}[-—–~至到]{{{{1,2}}}}{_SP}")


@dataclass(frozen=True)
class Mention:
    """A figure in a text. `low` and `high` differ for ranges only; both in the base of `unit` (元, 人次, %).

    `before` and `after` are the words that qualify it (近, 超过; 余, 多, 以上), "" for an exact figure.
    `decimals`: how many it shows, and `times` what they are shown in (10^8 for 亿).
    """

    start: int
    end: int
    text: str
    low: Decimal
    high: Decimal
    unit: str
    before: str = ""
    loose: str = ""
    after: str = ""
    decimals: int = 0
    times: Decimal = Decimal(1)
    indefinite: bool = False

    @property
    def is_range(self) -> bool:
        return self.low != self.high

    @property
    def is_duration(self) -> bool:
        return self.unit in DURATIONS

    @property
    def is_exact(self) -> bool:
        return not (self.before or self.loose or self.after or self.is_range)


def found(text: str) -> list[Mention]:
    """Return the figures of a text in their order."""
    return list(_Finder(text).run())


@dataclass(frozen=True)
class _Piece:
    """One number as it stands: its value without unit, whether 余 stands in it, how it is shown."""

    start: int
    end: int
    value: Decimal
    loose: str
    times: Decimal
    decimals: int
    spelled: bool
    unit: str = ""  # 百分之… brings its own
    high: Decimal | None = None  # 三五家, 数十家


_NUMBER_AT = re.compile(_NUMBER)
_UNIT = "|".join(sorted((*DURATIONS, *MEASURES, *ARABIC_ONLY, r"%", "‰"), key=len, reverse=True))
_UNIT_AT = re.compile(rf"{_SP}(?P<unit>{_UNIT})")
_TENTH = re.compile(
    rf"(?P<n>\d+(?:\.\d+)?|[一二两三四五六七八九]){_SP}(?P<l>多)?成(?![立为员果长功绩效本交品套熟都就型分语])"
)
_LINK = re.compile(rf"{_SP}[-—–~至到]{{1,2}}{_SP}")
_AFTER_AT = re.compile(rf"{_SP}(?P<after>{_AFTER}|[余多](?=[^\u4e00-\u9fff]|$))")
_PAIR = re.compile(r"([一二三四五六七八九])([二三四五六七八九])(?=[百千万]|[名家个件次人场项起])")
_START = re.compile(r"\d|[一二两三四五六七八九十百千数几]|百分之|千分之")


class _Finder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = masked(numerals.plain(text))

    def run(self) -> Iterator[Mention]:
        at = 0
        while start := _START.search(self.plain, at):
            mention = self._mention(start.start())
            if mention:
                yield mention
            at = max(mention.end if mention else 0, start.start() + len(self._skipped(start.start())))

    def _skipped(self, at: int) -> str:
        """The whole number that was no figure, so that no tail of it is taken for one."""
        number = _NUMBER_AT.match(self.plain, at)
        return number[0] if number and number[0] else self.plain[at]

    def _mention(self, at: int) -> Mention | None:
        first = self._piece(at)
        if first is None:
            return None
        unit, end = self._unit(first)
        second = None
        link = _LINK.match(self.plain, end)
        if link and (other := self._piece(link.end())):
            other_unit, other_end = self._unit(other)
            if other_unit and unit in ("", other_unit):
                second, unit, end = other, other_unit, other_end
        return self._made(first, second, unit, end) if unit else None

    def _piece(self, at: int) -> _Piece | None:
        if pair := _PAIR.match(self.plain, at):
            return self._pair(pair)
        if tenth := _TENTH.match(self.plain, at):
            number = numerals.value(tenth["n"]) or Decimal(0)
            return _Piece(
                at,
                tenth.end(),
                number * 10,
                tenth["l"] or "",
                Decimal(10),
                numerals.decimals(tenth["n"]),
                spelled=True,
                unit=PERCENT,
            )
        if vague := _VAGUE.match(self.plain, at):
            return self._vague(vague)
        found = _NUMBER_AT.match(self.plain, at)
        return self._number(found) if found else None

    def _number(self, found: re.Match[str]) -> _Piece | None:
        words = found["percent"] or found["permille"] or found["arabic"] or found["spelled"]
        unit = PERCENT if found["percent"] else PERMILLE if found["permille"] else ""
        if found["part"]:
            above, below = (numerals.value(one) for one in reversed(found["part"].split("分之")))
            if above is None or not below:
                return None
            return _Piece(
                found.start(), found.end(), 100 * above / below, "约", Decimal(1), 0, spelled=True, unit=PERCENT
            )
        value = Decimal(100) if unit and words == "百" else numerals.value(words)
        if value is None:
            return None
        times = numerals.times(found["times"] or "") * _spelled_times(found["spelled"] or "")
        loose = found["loose1"] or found["loose2"] or ""
        scaled = value * numerals.times(found["times"] or "")
        return _Piece(
            found.start(),
            found.end(),
            scaled,
            loose,
            times,
            numerals.decimals(words),
            spelled=not found["arabic"],
            unit=unit,
        )

    def _pair(self, found: re.Match[str]) -> _Piece:
        """三五家, 七八十名: from one to the other."""
        tail = re.match(r"[十百千万]?", self.plain[found.end() :])
        times = numerals.times(tail[0] if tail else "")
        low, high = (Decimal(numerals.DIGITS[mark]) * times for mark in found.groups())
        return _Piece(
            found.start(), found.end() + len(tail[0] if tail else ""), low, "", times, 0, spelled=True, high=high
        )

    def _vague(self, found: re.Match[str]) -> _Piece:
        """数十, 几百: 20 to 99; 十几: 11 to 19; 百余, 上百: from a hundred on."""
        words, end = found["vague"], found.end()
        if words == "十几":
            return _Piece(found.start(), end, Decimal(11), "", Decimal(1), 0, spelled=True, high=Decimal(19))
        step = numerals.times(words[-1])
        if len(words) > 1:
            return _Piece(found.start(), end, 2 * step, "", Decimal(1), 0, spelled=True, high=10 * step - 1)
        loose = self.plain[end : end + 1] if self.plain[end : end + 1] in ("余", "多") else ""
        return _Piece(found.start(), end + len(loose), step, loose, Decimal(1), 0, spelled=True)

    def _unit(self, piece: _Piece) -> tuple[str, int]:
        """Return the measure word behind a number and where it ends; "" where there is none."""
        if piece.unit:
            return piece.unit, piece.end
        found = _UNIT_AT.match(self.plain, piece.end)
        if not found and piece.times >= 10**4 and not piece.spelled:
            return BARE, piece.end
        if not found or (piece.spelled and found["unit"] in ARABIC_ONLY):
            return "", piece.end
        return found["unit"], found.end()

    def _made(self, first: _Piece, second: _Piece | None, unit: str, end: int) -> Mention:
        before = self._before(first)
        after = _AFTER_AT.match(self.plain, end)
        low, high = _bounds(first, second)
        last = second or first
        loose = last.loose or ("余" if unit == "余元" else "")
        start, stop = first.start - len(before), after.end() if after else end
        return Mention(
            start, stop, self.text[start:stop], low, high, _plain_unit(unit), before, loose,
            (after["after"] if after else "").removeprefix("及"), last.decimals, last.times, self._indefinite(first, unit, stop),
        )  # fmt: skip

    def _before(self, piece: _Piece) -> str:
        """The word before the number that says how near it is: 近, 超过; not the 约 of 签约."""
        head = self.plain[max(0, piece.start - 4) : piece.start]
        for word in _MOST_BEFORE:
            if head.endswith(word) and head.removesuffix(word)[-1:] not in (set(_NOT_AFTER.get(word, "")) or {" "}):
                bare = len(self.plain[piece.start : piece.end].rstrip("余多")) == 1 and piece.spelled
                return word if word != "上" or (bare and piece.value >= 100) else ""  # noqa: PLR2004
        return ""

    def _indefinite(self, piece: _Piece, unit: str, stop: int) -> bool:
        """“一” as an article: with a noun right behind it, or with 每, 同, 另 … before."""
        if self.plain[piece.start : piece.end] != "一" or unit in DURATIONS:
            return False
        return self.plain[piece.start - 1 : piece.start] in _ARTICLE or bool(
            re.match(r"[\u4e00-\u9fff]", self.plain[stop : stop + 1])
        )


def _spelled_times(words: str) -> Decimal:
    """The 万 or 亿 that Chinese numerals end on: two decimals of 两点一亿 are of 亿."""
    return (
        numerals.times(words[-1]) if "点" not in words and words[-1:] in ("万", "亿") and len(words) > 1 else Decimal(1)
    )


def _bounds(first: _Piece, second: _Piece | None) -> tuple[Decimal, Decimal]:
    """3—5名; 1—2万元 is ten thousand to twenty thousand."""
    if second is None:
        return first.value, first.high if first.high is not None else first.value
    low = first.value
    if first.times == 1 and second.times > 1 and low < second.value / second.times:
        low *= second.times
    return low, second.value


def _plain_unit(unit: str) -> str:
    return {"余元": "元", "户企业": "户", "个百分点": POINTS, "个点": POINTS}.get(unit, unit)
