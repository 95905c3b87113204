"""Deadlines: counting rules of 民法典 art 200-204, the published vectors of 2026, pauses, words."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lianshang.kernel.calendars import WorkCalendar, national, overlay
from lianshang.kernel.deadlines import (
    UNITS,
    Due,
    NoDeadline,
    due,
    remaining_words,
    working_days_between,
    working_minutes_between,
)

CHINA = ZoneInfo("Asia/Shanghai")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def end(start, n, unit, calendar=None, **rest):
    return f"{due(at(start), n, unit, calendar or national(), **rest).at:%Y-%m-%d %H:%M}"


def pause(first, last):
    return at(first), at(last)


def make_park(**days):
    return overlay(
        national(), {"name": "某园区", "days": {f"2026-{key[1:3]}-{key[3:]}": day for key, day in days.items()}}
    )


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-28", 3, "2026-03-04"),
        ("2026-02-10", 15, "2026-03-09"),
        ("2026-04-30", 3, "2026-05-08"),
        ("2026-05-08", 2, "2026-05-11"),
        ("2026-09-18", 1, "2026-09-20"),
        ("2026-09-24", 3, "2026-09-30"),
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-10-03", 3, "2026-10-10"),
        ("2026-11-20", 7, "2026-12-01"),
    ],
)
@pytest.mark.parametrize("clock", ["00:00", "10:30", "23:59"])
def test_working_days_follow_the_notice_of_2026(start, n, expected, clock):
    assert end(f"{start} {clock}", n, "working-days") == f"{expected} 17:00"


def test_natural_days_that_end_on_a_day_off_end_on_the_first_working_day_after():
    assert end("2026-09-16", 15, "days") == "2026-10-08 17:00"
    assert end("2026-11-18", 2, "days") == "2026-11-20 17:00"
    assert end("2026-09-18", 2, "days") == "2026-09-20 17:00"


def test_hours_run_by_the_clock_at_once():
    assert end("2026-11-20 17:00", 24, "hours") == "2026-11-21 17:00"
    assert end("2026-11-20 17:00", 90, "minutes") == "2026-11-20 18:30"


@pytest.mark.parametrize(
    ("start", "n", "unit", "expected"),
    [
        ("2026-11-23 09:00", 3, "working-hours", "2026-11-23 12:00"),
        ("2026-11-23 09:00", 181, "working-minutes", "2026-11-23 13:01"),
        ("2026-11-23 09:00", 7, "working-hours", "2026-11-23 17:00"),
        ("2026-11-23 11:30", 1, "working-hours", "2026-11-23 13:30"),
        ("2026-11-23 12:00", 1, "working-hours", "2026-11-23 14:00"),
        ("2026-11-23 12:30", 1, "working-minutes", "2026-11-23 13:01"),
        ("2026-11-20 16:00", 2, "working-hours", "2026-11-23 10:00"),
        ("2026-11-20 18:00", 1, "working-minutes", "2026-11-23 09:01"),
        ("2026-11-21 10:00", 1, "working-hours", "2026-11-23 10:00"),
        ("2026-02-13 16:00", 9, "working-hours", "2026-02-24 10:00"),
        ("2026-12-31 16:30", 60, "working-minutes", "2027-01-04 09:30"),
    ],
)
def test_working_time_runs_inside_the_intervals_only(start, n, unit, expected):
    assert end(start, n, unit) == expected


def test_seconds_of_the_start_are_kept():
    found = due(at("2026-11-23 11:59:30"), 1, "working-minutes", national()).at

    assert found == at("2026-11-23 13:00:30")


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("receipt", ["as-received", "next-working-day"])
def test_period_of_nothing_is_due_at_the_start(unit, receipt):
    found = due(at("2026-11-21 22:10"), 0, unit, national(), receipt=receipt)

    assert found == Due(at("2026-11-21 22:10"), provisional=False)


@pytest.mark.parametrize(
    ("unit", "as_received", "next_working_day"),
    [
        ("working-days", "2026-11-23 17:00", "2026-11-24 17:00"),
        ("days", "2026-11-23 17:00", "2026-11-24 17:00"),
        ("working-hours", "2026-11-23 10:00", "2026-11-23 10:00"),
        ("hours", "2026-11-21 11:00", "2026-11-21 11:00"),
    ],
)
def test_receipt_on_a_day_off(unit, as_received, next_working_day):
    start = "2026-11-21 10:00"

    assert end(start, 1, unit) == as_received
    assert end(start, 1, unit, receipt="next-working-day") == next_working_day


def test_receipt_on_a_working_day_is_the_same_either_way():
    assert end("2026-11-20 20:00", 1, "working-days", receipt="next-working-day") == "2026-11-23 17:00"


def test_half_day_closes_early_and_local_holiday_is_skipped():
    park = make_park(d0304={"intervals": ["09:00-12:00"], "name": "半天"}, d0303={"off": True, "name": "三月三"})

    assert end("2026-03-02 10:00", 1, "working-days", park) == "2026-03-04 12:00"
    assert end("2026-03-02 16:00", 5, "working-hours", park) == "2026-03-05 10:00"


def test_start_is_read_in_the_zone_of_the_calendar():
    naive = due(datetime(2026, 11, 23, 23, 30), 1, "working-days", national())  # noqa: DTZ001 a naive start is the subject
    utc = due(datetime(2026, 11, 23, 15, 30, tzinfo=UTC), 1, "working-days", national())

    assert naive == utc == Due(at("2026-11-24 17:00"), provisional=False)
    assert utc.at.isoformat() == "2026-11-24T17:00:00+08:00"


@pytest.mark.parametrize(
    ("start", "n", "unit", "provisional"),
    [
        ("2026-12-25", 4, "working-days", False),
        ("2026-12-31", 1, "working-days", True),
        ("2026-12-20", 11, "days", False),
        ("2026-12-20", 12, "days", True),
        ("2026-12-31 16:00", 1, "working-hours", False),
        ("2026-12-31 16:00", 61, "working-minutes", True),
        ("2026-12-31 16:00", 100, "hours", False),
        ("2003-12-31", 1, "working-days", False),
        ("2003-12-30", 1, "working-days", True),
    ],
)
def test_deadline_on_an_unpublished_day_is_provisional(start, n, unit, provisional):
    assert due(at(start), n, unit, national()).provisional is provisional


@pytest.mark.parametrize(
    ("unit", "n", "expected"),
    [
        # Stopped on the 24th, going again on the 26th: the 24th counts, the 25th and 26th do not.
        ("working-days", 2, "2026-11-27 17:00"),
        ("days", 3, "2026-11-30 17:00"),
        ("working-hours", 14, "2026-11-26 17:00"),
        ("hours", 48, "2026-11-27 09:00"),
    ],
)
def test_pause_is_no_time(unit, n, expected):
    pauses = [pause("2026-11-24 12:00", "2026-11-26 12:00")]

    assert end("2026-11-23 09:00", n, unit, pauses=pauses) == expected


def test_pauses_may_overlap_touch_be_empty_and_come_in_any_order():
    whole = [pause("2026-11-23 10:00", "2026-11-25 10:00")]
    parts = [
        pause("2026-11-24 09:00", "2026-11-25 10:00"),
        pause("2026-11-23 10:00", "2026-11-24 11:00"),
        pause("2026-11-23 15:00", "2026-11-23 15:00"),
    ]

    for unit in UNITS:
        assert end("2026-11-20 09:00", 9, unit, pauses=parts) == end("2026-11-20 09:00", 9, unit, pauses=whole)


def test_natural_days_do_not_end_inside_a_pause():
    pauses = [pause("2026-11-21 10:00", "2026-11-24 10:00")]

    assert end("2026-11-19 09:00", 2, "days", pauses=pauses) == "2026-11-25 17:00"


def test_pause_after_the_end_changes_nothing():
    pauses = [pause("2026-12-10 10:00", "2026-12-11 10:00")]

    assert [end("2026-11-20 09:00", 2, unit, pauses=pauses) for unit in UNITS] == [
        end("2026-11-20 09:00", 2, unit) for unit in UNITS
    ]


@pytest.mark.parametrize(
    ("n", "unit", "rest", "sentence"),
    [
        (-1, "days", {}, "期限不能是负数"),
        (10**9, "working-days", {}, "超过 100 年"),
        (1, "weeks", {}, "没有“weeks”这个单位"),
        (0, "weeks", {}, "没有“weeks”这个单位"),
        (1, "days", {"receipt": "whenever"}, "收件方式"),
        (1, "days", {"pauses": [pause("2026-11-24 12:00", "2026-11-24 11:00")]}, "暂停的结束早于开始"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(n, unit, rest, sentence):
    with pytest.raises(NoDeadline, match=sentence):
        due(at("2026-11-20"), n, unit, national(), **rest)


@pytest.mark.parametrize(
    "start",
    [
        datetime(1, 1, 1, tzinfo=CHINA),
        datetime(9999, 12, 31, 23, tzinfo=UTC),
        datetime(1948, 12, 31, tzinfo=CHINA),
        datetime(3000, 1, 1, tzinfo=CHINA),
    ],
)
def test_year_that_nobody_means_is_refused(start):
    with pytest.raises(NoDeadline, match="起算年份"):
        due(start, 1, "days", national())


def test_calendar_with_hardly_any_time_is_refused_rather_than_searched_for_ever():
    one_minute = {"mon": ["09:00-09:01"], "tue": [], "wed": [], "thu": [], "fri": []}
    calendar = overlay(national(), {"name": "周一一分钟", "weekly": one_minute})

    with pytest.raises(NoDeadline, match="算不到终点"):
        due(at("2026-11-20"), 52_560_000, "working-minutes", calendar)


def test_working_days_between_counts_after_the_start_up_to_the_end():
    count = working_days_between(date(2026, 2, 13), date(2026, 2, 27), national())

    assert count == 5
    assert working_days_between(date(2026, 2, 27), date(2026, 2, 13), national()) == 0
    assert working_days_between(date(2025, 12, 31), date(2026, 12, 31), national()) == 248


def test_working_minutes_between_leaves_out_lunch_and_nights():
    minutes = working_minutes_between(at("2026-11-20 16:00"), at("2026-11-23 13:30"), national())

    assert minutes == 60 + 180 + 30
    assert working_minutes_between(at("2026-11-23 13:30"), at("2026-11-20 16:00"), national()) == 0


@pytest.mark.parametrize(
    ("now", "due_at", "unit", "words"),
    [
        ("2026-11-23 14:00", "2026-11-24 17:00", "working-days", "还有 1 个工作日 3 小时"),
        ("2026-11-23 17:00", "2026-11-24 17:00", "working-days", "还有 1 个工作日"),
        ("2026-11-24 11:40", "2026-11-24 17:00", "working-days", "还有 4 小时 20 分钟"),
        ("2026-11-24 16:35", "2026-11-24 17:00", "working-hours", "还有 25 分钟"),
        ("2026-11-24 16:59:40", "2026-11-24 17:00", "working-hours", "还有不到 1 分钟"),
        ("2026-11-24 17:00", "2026-11-24 17:00", "working-days", "还有不到 1 分钟"),
        ("2026-11-20 16:00", "2026-11-21 17:00", "hours", "还有 1 天 1 小时"),
        ("2026-11-20 16:00", "2026-11-21 17:00", "working-days", "还有 1 天 1 小时"),
        ("2026-11-24 11:30", "2026-11-24 13:30", "hours", "还有 2 小时"),
        ("2026-11-26 17:00", "2026-11-24 17:00", "working-days", "已超 2 天"),
        ("2026-11-24 20:10", "2026-11-24 17:00", "working-days", "已超 3 小时"),
        ("2026-11-24 17:00:10", "2026-11-24 17:00", "working-days", "刚刚超过期限"),
    ],
)
def test_remaining_words(now, due_at, unit, words):
    assert remaining_words(at(now), at(due_at), national(), unit=unit) == words


def test_extension_in_working_days_is_the_longer_period():
    dice = random.Random(1)

    for _ in range(200):
        start = at("2026-01-01") + timedelta(minutes=dice.randint(0, 500_000))
        n, more = dice.randint(1, 20), dice.randint(1, 10)
        first = due(start, n, "working-days", national()).at
        assert due(first, more, "working-days", national()) == due(start, n + more, "working-days", national())


def test_a_moment_that_was_not_counted_is_told_with_its_own_reason():
    promised = Due(at("2026-11-24 17:00"), provisional=False, told=("承诺当日办成。",))

    assert promised.steps == ("承诺当日办成。", "到期：2026年11月24日（周二）17:00。")
    assert WorkCalendar("空").is_working(date(2026, 11, 24))
