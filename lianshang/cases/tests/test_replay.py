"""Other people's finished tickets under a mechanism profile."""

from pathlib import Path
from typing import Any

import pytest

from lianshang.cases import headings, presets, replay
from lianshang.cases.replay import NotMeasurable
from lianshang.kernel import tables
from lianshang.kernel.calendars import national

HEAD = "留言编号,留言时间,答复意见,答复时间"


def make_sheet(*lines: str, head: str = HEAD) -> tables.Sheet:
    return tables.read("\n".join([head, *lines]).encode(), recognise=headings.recogniser())


def replayed(sheet: tables.Sheet, profile: str = "default", kind: str = "", **mapping: str) -> dict[str, Any]:
    calendar = national()
    read, unread = replay.tickets(sheet, calendar.zone, mapping)
    return replay.replay(read, unread, presets.preset(profile), calendar, kind)


def real(shared: Path, name: str) -> tables.Sheet:
    path = shared / "data" / "teddy2020c" / name
    if not path.exists():
        pytest.skip(f"teddy2020c/{name} is not here")
    return tables.read(path, recognise=headings.recogniser())


def test_working_days_are_counted_from_the_next_day_with_make_up_days():
    found = replayed(make_sheet("1,2026-02-13 10:00,已修复,2026-02-27 16:00"))  # five: 02-14 is a working day

    assert found["median_working_days"] == 5
    assert found["share_within"] == {"5": 1.0, "10": 1.0, "15": 1.0, "30": 1.0}
    assert (found["on_time"], found["late"]) == (1, {"一般": 0})


def test_answer_after_the_close_of_business_of_the_last_day_is_late():
    found = replayed(make_sheet("1,2026-03-02 10:00,已修复,2026-03-09 17:01", "2,2026-03-02 10:00,已修复,2026-03-09"))

    assert (found["on_time"], found["late"]) == (1, {"一般": 1})


def test_counts_add_up_to_the_rows():
    sheet = make_sheet(
        "1,2026-03-02 10:00,已修复,2026-03-03 10:00",
        "2,2026-03-02 10:00,网友：您好！留言已收悉,2026-03-03 10:00",
        "3,2026-03-02 10:00,,",
        "4,2026-03-32 10:00,已修复,2026-03-03 10:00",
        "5,2026-03-02 10:00,已修复,2026-03-01 10:00",
        "6,2026-03-02 10:00,已修复,",
    )

    found = replayed(sheet)

    assert [found[key] for key in ("rows", "answered", "acknowledged_only", "unanswered")] == [6, 1, 1, 1]
    assert found["unreadable"] == [
        {"row": 5, "reason": "提出时间“2026-03-32 10:00”：没有 2026年3月32日 这一天，请核对"},
        {"row": 6, "reason": "答复时间 2026-03-01 10:00 早于提出时间 2026-03-02 10:00"},
        {"row": 7, "reason": "有答复内容，没有答复时间"},
    ]


def test_answer_on_the_day_of_asking_without_a_time_is_not_before_it():
    found = replayed(make_sheet("1,2026-03-02 10:00,已修复,2026-03-02"))

    assert (found["answered"], found["unreadable"], found["median_working_days"]) == (1, [], 0)


def test_measures_of_nothing_are_nothing():
    found = replayed(make_sheet("1,2026-03-02 10:00,,"))

    assert (found["median_working_days"], found["share_within"]["5"], found["late"]) == (None, None, {})


def test_kind_picks_the_limit():
    sheet = make_sheet("1,2026-03-02 10:00,已修复,2026-03-05 10:00")  # three working days

    assert replayed(sheet, kind="一般")["on_time"] == 1
    assert replayed(sheet, kind="咨询")["late"] == {"咨询": 1}


def test_kind_of_the_row_goes_before_the_kind_of_the_command():
    sheet = make_sheet(
        "1,2026-03-02 10:00,已修复,2026-03-05 10:00,咨询",
        "2,2026-03-02 10:00,已修复,2026-03-05 10:00,别的",
        head=f"{HEAD},限时类别",
    )

    assert replayed(sheet)["late"] == {"咨询": 1, "一般": 0}


def test_unknown_kind_is_refused_with_those_that_are_there():
    with pytest.raises(NotMeasurable, match="有：咨询、一般、复杂"):
        replayed(make_sheet("1,2026-03-02,已修复,2026-03-05"), kind="特别")


def test_profile_says_which_limit_was_used():
    limit = replayed(make_sheet("1,2026-03-02,已修复,2026-03-05"), profile="quanzhou")["limit"]

    assert limit == {"duty": "handle", "label": "办理", "kind": "一般", "words": "7 个工作日内"}


def test_profile_without_any_measurable_limit_is_refused():
    with pytest.raises(NotMeasurable, match="没有给“一般”规定"):
        replayed(make_sheet("1,2026-03-02,已修复,2026-03-05"), profile="huazhou")


def test_map_names_columns_that_have_other_headings():
    sheet = tables.read("编号,来件,办完\n1,2026-03-02,2026-03-05\n".encode())

    assert replayed(sheet, asked_at="来件", answered_at="办完")["answered"] == 1


def test_sheet_without_times_is_refused_with_what_was_found():
    with pytest.raises(headings.Misheaded, match=r"表头有：一级分类、二级分类；需要：提出时间.*；答复时间"):
        replayed(make_sheet("甲,乙", head="一级分类,二级分类"))


def test_real_replies_have_their_published_shares(shared: Path):
    found = replayed(real(shared, "replies.csv.gz"))

    assert (found["rows"], found["unreadable"]) == (1943, [])
    assert found["rows"] == found["answered"] + found["acknowledged_only"] + found["unanswered"]
    assert found["median_working_days"] == 8
    assert [round(100 * share) for share in found["share_within"].values()] == [38, 62, 75, 91]


def test_real_workbook_is_replayed(shared: Path):
    found = replayed(real(shared, "original/附件4_示例120行.xlsx"), profile="shandong")

    assert (found["rows"], found["unreadable"]) == (120, [])
    assert found["on_time"] + sum(found["late"].values()) == found["answered"]
