"""Chats as people paste them, read back: who, when, what, and every word kept."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from lianshang.cases.chat.offers import LONGEST, offers
from lianshang.cases.chat.times import moment
from lianshang.kernel.refusals import Refused

ZONE = ZoneInfo("Asia/Shanghai")
PASTED_AT = datetime(2026, 11, 23, 16, 30, tzinfo=ZONE)  # a Monday
CHATS = yaml.safe_load(Path(__file__).with_name("pasted_chats.yaml").read_text(encoding="utf-8"))


def told(value: object) -> datetime:
    return datetime.fromisoformat(str(value)).replace(tzinfo=ZONE)


@pytest.mark.parametrize("chat", CHATS, ids=[chat["shape"] for chat in CHATS])
def test_pasted_chat_is_read_as_its_messages(chat):
    found = offers(chat["pasted"], PASTED_AT)

    shown = [{name: getattr(offer, name) for name in wanted if name != "at"} | ({"at": offer.happened_at} if "at" in wanted else {})
             for offer, wanted in zip(found.offers, chat["offers"], strict=False)]  # fmt: skip
    wanted = [one | ({"at": told(one["at"])} if "at" in one else {}) for one in chat["offers"]]
    assert shown == wanted
    assert len(found.offers) == len(chat["offers"])
    assert found.left_out == chat.get("left_out", found.left_out)


@pytest.mark.parametrize("chat", CHATS, ids=[chat["shape"] for chat in CHATS])
def test_no_word_of_a_pasted_chat_is_lost(chat):
    found = offers(chat["pasted"], PASTED_AT)

    kept = "\n".join([*(offer.original for offer in found.offers), *found.left_out])
    lost = [line for line in chat["pasted"].splitlines() if line.strip() and line.strip() not in kept]
    assert [line for line in lost if not set(line) & set("—") and moment(line, PASTED_AT, clock=True) is None] == []


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("昨天下午3点", "2026-11-22 15:00"),
        ("昨天 18:05", "2026-11-22 18:05"),
        ("上午 9:12", "2026-11-23 09:12"),
        ("18:05", "2026-11-22 18:05"),
        ("星期三 14:20", "2026-11-18 14:20"),
        ("上周五下午", "2026-11-20 15:00"),
        ("11月23日 早上8:30", "2026-11-23 08:30"),
        ("11-2 19:12", "2026-11-02 19:12"),
        ("12月1日 8：00", "2025-12-01 08:00"),
        ("2026年11月3日 下午2:05", "2026-11-03 14:05"),
        ("今早八点半", "2026-11-23 08:30"),
        ("前天晚上十点", "2026-11-21 22:00"),
        ("半小时前", "2026-11-23 16:00"),
        ("两个小时前", "2026-11-23 14:30"),
        ("刚才", "2026-11-23 16:30"),
        ("3:05 PM", "2026-11-23 15:05"),
    ],
)
def test_loose_times_are_taken_as_people_mean_them(words, meant):
    assert moment(words, PASTED_AT) == told(meant)


@pytest.mark.parametrize("words", ["", "停到18:00", "4月31日", "25:00", "等通知", "3号路口", "0.12"])
def test_what_is_no_time_is_none(words):
    assert moment(words, PASTED_AT) is None


@pytest.mark.parametrize(
    "pasted", ["", "\n\n  \n", "——————", "昨天 18:05", "：：：", "[微笑]", "「" * 300, "=" * 20_000]
)
def test_scraps_break_nothing(pasted):
    found = offers(pasted, PASTED_AT)

    assert all(offer.original.strip() for offer in found.offers)


def test_an_unclosed_quote_loses_no_words():
    pasted = "何丽 2026/11/23 09:12\n「周敏：缺多少人\n焊工六个"

    (offer,) = offers(pasted, PASTED_AT).offers

    assert "焊工六个" in offer.original


@pytest.mark.parametrize(
    "said", ["消防通道关闭了，货车进不来", "他们拍了拍照就走了", "园区大门开启了没有", "我们邀请专家来看，请问怎么报备"]
)
def test_what_people_say_is_not_taken_for_the_program(said):
    (offer,) = offers(f"何丽 2026/11/23 09:12\n{said}", PASTED_AT).offers

    assert offer.text == said


def test_a_paste_has_so_many_messages_and_no_more():
    said = [f"何丽 2026/11/23 09:12\n门口积水{n}\n" for n in range(501)]

    found = offers("".join(said[:500]), PASTED_AT).offers

    assert sum(offer.count for offer in found) == 500
    assert all(len(offer.text) < LONGEST for offer in found)
    with pytest.raises(Refused, match="501 条消息，一次最多收 500 条"):
        offers("".join(said), PASTED_AT)
