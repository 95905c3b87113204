"""Telling people. Whoever tells says what, and where it can be seen; each thing is told to a person once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from lianshang.directory.models import Park, Person
from lianshang.kernel import numbers
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
    said = {"topic": topic, "ref": ref, "text": text, "url": url, "made_at": at, "urgent": urgent}
    return _told({person.pk: person}, said, {"email": email, "reminder": reminder, "group": group})[person.pk]


def tell_all(
    people: Iterable[Person],
    *,
    topic: str,
    ref: str,
    text: str,
    url: str,
    at: datetime,
    urgent: bool = False,
    **ways: bool,
) -> dict[int, Notice]:
    """Tell each of them the same, as `tell` does, and return the person's key → notice. `ways`: email, reminder, group."""
    said = {"topic": topic, "ref": ref, "text": text, "url": url, "made_at": at, "urgent": urgent}
    return _told({person.pk: person for person in people}, said, {"email": False, **ways})


def in_turn(people: Iterable[Person]) -> list[Person]:
    """Return them in the order in which their counters are raised together.

    Whoever tells several people one by one in one transaction keeps to it: two workers then never wait for each other.
    """
    return sorted(people, key=_series)


def _series(person: Person) -> str:
    return f"notice:{person.pk}"


def _told(people: dict[int, Person], said: dict[str, Any], ways: dict[str, bool]) -> dict[int, Notice]:
    if not said["url"].startswith("/") or said["url"].startswith("//"):
        raise ValueError("a notice leads to a page of this site")
    before = Notice.objects.filter(person__in=people, topic=said["topic"], ref=said["ref"])
    told = {notice.person_id: notice for notice in before.all()} if people else {}
    fresh = {person.pk: person for person in in_turn(people.values()) if person.pk not in told}
    if not fresh:
        return told
    try:
        with transaction.atomic():
            return told | _noted(list(fresh.values()), said, ways)
    except IntegrityError:  # another worker has told some of them meanwhile
        if len(fresh) == 1:
            return told | {notice.person_id: notice for notice in before.all()}
        each = [_told({key: person}, said, ways) for key, person in fresh.items()]
        return told | {key: notice for one in each for key, notice in one.items()}


def _noted(people: list[Person], said: dict[str, Any], ways: dict[str, bool]) -> dict[int, Notice]:
    """Write the notices, each with its person's next number, and what leaves the house for them."""
    series = {person.pk: _series(person) for person in people}
    last = numbers.raised(people[0].park_id, series.values(), 0)
    notices = Notice.objects.bulk_create(
        Notice(park_id=person.park_id, person=person, sequence=last[series[person.pk]], **said) for person in people
    )
    channels.post(notices, at=said["made_at"], **ways)
    return {notice.person_id: notice for notice in notices}


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
