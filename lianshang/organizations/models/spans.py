"""Rows that hold from a day until a day, the latter included."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils import timezone

from lianshang.kernel.parks import ParkOwned, scoped


class SpanQuerySet(models.QuerySet):
    def on(self, day: date) -> "SpanQuerySet":
        """Return what holds on that day."""
        return self.filter(models.Q(until=None) | models.Q(until__gte=day), since__lte=day)


class Span(ParkOwned):
    """Abstract. `recorded_at` is when we were told; what ends is given its last day, and a new row follows it."""

    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = scoped(SpanQuerySet)

    class Meta(ParkOwned.Meta):
        abstract = True
        ordering: ClassVar = ["since", "pk"]
