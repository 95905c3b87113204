"""What a message says: that there is something to do, how many, and which numbers. Never what, never about whom.

The numbers are the receiver's own and have no gaps: a missing one shows that a message was lost, one that comes twice
that it was sent twice. A group has no numbers, because it is nobody's.
"""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.urls import reverse

from lianshang.notices.models import Notice

SUBJECT = "链上：您有 {count} 件{urgent}待办"
BODY = (
    "您有 {count} 件{urgent}待办（编号 {numbers}），请登录查看：\n{link}\n\n"
    "编号逐条连续；若有缺号，说明有一条没有送到，请登录核对。本邮件由系统发出，请勿回复。\n"
)
TEST = "链上：这是一条测试消息，收到即可。以后这里只提示有几件待办，内容请登录查看。"
MOST_RANGES = 6


def subject(count: int, *, urgent: bool) -> str:
    return SUBJECT.format(count=count, urgent="紧急" if urgent else "")


def numbered_subject(notices: Sequence[Notice]) -> str:
    return f"{subject(len(notices), urgent=_urgent(notices))}（第 {numbers(notices)} 条）"


def body(notices: Sequence[Notice]) -> str:
    """Return the text of an e-mail to one person."""
    urgent = "紧急" if _urgent(notices) else ""
    return BODY.format(count=len(notices), urgent=urgent, numbers=numbers(notices), link=link())


def message(notices: Sequence[Notice], *, personal: bool) -> str:
    """Return the text of a short message: with numbers for one person; a group is told each matter once."""
    count = len(notices) if personal else len({(one.topic, one.ref) for one in notices})
    which = f"（第 {numbers(notices)} 条）" if personal else ""
    return f"{subject(count, urgent=_urgent(notices))}{which}，请登录查看：{link()}"


def link() -> str:
    return settings.ADDRESS.geturl() + reverse("notices:list")


def numbers(notices: Iterable[Notice]) -> str:
    """Return “37”, “33、35–37”, or where they lie in many places “3、5、7……90”."""
    ranges: list[list[int]] = []
    for number in sorted({one.sequence for one in notices}):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    words = [str(first) if first == last else f"{first}–{last}" for first, last in ranges]
    return "、".join(words) if len(words) <= MOST_RANGES else f"{'、'.join(words[:3])}……{words[-1]}"


def _urgent(notices: Iterable[Notice]) -> bool:
    return any(one.urgent for one in notices)
