"""Similar cases: nearest first, only what may be seen, the same on both databases."""

from datetime import timedelta

import pytest

from lianshang.cases.models import Case
from lianshang.cases.similar import NEAR, SAME, similar_cases
from lianshang.cases.tests.factories import DAY, MONDAY, Town

LAMP = "厂区东门路灯坏了三天，夜班出车看不清，请尽快派人来修。"
AGAIN = "我厂东门口的路灯坏了三天，夜班出车看不清路，请派人来修。"
POWER = "二期厂房用电负荷不够，申请增容 500 千伏安，已等了两个月。"
LATER = MONDAY + timedelta(days=30)


def numbers(town: Town, text: str, **more: object) -> list[str]:
    more.setdefault("among", Case.objects.open_ledger())
    return [one.case.number for one in similar_cases(text, at=LATER, **more)]


@pytest.fixture
def others(town: Town) -> None:
    for place, matter in enumerate(("消防验收等了一个月", "食堂油烟扰民", "货车进城限行时段太长", "环评手续不会办")):
        town.whistle(MONDAY + place * DAY, text=f"{matter}，请协调。")


def test_similar_cases_name_the_repeated_matter_first_and_say_what_is_shared(town: Town, others: None):
    lamp, power = town.whistle(text=LAMP), town.whistle(text=POWER)

    found = similar_cases(AGAIN, among=Case.objects.open_ledger(), at=LATER)

    assert [one.case for one in found] == [lamp]
    assert power not in [one.case for one in found]
    assert found[0].score > SAME
    assert any("路灯坏了三天" in phrase for phrase in found[0].shared)


def test_similar_cases_leave_out_the_case_itself_and_what_came_later(town: Town, others: None):
    lamp, later = town.whistle(text=LAMP), town.whistle(LATER + DAY, text=AGAIN)

    assert numbers(town, LAMP, but=lamp) == []
    assert later.number not in numbers(town, LAMP)


def test_similar_cases_hold_sealed_ones_only_where_the_reader_has_them(town: Town, others: None):
    sealed = town.whistle(text=LAMP, nature="complaint")

    assert numbers(town, LAMP) == []
    assert numbers(town, LAMP, among=Case.objects.filter(sealed=True)) == [sealed.number]


def test_similar_cases_of_nothing_and_of_figures_alone_are_none(town: Town, others: None):
    assert numbers(town, "") == numbers(town, "2026 13800000000") == []


def test_similar_cases_are_limited_and_none_is_below_the_threshold(town: Town, others: None):
    for day in range(7):
        town.whistle(MONDAY + day * DAY, text=f"{LAMP}第 {day} 次反映。")

    found = similar_cases(LAMP, among=Case.objects.open_ledger(), at=LATER, limit=3)

    assert len(found) == 3
    assert all(one.score >= NEAR for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
