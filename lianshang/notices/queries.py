"""What a person may see of the notices: their own. Robots are for administrators, which their views see to."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from lianshang.directory.models import Person
from lianshang.kernel.refusals import Hidden
from lianshang.notices.models import Email, Notice, NoticeWish, Posting, Robot, RobotMessage, TextMessage


def notices_of(person: Person) -> QuerySet[Notice]:
    return Notice.objects.filter(park=person.park_id, person=person)


def unread_of(person: Person) -> QuerySet[Notice]:
    return notices_of(person).filter(read_at=None)


def unread_count(person: Person) -> int:
    return unread_of(person).count()


def notice_of(person: Person, sequence: int) -> Notice:
    """Return the person's notice of that number. Raises `Hidden`."""
    notice = notices_of(person).filter(sequence=sequence).first()
    if notice is None:
        raise Hidden
    return notice


def wish_of(person: Person) -> NoticeWish:
    """Return how the person wants to be told, the defaults where nothing was said."""
    found = NoticeWish.objects.filter(park=person.park_id, person=person).first()
    wish = found or NoticeWish(park_id=person.park_id, person=person)
    wish.person = person
    return wish


def robots_with_waiting() -> QuerySet[Robot]:
    """Return the robots of the scope's park, each with how many notices wait for it."""
    waiting = Count("messages", filter=Q(messages__sent_at=None))
    return Robot.objects.select_related("unit", "person").annotate(waiting=waiting).order_by("name", "pk")


def robot(pk: int) -> Robot:
    """Return the robot of the scope's park. Raises `Hidden`."""
    found = robots_with_waiting().filter(pk=pk).first()
    if found is None:
        raise Hidden
    return found


def told_about(url: str) -> list[Notice]:
    """Return what was told of one page, the newest first, with whom. Who may ask is the subject's to decide."""
    return list(Notice.objects.filter(url=url).select_related("person").order_by("-made_at", "-pk"))


def postings_of(notices: Iterable[Notice]) -> dict[int, list[Posting]]:
    """Return notice → its messages on all channels."""
    keys = [one.pk for one in notices]
    found: dict[int, list[Posting]] = defaultdict(list)
    models: tuple[Any, ...] = (Email, TextMessage, RobotMessage)
    for model in models if keys else ():
        rows = model.objects.filter(notice__in=keys).order_by("pk")
        for row in rows.select_related("robot") if model is RobotMessage else rows:
            found[row.notice_id].append(row)
    return found
