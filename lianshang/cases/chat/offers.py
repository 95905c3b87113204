"""What is offered to the clerk: messages of one sender within minutes as one, each word of them kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lianshang.cases.chat import cleaning
from lianshang.cases.chat.reading import Message, read

TOGETHER = timedelta(minutes=5)
LONGEST = 4500  # characters of what is offered as one


@dataclass(frozen=True)
class Offer:
    """One draft to be. `timed` is false where no time was copied and `happened_at` is when it was pasted."""

    sender: str
    happened_at: datetime
    text: str
    original: str
    quoted: str = ""
    missing: str = ""
    count: int = 1
    timed: bool = True
    chatter: bool = False


@dataclass(frozen=True)
class Offers:
    offers: list[Offer]
    left_out: list[str]


def offers(pasted: str, at: datetime) -> Offers:
    """Return what may be registered out of the pasted text, in its order."""
    reading = read(pasted, at)
    return Offers([_offer(group, at) for group in _together(reading.messages)], reading.left_out)


def _together(messages: Sequence[Message]) -> list[list[Message]]:
    """Group what one sender said within minutes, others in between or not; without times only what stands together."""
    groups: list[list[Message]] = []
    latest: dict[str, list[Message]] = {}
    for message in messages:
        open_group = latest.get(message.sender)
        fits = open_group and sum(len(one.text) for one in open_group) + len(message.text) < LONGEST
        if open_group and fits and _goes_on(open_group[-1], message, last=groups[-1] is open_group):
            open_group.append(message)
        else:
            latest[message.sender] = [message]
            groups.append(latest[message.sender])
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
        quoted="\n".join(message.quoted for message in group if message.quoted),
        missing=missing[:200],
        count=len(group),
        timed=first.at is not None,
        chatter=not missing and cleaning.is_chatter(text),
    )
