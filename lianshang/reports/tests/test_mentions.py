"""What is a figure in a text, where it stands, and what is none."""

from decimal import Decimal

import pytest

from lianshang.reports import numerals
from lianshang.reports.mentions import found

NUMBERS = {
    "1,234": 1234, "3.5万": 35000, "2千万": 20_000_000, "１２": 12, "一百三十": 130, "十五": 15, "两千": 2000, "三百五": 350,
    "一千零五": 1005, "两万三": 23000, "二点五": Decimal("2.5"), "三亿": 300_000_000, "零": 0, "二〇二六": None, "三三": None, "": None,
}  # fmt: skip


@pytest.mark.parametrize(("words", "value"), NUMBERS.items())
def test_numbers_are_read_as_they_are_spelled(words, value):
    assert numerals.value(words) == value


FIGURES = {
    "受理诉求206件": ["206件"],
    "受理诉求１２８件": ["１２８件"],
    "共一百三十余件，两家，三千零五十人": ["一百三十余件", "两家", "三千零五十人"],
    "近60个，60个以上，约3万多人次，超过50件，不足10件": ["近60个", "60个以上", "约3万多人次", "超过50件", "不足10件"],
    "总产值21.16亿元、2,116.5万元、300余万元": ["21.16亿元", "2,116.5万元", "300余万元"],
    "选派3—5名，三至五名，10%—20%，1—2万元": ["3—5名", "三至五名", "10%—20%", "1—2万元"],
    "百分之九十五点五，百分之百，１００％，三成企业": ["百分之九十五点五", "百分之百", "１００％", "三成"],
    "上百家，数十家，十几个，百余名，三五家": ["上百家", "数十家", "十几个", "百余名", "三五家"],
    "8支队伍、80余名党员、320余人次、公交专线一条": ["8支", "80余名", "320余人次", "一条"],
    "比上月提高2个百分点，用时3个工作日，1小时内": ["2个百分点", "3个工作日", "1小时"],
    "签约3起，节约8万元，最近3家": ["3起", "8万元", "3家"],
}


@pytest.mark.parametrize(("text", "figures"), FIGURES.items())
def test_every_number_with_its_measure_word_is_found(text, figures):
    assert [one.text for one in found(text)] == figures


NONE = (
    "2026年11月23日上午9:00，11月，1—10月，三季度，上半年，近三年来，2023—2026年，“十四五”期间",
    "《条例》第四十五条，黔府发〔2026〕5号，第214号令，第十四届，第一书记",
    "拨打12345热线、0858-1234567、13800138000，编号2026-0123，GB/T 9704-2012，A4，5G",
    "一、概况\n（一）办理\n1.受理\n①派单。一是抓派单，二是抓办结，其三",
    "“1+5+N”结对，7×24小时，三会一课，一企一策，一站式，一次性告知，一起办，两个覆盖，十分重要，另一家，每3年",
    "同一家企业，另一个，企业来电后统一答复，唯一，万一，千方百计",
)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_figure_is_not_found(text):
    assert [one.text for one in found(text) if not one.indefinite and one.unit not in ("小时", "年")] == []


def test_places_count_code_points_of_the_text_as_it_is():
    text = "😀链上\r\n受理诉求１２８件，占百分之九十。"

    places = [(one.start, one.end, text[one.start : one.end]) for one in found(text)]

    assert places == [(9, 13, "１２８件"), (15, 20, "百分之九十")]


def test_values_are_in_the_base_of_the_unit():
    values = {
        one.text: (one.low, one.high, one.unit)
        for one in found("21.16亿元，1—2万元，3万多人次，三成，5.2个百分点，21.16亿")
    }

    assert values == {
        "21.16亿元": (2_116_000_000, 2_116_000_000, "元"),
        "1—2万元": (10_000, 20_000, "元"),
        "3万多人次": (30_000, 30_000, "人次"),
        "三成": (30, 30, "%"),
        "5.2个百分点": (Decimal("5.2"), Decimal("5.2"), "百分点"),
        "21.16亿": (2_116_000_000, 2_116_000_000, "元?"),
    }


def test_an_article_before_a_noun_is_indefinite():
    told = {one.text: one.indefinite for one in found("一个企业来电，两个企业来电，公交专线一条，一家。")}

    assert told == {"一个": True, "两个": False, "一条": False, "一家": False}


def test_ugly_text_is_read_in_time():
    text = "一二三四五六七八九十百千万亿" * 800 + "1" * 5000 + "余" * 2000 + "——" * 500 + "12件"

    assert [one.text for one in found(text)][-1:] == ["12件"]
