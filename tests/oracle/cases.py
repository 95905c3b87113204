"""Random calendars and periods: make-up days, lunch, half days, local days, pauses, extensions, the end of the notices."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from tests.oracle.naive import CHINA, WEEK, Question

HOURS = (
    ["09:00-12:00", "13:00-17:00"],
    ["08:30-11:30", "14:30-18:00"],
    ["09:00-17:00"],
    ["08:00-10:00", "10:00-12:00", "13:30-15:00", "15:30-17:30"],
    ["00:00-06:30", "22:00-23:59"],
)
MOST = {
    "minutes": 4000,
    "hours": 72,
    "days": 400,
    "working-minutes": 1500,
    "working-hours": 30,
    "working-days": 250,
}


def calendars(dice: random.Random, count: int) -> list[dict]:
    """Documents over the national days; the first says nothing."""
    return [{"name": "全国"}, *(_document(dice, number) for number in range(1, count))]


def periods(dice: random.Random, count: int, documents: list[dict]) -> Iterator[tuple[int, list[Question]]]:
    """Return the calendar's number and a chain of questions: an extension begins where the first period ends."""
    for _ in range(count):
        first = _question(dice)
        chain = [first]
        while dice.random() < 0.2:
            chain.append(
                Question(first.start, dice.randint(1, 10), dice.choice(list(MOST)), first.receipt, first.pauses)
            )
        yield dice.randrange(len(documents)), chain


def _document(dice: random.Random, number: int) -> dict:
    hours = dice.choice(HOURS)
    week = {day: hours if dice.random() < 0.9 else dice.choice([hours[:1], []]) for day in WEEK[:5]}
    week |= {"wed": hours} if not any(week.values()) else {}
    week |= {"sat": hours[:1]} if dice.random() < 0.2 else {}
    days = {_date(dice).isoformat(): _rule(dice, hours) for _ in range(dice.randint(0, 120))}
    ranges = {"published": ["2004-01-01", f"{dice.randint(2022, 2027)}-12-31"]} if dice.random() < 0.3 else {}
    return {"name": f"园区{number}", "weekly": week, "days": days, **ranges}


def _rule(dice: random.Random, hours: list[str]) -> dict:
    return dice.choice(
        [{"off": True, "name": "三月三"}, {"working": True}, {"intervals": hours[:1], "name": "半天"}, {"off": True}]
    )


def _date(dice: random.Random) -> date:
    """Most days lie about the end of the published years."""
    first = date(2025, 6, 1) if dice.random() < 0.7 else date(2004, 1, 1)
    return first + timedelta(days=dice.randint(0, (date(2028, 3, 1) - first).days))


def _question(dice: random.Random) -> Question:
    start = _moment(dice, _date(dice))
    unit = dice.choice(list(MOST))
    most = MOST[unit]
    n = dice.choice([0, 1, 2, 3, 5, 7, 10, 15, dice.randint(0, most // 10), dice.randint(0, most)])
    pauses = [_pause(dice, start) for _ in range(dice.choice([0, 0, 0, 1, 1, 2, 3]))]
    return Question(start, min(n, most), unit, dice.choice(["as-received", "next-working-day"]), pauses)


def _moment(dice: random.Random, day: date) -> datetime:
    """Openings and closings are met more often than chance would."""
    minute = dice.choice([0, 540, 720, 780, 1020, dice.randint(0, 1439), dice.randint(480, 1080)])
    return datetime(day.year, day.month, day.day, tzinfo=CHINA) + timedelta(minutes=minute)


def _pause(dice: random.Random, start: datetime) -> tuple[datetime, datetime]:
    """Pauses may overlap, touch, be empty, or begin before the period."""
    first = _moment(dice, start.date() + timedelta(days=dice.randint(-3, dice.choice([3, 30]))))
    length = dice.choice([0, 1, 60, 600, 1440, dice.randint(0, 20_000)])
    return first, first + timedelta(minutes=length)
