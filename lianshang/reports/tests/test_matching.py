"""Which figure a number speaks of, and of which time: by words, never by its value."""

from datetime import date

import pytest

from lianshang.reports import matching
from lianshang.reports.matching import Spoken
from lianshang.reports.mentions import found
from lianshang.reports.spans import Span, spans

DAY = date(2026, 11, 23)
FIGURES = (
    Spoken("intake", ("件",), ("受理诉求", "受理", "吹哨")),
    Spoken("closed", ("件",), ("办结",)),
    Spoken("rate", ("%",), ("按期办结率",)),
    Spoken("fed_back", ("%",), ("限期反馈率", "限期反馈")),
    Spoken("solved", ("个",), ("解决问题", "解决")),
    Spoken("solved.meeting", ("个",), ("联席会议 解决", "联席会 解决")),
    Spoken("solved.committee", ("个",), ("综合党委 解决", "走访 解决")),
    Spoken("enterprises", ("家",), ("服务企业", "涉及企业")),
    Spoken("persons", ("名",), ("培训",)),
    Spoken("attendances", ("人次",), ("培训",)),
)
SPEAKS = {
    "共受理企业各类诉求120件，其中办结118件": ["intake", "closed"],
    "受理120件办结118件": ["intake", "closed"],
    "120件诉求全部办结": ["closed"],
    "按期办结率98%，限期反馈率达到100%": ["rate", "fed_back"],
    "按时办结率方面，达到98%，比上月提高2个百分点": ["rate", ""],
    "100%限时反馈": ["fed_back"],
    "召开党政企联席会议6次，解决问题37个": ["", "solved.meeting"],
    "综合党委开展走访40余次，协调解决问题60余个；共解决问题128个": ["", "solved.committee", "solved"],
    "培训300名、400人次": ["persons", "attendances"],
    "用电类诉求受理32件，交通运输局办结12件，未办结2件": ["", "", ""],
    "办结118件，同比增长5%，目标办结200件": ["closed", "", ""],
    "企业吹哨后5个工作日内答复": [""],
    "诉求涉及企业60家": ["enterprises"],
    "设备120台，仓库3座": ["", ""],
}


@pytest.mark.parametrize(("text", "keys"), SPEAKS.items())
def test_numbers_speak_of_the_figure_that_is_named_beside_them(text, keys):
    matches = matching.match(text, found(text), FIGURES)

    assert [one.key for one in matches] == keys


def test_the_value_has_no_part_in_it():
    texts = [f"受理诉求{n}件，办结{m}件" for n, m in ((118, 120), (120, 118), (0, 9))]

    assert {tuple(one.key for one in matching.match(text, found(text), FIGURES)) for text in texts} == {
        ("intake", "closed")
    }


def test_two_that_fit_as_well_are_left_to_a_person():
    figures = (Spoken("a", ("件",), ("督办",)), Spoken("b", ("件",), ("督办",)))

    (match,) = matching.match("督办3件", found("督办3件"), figures)

    assert (match.key, set(match.rivals)) == ("", {"a", "b"})


def test_what_was_bound_goes_before_what_is_declared():
    bound = Spoken("closed", ("件",), ("受理诉求",), own=True)

    (match,) = matching.match("受理诉求3件", found("受理诉求3件"), (*FIGURES, bound))

    assert match.key == "closed"


def test_a_unit_named_narrows_the_figure_to_a_part():
    (match,) = matching.match("金融办办结3件", found("金融办办结3件"), FIGURES, ["金融办"])

    assert (match.key, match.part) == ("", "金融办")


MONTH = Span("当期", date(2026, 11, 1), date(2026, 11, 30))
TIMES = {
    "今年以来，|": Span("今年以来"),
    "11月，受理|": MONTH,
    "2026年11月办理情况\n共|": MONTH,
    "本月|": MONTH,
    "1—10月|": Span("当期", date(2026, 1, 1), date(2026, 10, 31)),
    "第三季度|": Span("当期", date(2026, 7, 1), date(2026, 9, 30)),
    "前三季度|": Span("当期", date(2026, 1, 1), date(2026, 9, 30)),
    "2026年上半年|": Span("当期", date(2026, 1, 1), date(2026, 6, 30)),
    "12月|": Span("当期", date(2025, 12, 1), date(2025, 12, 31)),
    "2024年以来|": Span("当期", date(2024, 1, 1), DAY),
    "近年来|": Span("近年来"),
    "截至11月20日，累计|": Span("累计", cut=date(2026, 11, 20)),
    "今年以来，截至目前共|": Span("今年以来"),
    "2025年很好。目前|": Span("到目前"),
    "去年同期|": Span(),
    "11月23日召开会议，|": Span(),
    "今年以来如此。\n另一段|": Span("今年以来"),
}


@pytest.mark.parametrize(("text", "span"), TIMES.items())
def test_times_are_read_where_a_number_stands(text, span):
    place = text.index("|")

    assert spans(text.replace("|", ""), DAY).at(place) == span
