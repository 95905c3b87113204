"""What is offered to the clerk: messages of one sender within minutes as one, each word of them kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lianshang.cases.chat import cleaning
from lianshang.cases.chat.reading import Message, read
from lianshang.kernel.refusals import Refused

TOGETHER = timedelta(minutes=5)
LONGEST = 4500  # characters of what is offered as one
MOST = 500  # messages of one paste: more than a group says in a day


@dataclass(frozen=True)
class Offer:
    """One draft to be. `timed` is false where no time was copied and `happened_at` is when it was pasted."""

    sender: str
    happened_at: datetime
    text: str
    original: str
    missing: str = ""
    count: int = 1
    timed: bool = True
    chatter: bool = False


@dataclass(frozen=True)
class Offers:
    offers: list[Offer]
    left_out: list[str]


def offers(pasted: str, at: datetime) -> Offers:
    """Return what may be registered out of the pasted text, in its order. Raises `Refused` for too many messages."""
    reading = read(pasted, at)
    if (count := len(reading.messages)) > MOST:
        raise Refused(f"这一段有 {count} 条消息，一次最多收 {MOST} 条。请分几次粘贴；收过的再贴不会重复。")
    return Offers([_offer(group, at) for group in _together(reading.messages)], reading.left_out)


def _together(messages: Sequence[Message]) -> list[list[Message]]:
    """Group what one sender said within minutes, others in between or not; without times only what stands together."""
    groups: list[list[Message]] = []
    latest: dict[str, tuple[list[Message], int]] = {}  # of each sender the open group, and its length in lines joined
    for message in messages:
        open_group, length = latest.get(message.sender, ([], 0))
        length += len(message.text) + 1
        fits = open_group and length < LONGEST
        if fits and _goes_on(open_group[-1], message, last=groups[-1] is open_group):
            open_group.append(message)
        else:
            open_group, length = [message], len(message.text) + 1
            groups.append(open_group)
        latest[message.sender] = open_group, length
    return groups


def _goes_on(before: Message, message: Message, *, last: bool) -> bool:
    if before.at is None or message.at is None:
        return last and before.at == message.at
    return timedelta(0) <= message.at - before.at <= TOGETHER


def _offer(group: Sequence[Message], at: datetime) -> Offer:
    first = group[0]
    missing = "、".join(one for message in group for one in message.missing)
    text = "\n".join(message.text for message in group if message.text)
    return Offer(
        sender=first.sender,
        happened_at=first.at or at,
        text=text,
        original="\n".join(message.original for message in group),
        missing=missing[:200],
        count=len(group),
        timed=first.at is not None,
        chatter=not missing and cleaning.is_chatter(text),
    )
