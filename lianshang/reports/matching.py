"""Which figure a mention speaks of: by its measure word and the words around it, never by its value.

A figure is spoken of by its names (受理诉求; a blank stands for words between: “受理 诉求”). The name nearest before the
number counts most; one right behind it (128件诉求办结) where none stands before; one in an earlier part of the sentence
(按期办结率方面，达到98%) where that part has no number of its own. Words that narrow the figure to a part of it
(用电类, 交通运输局, 同比) leave it unmatched: a part is another figure.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lianshang.reports import numerals
from lianshang.reports.mentions import BARE, DURATIONS, PERCENT, POINTS, Mention

ENDS = "，。；！？,;!?\n：（()）“”、"
SENTENCE_ENDS = "。；！？;!?\n"
LOOSELY = "个"  # may stand for any count of things
NO_THINGS = {PERCENT, "元", BARE, *DURATIONS, "公里", "吨", "亩"}  # what is never counted by 个
THINGS = {"企业", "单位", "部门"}  # 个企业, 个部门
PERSONS = {"名", "人", "位", "人次"}
ALIKE = ({"个", "件", "项", "宗", "桩"}, {"名", "人", "位"}, {"次", "场", "场次", "期", "堂", "节", "轮", "回", "趟"}, {"家", "户"},
         {"元", BARE}, {"个工作日", "工作日"}, {"个小时", "小时"}, {"天", "日", "个自然日"})  # fmt: skip
BETWEEN = re.compile(
    r"(?:企业|群众|各类|有效|全部|园区|链上|职工|反映|提出|报送|的|了|共|已|各|总|等|类|新|并|问题|诉求|事项){0,4}"
)
GAP = 12  # characters that may stand between two words of a name, where they are of those kinds
FAR = 14  # characters from a name to the number
PART_OF = re.compile(
    r"按期|超期|提前|当日|当场|同比|环比|比上|较上|提高|增长|下降|增加|减少|上升|回落|目标|不低于要求|力争|预计|计划|拟|"
    r"(?<![各两])类|方面(?!，)|[\u4e00-\u9fff]{2,6}(?:局|公司|厂|镇|乡|街道|车间|集团|分局|供电所)|领域|行业(?!协会)|人均|户均|平均每|每[家户人月天周]"
)
NOT_A_PART = re.compile(r"各类|分类|有关部门|各部门|各单位|各局")
NEGATED = "未不没无非"
_SAME = (("按时", "按期"), ("限时", "按期"), ("限期", "按期"), ("及时", "按期"), ("逾期", "超期"))


@dataclass(frozen=True)
class Spoken:
    """A figure as texts speak of it. `own` marks what a person bound here: it goes before what is declared."""

    key: str
    measures: tuple[str, ...]
    names: tuple[str, ...]
    own: bool = False


@dataclass(frozen=True)
class Match:
    """What a mention was matched to, by which words; `rivals` are others that fit as well: then `key` is empty."""

    key: str = ""
    name: str = ""
    rivals: tuple[str, ...] = ()
    part: str = ""


@dataclass(frozen=True)
class Context:
    """The words around a mention: before it in its clause, behind it up to the next number, earlier clauses without numbers."""

    before: str
    after: str
    earlier: tuple[str, ...]
    sentence: str
    place: int  # of the mention in the sentence


def context(text: str, mentions: Sequence[Mention], place: int) -> Context:
    """Return the words around the mention at that place of the list."""
    this = mentions[place]
    prior = mentions[place - 1].end if place else 0
    following = mentions[place + 1].start if place + 1 < len(mentions) else len(text)
    begin = _back(text, this.start, ENDS)
    end = _forth(text, this.end, ENDS)
    sentence = _back(text, this.start, SENTENCE_ENDS)
    earlier = re.split(f"[{re.escape(ENDS)}]", text[max(prior, sentence) : begin])
    if place and re.fullmatch(r"\s*[、和及]\s*", text[prior : this.start]) and mentions[place - 1].unit != this.unit:
        earlier = [context(text, mentions, place - 1).before]  # 培训300名、400人次
    return Context(
        text[max(prior, begin) : this.start],
        text[this.end : min(end, following)],
        tuple(one for one in reversed(earlier) if one.strip()),
        text[sentence : _forth(text, this.end, SENTENCE_ENDS)],
        this.start - sentence,
    )


def _back(text: str, place: int, signs: str) -> int:
    return max(text.rfind(sign, 0, place) for sign in signs) + 1


def _forth(text: str, place: int, signs: str) -> int:
    return min((at for sign in signs if (at := text.find(sign, place)) >= 0), default=len(text))


def match(text: str, mentions: Sequence[Mention], figures: Iterable[Spoken], parts: Iterable[str] = ()) -> list[Match]:
    """Return for each mention the figure that it speaks of. `parts`: names of units and classes that narrow a figure."""
    narrowing = re.compile(
        "|".join([PART_OF.pattern, *(re.escape(one) for one in sorted(parts, key=len, reverse=True))])
    )
    known = [replace(one, names=tuple(canonical(name) for name in one.names)) for one in figures]
    plain = canonical(numerals.plain(text))
    return [
        _match(context(plain, mentions, place), mention, known, narrowing) for place, mention in enumerate(mentions)
    ]


def canonical(text: str) -> str:
    """Return the text with words that mean the same written alike, as long as before."""
    for word, usual in _SAME:
        text = text.replace(word, usual)
    return text


def _match(around: Context, mention: Mention, figures: Sequence[Spoken], narrowing: re.Pattern[str]) -> Match:
    scored: list[tuple[int, str, str]] = []
    for figure in figures:
        if any(fits(mention.unit, measure) for measure in figure.measures):
            best = max(((_score(around, name), name) for name in figure.names), default=(0, ""))
            if best[0] > 0:
                scored.append((best[0] + 1000 * figure.own, figure.key, best[1]))
    if not scored:
        return Match()
    scored.sort(reverse=True)
    top, key, name = scored[0]
    rivals = tuple(dict.fromkeys(other for score, other, _ in scored if score == top))
    if len(rivals) > 1:
        return Match(rivals=rivals)
    part = _part(around, name, narrowing) if top < 1000 else ""  # noqa: PLR2004
    return Match("", name, (key,), part) if part else Match(key, name)


def fits(unit: str, measure: str) -> bool:
    """Whether a text may put the measure word `unit` behind a figure in `measure`: never 人次 for 人, nor 百分点 for %."""
    base = {"万元": "元", "亿元": "元"}.get(measure, measure)
    if unit == base or (len(unit) == 1 and base.startswith(unit) and base[1:] in THINGS):
        return True
    if POINTS in (unit, base):
        return False
    if unit == LOOSELY and base not in PERSONS | NO_THINGS:
        return True
    return any({unit, base} <= group for group in ALIKE)


def _score(around: Context, name: str) -> int:
    """How well a name is heard there; 0 for not at all. Longer names first, then nearer ones."""
    words = name.split()
    weight = 20 * sum(len(word) for word in words)
    if (far := _heard(around.before, words, from_end=True)) is not None:
        return weight + 200 - far
    if (
        words[:-1]
        and around.after.lstrip("的").startswith(words[-1])
        and _heard(around.before, words[:-1], from_end=True) is not None
    ):
        return weight + 190
    if (far := _heard(around.after, words, from_end=False)) is not None and far <= FAR:
        return weight + 100 - far
    if len(words) > 1 and (far := _under(around, words)) is not None:
        return weight + 200 - far
    for place, clause in enumerate(around.earlier[:2]):
        if _heard(clause, words, from_end=True) is not None:
            return weight + 60 - 10 * place
    return 0


def _under(around: Context, words: Sequence[str]) -> int | None:
    """The first word is the subject of the sentence, wherever it stands in it (联席会议召开6次，解决问题37个)."""
    if _heard(around.before, words[1:], from_end=True) is None:
        return None
    head = around.sentence[: around.place]
    at = head.rfind(words[0])
    return None if at < 0 else min(len(head) - at, 90)


def _heard(clause: str, words: Sequence[str], *, from_end: bool) -> int | None:
    """Return how far from the number the words stand, in their order, with nothing but fillers between; None: they do not."""
    pattern = BETWEEN.pattern.join(re.escape(word) for word in words)
    found = list(re.finditer(f"(?<![{NEGATED}])(?:{pattern})", clause))
    if not found:
        return None
    one = found[-1] if from_end else found[0]
    return len(clause) - one.end() if from_end else one.start()


def _part(around: Context, name: str, narrowing: re.Pattern[str]) -> str:
    """Return the word that makes it a part of the figure only, or another quantity altogether."""
    rest = around.before
    for word in name.split():
        rest = rest.replace(word, "·")
    rest = NOT_A_PART.sub("·", rest)
    found = narrowing.search(rest)
    return found[0] if found else ""
