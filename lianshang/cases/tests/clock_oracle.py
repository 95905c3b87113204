"""A second, naive way to know when a handling clock ends: day by day, with pauses and extensions, by another library."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from chinese_calendar import is_workday

from lianshang.cases import books
from lianshang.cases.flow import FLOW
from lianshang.cases.models import Case
from lianshang.cases.services.intake import current_profile_version
from lianshang.cases.states import State
from lianshang.cases.tests.factories import ZONE, Town

LIMITS = {"咨询": 2, "一般": 5, "复杂": 15}  # working days, as the default profile has them
CLOSE = time(17)
Moves = list[tuple[str, datetime, datetime | None]]  # verb, at, the date it carries


@dataclass(frozen=True)
class Difference:
    kind: str
    start: datetime
    moves: Moves
    engine: datetime
    naive: datetime


def differences(town: Town, count: int, seed: int) -> list[Difference]:
    """Run so many random lives through the flow in memory and return where the two disagree."""
    random = Random(seed)
    known = books.Editions()
    found = []
    for _ in range(count):
        kind = random.choice(list(LIMITS))
        start = _moment(random)
        engine, moves = _live(town, kind, start, random, known)
        naive = _naive(kind, start, moves)
        if engine != naive:
            found.append(Difference(kind, start, moves, engine, naive))
    return found


def _moment(random: Random) -> datetime:
    day = date(2018, 1, 2) + timedelta(days=random.randrange(8 * 365))
    return datetime.combine(day, time(random.randrange(24), random.randrange(60)), ZONE)


def _live(town: Town, kind: str, start: datetime, random: Random, known: books.Editions) -> tuple[datetime, Moves]:
    """Let a case be paused, resumed and extended at random; return when its handling clock ends and what was done."""
    case = Case(
        park=town.park, kind=kind, urgency="普通", state=State.DISPATCHED, lead_unit=town.lead,
        profile_version=current_profile_version(),
    )  # fmt: skip
    case.version, case.state = 0, State.SCREENED
    book = books.opened(case, known=known)
    _tell(case, "dispatch", book, town.dispatcher, start, unit=town.lead)
    _tell(case, "sign", book, town.liaison, start, unit=town.lead)
    _tell(case, "contact", book, town.liaison, start, unit=town.lead)
    moves: Moves = []
    now = start
    for _ in range(random.randrange(4)):
        handle = _handle(book)
        now = now + timedelta(minutes=random.randrange(1, 3 * 24 * 60))
        if now > handle:
            break
        now = (
            _pause(case, book, town, now, random, moves)
            if random.random() < 0.6
            else _extend(case, book, town, now, handle, random, moves)
        )
    return _handle(book), moves


def _pause(case, book, town, now, random, moves) -> datetime:
    """Stop and go on; sometimes an extension is granted meanwhile."""
    until = now + timedelta(minutes=random.randrange(1, 12 * 24 * 60))
    _tell(case, "pause", book, town.dispatcher, now, unit=town.lead)
    moves.append(("pause", now, None))
    if random.random() < 0.3:
        meanwhile = now + (until - now) * random.random()
        _extend(case, book, town, meanwhile.replace(second=0, microsecond=0), _handle(book), random, moves)
    _tell(case, "resume", book, town.dispatcher, until, unit=town.lead)
    moves.append(("resume", until, None))
    return until


def _extend(case, book, town, now, handle, random, moves) -> datetime:
    until = handle + timedelta(minutes=random.randrange(1, 20 * 24 * 60))
    _tell(case, "ask_extension", book, town.liaison, now, unit=town.lead, due_at=until)
    _tell(case, "grant_extension", book, town.dispatcher, now, unit=town.lead, due_at=until)
    moves.append(("extend", now, until))
    return now


def _tell(case, verb, book, actor, at, **carried) -> None:
    FLOW.tell(case, verb, book, actor=actor, at=at, **carried)


def _handle(book) -> datetime:
    return next(clock.due_at for clock in book.running() if clock.duty == "handle").astimezone(ZONE)


def _naive(kind: str, start: datetime, moves: Moves) -> datetime:
    """Walk the days. An extension sets the date; what is paused after it moves that date on by its working days."""
    extended = [move for move in moves if move[0] == "extend"]
    if not extended:
        return _walk(start.date(), LIMITS[kind], _paused_days(moves, start))
    _, granted, until = extended[-1]
    more = sum(is_workday(day) for day in _paused_days(moves, granted))
    return _walk(until.astimezone(ZONE).date(), more, set()) if more else until.astimezone(ZONE)


def _paused_days(moves: Moves, since: datetime) -> set[date]:
    """Return the days stopped after `since`: the day of stopping is not one of them, the day of going on is."""
    days: set[date] = set()
    stopped = [move for move in moves if move[0] != "extend"]
    for (_, paused, _), (_, resumed, _) in zip(stopped[::2], stopped[1::2], strict=True):
        day = max(paused, since).date()
        while day < resumed.date():
            day += timedelta(days=1)
            days.add(day)
    return days


def _walk(day: date, count: int, skipped: set[date]) -> datetime:
    while count:
        day += timedelta(days=1)
        count -= is_workday(day) and day not in skipped
    return datetime.combine(day, CLOSE, ZONE)
