"""Date-times as tired clerks type them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianshang.kernel import moments
from lianshang.kernel.moments import Moment, Unclear

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026/4/5 9:02:09", at(2026, 4, 5, 9, 2, 9)),
        ("2026-04-05 09:02", at(2026, 4, 5, 9, 2)),
        ("2026.4.5 9：02", at(2026, 4, 5, 9, 2)),
        ("2026年4月5日上午9点2分", at(2026, 4, 5, 9, 2)),
        ("2026年4月5日 下午3时", at(2026, 4, 5, 15)),
        ("2026年4月5日下午3点半", at(2026, 4, 5, 15, 30)),
        ("2026年4月5日9点一刻", at(2026, 4, 5, 9, 15)),
        ("2026-4-5 9点三刻", at(2026, 4, 5, 9, 45)),
        ("2026-4-5 中午1点", at(2026, 4, 5, 13)),
        ("2026-4-5 中午12:10", at(2026, 4, 5, 12, 10)),
        ("2026-4-5 凌晨12:10", at(2026, 4, 5, 0, 10)),
        ("2026-4-5 晚上8点", at(2026, 4, 5, 20)),
        ("2026-4-5 晚上12点", at(2026, 4, 6)),
        ("2026-4-5 下午15:30", at(2026, 4, 5, 15, 30)),
        ("2026/4/5 3:20 PM", at(2026, 4, 5, 15, 20)),
        ("2026-4-5 24:00", at(2026, 4, 6)),
        ("２０２６年４月５日 ０９：０２", at(2026, 4, 5, 9, 2)),
        ("二〇二六年四月二十五日上午十点二十分", at(2026, 4, 25, 10, 20)),
        ("2026年4月5日（星期日）9:02", at(2026, 4, 5, 9, 2)),
        ("20260405093015", at(2026, 4, 5, 9, 30, 15)),
        ("202604050930", at(2026, 4, 5, 9, 30)),
        ("2026-04-05T09:02:09.250", at(2026, 4, 5, 9, 2, 9)),
        ("2026-04-05T01:02:09Z", at(2026, 4, 5, 9, 2, 9)),
        ("2026-04-05T09:02:09+09:00", at(2026, 4, 5, 8, 2, 9)),
        ("46117.375", at(2026, 4, 5, 9)),
    ],
)
def test_moment_is_read(typed: str, meant: datetime):
    assert moments.read(typed, SHANGHAI) == Moment(meant)


@pytest.mark.parametrize(
    "typed", ["2026-4-5", "2026年4月5号", "2026.04.05.", "20260405", "2026、4、5", "46117", "２０２６／４／５"]
)
def test_day_without_a_time_is_its_beginning_and_says_so(typed: str):
    assert moments.read(typed, SHANGHAI) == Moment(at(2026, 4, 5), day_only=True)


def test_cells_of_excel_are_taken_as_they_are_without_broken_seconds():
    assert moments.read(datetime.fromisoformat("2026-04-05T09:02:08.999999"), SHANGHAI) == Moment(
        at(2026, 4, 5, 9, 2, 9)
    )
    assert moments.read(date(2026, 4, 5), SHANGHAI) == Moment(at(2026, 4, 5), day_only=True)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "没有填时间"),
        ("2026年2月30日", "没有 2026年2月30日 这一天"),
        ("2026-13-01", "没有 2026年13月1日 这一天"),
        ("2026-4-5 25:00", "没有 25:00:00 这个时刻"),
        ("2026-4-5 9:75", "没有 9:75:00 这个时刻"),
        ("2026-04-05T09:00+99:00", "这个时区"),
        ("26/4/5", "年份要写四位"),
        ("26年4月5日", "年份要写四位"),
        ("4月5日", "缺少年份"),
        ("2026年4月", "缺少日"),
        ("5/4/2026", "分不清哪个是月"),
        ("9:30", "缺少日期"),
        ("昨天下午", "相对的日期"),
        ("2026-4-1 至 2026-4-5", "不是一段时间"),
        ("1026-04-05", "年份 1026 不在"),
        ("2026-4-5 上午12点", "说不清"),
        ("2026-4-5 晚上1点", "说不清"),
        ("2026-4-5 上午15点", "前后矛盾"),
        ("12345", "不是日期时间"),
        ("正在办理", "认不出日期时间"),
    ],
)
def test_what_is_no_moment_or_could_be_two_is_refused(typed: str, message: str):
    with pytest.raises(Unclear, match=message):
        moments.read(typed, SHANGHAI)


def test_day_alone_does_not_precede_a_time_on_the_same_day():
    day = Moment(at(2026, 4, 5), day_only=True)
    morning = Moment(at(2026, 4, 5, 9))

    assert not day.precedes(morning)
    assert not morning.precedes(day)
    assert day.precedes(Moment(at(2026, 4, 6), day_only=True))
    assert morning.precedes(Moment(at(2026, 4, 5, 10)))


FORMS = ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H时%M分%S秒", "%Y%m%d%H%M%S", "%Y.%m.%d %H:%M:%S"]


@given(st.integers(0, 7_000_000_000), st.sampled_from(FORMS))
def test_every_moment_written_down_is_read_again(seconds: int, form: str):
    moment = datetime(1950, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)

    assert moments.read(moment.strftime(form), UTC).at == moment


@given(st.integers(20_000, 109_999), st.integers(0, 86_399))
def test_serial_numbers_of_excel_are_seconds_since_its_epoch(days: int, seconds: int):
    read = moments.read(f"{days + seconds / 86_400:.10f}", UTC).at

    assert abs(read - (datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=days, seconds=seconds))) <= timedelta(
        seconds=1
    )
