"""Calendars: the national days of two sources, what is provisional, local documents and their faults."""

import json
from datetime import date, time, timedelta

import pytest

from lianshang.kernel.calendars import CalendarFaults, WorkCalendar, from_holiday_cn, load, national, overlay

FULL = ["09:00-12:00", "13:00-17:00"]
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), FULL)
WORKING_DAYS_2026 = [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]


def make_document(**changes):
    return {"name": "某园区", **changes}


def year_file(year, *days):
    return {"year": year, "days": [{"name": n, "date": d, "isOffDay": off} for n, d, off in days]}


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def faults_of(document, read=load):
    with pytest.raises(CalendarFaults) as caught:
        read(document)
    return [str(fault) for fault in caught.value.faults]


def over_national(document):
    return overlay(national(), document)


def test_national_has_the_working_days_of_2026_month_by_month():
    calendar = national()

    working = [day for day in days_of(2026) if calendar.is_working(day)]

    assert [sum(day.month == month for day in working) for month in range(1, 13)] == WORKING_DAYS_2026


@pytest.mark.parametrize(
    ("day", "name", "working"),
    [
        ("2026-02-14", "调休上班", True),
        ("2026-02-15", "春节", False),
        ("2026-04-04", "清明节", False),
        ("2026-09-20", "调休上班", True),
        ("2026-11-21", "周六", False),
        ("2026-11-23", "周一", True),
        ("2026-03-08", "周日", False),
        ("2026-05-04", "劳动节", False),
        ("2026-09-10", "周四", True),
    ],
)
def test_national_names_days(day, name, working):
    calendar = national()

    found = calendar.day_name(date.fromisoformat(day)), calendar.is_working(date.fromisoformat(day))

    assert found == (name, working)


def test_national_hours_are_the_standard_ones():
    hours = national().intervals(date(2026, 2, 14))

    assert hours == ((time(9), time(12)), (time(13), time(17)))


@pytest.mark.parametrize(
    ("day", "provisional"),
    [("2003-12-31", True), ("2004-01-01", False), ("2026-12-31", False), ("2027-01-01", True)],
)
def test_national_is_provisional_outside_the_published_years(day, provisional):
    assert national().provisional(date.fromisoformat(day)) is provisional


def test_unpublished_year_keeps_only_the_statutory_days_off():
    calendar = national()

    off = [day.isoformat()[5:] for day in days_of(2027) if not calendar.is_working(day) and day.weekday() < 5]

    assert off == ["01-01", "02-05", "02-08", "04-05", "06-09", "09-15", "10-01"]


def test_unpublished_year_without_known_moon_has_the_fixed_days_only():
    calendar = national()

    off = [day.isoformat()[5:] for day in days_of(2029) if not calendar.is_working(day) and day.weekday() < 5]

    assert off == ["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"]


def test_two_sources_agree_on_every_day(shared):
    files = [json.loads(path.read_text()) for path in (shared / "data/holiday_cn").glob("2*.json")]

    merged = from_holiday_cn(files)

    days = [day for year in range(2007, 2027) for day in days_of(year)]
    assert [day for day in days if merged.is_working(day) != national().is_working(day)] == []
    assert merged.published == ((date(2007, 1, 1), date(2026, 12, 31)),)


def test_december_follows_the_next_years_file_whatever_the_order():
    files = [year_file(2027, ("元旦", "2026-12-31", True)), year_file(2026, ("元旦", "2026-01-01", True))]

    calendar = from_holiday_cn(files, base=national())

    assert not calendar.is_working(date(2026, 12, 31))
    assert national().is_working(date(2026, 12, 31))


def test_empty_year_stays_provisional():
    calendar = from_holiday_cn([year_file(2027)], base=national())

    assert calendar.provisional(date(2027, 3, 1))
    assert not calendar.is_working(date(2027, 1, 1))


def test_loaded_notice_settles_the_year_and_replaces_the_guess():
    notice = year_file(2027, ("元旦", "2027-01-01", True), ("春节", "2027-02-20", False))

    calendar = from_holiday_cn([notice], base=national())

    assert calendar.published == ((date(2004, 1, 1), date(2027, 12, 31)),)
    assert calendar.day_name(date(2027, 2, 20)) == "调休上班"
    assert calendar.is_working(date(2027, 2, 5))
    assert calendar.version != national().version


def test_revised_notice_drops_days_that_it_no_longer_names():
    revised = year_file(2026, ("元旦", "2026-01-01", True))

    calendar = from_holiday_cn([revised], base=national())

    assert calendar.is_working(date(2026, 1, 2))
    assert not calendar.is_working(date(2025, 10, 1))


def test_faulty_notice_names_file_and_day():
    with pytest.raises(CalendarFaults, match="2027 年第 1 天"):
        from_holiday_cn([{"year": 2027, "days": [{"date": "2027-01-01"}]}])
    with pytest.raises(CalendarFaults, match="第 1 个文件"):
        from_holiday_cn([{"days": []}])


