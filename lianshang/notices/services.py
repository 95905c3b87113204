"""Telling people. Whoever tells says what, and where it can be seen; each thing is told to a person once."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from lianshang.directory.models import Park, Person
from lianshang.kernel.numbers import next_number
from lianshang.notices import queries
from lianshang.notices.models import Email, Notice

NO_EMAIL = "django.core.mail.backends.dummy.EmailBackend"

SUBJECT = "链上：您有 1 件待办"
URGENT_SUBJECT = "链上：您有 1 件紧急待办"
BODY = "您有 1 件{urgent}待办（编号 {sequence}），请登录查看：\n{link}\n\n本邮件由系统发出，请勿回复。\n"


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
) -> Notice:
    """Tell the person, unless told of this `topic` and `ref` before; return the notice, new or old.

    `ref` is plain (“case-event:12”, “case-clock:7:overdue”), `url` a path of this site. With `email` a message without
    the text goes out too, where the person has an address and the site can send. Needs the park's scope.
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
            if email and person.email and settings.EMAIL_BACKEND != NO_EMAIL:
                _write_email(notice, person.email)
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


def _write_email(notice: Notice, to: str) -> None:
    link = f"{settings.ADDRESS.geturl()}{reverse('notices:list')}"
    body = BODY.format(urgent="紧急" if notice.urgent else "", sequence=notice.sequence, link=link)
    subject = URGENT_SUBJECT if notice.urgent else SUBJECT
    Email.objects.create(
        park_id=notice.park_id, to=to, subject=subject, body=body, notice=notice, not_before=notice.made_at
    )
