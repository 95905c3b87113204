"""Telling people. Whoever tells says what, and where it can be seen; each thing is told to a person once."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from lianshang.directory.models import Park, Person
from lianshang.kernel.numbers import next_number
from lianshang.notices import channels, queries
from lianshang.notices.channels import NO_EMAIL
from lianshang.notices.models import Email, Notice


def tell(
    person: Person,
    *,
    topic: str,
    ref: str,
    text: str,
    url: str,
    at: datetime,
    urgent: bool = False,
    email: bool = False,
    reminder: bool = False,
    group: bool = False,
) -> Notice:
    """Tell the person, unless told of this `topic` and `ref` before; return the notice, new or old.

    `ref` is plain (“case-event:12”, “case-clock:7:overdue”), `url` a path of this site. With `email` a message without
    the text goes out too, where the person has an address and wants it and the site can send; with `reminder` also as
    SMS; with `group` robots announce it (never a complaint or report). Needs the park's scope.
    """
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError("a notice leads to a page of this site")
    place = {"park": person.park, "person": person, "topic": topic, "ref": ref}
    if told := Notice.objects.filter(**place).first():
        return told
    try:
        with transaction.atomic():
            sequence = next_number(person.park, f"notice:{person.pk}", 0)
            notice = Notice.objects.create(**place, sequence=sequence, text=text, url=url, urgent=urgent, made_at=at)
            channels.post([notice], at=at, email=email, reminder=reminder, group=group)
    except IntegrityError:
        return Notice.objects.get(**place)
    return notice


def read(person: Person, sequence: int, *, at: datetime) -> Notice:
    """Note that the person opened the notice. Raises `Hidden` for notices that are not theirs."""
    notice = queries.notice_of(person, sequence)
    Notice.objects.filter(park=person.park_id, pk=notice.pk, read_at=None).update(read_at=at)
    return notice


def read_until(person: Person, sequence: int, *, at: datetime) -> int:
    """Note that the person has read all notices up to the last one shown, and return how many were new."""
    return queries.notices_of(person).filter(read_at=None, sequence__lte=sequence).update(read_at=at)


def mail(park: Park, to: str, *, subject: str, body: str, at: datetime) -> None:
    """Have a message sent to somebody who has no account, such as an enterprise's contact. Call it once an event."""
    if settings.EMAIL_BACKEND != NO_EMAIL:
        Email.objects.create(park=park, to=to, subject=subject, body=body, not_before=at)
