"""机制试算: one ledger under one mechanism, and under all that we ship side by side. Computed in memory, nothing is kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from lianshang.cases import handed_in, headings, presets, replay
from lianshang.cases.replay import NotMeasurable, Ticket, Unread
from lianshang.kernel import tables
from lianshang.kernel.calendars import WorkCalendar, national
from lianshang.kernel.profiles import Profile

MOST_ROWS = 20_000
LAST_DAY = 30  # what took longer stands in one column
GOALS = (0.8, 0.9, 0.95)
TOP, WIDTH = 100, 10  # of the highest column, of each column with its gap


class TooLong(ValueError):
    """The ledger has more rows than a page may count. The text is a Chinese sentence."""


@dataclass(frozen=True)
class Compared:
    """What a mechanism would have made of the ledger; `why_not` where it sets nothing that can be measured."""

    name: str
    label: str
    chosen: bool = False
    limit: str = ""
    on_time: int = 0
    late: int = 0
    share: float | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Column:
    """One column of the strip: so many answers took that many working days."""

    label: str
    count: int
    height: int  # of `TOP`
    x: int
    late: bool = False  # beyond the limit that was promised

    @property
    def y(self) -> int:
        return TOP - self.height


@dataclass(frozen=True)
class Trial:
    profile: Profile
    found: dict[str, Any]
    compared: list[Compared]
    columns: list[Column]
    promised: int | None = None  # the limit, where it is one of working days
    needed: list[tuple[int, int]] = field(default_factory=list)  # percent of the answers → working days they took

    @property
    def on_time_share(self) -> float | None:
        return self.found["on_time"] / self.found["answered"] if self.found["answered"] else None

    @property
    def mark(self) -> int | None:
        """Where the limit stands in the strip: behind its last column."""
        within = self.promised is not None and self.promised <= LAST_DAY
        return (self.promised + 1) * WIDTH - 1 if within and self.promised is not None else None

    @property
    def late(self) -> int:
        return sum(self.found["late"].values())


def read(
    content: bytes, name: str, mapping: Mapping[str, str], calendar: WorkCalendar
) -> tuple[list[Ticket], list[Unread]]:
    """The tickets of a ledger. Raises `tables.Unreadable`, `headings.Misheaded`, `TooLong`."""
    sheet = handed_in.safely(content, tables.read, content, name, recognise=headings.recogniser(mapping))
    if len(sheet.rows) > MOST_ROWS:
        raise TooLong(
            f"这份台账有 {len(sheet.rows):,} 行，网页上一次最多试算 {MOST_ROWS:,} 行。请分成几份，或用命令行 lianshang replay。"
        )
    return replay.tickets(sheet, calendar.zone, mapping)


def measured(
    content: bytes, name: str, profile: Profile, *, kind: str = "", mapping: Mapping[str, str] | None = None
) -> Trial:
    """Measure the ledger. Raises as `read` does, and `NotMeasurable`."""
    calendar = national()
    tickets, unread = read(content, name, mapping or {}, calendar)
    found = replay.replay(tickets, unread, profile, calendar, kind)
    shipped = [presets.preset(preset) for preset in presets.preset_names()]
    own = [] if profile in shipped else [profile]
    compared = [_compared(one, tickets, calendar, kind, chosen=one == profile) for one in (*own, *shipped)]
    days = replay.elapsed(tickets, calendar)
    promised = _promised(profile, found["limit"])
    return Trial(profile, found, compared, _columns(days, promised), promised, _needed(days))


def conclusion(trial: Trial) -> list[str]:
    """What it comes to, in sentences that anybody may repeat."""
    found = trial.found
    if not found["answered"]:
        return [f"这份台账 {found['rows']:,} 件里，没有一件有实质答复，测不出按期的情况。", *_beside(found)]
    limit = found["limit"]
    kept = f"{found['on_time']:,} 件能按期，占 {percent(trial.on_time_share)}；{trial.late:,} 件会超期。"
    sentences = [
        f"这份台账 {found['rows']:,} 件，有实质答复的 {found['answered']:,} 件。",
        f"若按“{trial.profile.label}”的承诺（{limit['label']} {limit['words']}），{kept}",
        *_beside(found),
    ]
    if trial.needed:
        goals = "，".join(f"{share}% 的答复用了 {days} 个工作日以内" for share, days in trial.needed)
        sentences.append(f"反过来看：{goals}。承诺定多长，可以从这里商量。")
    return sentences


def percent(share: float | None) -> str:
    """A share, cut and never rounded up: 100% is said of all alone."""
    return "—" if share is None else f"{int(share * 1000) / 10:g}%"


def _beside(found: Mapping[str, Any]) -> list[str]:
    said = []
    if found["acknowledged_only"]:
        said.append(f"{found['acknowledged_only']:,} 件只回了“已收悉”“已转办”一类的话，不算答复")
    if found["unanswered"]:
        said.append(f"{found['unanswered']:,} 件没有答复")
    if found["unreadable"]:
        said.append(f"{len(found['unreadable']):,} 行读不出时间，没有计入")
    return [f"另有 {'；'.join(said)}。"] if said else []


def _compared(
    profile: Profile, tickets: Sequence[Ticket], calendar: WorkCalendar, kind: str, *, chosen: bool
) -> Compared:
    try:
        found = replay.replay(tickets, [], profile, calendar, kind if kind in profile.kinds else "")
    except NotMeasurable:
        return Compared(profile.name, profile.label, chosen, why_not="没有规定办理或反馈期限，测不出")
    late = sum(found["late"].values())
    counted = found["on_time"] + late
    share = found["on_time"] / counted if counted else None
    words = f"{found['limit']['label']} {found['limit']['words']}"
    return Compared(profile.name, profile.label, chosen, words, found["on_time"], late, share)


def _needed(days: Sequence[int]) -> list[tuple[int, int]]:
    """How many working days were enough for such a part of the answers."""
    ordered = sorted(days)
    return [(round(goal * 100), ordered[ceil(goal * len(ordered)) - 1]) for goal in GOALS] if ordered else []


def _promised(profile: Profile, limit: Mapping[str, str]) -> int | None:
    known = profile.limit(limit["duty"], limit["kind"])
    return known.n if known and known.form == "period" and known.unit == "working-days" else None


def _columns(days: Sequence[int], promised: int | None) -> list[Column]:
    counts = Counter(min(day, LAST_DAY + 1) for day in days)
    most = max(counts.values(), default=1)
    return [
        Column(
            label=f"{day} 个工作日" if day <= LAST_DAY else f"{LAST_DAY} 个工作日以上",
            count=counts[day],
            height=ceil(counts[day] * TOP / most),
            x=day * WIDTH,
            late=promised is not None and day > promised,
        )
        for day in range(LAST_DAY + 2)
    ]
