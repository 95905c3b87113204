"""What the worker sends, each channel by itself, so that one that is away does not hold up the others."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from lianshang.directory.models import Park
from lianshang.kernel.outbox import every
from lianshang.kernel.phones import masked
from lianshang.notices import posting, robots, sms, wording
from lianshang.notices.models import Email, RobotMessage, TextMessage
from lianshang.notices.posting import Way

log = logging.getLogger(__name__)


@every(5)
def send_due(park: Park, now: datetime) -> int:
    """Send the park's waiting e-mail and return how many went out."""
    return posting.deliver(EMAIL, park, now)


@every(5)
def send_texts(park: Park, now: datetime) -> int:
    return posting.deliver(TEXT, park, now) if settings.SMS else 0


@every(5)
def send_to_robots(park: Park, now: datetime) -> int:
    """Write into the chats whose robots are neither paused nor refused; what waits for these waits on."""
    working = RobotMessage.objects.filter(robot__paused_at=None, robot__refused_at=None)
    return posting.deliver(ROBOT, park, now, among=working)


def _mail(batch: list[Email], now: datetime) -> None:
    _message(batch[0], batch).send()


def _message(row: Email, batch: list[Email]) -> EmailMessage:
    """A message sent twice is the same message: mail programs show it once."""
    number = f"<lianshang-{row.park_id}-{row.pk}@{settings.ADDRESS.hostname}>"
    subject, body = row.subject, row.body
    if notices := [one.notice for one in batch if one.notice]:
        subject, body = wording.numbered_subject(notices), wording.body(notices)
    return EmailMessage(subject, body, to=[row.to], headers={"Message-ID": number})


def _text(batch: list[TextMessage], now: datetime) -> None:
    """Hand the text to the gateway, under the same number whenever it is tried again."""
    leader = batch[0]
    text = wording.message([one.notice for one in batch if one.notice], personal=True)
    sms.gateway().send(leader.to, text, key=f"{leader.park_id}-{leader.pk}", at=now)
    log.info("sms to %s", masked(leader.to))


def _write(batch: list[RobotMessage], now: datetime) -> None:
    robot = batch[0].robot
    text = wording.message([one.notice for one in batch if one.notice], personal=bool(robot.person_id))
    robots.write(robot, text, at=now, tries=batch[0].attempts)


EMAIL = Way(
    name="e-mail",
    model=Email,
    receiver=lambda row: {"notice__person": row.notice.person_id, "to": row.to} if row.notice else None,
    listener=lambda row: row.notice.person,
    send=_mail,
)
TEXT = Way(
    name="sms",
    model=TextMessage,
    receiver=lambda row: {"notice__person": row.notice.person_id, "to": row.to},
    listener=lambda row: row.notice.person,
    send=_text,
)
ROBOT = Way(
    name="robot",
    model=RobotMessage,
    receiver=lambda row: {"robot": row.robot_id},
    listener=lambda row: row.robot.person,
    send=_write,
    held=robots.held,
    related=("notice", "robot__person"),
)
