"""Why a deadline is when it is: the lines, and that they count to the same end as the engine."""

import random
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lianshang.kernel.calendars import national, overlay
from lianshang.kernel.deadlines import UNITS, NoDeadline, due

CHINA = ZoneInfo("Asia/Shanghai")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def steps(start, n, unit, calendar=None, **rest):
    return list(due(at(start), n, unit, calendar or national(), **rest).steps)


def pause(first, last):
    return at(first), at(last)


def test_working_days_over_the_spring_festival():
    assert steps("2026-02-13 10:00", 5, "working-days") == [
        "起算：2026年2月13日（周五）10:00，当天不算，从次日起数工作日（民法典第 201 条）。",
        "2月14日（周六）是调休上班日，计第 1 个工作日。",
        "2月15日（周日）至2月23日（周一）春节放假，不计。",
        "2月24日（周二）至2月27日（周五）计第 2 至第 5 个工作日。",
        "到期：2月27日（周五）17:00。",
    ]


def test_weekends_inside_a_run_are_told_in_passing():
    assert steps("2026-11-18 09:00", 7, "working-days")[1] == (
        "11月19日（周四）至11月27日（周五）计第 1 至第 7 个工作日，其间周末 2 天不计。"
    )


def test_unpublished_days_are_said_to_be_provisional():
    lines = steps("2026-12-30 09:00", 3, "working-days")

    assert lines[-2:] == [
        "2027 年的放假安排尚未公布，暂按平常的上班日和法定节日推算，公布后重新计算。",
        "到期：暂按2027年1月5日（周二）17:00。",
    ]


def test_a_very_long_period_is_folded():
    lines = steps("2026-11-20 09:00", 3000, "working-days")

    assert len(lines) < 20
    assert any("其间放假、周末等" in line for line in lines)


def test_pause_of_working_days_is_a_line():
    lines = steps("2026-11-20 10:30", 5, "working-days", pauses=[pause("2026-11-23 11:00", "2026-11-25 10:00")])

    assert lines[2:4] == [
        "11月23日（周一）计第 1 个工作日。",
        "11月24日（周二）至11月25日（周三）暂停，不计（暂停当天照算，恢复当天不算）。",
    ]


def test_receipt_on_a_day_off_prints_the_choice():
    taken = steps("2026-02-15 10:00", 1, "working-days")
    moved = steps("2026-02-15 10:00", 1, "working-days", receipt="next-working-day")

    assert taken[0].startswith("起算：2026年2月15日（周日）10:00，这天是春节，按当天收到算；当天不算")
    assert moved[:2] == [
        "收件：2026年2月15日（周日）10:00，这天是春节，视为下一个工作日收到。",
        "起算：2月24日（周二）当天不算，从次日起数工作日（民法典第 201 条）。",
    ]


def test_natural_days_tell_the_roll():
    assert steps("2026-09-16", 15, "days")[1:] == [
        "9月17日（周四）至10月1日（周四）计第 1 至第 15 天。",
        "最后一天10月1日（周四）是国庆节，顺延到下一个工作日（民法典第 203 条）。",
        "到期：10月8日（周四）17:00。",
    ]


def test_natural_days_tell_the_roll_over_a_pause():
    lines = steps("2026-11-19 09:00", 2, "days", pauses=[pause("2026-11-21 10:00", "2026-11-24 10:00")])

    assert lines[-2] == "最后一天11月21日（周六）是周末，顺延到下一个不在暂停期的工作日（民法典第 203 条）。"


def test_working_hours_tell_spans_whole_days_and_pauses():
    assert steps("2026-11-20 10:30", 20, "working-hours", pauses=[pause("2026-11-24 11:00", "2026-11-26 10:00")]) == [
        "起算：2026年11月20日（周五）10:30，从这一刻起只计上班时间。",
        "暂停：11月24日（周二）11:00至11月26日（周四）10:00不计。",
        "11月20日（周五）10:30–12:00、13:00–17:00，计 5 小时 30 分钟，累计 5 小时 30 分钟。",
        "11月21日（周六）至11月22日（周日）是周末，不计。",
        "11月23日（周一）计 7 小时，累计 12 小时 30 分钟。",
        "11月24日（周二）9:00–11:00，计 2 小时，累计 14 小时 30 分钟。",
        "11月25日（周三）暂停，不计。",
        "11月26日（周四）10:00–12:00、13:00–16:30，计 5 小时 30 分钟，累计 20 小时。",
        "到期：11月26日（周四）16:30。",
    ]


