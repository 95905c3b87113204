"""The stories of the demo: what happened to each case, as steps. Files in `stories/` hold them.

`scripted` stories spell every step out. `ordinary` ones say what was wrong and how it was put right, once for each of
their `fills`; the course between is drawn by a `Random` of their own, so that it is the same each time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from random import Random
from typing import Any

import yaml

Step = dict[str, Any]  # verb, after, by, say, and what else the service takes
OWN = ("name", "when", "steps", "by", "sector", "firm", "contact", "opening")  # not fields of the whistle
UNIT_WORDS = ("lead", "co", "contacted", "progress", "answer", "close", "basis", "co_answer", "fills", "channels")
SPREAD = (4, 124)  # working days back over which ordinary stories began
MEETINGS = (121, 100, 79, 58, 37, 19)  # working days back on which joint meetings were held
HEARD = {"visit": 63, "meeting": 37, "centre": 12}  # how many problems came up there and were solved; the rest whistled
VOICES = {
    "visit": "instructor",
    "centre": "centre_staff",
    "meeting": "dispatcher",
    "phone": "dispatcher",
    "chat": "dispatcher",
}
COMPLEX = 18  # working days that the complex ones take at most
LATE = ("dispatch", "sign", "co", "answer", "callback", "answer", "co")


@dataclass(frozen=True)
class Story:
    """One case: when it began, who spoke, what the whistle said and what happened next."""

    name: str
    when: str
    whistle: dict[str, Any]
    steps: list[Step]
    by: str = ""
    sector: tuple[str, ...] = ()
    firm: str = ""
    contact: bool = True
    opening: str = "submit"
    strict: bool = field(default=False)  # every step must have happened by now


def all_stories() -> list[Story]:
    """Return every story, scripted first; ordinary ones spread over the months by their place in the files."""
    scripted = [_scripted(row) for row in _rows("scripted")]
    told = [(row, fill) for row in _rows("ordinary") for fill in row.get("fills", [{}])]
    drawn("order").shuffle(told)
    channels = _channels([row.get("close", "solved") == "solved" for row, _ in told])
    rows = zip(told, channels, strict=True)
    return [*scripted, *(_ordinary(*row, channel, place, len(told)) for place, (row, channel) in enumerate(rows))]


def _channels(solved: list[bool]) -> list[str]:
    """Deal out where each story was heard: visits, meetings and the centre brought up what was then solved."""
    chance = drawn("channels")
    places = [place for place, well in enumerate(solved) if well]
    chance.shuffle(places)
    dealt = dict(zip(places, [name for name, count in HEARD.items() for _ in range(count)], strict=False))
    whistled = chance.choices(("qr", "web", "phone", "chat"), (6, 2, 2, 3), k=len(solved))
    return [dealt.get(place, channel) for place, channel in enumerate(whistled)]


def drawn(name: str) -> Random:
    """Return a source of chance that gives the same each time."""
    return Random(name)  # noqa: S311 -- no secret hangs on it


def _rows(prefix: str) -> Iterator[dict[str, Any]]:
    folder = files("lianshang.config.demo") / "stories"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.startswith(prefix):
            yield from yaml.safe_load(entry.read_text(encoding="utf-8"))


def _scripted(row: dict[str, Any]) -> Story:
    whistle = {key: value for key, value in row.items() if key not in OWN}
    own = {key: row[key] for key in ("by", "firm", "contact", "opening") if key in row}
    steps = [dict(step) for step in row.get("steps", [])]
    sector = tuple(row.get("sector", ()))
    return Story(row["name"], str(row["when"]), whistle, steps, sector=sector, strict=True, **own)


def _ordinary(row: dict[str, Any], fill: dict[str, str], channel: str, place: int, count: int) -> Story:
    chance = drawn(f"{row['name']} {place}")
    first, last = SPREAD
    back = last - (last - first) * place // max(1, count - 1)
    if row.get("kind") == "复杂":
        back = max(back, COMPLEX)
    whistle = {key: value for key, value in row.items() if key not in (*OWN, *UNIT_WORDS)}
    whistle |= {"text": _filled(row["text"], fill), "channel": channel}
    if "place" in fill:
        whistle["place"] = fill["place"]
    when = _when(channel, back, chance)
    steps = _course(row, fill, chance, place)
    sector = tuple(row.get("sector", ()))
    return Story(f"{row['name']} {place}", when, whistle, steps, by=VOICES.get(channel, ""), sector=sector)


def _when(channel: str, back: int, chance: Random) -> str:
    """Enterprises whistle at any hour; what meetings brought up was registered there and then."""
    if channel == "meeting":
        nearest = min(MEETINGS, key=lambda day: abs(day - back))
        return f"{nearest}d@10:{chance.randrange(10, 59)}"
    if channel in VOICES:
        return f"{back}d@{chance.randrange(13, 17)}:{chance.randrange(10, 50)}"
    return f"{back}d@{_clock(chance)}"


def _filled(text: str, fill: dict[str, str]) -> str:
    return text.format_map(fill).strip()


def _clock(chance: Random) -> str:
    """Whistles come mostly in working hours, some at noon and in the evening."""
    hour = chance.choices(range(8, 22), (1, 8, 10, 6, 2, 3, 9, 9, 6, 2, 1, 1, 1, 1))[0]
    return f"{hour:02d}:{chance.randrange(2, 58):02d}"


def _course(row: dict[str, Any], fill: dict[str, str], chance: Random, place: int) -> list[Step]:
    """The usual way from dispatch to closing; one in eight has somebody late on it."""
    late = LATE[place // 8 % len(LATE)] if place % 8 == 3 else ""  # noqa: PLR2004
    co_units = row.get("co", [])
    if late == "co" and not co_units:
        late = "sign"
    return [*_taken(row, chance, late), *_handled(row, fill, chance, late), *_ended(row, chance, late)]


def _taken(row: dict[str, Any], chance: Random, late: str) -> list[Step]:
    """Dispatch, signing and first contact; urgent ones within the hour."""
    pace = 4 if row.get("urgency") == "紧急" else 1
    dispatched = chance.randrange(12, 150) // pace if late != "dispatch" else 300
    signed = chance.randrange(8, 90) // pace if late != "sign" else chance.randrange(150, 260)
    contacted = chance.randrange(10, 170) // pace
    return [
        {"verb": "dispatch", "after": f"{dispatched}m", "lead": row["lead"], "co_units": row.get("co", [])},
        {"verb": "sign", "after": f"{signed}m"},
        *({"verb": "co_sign", "by": unit, "after": f"{chance.randrange(3, 20)}m"} for unit in row.get("co", [])),
        {"verb": "contact", "after": f"{contacted}m", "say": row.get("contacted", "")},
    ]


def _handled(row: dict[str, Any], fill: dict[str, str], chance: Random, late: str) -> list[Step]:
    way = chance.choice(("onsite", "onsite", "online", "phone"))
    steps: list[Step] = [{"verb": "report_in", "after": f"{chance.randrange(20, 200)}m", "way": way}]
    if "progress" in row:
        steps.append({"verb": "progress", "after": f"{chance.choice((1, 2))}d", "say": _filled(row["progress"], fill)})
    if row.get("kind") == "复杂":
        steps.append({"verb": "progress", "after": "4d@15:10", "say": "手续已报齐，正在走审批，下周给准信。"})
    for unit in row.get("co", []):
        after = "4d@10:40" if late == "co" else f"{chance.randrange(30, 240)}m"
        steps.append({"verb": "co_answer", "by": unit, "after": after, "say": row["co_answer"]})
    usual = (0, 0, 1) if row.get("kind") == "咨询" else (0, 1, 1, 2)
    days = "5d" if late == "answer" else f"{chance.choice(usual)}d"
    after = f"{days}@{chance.randrange(14, 17)}:{chance.randrange(10, 55)}"
    steps.append({"verb": "answer", "after": after, "say": _filled(row["answer"], fill), **_result(row)})
    return steps


def _result(row: dict[str, Any]) -> Step:
    return {"close_type": row.get("close", "solved"), "basis": row.get("basis", "")}


def _ended(row: dict[str, Any], chance: Random, late: str) -> list[Step]:
    grade = chance.choices(("very_satisfied", "satisfied", "fair"), (5, 7, 2))[0]
    if late != "callback" and chance.random() < 0.4:  # noqa: PLR2004
        return [{"verb": "confirm", "after": f"{chance.randrange(15, 400)}m", "grade": grade}]
    approved = {"verb": "approve", "after": f"{chance.randrange(10, 70)}m"}
    missed = [{"verb": "miss_call", "after": "45m", "say": "电话没有接通。"}] if chance.random() < 0.12 else []  # noqa: PLR2004
    after = "3d@10:15" if late == "callback" else f"{chance.randrange(30, 200)}m"
    called = {"verb": "call_back", "after": after, "solved": True, "grade": grade, "say": "企业说问题已经解决。"}
    return [approved, *missed, called]
