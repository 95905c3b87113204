"""What a person may see of the notices: their own."""

from django.db.models import QuerySet

from lianshang.directory.models import Person
from lianshang.kernel.refusals import Hidden
from lianshang.notices.models import Notice


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
