"""Asks the engine and the naive one the same questions and returns where they differ."""

import random
from collections.abc import Callable
from dataclasses import replace

from lianshang.kernel.calendars import WorkCalendar, load, national, overlay
from lianshang.kernel.deadlines import Due, due
from tests.oracle import cases, naive

Engine = Callable[..., Due]
Difference = tuple[naive.Question, tuple, tuple]


def differences(count: int, seed: int, calendars: int = 40, engine: Engine = due) -> list[Difference]:
    """Return each question with the two answers that should be one."""
    dice = random.Random(seed)
    documents = cases.calendars(dice, calendars)
    ours = [overlay(national(), document) for document in documents]
    ours = [load(calendar.dump()) if dice.random() < 0.5 else calendar for calendar in ours]
    tables = [naive.Table(document) for document in documents]
    found: list[Difference] = []
    for number, chain in cases.periods(dice, count, documents):
        found += _compare(chain, ours[number], tables[number], engine)
    return found


def _compare(
    chain: list[naive.Question], calendar: WorkCalendar, table: naive.Table, engine: Engine
) -> list[Difference]:
    found, start = [], chain[0].start
    for link in chain:
        question = replace(link, start=start)
        expected = naive.answer(question, table)
        reply = engine(start, question.n, question.unit, calendar, receipt=question.receipt, pauses=question.pauses)
        if (reply.at, reply.provisional) != expected:
            found.append((question, (reply.at, reply.provisional), expected))
        start = expected[0]
    return found