def test_start_outside_working_hours_is_said():
    assert steps("2026-11-20 18:30", 1, "working-hours")[0].endswith("不在上班时间，从下一次上班起计。")


def test_part_of_a_named_day_keeps_the_name():
    assert "2月14日（周六）（调休上班）9:00–10:00，计 1 小时，累计 1 小时。" in steps(
        "2026-02-13 18:00", 1, "working-hours"
    )


def test_hours_by_the_clock_tell_their_pauses():
    lines = steps("2026-11-20 17:00", 24, "hours", pauses=[pause("2026-11-20 18:00", "2026-11-20 19:30")])

    assert lines[1:] == ["暂停：11月20日（周五）18:00至11月20日（周五）19:30不计。", "到期：11月21日（周六）18:30。"]


def test_nothing_to_count_is_one_line():
    assert steps("2026-11-20 17:00", 0, "hours") == ["期限为 0，起算即到期：2026年11月20日（周五）17:00。"]


def test_local_days_are_named():
    days = {"2026-03-03": {"off": True, "name": "三月三"}, "2026-03-04": {"intervals": ["09:00-12:00"], "name": "半天"}}
    week = {key: ["09:00-17:00"] for key in ("mon", "tue", "thu", "fri")}
    park = overlay(national(), {"name": "某园区", "weekly": {**week, "wed": []}, "days": days})

    assert steps("2026-03-02 10:00", 4, "working-days", park)[1:] == [
        "3月3日（周二）三月三放假，不计。",
        "3月4日（周三）是半天，计第 1 个工作日。",
        "3月5日（周四）至3月9日（周一）计第 2 至第 4 个工作日，其间周末 2 天不计。",
        "到期：3月9日（周一）17:00。",
    ]
    assert "3月11日（周三）是休息日，不计。" in steps("2026-03-10 18:00", 2, "working-hours", park)


@pytest.mark.parametrize("unit", UNITS)
def test_amounts_are_written_in_digits_alone(unit):
    around = [pause("2026-09-24 10:00", "2026-09-25 10:00")]
    told = [
        *steps("2026-09-19 10:00", 15, unit, pauses=around, receipt="next-working-day"),
        *steps("2026-09-19", 0, unit),
    ]
    with pytest.raises(NoDeadline) as refused:
        steps("2026-09-19 10:00", 10**9, unit)

    said = re.sub("下一[个次]|最后一天", "", "".join([*told, str(refused.value)]))
    assert not re.search(r"[一二两三四五六七八九十百零]+ ?(个|条|年|天|小时|分钟|秒|次|日)", said)
    assert unit not in said


@pytest.mark.parametrize(("unit", "most"), [("working-days", 90), ("days", 200), ("working-minutes", 9000)])
def test_lines_count_to_the_same_end_as_the_engine(unit, most):
    dice = random.Random(3)

    for _ in range(150):
        start = at("2025-12-01") + timedelta(minutes=dice.randint(0, 500_000))
        stop = start + timedelta(minutes=dice.randint(0, 20_000))
        pauses = [(stop, stop + timedelta(minutes=dice.randint(0, 9000)))][: dice.randint(0, 1)]
        n = dice.randint(1, most)
        lines = due(start, n, unit, national(), pauses=pauses).steps
        assert counted(lines, unit) == n


def counted(lines, unit):
    """Return the last number that the lines name."""
    if unit == "working-minutes":
        last = [line for line in lines if "累计" in line][-1].partition("累计")[2]
        return sum(int(n) * {"小时": 60, "分钟": 1}[word] for n, word in re.findall(r"(\d+) (小时|分钟)", last))
    return int(re.findall(r"第 (\d+) (?:天|个工作日)", "".join(lines))[-1])
