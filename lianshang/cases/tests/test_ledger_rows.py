"""Rows of an import: drafts of what is sound, all errors of what is not."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lianshang.cases import headings, ledger_rows
from lianshang.cases.headings import Misheaded
from lianshang.cases.headlines import headline
from lianshang.cases.ledger_rows import CellError, Draft, Parsed, Vocabulary
from lianshang.cases.states import Nature
from lianshang.kernel import tables

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=SHANGHAI)
HEAD = "受理编号,诉求标题,诉求内容,受理时间,答复意见,答复时间"


def make_sheet(*lines: str, head: str = HEAD) -> tables.Sheet:
    return tables.read("\n".join([head, *lines]).encode(), recognise=headings.recogniser())


def parsed(*lines: str, head: str = HEAD, **options: Any) -> Parsed:
    return ledger_rows.parse(make_sheet(*lines, head=head), zone=SHANGHAI, at=NOW, **options)


def real(shared: Path, name: str) -> Parsed:
    path = shared / "data" / "teddy2020c" / name
    if not path.exists():
        pytest.skip(f"teddy2020c/{name} is not here")
    return ledger_rows.parse(tables.read(path, recognise=headings.recogniser()), zone=SHANGHAI, at=NOW)


def test_sound_row_is_a_typed_draft():
    head = "受理编号,企业名称,诉求标题,诉求内容,受理时间,主办单位,协办单位,诉求性质,紧急程度,办理时限,答复意见,答复时间"
    line = (
        "7,甲公司,用电,电压不稳,2026/3/2 9:30,供电局,住建局、水务局,求助类,特急,2026-03-09,已换变压器,2026-03-05 16:00"
    )

    assert parsed(line, head=head).drafts == [
        Draft(
            row=2,
            number="7",
            title="用电",
            text="电压不稳",
            asked_at=datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI),
            answered_at=datetime(2026, 3, 5, 16, 0, tzinfo=SHANGHAI),
            answer="已换变压器",
            enterprise="甲公司",
            nature="求助",
            urgency="紧急",
            unit="供电局",
            co_units=("住建局", "水务局"),
            due_at=datetime(2026, 3, 9, tzinfo=SHANGHAI),
        )
    ]


def test_receipt_is_progress_and_no_answer():
    draft = parsed("1,用电,电压不稳,2026-03-02,网友：您好！留言已收悉,2026-03-03").drafts[0]

    assert (draft.answer, draft.answered_at, draft.acknowledged) == (None, None, True)
    assert draft.progress == "网友：您好！留言已收悉"


def test_reply_without_its_time_is_progress():
    draft = parsed("1,用电,电压不稳,2026-03-02,正在更换变压器,").drafts[0]

    assert (draft.answer, draft.acknowledged, draft.progress) == (None, False, "正在更换变压器")


def test_title_is_made_from_the_first_sentence_past_the_greeting():
    draft = parsed("1,,领导您好！厂区门口路灯不亮。晚班工人出行不安全。,2026-03-02,,").drafts[0]

    assert draft.title == "厂区门口路灯不亮"


def test_long_first_sentence_makes_a_title_of_sixty_characters():
    draft = parsed(f"1,,{'路' * 200},2026-03-02,,").drafts[0]

    assert draft.title == "路" * 59 + "…"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("您好！厂区门口\n路灯不亮。", "厂区门口"),
        ("您好。", "您好"),
        ("！！", "！！"),
        ("  ", ""),
        ("没有 停顿", "没有 停顿"),
    ],
)
def test_headline_says_something_wherever_something_is_said(text: str, title: str):
    assert headline(text) == title


def test_text_is_taken_from_the_title_where_there_is_none():
    draft = parsed("1,厂区门口路灯不亮,,2026-03-02,,").drafts[0]

    assert draft.text == "厂区门口路灯不亮"


def test_all_faults_of_all_rows_are_found_at_once():
    found = parsed(
        "1,用电,,2026-02-30,已换,昨天",
        "2,用水,,2026-03-02,已修,2026-03-01",
        "3,,,,,",
        "4,用工,,2026-12-01,,",
        "2,用气,,2026-03-02,,",
    )

    assert (found.rows, found.drafts) == (5, [])
    assert found.errors == [
        CellError(2, "受理时间", "2026-02-30", "没有 2026年2月30日 这一天，请核对", "D2"),
        CellError(2, "答复时间", "昨天", "相对的日期换个时间看就变了；请写成 2019-04-25 09:32 这样", "F2"),
        CellError(3, "答复时间", "2026-03-01", "答复时间早于提出时间 2026-03-02 00:00，请核对两个时间", "F3"),
        CellError(4, "受理时间", "", "没有填时间", "D4"),
        CellError(4, "诉求标题", "", "标题和正文都没有填，至少要有一个", "B4"),
        CellError(5, "受理时间", "2026-12-01", "这个时间还没有到，请核对年份和日期", "D5"),
        CellError(6, "受理编号", "2", "编号与第 3 行重复，请核对后只留一行", "A6"),
    ]


def test_sound_rows_are_kept_beside_faulty_ones():
    found = parsed("1,用电,,2026-03-02,,", "2,用水,,没有,,")

    assert [draft.number for draft in found.drafts] == ["1"]
    assert [error.row for error in found.errors] == [3]


def test_too_long_value_is_an_error_that_says_the_limit():
    found = parsed(f"1,{'长' * 81},,2026-03-02,,")

    assert found.errors == [CellError(2, "诉求标题", f"{'长' * 60}…", "81 个字，最多 80 个，请缩短", "B2")]


def test_unknown_words_are_errors_that_name_the_known_ones():
    head, line = f"{HEAD},诉求性质,紧急程度,限时类别", "1,用电,,2026-03-02,,,投诉举报,十万火急,疑难"

    found = parsed(line, head=head, vocabulary=Vocabulary(kinds=("一般", "复杂")))

    assert [(error.column, error.message) for error in found.errors] == [
        ("诉求性质", "不认识这个诉求性质，请改成：咨询、求助、建议、意见、投诉、举报，或留空"),
        ("紧急程度", "不认识这个紧急程度，请改成：普通、紧急，或留空"),
        ("限时类别", "不认识这个限时类别，请改成：一般、复杂，或留空"),
    ]


def test_natures_are_those_of_a_case():
    assert tuple(Nature.labels) == ledger_rows.NATURES


def test_map_goes_before_the_usual_headings():
    head, line = "受理时间,来件时间,事项", "2026-03-05,2026-03-02,用电"

    draft = parsed(line, head=head, mapping={"asked_at": "来件时间"}).drafts[0]

    assert draft.asked_at == datetime(2026, 3, 2, tzinfo=SHANGHAI)


def test_map_with_an_unknown_field_is_refused_with_the_known_ones():
    with pytest.raises(Misheaded, match=r"不认识的字段：when。可用的字段：.*asked_at（提出时间）"):
        headings.load_map('{"when": "来件时间"}')


@pytest.mark.parametrize("text", ["[]", '{"asked_at": 3}', "{"])
def test_map_of_another_shape_is_refused(text: str):
    with pytest.raises(Misheaded, match="对照表"):
        headings.load_map(text)


def test_map_to_a_missing_column_is_refused_with_what_is_there():
    with pytest.raises(Misheaded, match="没有：来件时间。表头有：受理编号"):
        parsed("1,用电,,2026-03-02,,", mapping={"asked_at": "来件时间"})


def test_headings_are_known_with_what_is_put_around_them():
    found = headings.columns(["*受理编号：", "诉求\n内容", "受 理 时 间", "企业名称（必填）", "所属产业链"])

    assert found == {"number": 0, "text": 1, "asked_at": 2, "enterprise": 3, "chain": 4}


def test_code_table_is_refused_with_what_was_found_and_what_is_needed():
    with pytest.raises(Misheaded, match=r"表头有：一级分类、二级分类；需要：标题.*或正文.*；提出时间"):
        parsed("甲,乙", head="一级分类,二级分类")


def test_real_code_table_is_refused(shared: Path):
    with pytest.raises(Misheaded, match="一级分类、二级分类、三级分类"):
        real(shared, "original/附件1.xlsx")


@pytest.mark.parametrize(
    ("name", "rows", "errors", "acknowledged"),
    [
        ("original/附件2_示例495行.xlsx", 495, 1, 0),
        ("original/附件3_示例30行.xlsx", 30, 0, 0),
        ("original/附件4_示例120行.xlsx", 120, 0, 7),
        ("replies.csv.gz", 1943, 0, 175),
        ("hot_messages.csv.gz", 2934, 0, 0),
        ("labelled_raw.csv.gz", 1158, 39, 0),
    ],
)
def test_real_ledgers_are_read_whole(shared: Path, name: str, rows: int, errors: int, acknowledged: int):
    found = real(shared, name)

    assert (found.rows, len(found.drafts), len(found.errors)) == (rows, rows - errors, errors)
    assert all("重复" in error.message for error in found.errors)
    assert sum(draft.acknowledged for draft in found.drafts) == acknowledged
    assert [draft for draft in found.drafts if "_x000D_" in draft.text or draft.text.startswith(("\t", "\n"))] == []


def test_repeated_number_of_a_real_workbook_names_its_first_row(shared: Path):
    error = real(shared, "original/附件2_示例495行.xlsx").errors[0]

    assert replace(error, value="") == CellError(312, "留言编号", "", "编号与第 100 行重复，请核对后只留一行", "A312")
