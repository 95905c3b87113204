"""A receipt is no answer; an answer that begins like a receipt is one."""

import csv
import gzip
import io
from pathlib import Path

import pytest

from lianshang.cases.acknowledgement import only_acknowledges
from lianshang.kernel.tables import clean

RECEIPTS = [
    "已收悉",
    "收到，谢谢！",
    "贵公司：您好！来函已收悉。",
    "尊敬的企业负责人：您好！您提交的诉求已收悉，我们将尽快办理，请耐心等待。",
    "您反映的问题已收悉，我们将尽快办理。",
    "您好，您反映的“厂区门口路灯不亮”的问题已受理，正在处理中。",
    "您的诉求我们高度重视，已转交市交通运输局办理，办理结果将及时向您反馈。",
    "您反映的用电问题已转供电公司，感谢您对园区工作的支持！",
    "诉求已登记，稍后由专人与您联系。",
    "您提出的建议很好，我们会认真研究。",
    "尊敬的网友，您好！来信收悉，已按程序转交区住房和城乡建设局调查核实，待核实后答复。\n区信访局\n2026年3月2日",
    "感谢您的留言，我们会尽快核实处理，如有疑问请致电 0858-1234567。",
    "您好！您的来信已收到。给您带来的不便，敬请谅解。祝您生活愉快！",
]
ANSWERS = [
    "您好！来信收悉。经核实，该路段路灯已于3月1日修复。",
    "您反映的问题已收悉，因不属于我区管辖，请向市供电局反映。",
    "请咨询市人力资源和社会保障局。",
    "您的问题已解决。",
    "已处理完毕，感谢支持。",
    "我们已将您反映的问题处理好。",
    "您的留言已收悉。现答复如下：企业用工补贴每人每年 3000 元。",
    "留言已收悉，目前尚未出台相关政策。",
    "已责令施工单位停工整改。",
    "已转为硬化路面。",
    "可以办理。",
    "不予受理。",
    "已派执法人员到现场制止。",
    "您好，建议您拨打12345。",
]
NOTHING = ["", "您好！", "2026年3月2日", "网友：您好！2026年3月2日"]


@pytest.mark.parametrize("text", RECEIPTS)
def test_receipt_is_no_answer(text: str):
    assert only_acknowledges(text)


@pytest.mark.parametrize("text", ANSWERS)
def test_anything_said_to_the_matter_is_an_answer(text: str):
    assert not only_acknowledges(text)


@pytest.mark.parametrize("text", NOTHING)
def test_text_that_says_nothing_is_no_receipt(text: str):
    assert not only_acknowledges(text)


@pytest.mark.parametrize("receipt", RECEIPTS)
@pytest.mark.parametrize("answer", ANSWERS[:4])
def test_receipt_with_an_answer_is_an_answer(receipt: str, answer: str):
    assert not only_acknowledges(f"{receipt}\n{answer}")
    assert not only_acknowledges(f"{answer}\n{receipt}")


def test_spaces_line_breaks_and_width_of_marks_do_not_matter():
    assert only_acknowledges(" 网友： 您好!\n\n 您的 留言 已收悉 . ")


def test_long_text_is_judged_quickly():
    assert not only_acknowledges("您反映的问题已转" * 2_000)


def real_replies(shared: Path) -> list[str]:
    path = shared / "data" / "teddy2020c" / "replies.csv.gz"
    if not path.exists():
        pytest.skip("teddy2020c/replies.csv.gz is not here")
    with gzip.open(path) as stream:
        rows = csv.DictReader(io.TextIOWrapper(stream, "utf-8-sig", newline=""))
        return [clean(row["答复意见"]) for row in rows]


def test_real_receipts_are_found(shared: Path):
    exact = [text for text in real_replies(shared) if text in {"网友：您好！留言已收悉", "已收悉"}]

    assert len(exact) == 22
    assert all(map(only_acknowledges, exact))


def test_no_long_or_reasoned_real_reply_is_taken_for_a_receipt(shared: Path):
    taken = [text for text in real_replies(shared) if only_acknowledges(text)]

    reasoned = [text for text in taken if any(word in text for word in ("经查", "经核实", "根据", "规定", "回复如下"))]
    assert reasoned == []
    assert 22 < len(taken) < 200
    assert max(map(len, taken)) < 200
