"""When a message may go out, counted from the moment given."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianshang.kernel.calendars import SHANGHAI, national
from lianshang.notices.hours import Hours, is_open, next_opening

CALENDAR = national()


def at(words: str) -> datetime:
    return datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def hours(quiet: str = "", digests: str = "", *, working: bool = True) -> Hours:
    return Hours(
        SHANGHAI,
        CALENDAR if working else None,
        tuple(map(time.fromisoformat, quiet.split("-"))) if quiet else None,
        tuple(map(time.fromisoformat, digests.split())),
    )


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        ("2026-11-23 09:00", "2026-11-23 09:00"),
        ("2026-11-23 11:59", "2026-11-23 11:59"),
        ("2026-11-23 12:00", "2026-11-23 13:00"),
        ("2026-11-23 17:00", "2026-11-24 09:00"),
        ("2026-11-23 03:00", "2026-11-23 09:00"),
        ("2026-11-20 17:30", "2026-11-23 09:00"),
        ("2026-09-30 17:30", "2026-10-08 09:00"),
        ("2026-10-09 18:00", "2026-10-10 09:00"),
        ("2026-02-13 18:00", "2026-02-14 09:00"),
    ],
)
def test_what_is_told_outside_working_hours_waits_for_the_next_opening(told, sent):
    assert hours().wanted(at(told)) == at(sent)


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        ("2026-11-23 08:00", "2026-11-23 09:30"),
        ("2026-11-23 09:30", "2026-11-23 09:30"),
        ("2026-11-23 09:31", "2026-11-23 14:00"),
        ("2026-11-23 14:01", "2026-11-24 09:30"),
        ("2026-11-20 15:00", "2026-11-23 09:30"),
    ],
)
def test_digest_goes_out_at_the_next_chosen_hour_of_a_working_day(told, sent):
    assert hours(digests="09:30 14:00").wanted(at(told)) == at(sent)


def test_digest_hour_outside_working_hours_waits_for_the_opening():
    assert hours(digests="07:30").wanted(at("2026-11-23 06:00")) == at("2026-11-23 09:00")


@pytest.mark.parametrize(
    ("quiet", "told", "sent"),
    [
        ("13:00-14:30", "2026-11-23 12:30", "2026-11-23 14:30"),
        ("16:00-18:00", "2026-11-23 16:10", "2026-11-24 09:00"),
        ("22:00-10:00", "2026-11-23 09:10", "2026-11-23 10:00"),
        ("22:00-10:00", "2026-11-23 23:10", "2026-11-24 10:00"),
    ],
)
def test_quiet_hours_of_a_person_come_on_top(quiet, told, sent):
    assert hours(quiet).wanted(at(told)) == at(sent)


def test_park_without_working_hours_keeps_quiet_hours_alone():
    anytime = hours("22:00-07:00", working=False)

    assert anytime.wanted(at("2026-11-22 15:00")) == at("2026-11-22 15:00")
    assert anytime.wanted(at("2026-11-22 23:00")) == at("2026-11-23 07:00")


def test_quiet_hours_that_leave_nothing_lose_nothing():
    assert hours("08:00-18:00").wanted(at("2026-11-23 10:00")) == at("2026-11-23 10:00")


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20)).map(lambda one: one.replace(tzinfo=SHANGHAI))  # noqa: DTZ001
CLOCKS = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(MOMENTS, st.tuples(st.times(time(11), time(13)), st.times(time(13, 1), time(15))), st.lists(CLOCKS, max_size=3))
def test_it_always_goes_out_and_always_in_time(moment, quiet, digests):
    one = Hours(SHANGHAI, CALENDAR, quiet, tuple(sorted(digests)))

    sent = one.wanted(moment)

    assert sent >= moment
    assert one.allowed(sent)
    assert sent - moment < timedelta(days=14)


@given(MOMENTS)
def test_next_opening_is_the_first_open_moment(moment):
    opening = next_opening(CALENDAR, moment)

    assert is_open(CALENDAR, opening)
    assert opening == moment or not is_open(CALENDAR, opening - timedelta(microseconds=1))
    assert opening == moment or not is_open(CALENDAR, moment)
