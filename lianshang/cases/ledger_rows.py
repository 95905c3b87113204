"""The rows of a ledger that somebody brings in, as drafts of cases, or as errors that name the cell and the way out.

Pure: no database, nothing is stored. Needed are a title or a text, and the time of asking. Every fault of every row is
found in one go; a row with a fault gives no draft. A reply that only acknowledges is no answer: it stays as progress.
What could be read though it was not typed as it should be (see `ledger_hints`) is read, and told as a hint.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from lianshang.cases import headings
from lianshang.cases.acknowledgement import only_acknowledges
from lianshang.cases.headlines import headline
from lianshang.cases.ledger_hints import DITTO, Habits, hint, shown
from lianshang.kernel import formulas, moments
from lianshang.kernel.moments import Moment, Unclear
from lianshang.kernel.tables import Cell, Mended, Row, Sheet, letter

NATURES = ("咨询", "求助", "建议", "意见", "投诉", "举报")  # labels of cases' Nature, which needs Django
URGENCIES = ("普通", "紧急")
SKIPPED = {"blank": "这一行是空的，已跳过", "repeated": "这一行又是表头，已跳过", "sums": "这一行是合计，已跳过"}
LONGEST = {
    "number": 60, "title": 80, "text": 20_000, "reply": 20_000, "progress": 20_000, "enterprise": 80, "contact": 40,
    "phone": 30, "category": 30, "kind": 20, "unit": 80, "co_units": 400, "channel": 40, "chain": 40, "location": 100,
    "result": 40, "satisfaction": 20, "note": 2_000,
}  # fmt: skip
_TIMES = ("asked_at", "answered_at", "due")
# How ledgers that know only two grades, or more than two, call ours.
_URGENCY_WORDS = dict.fromkeys(("一般", "正常", "常规"), "普通") | dict.fromkeys(
    ("急", "加急", "特急", "非常紧急"), "紧急"
)


@dataclass(frozen=True)
class CellError:
    """What is wrong with a cell. `column` is its heading, `cell` its address in the sheet (D17; the row alone if none)."""

    row: int
    column: str
    value: str
    message: str
    cell: str = ""


@dataclass(frozen=True)
class Draft:
    """A case to be. Texts are "" where the ledger says nothing; `answer` None: not answered, a receipt is none.

    `progress` holds what was said short of an answer: a receipt, or a reply without its time. `progress_at` is when a
    receipt was sent, where the ledger tells.
    """

    row: int
    title: str
    text: str
    asked_at: datetime
    answered_at: datetime | None = None
    answer: str | None = None
    acknowledged: bool = False
    progress: str = ""
    progress_at: datetime | None = None
    number: str = ""
    enterprise: str = ""
    contact: str = ""
    phone: str = ""
    category: str = ""
    nature: str = ""
    kind: str = ""
    urgency: str = ""
    unit: str = ""
    co_units: tuple[str, ...] = ()
    channel: str = ""
    chain: str = ""
    location: str = ""
    due_at: datetime | None = None
    result: str = ""
    satisfaction: str = ""
    note: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """The words that a column may hold, in the order to be named; no `kinds`: any. Other `units` are told as a hint."""

    natures: Collection[str] = NATURES
    urgencies: Collection[str] = URGENCIES
    kinds: Collection[str] = ()
    units: Collection[str] = ()


@dataclass(frozen=True)
class Parsed:
    drafts: list[Draft]
    errors: list[CellError]
    rows: int
    hints: list[CellError] = field(default_factory=list)


def parse(
    sheet: Sheet,
    *,
    mapping: Mapping[str, str] | None = None,
    zone: tzinfo,
    at: datetime,
    vocabulary: Vocabulary | None = None,
) -> Parsed:
    """Drafts of the sound rows and all errors of the others, by row. `mapping`: our field → heading, over the usual ones.

    Times without a zone are in `zone`; whatever happened after `at` is an error. Raises `headings.Misheaded` where the
    sheet has no title and no text, or no time.
    """
    columns = headings.columns(sheet.headings, mapping)
    if "asked_at" not in columns or not {"title", "text"} & columns.keys():
        needed = [f"{headings.usual('title')}或{headings.usual('text')}", headings.usual("asked_at")]
        raise headings.Misheaded(headings.missing(sheet.headings, needed))
    numbers: dict[str, int] = {}
    parsed = Parsed([], [], len(sheet.rows), [CellError(at, "", "", SKIPPED[why]) for at, why in sheet.skipped])
    habits = Habits(sheet, columns)
    for row in sheet.rows:
        reader = _RowReader(sheet, columns, row, zone, at, vocabulary or Vocabulary(), habits)
        draft = reader.draft(numbers)
        if draft and not reader.errors:
            parsed.drafts.append(draft)
        parsed.errors.extend(reader.errors)
        wrong = {error.cell for error in reader.errors}
        parsed.hints.extend(one for one in reader.hints if one.cell not in wrong)
    parsed.hints.sort(key=lambda one: one.row)
    return parsed


@dataclass
class _RowReader:
    """Reads one row and collects what is wrong with its cells."""

    sheet: Sheet
    columns: Mapping[str, int]
    row: Row
    zone: tzinfo
    at: datetime
    vocabulary: Vocabulary
    habits: Habits
    errors: list[CellError] = field(default_factory=list)
    hints: list[CellError] = field(default_factory=list)

    def draft(self, numbers: dict[str, int]) -> Draft | None:
        """`numbers`: the external numbers so far, with their rows."""
        self._look()
        said: dict[str, Any] = {name: self._text(name) for name in LONGEST}
        times = {name: self._moment(name) for name in _TIMES}
        said |= self._words()
        self._check_number(said["number"], numbers)
        self._check_order(times["asked_at"], times["answered_at"])
        title, text = self._title_and_text(said.pop("title"), said.pop("text"))
        asked = times["asked_at"]
        if asked is None or not title:
            return None
        co_units = tuple(filter(None, re.split(r"[、,，;；\n]\s*", said.pop("co_units"))))
        reply = _reply(said.pop("reply"), said.pop("progress"), times["answered_at"])
        due = times["due"].at if times["due"] else None
        return Draft(
            row=self.row.number, title=title, text=text, asked_at=asked.at, co_units=co_units, due_at=due, **reply, **said
        )  # fmt: skip

    def _cell(self, name: str) -> Cell:
        return self.row.cells[self.columns[name]] if name in self.columns else ""

    def _place(self, name: str) -> str:
        at = self.columns.get(name)
        return f"{'' if at is None else letter(at)}{self.row.number}"

    def _told(self, name: str, message: str) -> CellError:
        at = self.columns.get(name)
        column = headings.label(name) if at is None else self.sheet.headings[at]
        return CellError(self.row.number, column, shown(self._cell(name)), message, self._place(name))

    def _fault(self, name: str, message: str) -> None:
        """One fault for each cell: what follows from it is not told again."""
        told = self._told(name, message)
        if told.cell not in {error.cell for error in self.errors}:
            self.errors.append(told)

    def _look(self) -> None:
        """What can be seen of the cells before they are understood."""
        for name in self.columns:
            cell = self._cell(name)
            kind, result = self.sheet.formulas.get(self._place(name), ("", "")) if self.sheet.formulas else ("", "")
            if kind == formulas.FAILED:
                self._fault(name, f"公式出错（{result or '没有结果'}），没有读到内容，请改成正确的内容")
            elif kind == formulas.EMPTY:
                self._fault(name, "公式没有算出结果，请在 Excel 里打开、保存后再传，或改成内容本身")
            elif name == "number" and isinstance(cell, Mended) and cell.how == "rounded":
                self._fault(name, "编号超过 15 位又存成了数字，后几位已变成 0，请把这一列设为文本后重新填写")
            elif name in DITTO and cell in DITTO[name]:
                self._fault(name, f"“{cell}”离开这张表就看不懂了，请写全")
            elif cell != "" and (words := hint(name, cell, kind, self.habits)):
                self.hints.append(self._told(name, words))
        self._check_unit()

    def _check_unit(self) -> None:
        """A unit that the park does not have is kept as it was written: old ledgers name bodies that are no more."""
        unit = str(self._cell("unit"))
        known = self.vocabulary.units
        if known and unit and any(one not in known for one in re.split(r"[、,，;；\n]\s*", unit)):
            self.hints.append(self._told("unit", "园区里没有这个单位，按原文记下；若是写错，请改成单位全称"))

    def _text(self, name: str) -> str:
        text = str(self._cell(name))
        if len(text) > LONGEST[name]:
            self._fault(name, f"{len(text)} 个字，最多 {LONGEST[name]} 个，请缩短")
            return text[: LONGEST[name]]
        return text

    def _moment(self, name: str) -> Moment | None:
        cell = self._cell(name)
        if cell == "" and name != "asked_at":
            return None
        try:
            moment = moments.read(cell, self.zone)
        except Unclear as error:
            self._fault(name, str(error))
            return None
        if name != "due" and Moment(self.at).precedes(moment):
            self._fault(name, "这个时间还没有到，请核对年份和日期")
            return None
        return moment

    def _words(self) -> dict[str, str]:
        """The columns that hold one of a few words."""
        nature = str(self._cell("nature")).removesuffix("类").removesuffix("件")
        urgency = str(self._cell("urgency"))
        known = self.vocabulary
        if urgency not in known.urgencies and _URGENCY_WORDS.get(urgency) in known.urgencies:
            urgency = _URGENCY_WORDS[urgency]
        kind = str(self._cell("kind"))
        self._check_word("nature", nature, known.natures)
        self._check_word("urgency", urgency, known.urgencies)
        if known.kinds:
            self._check_word("kind", kind, known.kinds)
        return {"nature": nature, "urgency": urgency}

    def _check_word(self, name: str, word: str, known: Iterable[str]) -> None:
        if word and word not in known:
            self._fault(name, f"不认识这个{headings.label(name)}，请改成：{'、'.join(known)}，或留空")

    def _check_number(self, number: str, numbers: dict[str, int]) -> None:
        if number and (first := numbers.setdefault(number, self.row.number)) != self.row.number:
            self._fault("number", f"编号与第 {first} 行重复，请核对后只留一行")

    def _check_order(self, asked: Moment | None, answered: Moment | None) -> None:
        if asked and answered and answered.precedes(asked):
            self._fault("answered_at", f"答复时间早于提出时间 {asked.at:%Y-%m-%d %H:%M}，请核对两个时间")

    def _title_and_text(self, title: str, text: str) -> tuple[str, str]:
        if not title and not text:
            self._fault("title" if "title" in self.columns else "text", "标题和正文都没有填，至少要有一个")
        return " ".join(title.split()) or headline(text), text or title


def _reply(reply: str, progress: str, answered: Moment | None) -> dict[str, Any]:
    """What the reply amounts to: an answer needs its time, and more than a receipt."""
    acknowledged = bool(reply) and only_acknowledges(reply)
    if answered and not acknowledged:
        return {"answered_at": answered.at, "answer": reply, "progress": progress}
    said = "\n".join(filter(None, (progress, reply)))
    return {"acknowledged": acknowledged, "progress": said, "progress_at": answered.at if answered else None}
