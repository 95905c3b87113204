"""The columns of the 问题台账 and what each says of a case, from facts alone: no database, nothing of it is stored.

Empty means that nothing is known yet; `NONE` that there is nothing to be known, as of a grade for a withdrawn matter.
What an old ledger said besides is kept in words with the case (`said`), and stands where we know nothing better.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from lianshang.cases import masking
from lianshang.cases.headings import label
from lianshang.cases.states import ENDED, VOID, Channel, CloseType, Grade, State

NONE = "—"
Value = str | date | int


@dataclass(frozen=True)
class Column:
    """`width` in characters of the sheet; `kind` is text, wrapped text, a date or the running number."""

    heading: str
    width: float
    kind: str = "text"


COLUMNS = (
    Column("序号", 5, "count"),
    Column("受理编号", 11),
    Column("受理时间", 11, "date"),
    Column("来源渠道", 8),
    Column("企业名称", 16, "wrap"),
    Column("所属产业链", 10, "wrap"),
    Column("诉求类型", 9, "wrap"),
    Column("诉求内容摘要", 26, "wrap"),
    Column("紧急程度", 7),
    Column("首办单位", 12, "wrap"),
    Column("首办责任人", 8),
    Column("主办单位", 12, "wrap"),
    Column("协办单位", 12, "wrap"),
    Column("包联领导", 8),
    Column("办理时限", 11, "date"),
    Column("延期情况", 12, "wrap"),
    Column("办理进展", 22, "wrap"),
    Column("办理结果", 26, "wrap"),
    Column("反馈时间", 11, "date"),
    Column("办结时间", 11, "date"),
    Column("办结类型", 9, "wrap"),
    Column("满意度", 8),
    Column("是否销号", 6),
    Column("备注", 16, "wrap"),
)
HEADINGS = tuple(column.heading for column in COLUMNS)
ENTERPRISE = HEADINGS.index("企业名称")
CONTACTS = (
    Column("序号", 5, "count"),
    Column("受理编号", 12),
    Column("企业名称", 28, "wrap"),
    Column("统一社会信用代码", 22),
    Column("联系人", 12),
    Column("联系电话", 18),
)

# Ends after which nothing was handled, so that nobody can grade it.
UNHANDLED = (
    CloseType.NOT_ACCEPTED,
    CloseType.REDIRECTED,
    CloseType.WITHDRAWN,
    CloseType.MERGED,
    CloseType.MISTAKEN,
    CloseType.UNDONE,
)
_CHANNELS = dict(Channel.choices)
_ENDS = dict(CloseType.choices)
_GRADES = dict(Grade.choices)


@dataclass(frozen=True)
class Happened:
    """One step of a case that the ledger tells of."""

    verb: str
    at: datetime
    note: str = ""
    reference: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class Facts:
    """All that the ledger says of one case. `events` in their order; `due_at` of the lead's newest clock."""

    number: str
    registered_at: datetime
    state: str
    channel: str
    enterprise: str
    anonymous: bool
    chain: str
    category: str
    title: str
    urgency: str
    close_type: str
    closed_at: datetime | None
    grade: str
    rework_count: int
    merged_into: str
    external_number: str
    lead: str
    contact_officer: str
    uscc: str
    contact_name: str
    contact_phone: str
    first_unit: str = ""
    first_person: str = ""
    co_units: tuple[str, ...] = ()
    due_at: datetime | None = None
    events: tuple[Happened, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    supervised: str = ""  # the grade that stands, in words

    @property
    def unhandled(self) -> bool:
        return self.close_type in UNHANDLED

    def last(self, *verbs: str) -> Happened | None:
        return next((event for event in reversed(self.events) if event.verb in verbs), None)


def row(facts: Facts, number: int, zone: tzinfo, *, unmasked: bool = False) -> tuple[Value, ...]:
    """Return the values of one line, in the order of `COLUMNS`."""
    told = Teller(facts, zone, str if unmasked else masking.text)
    return (
        number,
        facts.number,
        told.day(facts.registered_at),
        told.said("channel") or _CHANNELS.get(facts.channel, ""),
        told.enterprise(),
        told.chain(),
        facts.category,
        told.hide(facts.title),
        facts.urgency,
        told.handled(facts.first_unit),
        told.handled(facts.first_person),
        told.handled(facts.lead or told.said("unit")),
        "、".join(facts.co_units) or told.said("co_units"),
        NONE if facts.anonymous else facts.contact_officer,
        told.due(),
        told.extension(),
        told.progress(),
        told.result(),
        told.day(told.answered_at()),
        told.day(facts.closed_at),
        _ENDS.get(facts.close_type, ""),
        told.grade(),
        told.struck(),
        told.note(),
    )


def contact(facts: Facts, number: int, *, unmasked: bool = False) -> tuple[Value, ...]:
    """Return whom to call, in the order of `CONTACTS`; who asked to stay unnamed has no name and no number here."""
    if facts.anonymous:
        return number, facts.number, "匿名", NONE, NONE, NONE
    name, phone = facts.contact_name, facts.contact_phone
    if not unmasked:
        name, phone = masking.name(name), masking.masked(phone) if phone else ""
    return number, facts.number, facts.enterprise, facts.uscc, name, phone


@dataclass(frozen=True)
class Teller:
    """Says in the ledger's words what the facts amount to. `hide` takes what is personal out of running text."""

    facts: Facts
    zone: tzinfo
    hide: Callable[[str], str]

    def day(self, moment: datetime | None) -> Value:
        return moment.astimezone(self.zone).date() if moment else ""

    def enterprise(self) -> str:
        return "匿名" if self.facts.anonymous else self.facts.enterprise

    def chain(self) -> str:
        """Of who asked to stay unnamed nothing that leads to the enterprise."""
        return NONE if self.facts.anonymous else self.said("chain") or self.facts.chain

    def said(self, name: str) -> str:
        """What an old ledger said of it."""
        return self.hide(self.facts.said.get(name, ""))

    def handled(self, words: str) -> str:
        """What only a matter has that was taken up."""
        return words or (NONE if self.facts.unhandled else "")

    def due(self) -> Value:
        if self.facts.due_at:
            return self.day(self.facts.due_at)
        try:
            return date.fromisoformat(self.facts.said.get("due_at", "")[:10])
        except ValueError:
            return self.handled("")

    def extension(self) -> str:
        given = [event for event in self.facts.events if event.verb == "grant_extension"]
        told = []
        if given:
            until = given[-1].due_at
            told.append(f"延期 {len(given)} 次{f'，至 {self.day(until)}' if until else ''}")
        if pauses := sum(event.verb == "pause" for event in self.facts.events):
            told.append(f"停钟 {pauses} 次")
        if self.facts.state == State.EXTENSION_REQUESTED:
            told.append("延期待批")
        return "；".join(told)

    def progress(self) -> str:
        undone = self.facts.close_type == CloseType.UNDONE
        state = str((CloseType.UNDONE if undone else State(self.facts.state)).label)
        told = self.facts.last("progress", "plan", "report_in", "contact")
        words = told.note if told else self.facts.said.get("progress", "")
        return "：".join(filter(None, (state, self.hide(words))))

    def result(self) -> str:
        told = self.facts.last("answer", "record_closed", "relay", "refuse", "redirect", "terminate")
        if told is None:
            return self.said("result")
        return self.hide("\n".join(filter(None, (told.note, told.reference))))

    def answered_at(self) -> datetime | None:
        told = self.facts.last("answer", "record_closed", "relay", "refuse", "redirect", "terminate")
        return told.at if told else None

    def grade(self) -> str:
        known = _GRADES.get(self.facts.grade) or self.said("satisfaction")
        return self.handled(known)

    def struck(self) -> str:
        """Whether the matter is off the list: it ended, in whatever way."""
        if self.facts.close_type in VOID:
            return NONE
        return "是" if self.facts.state in ENDED else "否"

    def note(self) -> str:
        facts = self.facts
        told = [self.said("note")]
        told.append(f"外部编号 {facts.external_number}" if facts.external_number else "")
        told.append(f"并入 {facts.merged_into}" if facts.merged_into else "")
        told.append(f"重办 {facts.rework_count} 次" if facts.rework_count else "")
        told.append("挂账" if facts.state == State.DEFERRED else "")
        told.append(f"督办中（{facts.supervised}）" if facts.supervised else "")
        return "；".join(filter(None, told))


def parted(note: str) -> dict[str, str]:
    """What an old ledger said besides, out of the words in which it is kept: our field → what it said."""
    names = {label("due" if name == "due_at" else name): name for name in KEPT}
    said: dict[str, str] = {}
    current = ""
    for line in note.split("\n"):
        heading, colon, words = line.partition("：")
        if colon and heading in names and names[heading] not in said:
            current = names[heading]
            said[current] = words
        elif current:
            said[current] += f"\n{line}"
    return said


KEPT = ("progress", "unit", "co_units", "channel", "chain", "result", "satisfaction", "due_at", "note")


@dataclass
class Sums:
    """What the foot of the sheet says: how many matters, and of them how many were extended, ended, graded, struck off."""

    count: int = 0
    filled: dict[str, int] = field(default_factory=dict)

    def add(self, line: tuple[Value, ...]) -> None:
        self.count += 1
        for name in ("延期情况", "办结时间", "满意度"):
            self._note(name, line[HEADINGS.index(name)] not in ("", NONE))
        self._note("是否销号", line[HEADINGS.index("是否销号")] == "是")

    def line(self) -> list[str]:
        """Return the line of sums, in the order of `COLUMNS`."""
        told = [f"{self.filled[name]} 件" if name in self.filled else "" for name in HEADINGS]
        told[:2] = ["合计", f"{self.count} 件"]
        return told

    def _note(self, name: str, counts: bool) -> None:  # noqa: FBT001
        self.filled[name] = self.filled.get(name, 0) + counts
