"""A pasted chat taken apart: the lines of each message, whose they are, when it was said, what did not come along.

Copies differ: name and time in one line (desktop), the time before the name (exports), name and time in two lines,
a dated rule and then hours (forwarded records), or only `名字：`. How a text is written is found out from itself.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from lianshang.cases.chat import cleaning
from lianshang.cases.chat.times import moment

LONGEST_NAME = 40
FULL = (
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T]*(?:[上下中]午|早上|凌晨|晚上|傍晚)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
)
EXPORTED = re.compile(
    rf"[\[(【]?({FULL})[\])】]?\s+(?P<name>[^:：]{{1,{LONGEST_NAME}}}?)(?:\([\w.@-]+\))?\s*(?:[:：]\s*(?P<text>.*))?"
)
RULE = re.compile(r"[—\-–─=_*·\s]{2,}(?P<day>[^—\-–─=_*·\s].*?)[—\-–─=_*·\s]{2,}")
NAMED = re.compile(rf"(?P<name>[^\s:：][^:：]{{0,{LONGEST_NAME - 16}}}?)\s*[:：]\s*(?P<text>.*)")
SENTENCE = re.compile(
    r"[。,;!?…、]|(?:[到至约从在是于自]|今天|明天|昨天|上午|下午|晚上|早上)$|^(?:今天|明天|昨天|每天|从|自)"
)
SHORT_NAME, LONGEST_RULE = 20, 120
DATED = 4  # figures of a date with an hour: 11/23 14:02
LABELS = {
    "地点", "地址", "位置", "电话", "联系电话", "手机", "联系人", "时间", "原因", "内容", "问题", "备注", "诉求", "企业", "公司", "单位",
    "附", "注", "附件", "情况", "情况如下", "如下", "说明", "建议", "回复", "通知", "主题", "标题", "http", "https", "引用", "ps", "p.s",
    "问", "答", "请问", "企业名称", "单位名称", "事项", "反映事项", "要求", "请求", "报修", "型号", "数量", "金额", "编号", "车牌", "车号",
}  # fmt: skip


@dataclass(frozen=True)
class Message:
    """One message. `at` is None where no time was copied; `original` is every line of it as it was pasted."""

    sender: str
    at: datetime | None
    original: str
    text: str = ""
    quoted: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    messages: list[Message] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # the program's own lines, and messages of faces alone


@dataclass
class _Open:
    """A message whose lines are still coming."""

    sender: str
    at: datetime | None
    head: list[str]
    lines: list[str] = field(default_factory=list)


class _Reader:
    """Goes through the lines once; `day` is the last dated rule, `hour` the last time that stood alone."""

    def __init__(self, lines: Sequence[str], at: datetime) -> None:
        self.lines, self.at = lines, at
        self.day: date | None = None
        self.hour: datetime | None = None
        self.done: list[_Open] = []
        self.known: set[str] = set()  # senders so far
        self.told: dict[tuple[str, date | None], datetime | None] = {}  # moments that were asked before
        self.left_out: list[str] = []
        self.dated = any(self._exported(line) or self._header(line) for line in lines)
        self.over = not self.dated and self._times_stand_over_names()
        self.colons = not self.dated and not self.over and self._begins_with_a_name()

    def read(self) -> None:
        number = 0
        while number < len(self.lines):
            number += self._take(number)

    def _take(self, number: int) -> int:
        """Take the line in, and return how many lines that were."""
        line = self.lines[number].strip()
        if cleaning.is_of_the_program(line):
            self.left_out.append(line)
        elif self._is_rule(line):
            pass
        elif head := self._exported(line):
            self._begin(head["name"], self._moment(head[1]), line, head["text"] or "")
        elif found := self._header(line, weak=self._stands_apart(number)):
            self._begin(*found, line)
        elif not self.colons and self._is_two_lines(number):
            self._begin(line, self._moment(self.lines[number + 1]), "\n".join(self.lines[number : number + 2]))
            return 2
        elif lone := self._moment(line):
            self.hour = lone
            if self.over:
                self._begin(self.lines[number + 1], lone, "\n".join(self.lines[number : number + 2]))
                return 2
        elif self.colons and (named := self._named(line)):
            self._begin(named["name"], self.hour, "", named["text"], whole=self.lines[number])
        elif self.done or line:
            self._go_on(self.lines[number])
        return 1

    def _begin(self, name: str, at: datetime | None, head: str, text: str = "", *, whole: str = "") -> None:
        opened = _Open(cleaning.name(name), at, [whole or head])
        opened.lines += [text] if text else []
        self.done.append(opened)
        self.known.add(opened.sender)

    def _go_on(self, line: str) -> None:
        if not self.done:
            self.done.append(_Open("", self.hour, []))
        self.done[-1].lines.append(line)
        self.done[-1].head.append(line)

    def _moment(self, words: str) -> datetime | None:
        key = words.strip("[]()【】 "), self.day
        if key not in self.told:
            self.told[key] = moment(key[0], self.at, day=self.day, clock=True)
        return self.told[key]

    def _is_rule(self, line: str) -> bool:
        """Whether the line is a rule with a date; what follows is of that day. A quote's rule has none."""
        found = RULE.fullmatch(line) if len(line) <= LONGEST_RULE else None
        said = found and moment(found["day"], self.at)
        if said:
            self.day, self.hour = said.date(), None
        return bool(said)

    @staticmethod
    def _exported(line: str) -> re.Match[str] | None:
        return EXPORTED.fullmatch(line.strip())

    def _header(self, line: str, *, weak: bool = False) -> tuple[str, datetime] | None:
        """Return name and moment of `张三 2026/11/23 09:12`; with `weak` an hour alone is enough."""
        words = line.strip()
        for cut in re.finditer(r"\s+", words[: LONGEST_NAME + 2]):
            name, when = words[: cut.start()], words[cut.end() :]
            told = self._moment(when)
            if told and _is_name(name) and (weak or not when[0].isdigit() or len(re.findall(r"\d+", when)) >= DATED):
                return name, told
        return None

    def _stands_apart(self, number: int) -> bool:
        """Whether a new message may begin here: at the top, after a blank line or a rule, or by somebody known."""
        before = self.lines[number - 1].strip() if number else ""
        who = self.lines[number].strip().split(maxsplit=1)[:1]
        return (
            not before
            or bool(RULE.fullmatch(before))
            or before in self.left_out
            or cleaning.name("".join(who)) in self.known
        )

    def _named(self, line: str) -> re.Match[str] | None:
        """Return name and text of `张三：门口积水`, unless the word before the colon only labels what follows."""
        found = NAMED.fullmatch(line)
        if not found or not _is_name(found["name"]):
            return None
        label = found["name"].strip().lower()
        return None if label in LABELS or label.isdigit() or self._moment(line) else found

    def _is_two_lines(self, number: int) -> bool:
        """Whether a name stands here alone, and its time in the next line."""
        here = self.lines[number].strip()
        below = self.lines[number + 1].strip() if number + 1 < len(self.lines) else ""
        apart = not number or not self.lines[number - 1].strip()
        named = _is_name(here) and "：" not in here and ":" not in here and not self._moment(here)
        return bool(named and apart and below and self._moment(below))

    def _times_stand_over_names(self) -> bool:
        """Whether each time that stands alone has a short name under it, and words under that."""
        times = [number for number, line in enumerate(self.lines) if self._moment(line)]
        below = [[line.strip() for line in self.lines[number + 1 : number + 3]] for number in times]
        return len(times) > 1 and all(
            len(two) > 1
            and two[1]
            and len(two[0]) <= SHORT_NAME
            and _is_name(two[0])
            and not self._moment(two[1])
            and not NAMED.fullmatch(two[0])
            for two in below
        )

    def _begins_with_a_name(self) -> bool:
        """Whether the first words are somebody's, as `张三：`. A letter with labels in it begins otherwise."""
        if any(self._is_two_lines(number) for number in range(len(self.lines))):
            return False
        first = (line.strip() for line in self.lines if line.strip() and not cleaning.is_of_the_program(line.strip()))
        return any(self._named(line) for line in [next((one for one in first if not self._moment(one)), "")])


def _is_name(words: str) -> bool:
    return bool(words) and len(words) <= LONGEST_NAME and not SENTENCE.search(cleaning.narrow(words))


def read(pasted: str, at: datetime) -> Reading:
    """Return the messages of the pasted text in their order. `at` is when it was pasted, in the zone of the park."""
    lines = pasted.replace("\r\n", "\n").replace("\r", "\n").replace("\u200b", "").replace("\ufeff", "").split("\n")
    reader = _Reader(lines, at)
    reader.read()
    messages = [_closed(one) for one in reader.done]
    empty = [one.original for one in messages if not _says(one) and one.original.strip()]
    return Reading([one for one in messages if _says(one)], [*reader.left_out, *empty])


def _says(one: Message) -> bool:
    return bool(re.search(r"\w", one.text) or one.missing or one.quoted)


def _closed(one: _Open) -> Message:
    text, quoted = cleaning.parted(one.lines)
    text, missing = cleaning.without_placeholders(text)
    original = "\n".join(one.head).strip("\n")
    return Message(one.sender, one.at, original, text, quoted, missing)
