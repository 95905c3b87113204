"""Words that give a reporter away are found before anybody who handles the matter reads it."""

import pytest

from lianshang.cases import giveaways
from lianshang.cases.giveaways import BLANK, Mark


@pytest.mark.parametrize(
    ("words", "given_away"),
    [
        ("请打 13812345678 找我。", ["13812345678"]),
        ("电话１３８　１２３４　５６７８。", ["１３８　１２３４　５６７８"]),
        ("身份证 520203199003074518 可查。", ["520203199003074518"]),
        ("写信到 zhang@example.com 就行。", ["zhang@example.com"]),
        ("我的车贵B·12345被扣了。", ["贵B·12345"]),
        ("新能源车 贵BD12345 也被扣。", ["贵BD12345"]),
        ("我叫张建国，在这里反映。", ["张建国"]),
        ("联系人：李芳", ["李芳"]),
        ("联系人王小明先生。", ["王小明"]),
        ("我是二号窑的陈立新，亲眼看见。", ["二号窑的陈立新"]),
        ("我们车间只有我管台账。", ["我们车间只有我管台账"]),
        ("这事只有我一个人知道，", ["只有我一个人知道"]),
        ("我是厂里的会计，账是我做的。", ["我是厂里的会计"]),
        ("还吼我们的女会计。", []),
        ("还吼我们厂的女会计。", ["我们厂的女会计"]),
        ("窗口人员推诿，材料交了三次。", []),
        ("合同号 2026011200345，金额 125000 元。", []),
        ("只有这一家检测机构不来现场。", []),
    ],
)
def test_marks_stand_on_what_gives_away(words: str, given_away: list[str]):
    assert [words[one.start : one.end] for one in giveaways.marks(words)] == given_away


def test_all_that_is_marked_is_hidden_until_somebody_decides():
    words = "我叫张建国，电话 13812345678，窗口推诿。"
    found = giveaways.marks(words)

    assert giveaways.screened(words, found) == f"我叫{BLANK}，电话 {BLANK}，窗口推诿。"
    assert giveaways.screened(words, [Mark(one.start, one.end, one.kind, hidden=False) for one in found]) == words


def test_own_marks_overlap_others_and_nothing_of_them_is_left():
    words = "上周三在三号车间门口，张建国和我吵了一架。"
    own = giveaways.of_phrases(words, ["上周三在三号车间门口", "三号车间门口，张建国"])

    shown = giveaways.screened(words, giveaways.joined(giveaways.marks(words), own))

    assert shown == f"{BLANK}和我吵了一架。"


def test_marks_are_packed_and_unpacked_alike():
    found = giveaways.marks("联系人：李芳，13812345678。")

    assert giveaways.unpacked([one.packed for one in found]) == found
