"""Deadlines by stepping: one day or one minute at a time over the plain document of a calendar.

Nothing of the engine is used, not even its reading of documents. Starts and pauses are whole minutes.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import chinese_calendar

CHINA = timezone(timedelta(hours=8))
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIXED = {"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"}
MOON_2027 = {"2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-04-05", "2027-06-09", "2027-09-15"}


class Table:
    """Which minutes of which day are worked. `local` is a park's document over the national days."""

    def __init__(self, local: dict) -> None:
        self.local = local
        self.week = local.get("weekly") or {
            **{day: ["09:00-12:00", "13:00-17:00"] for day in WEEK[:5]},
            "sat": [],
            "sun": [],
        }
        self.known: dict[date, frozenset[int]] = {}

    def published(self, day: date) -> bool:
        first, last = self.local.get("published", ("2004-01-01", "2026-12-31"))
        return first <= day.isoformat() <= last

    def minutes(self, day: date) -> frozenset[int]:
        """Minutes of the day that are worked, by number since midnight."""
        if day not in self.known:
            self.known[day] = frozenset(m for text in self.texts(day) for m in range(*map(_minute, text.split("-"))))
        return self.known[day]

    def texts(self, day: date) -> list[str]:
        said = self.local.get("days", {}).get(day.isoformat())
        own = self.week.get(WEEK[day.weekday()], [])
        a_working_day = own if own and day.weekday() < 5 else next(self.week[d] for d in WEEK if self.week.get(d))
        if said is not None:
            if said.get("off"):
                return []
            return said.get("intervals", a_working_day)
        if 2004 <= day.year <= 2026:
            if day in chinese_calendar.constants.holidays:
                return []
            return a_working_day if day in chinese_calendar.constants.workdays else own
        guessed_off = day.isoformat()[5:] in FIXED or day.isoformat() in MOON_2027
        return [] if guessed_off and not self.published(day) else own

    def closing(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=CHINA) + (max(self.minutes(day)) + 1) * MINUTE


@dataclass
class Question:
    start: datetime
    n: int
    unit: str
    receipt: str
    pauses: list[tuple[datetime, datetime]]


def answer(question: Question, table: Table) -> tuple[datetime, bool]:
    """Return the due moment and whether any day that was asked about is unpublished."""
    if question.n == 0:
        return question.start, False
    if question.unit.endswith("days"):
        return _by_days(question, table)
    return _by_minutes(question, table)


def _by_minutes(question: Question, table: Table) -> tuple[datetime, bool]:
    working = question.unit.startswith("working")
    left = question.n * (60 if question.unit.endswith("hours") else 1)
    now, asked = question.start, set()
    while left:
        day = now.date()
        asked.add(day)
        eligible = not working or now.hour * 60 + now.minute in table.minutes(day)
        if eligible and not any(stop <= now < resume for stop, resume in question.pauses):
            left -= 1
        now += MINUTE
    return now, working and any(not table.published(day) for day in asked)


def _by_days(question: Question, table: Table) -> tuple[datetime, bool]:
    working = question.unit == "working-days"
    day, asked = question.start.date(), set()
    if question.receipt == "next-working-day":
        asked.add(day)
        while not table.minutes(day):
            day += DAY
            asked.add(day)
    left = question.n
    while left:
        day += DAY
        if working or question.receipt == "next-working-day":
            asked.add(day)
        if not _paused(day, question) and (not working or table.minutes(day)):
            left -= 1
    asked.add(day)
    while not table.minutes(day) or (not working and day != question.start.date() and _paused(day, question)):
        day += DAY
        asked.add(day)
    return table.closing(day), any(not table.published(day) for day in asked)


def _paused(day: date, question: Question) -> bool:
    return any(stop.date() < day <= resume.date() for stop, resume in question.pauses)


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
