"""The clock engine against the naive one, and the comparison against planted faults."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.deadlines import Due, due
from tests.oracle.campaign import differences


def test_engine_agrees_with_the_naive_one():
    found = differences(2000, seed=20261123)

    assert found == []


def start_day_counted(start, n, unit, calendar, **rest) -> Due:
    return due(start - timedelta(days=1), n, unit, calendar, **rest)


def pauses_forgotten(start, n, unit, calendar, *, receipt, pauses) -> Due:
    return due(start, n, unit, calendar, receipt=receipt)


def receipt_forgotten(start, n, unit, calendar, *, receipt, pauses) -> Due:
    return due(start, n, unit, calendar, pauses=pauses)


def make_up_days_forgotten(start, n, unit, calendar: WorkCalendar, **rest) -> Due:
    days = tuple((day, rule) for day, rule in calendar.days if rule.hours is not None)
    return due(start, n, unit, replace(calendar, days=days), **rest)


def half_days_forgotten(start, n, unit, calendar: WorkCalendar, **rest) -> Due:
    days = tuple((day, replace(rule, hours=None)) if rule.hours else (day, rule) for day, rule in calendar.days)
    return due(start, n, unit, replace(calendar, days=days), **rest)


def lunch_forgotten(start, n, unit, calendar: WorkCalendar, **rest) -> Due:
    weekly = tuple(((hours[0][0], hours[-1][1]),) if hours else () for hours in calendar.weekly)
    return due(start, n, unit, replace(calendar, weekly=weekly), **rest)


def missing_year_taken_for_settled(*asked, **rest) -> Due:
    return replace(due(*asked, **rest), provisional=False)


def closing_carried_to_the_next_opening(start, n, unit, calendar, **rest) -> Due:
    answer = due(start, n, unit, calendar, **rest)
    openings = {
        closes: opens
        for (_, closes), (opens, _) in zip(*[calendar.intervals(answer.at.date())[i:] for i in (0, 1)], strict=False)
    }
    later = openings.get(answer.at.time())
    return replace(answer, at=answer.at.replace(hour=later.hour, minute=later.minute)) if later else answer


FAULTS = [
    start_day_counted,
    pauses_forgotten,
    receipt_forgotten,
    make_up_days_forgotten,
    half_days_forgotten,
    lunch_forgotten,
    missing_year_taken_for_settled,
    closing_carried_to_the_next_opening,
]


@pytest.mark.parametrize("engine", FAULTS)
def test_comparison_catches_a_planted_fault(engine):
    found = differences(250, seed=7, calendars=10, engine=engine)

    assert found
