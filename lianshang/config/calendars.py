"""A park's own calendar from the database, for commands."""

from lianshang.config.output import Unusable
from lianshang.kernel.calendars import WorkCalendar


def named(name: str, park: str) -> WorkCalendar | None:
    """Return the newest edition of the park's calendar of that name, a unit's included; None where there is none.

    The unit's code or name stands for its calendar too, and the park's code for the park's. Raises Unusable where the
    database is not ready, or where several parks are there and none is chosen.
    """
    from django.db.models import Q

    from lianshang.config.database import ready

    ready()
    from lianshang.config.parks import chosen
    from lianshang.kernel import editions
    from lianshang.kernel.models import Calendar

    asked = Q(name=name) | Q(unit__code=name) | Q(unit__name=name) | Q(unit=None, park__code=name)
    found = list(Calendar.objects.filter(asked, park=chosen(park)).exclude(park=None).order_by("pk")[:2])
    if len(found) > 1:
        raise Unusable(f"有几个日历叫“{name}”。请写单位的代号。")
    newest = found[0].versions.order_by("-number").first() if found else None
    return editions.calendar_of(newest.pk) if newest else None
