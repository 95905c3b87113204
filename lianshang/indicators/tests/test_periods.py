from datetime import date

import pytest

from lianshang.indicators import periods


@pytest.mark.parametrize(
    ("text", "first", "last", "label"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026年"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2026年第一季度"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
        ("2024-2", date(2024, 2, 1), date(2024, 2, 29), "2024年2月"),
        ("2026-11-01..2026-11-23", date(2026, 11, 1), date(2026, 11, 23), "2026年11月1日至2026年11月23日"),
    ],
)
def test_period_is_read_as_people_write_it(text, first, last, label):
    assert periods.parse(text) == periods.Period(first, last, label)


@pytest.mark.parametrize("text", ["", "2026-13", "去年", "2026-Q5", "2026-11-23..2026-11-01", "2026-02-30..2026-03-01"])
def test_what_is_no_period_is_refused_with_the_forms(text):
    with pytest.raises(periods.NoPeriod, match="2026-Q3"):
        periods.parse(text)
