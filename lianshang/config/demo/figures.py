"""What the demo park has published: the figures of last month, as the clerk froze them on the first day of this one."""

from datetime import datetime, timedelta

from django.db.models import Max

from lianshang.cases.models import CaseEvent
from lianshang.directory import actors
from lianshang.directory.models import Park, Person, Role
from lianshang.indicators import freezing, periods
from lianshang.indicators.models import Publication


def publish(park: Park, now: datetime) -> Publication:
    """Publish last month, as of its end. All that was laid out counts as known. Needs the park's scope."""
    first = now.astimezone(park.zoneinfo).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    month = periods.month((first - timedelta(days=1)).date())
    clerk = Person.objects.filter(posts__role=Role.REPORTING_CLERK).order_by("pk").first()
    known = CaseEvent.objects.aggregate(last=Max("recorded_at"))["last"]
    actor = actors.staff(clerk, on=now.date()) if clerk else actors.system(park)
    return freezing.publish(month, actor=actor, at=first, known=known)
