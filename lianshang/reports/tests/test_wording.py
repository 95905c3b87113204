"""Rounding words: the exact rules, in both directions."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianshang.reports import wording
from lianshang.reports.mentions import found
from lianshang.reports.wording import is_true, worded

# What is printed → the values that it is true of, and some that it is not true of.
TRUE_OF = {
    "40余次": (range(41, 50), (39, 40, 50, 60)),
    "60余个": (range(61, 70), (60, 59, 70)),
    "320余人次": (range(321, 330), (320, 330, 400)),
    "300余名": (range(301, 400), (300, 400)),
    "近60个": (range(57, 60), (56, 60, 61)),
    "60个以上": ((60, 61, 900), (59,)),
    "不少于60个": ((60, 61), (59,)),
    "60个以内": ((60, 1), (61,)),
    "超过60个": ((61,), (60, 59)),
    "不满60个": ((59,), (60, 61)),
    "不足60个": ((59,), (60,)),
    "37个": ((37,), (36, 38)),
    "3—5名": ((3, 4, 5), (2, 6)),
    "约60个": ((60, 61, 58), (50, 70)),
    "45余个": ((), (45, 46, 47)),
    "100%": ((100,), (Decimal("99.99"), Decimal("99.5"))),
    "98.87%": ((Decimal("98.87"),), (Decimal("98.88"), Decimal("98.86"), 100)),
    "98.8%": ((Decimal("98.87"),), (Decimal("98.7"),)),
    "21.16亿元": ((Decimal(2_116_149_000), Decimal(2_116_000_000)), (Decimal(2_126_000_000), Decimal(2_110_000_000))),
    "2116.50万元": ((Decimal(21_165_000),), (Decimal(21_166_000),)),
    "3万件": ((30_000,), (31_234,)),
    "1.2万人次": ((12_000, 12_040), (12_900,)),
    "300余万元": ((3_000_001, 3_900_000), (3_000_000, 4_000_000)),
}  # fmt: skip


@pytest.mark.parametrize(("words", "values"), TRUE_OF.items())
def test_rounding_words_are_true_of_what_they_mean(words, values):
    (mention,) = found(words)
    yes, no = values

    assert [value for value in yes if not is_true(mention, Decimal(value))] == []
    assert [value for value in no if is_true(mention, Decimal(value))] == []


PRINTED = (
    (47, "次", "余", "40余次"), (40, "次", "余", "40次"), (9, "次", "余", "9次"), (327, "人次", "余", "320余人次"),
    (327, "名", "整余", "300余名"), (63, "个", "余", "60余个"), (58, "个", "近", "近60个"), (52, "个", "近", "52个"),
    (47, "个", "以上", "40个以上"), (40, "个", "以上", "40个以上"), (47, "个", "超过", "超过40个"), (40, "个", "超过", "40个"),
    (1234, "件", "余", "1200余件"), (206, "件", "准确", "206件"), (100, "件", "余", "100件"), (101, "件", "余", "100余件"),
)  # fmt: skip


@pytest.mark.parametrize(("value", "unit", "rule", "words"), PRINTED)
def test_values_are_put_into_words(value, unit, rule, words):
    assert worded(Decimal(value), unit, "flow", rule) == words


def test_rates_are_cut_and_money_has_two_decimals():
    assert worded(Decimal("99.999"), "%", "rate") == "99.99%"
    assert worded(Decimal(100), "%", "rate") == "100%"
    assert worded(None, "%", "rate") == "—"
    assert worded(Decimal("211614.9"), "万元", "money") == "21.16亿元"
    assert worded(Decimal("211614.9"), "万元", "money", "万元") == "211614.90万元"
    assert worded(Decimal(50), "万元", "money") == "50.00万元"


@given(st.integers(0, 10**7), st.sampled_from(sorted(wording.RULES)))
def test_whatever_is_printed_is_true(value, rule):
    (mention,) = found(worded(Decimal(value), "件", "flow", rule))

    assert is_true(mention, Decimal(value))
