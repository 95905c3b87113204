"""What of 组织生活 falls due, by kind of organisation: a year counted by hand, and the edges. No database."""

from datetime import date

import pytest

from lianshang.organizations.rules.kinds import Kind
from lianshang.organizations.rules.life import Rhythm, Standing, due_in, windows

OLD, DAY = date(2024, 3, 1), date(2026, 11, 24)


def year_of(body: Standing, day: date = DAY) -> dict[str, int]:
    return {one.duty.label: one.in_year for one in due_in(body, day)}


def test_life_of_a_branch_with_committee_and_two_groups_in_a_year_by_hand():
    body = Standing(Kind.BRANCH, OLD, committees=[(date(2024, 4, 1), None)], groups=2)

    found = {one.duty.label: (one.in_year, one.closed, one.now, one.by) for one in due_in(body, DAY)}

    november, december = date(2026, 11, 30), date(2026, 12, 31)
    assert found == {
        "党员大会": (4, 3, 1, december),
        "支部委员会会议": (12, 10, 1, november),
        "党小组会": (24, 20, 2, november),
        "党课": (4, 3, 1, december),
        "主题党日": (12, 10, 1, november),
        "组织生活会": (1, 0, 1, december),
        "民主评议党员": (1, 0, 1, december),
        "谈心谈话": (1, 0, 1, december),
    }


def test_branch_rules_article_12_and_13_ask_nothing_without_committee_or_groups():
    found = year_of(Standing(Kind.JOINT, OLD))

    assert "支部委员会会议" not in found
    assert "党小组会" not in found


def test_branch_rules_article_12_counts_the_months_with_a_committee_alone():
    body = Standing(Kind.BRANCH, OLD, committees=[(OLD, date(2026, 2, 28)), (date(2026, 10, 1), None)])

    assert year_of(body)["支部委员会会议"] == 5


def test_branch_rules_article_8_a_temporary_branch_has_lectures_and_days_alone():
    assert year_of(Standing(Kind.TEMPORARY, OLD)) == {"党课": 4, "主题党日": 12}


@pytest.mark.parametrize(
    ("approved", "days", "meetings", "yearly"),
    [
        (date(2026, 7, 1), 6, 2, 1),
        (date(2026, 7, 2), 5, 1, 1),
        (date(2026, 10, 2), 2, 0, 0),
        (date(2026, 12, 2), 0, 0, 0),
    ],
)
def test_life_is_due_from_the_first_whole_window_after_approval(approved, days, meetings, yearly):
    found = year_of(Standing(Kind.BRANCH, approved))

    assert [found.get(label, 0) for label in ("主题党日", "党员大会", "组织生活会")] == [days, meetings, yearly]


def test_life_is_not_due_in_the_window_in_which_a_branch_ends():
    assert year_of(Standing(Kind.BRANCH, OLD, ended=date(2026, 6, 30)))["主题党日"] == 5
    assert year_of(Standing(Kind.BRANCH, OLD, ended=date(2026, 7, 1)))["主题党日"] == 6


@pytest.mark.parametrize("kind", [Kind.COMMITTEE, Kind.GENERAL])
def test_life_of_branches_is_not_asked_of_committees(kind):
    assert due_in(Standing(kind, OLD), DAY) == []


def test_life_windows_end_with_the_month_in_leap_years_too():
    assert windows(Rhythm.MONTH, 2028)[1].last == date(2028, 2, 29)
    assert [windows(each, 2026)[0].first.month for each in (Rhythm.AUTUMN, Rhythm.YEAR)] == [10, 1]


def test_branch_rules_article_19_talks_are_due_from_the_first_whole_year():
    assert "谈心谈话" not in year_of(Standing(Kind.BRANCH, date(2026, 1, 2)))
    assert year_of(Standing(Kind.BRANCH, date(2026, 1, 1)))["谈心谈话"] == 1