def test_overlay_wins_date_by_date():
    document = make_document(
        days={
            "2026-03-03": {"off": True, "name": "三月三"},
            "2026-03-04": {"intervals": ["09:00-12:00"], "name": "半天"},
            "2026-03-07": {"working": True},
        }
    )

    park = over_national(document)

    assert [park.day_name(date(2026, 3, n)) for n in (3, 4, 7, 9)] == ["三月三", "半天", "调休上班", "周一"]
    assert park.intervals(date(2026, 3, 4)) == ((time(9), time(12)),)
    assert [park.is_working(date(2026, 3, n)) for n in (3, 7)] == [False, True]
    assert not park.is_working(date(2026, 2, 16))


def test_unit_lies_over_the_park():
    park = over_national(make_document(days={"2026-03-03": {"off": True, "name": "三月三"}}))

    unit = overlay(park, {"name": "窗口单位", "days": {"2026-03-03": {"working": True, "name": "窗口值班"}}})

    assert unit.is_working(date(2026, 3, 3))
    assert not park.is_working(date(2026, 3, 3))


def test_make_up_day_has_the_hours_of_an_ordinary_day_even_where_saturdays_are_short():
    park = over_national(make_document(weekly={**WEEK, "sat": ["09:00-12:00"]}))

    hours = [len(park.intervals(date(2026, 2, day))) for day in (7, 14)]

    assert hours == [1, 2]


def test_published_of_a_document_replaces_the_base_range():
    park = over_national(make_document(published=[["2004-01-01", "2026-12-31"], ["2027-01-01", "2027-12-31"]]))

    assert not park.provisional(date(2027, 6, 1))
    assert park.is_working(date(2027, 1, 1))


def test_yaml_spellings_of_off_and_of_dates_are_understood():
    park = over_national(make_document(days={date(2026, 3, 3): {False: True}}))

    assert not park.is_working(date(2026, 3, 3))


def test_dump_is_read_back_to_an_equal_calendar():
    park = over_national(make_document(weekly=WEEK, days={"2026-03-04": {"intervals": ["09:00-12:00"]}}))

    again = load(json.loads(json.dumps(park.dump())))

    assert again == park
    assert hash(again) == hash(park)
    assert again.version == park.version


def test_calendar_without_published_days_says_so_in_its_version():
    assert WorkCalendar("空").version.startswith("unpublished-")
    assert WorkCalendar("空").title == "空"


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"weekly": WEEK}, "name：缺少日历名称"),
        (make_document(), "weekly：缺少每周的上班时间"),
        (make_document(weekly=[]), "weekly：应按星期写"),
        (make_document(weekly={"mon": FULL}), "weekly：缺少 tue、wed、thu、fri"),
        (make_document(weekly={day: [] for day in WEEK}), "weekly：一周里至少要有 1 个工作日"),
        (make_document(weekly={**WEEK, "monday": FULL}), "weekly：不认识 monday"),
        (make_document(weekly={**WEEK, "tue": "9-12"}), "weekly.tue：时段应是列表"),
        (make_document(weekly={**WEEK, "tue": ["9-12"]}), "weekly.tue：“9-12”不是时段"),
        (make_document(weekly={**WEEK, "tue": ["09:00-25:00"]}), "weekly.tue：“09:00-25:00”不是时段"),
        (make_document(weekly={**WEEK, "tue": ["22:00-06:00"]}), "weekly.tue：“22:00-06:00”的结束要晚于开始"),
        (
            make_document(weekly={**WEEK, "tue": ["09:00-12:00", "11:00-17:00"]}),
            "weekly.tue：11:00 开始的时段与前一段重叠",
        ),
        (
            make_document(weekly={**WEEK, "tue": ["13:00-17:00", "09:00-12:00"]}),
            "weekly.tue：09:00 开始的时段与前一段重叠",
        ),
        (make_document(weekly=WEEK, days=[]), "days：应按日期写"),
        (make_document(weekly=WEEK, days={"3月3日": {"off": True}}), "days：“3月3日”不是日期"),
        (make_document(weekly=WEEK, days={"2026-03-03": "off"}), "days.2026-03-03：应写 off: true"),
        (make_document(weekly=WEEK, days={"2026-03-03": {}}), "days.2026-03-03：off: true（放假）"),
        (make_document(weekly=WEEK, days={"2026-03-03": {"off": False}}), "days.2026-03-03：off: true（放假）"),
        (make_document(weekly=WEEK, days={"2026-03-03": {"off": True, "x": 1}}), "days.2026-03-03：不认识 x"),
        (make_document(weekly=WEEK, published="2026"), "published：应写首日和末日"),
        (make_document(weekly=WEEK, published=["2026-01-01", "明年"]), "published：“明年”不是日期"),
        (make_document(weekly=WEEK, published=["2026-12-31", "2026-01-01"]), "published：末日 2026-01-01 早于首日"),
        (make_document(weekly=WEEK, zone="Asia/Guiyang"), "zone：没有“Asia/Guiyang”这个时区"),
        (make_document(weekly=WEEK, holidays={}), "日历：不认识 holidays"),
        ([], "日历：应是一组"),
    ],
)
def test_fault_of_a_document_names_its_place(document, fault):
    faults = faults_of(document)

    assert [text.startswith(fault) for text in faults] == [True]


def test_faults_are_told_all_at_once():
    faults = faults_of({"weekly": {**WEEK, "fri": ["x"]}, "days": {"x": {}}}, read=over_national)

    assert len(faults) == 3


def test_days_end_with_the_calendar_of_dates():
    with pytest.raises(OverflowError):
        national().year(9999)
