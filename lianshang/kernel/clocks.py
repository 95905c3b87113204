"""Clocks as rows: one for each duty and unit, with the rule, the calendar edition, and all that changed it.

Lateness is never stored: it is asked of `due_at`, `stopped_at` and a moment. How events move clocks is in `book`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from django.db import models

from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.deadlines import due, working_days_between
from lianshang.kernel.history.recorded import Recorded
from lianshang.kernel.parks import ParkOwned, scoped


class ClockQuerySet(models.QuerySet):
    def running(self) -> "ClockQuerySet":
        return self.filter(stopped_at=None)

    def outdated(self, newest: Mapping[int | None, int]) -> "ClockQuerySet":
        """Counted by another edition than their unit's newest, or than the park's where the unit has no calendar."""
        own = {unit_id: version_id for unit_id, version_id in newest.items() if unit_id is not None}
        found = ~models.Q(unit__in=list(own)) & ~models.Q(calendar_version=newest[None])
        for unit_id, version_id in own.items():
            found |= models.Q(unit=unit_id) & ~models.Q(calendar_version=version_id)
        return self.filter(found)

    def late(self, now: datetime) -> "ClockQuerySet":
        """Stopped after they were due, or still running past it. A paused clock is not late."""
        return self.filter(
            models.Q(stopped_at__gt=models.F("due_at")) | models.Q(stopped_at=None, paused_at=None, due_at__lt=now)
        )


class Clock(ParkOwned):
    """Abstract. A subject adds `subject` (foreign key, related_name="clocks") and `started_by`, `stopped_by` events."""

    class Outcome(models.TextChoices):
        DONE = "done", "已办"
        DROPPED = "dropped", "不再计"

    duty = models.CharField("事项", max_length=20)
    unit = models.ForeignKey("directory.Unit", models.RESTRICT, null=True, related_name="+", verbose_name="责任单位")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    rule = models.CharField("规则", max_length=120)
    calendar_version = models.ForeignKey(
        "kernel.CalendarVersion", models.RESTRICT, related_name="+", verbose_name="日历版本"
    )
    provisional = models.BooleanField("暂按", default=False)
    started_at = models.DateTimeField("起算")
    first_due_at = models.DateTimeField("原到期")
    due_at = models.DateTimeField("到期")
    paused_at = models.DateTimeField("停钟自", null=True)
    stopped_at = models.DateTimeField("停止", null=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, blank=True)
    told_rungs = models.PositiveSmallIntegerField("已提醒级数", default=0)

    objects = scoped(ClockQuerySet)

    class Meta(ParkOwned.Meta):
        abstract = True
        ordering: ClassVar = ["started_at", "id"]

    def is_late(self, now: datetime) -> bool:
        if self.stopped_at:
            return self.stopped_at > self.due_at
        return self.paused_at is None and self.due_at < now


class ClockChange(Recorded):
    """Abstract. What moved a clock: pause, resume, extension, calendar. A subject adds `clock` and `event`."""

    class What(models.TextChoices):
        PAUSE = "pause", "停钟"
        RESUME = "resume", "恢复计时"
        EXTEND = "extend", "延期"
        RECALENDAR = "recalendar", "日历更新"

    what = models.CharField("变动", max_length=12, choices=What.choices)
    at = models.DateTimeField("时间")
    old_due_at = models.DateTimeField("原到期")
    new_due_at = models.DateTimeField("新到期")

    class Meta(Recorded.Meta):
        abstract = True
        ordering: ClassVar = ["at", "id"]


def pauses_in(history: Iterable[ClockChange]) -> list[tuple[datetime, datetime]]:
    """Return the ended pauses among a clock's changes as (from, to)."""
    pauses, since = [], None
    for change in history:
        if change.what == ClockChange.What.PAUSE:
            since = change.at
        elif change.what == ClockChange.What.RESUME and since:
            pauses.append((since, change.at))
            since = None
    return pauses


def shifted(moment: datetime, pauses: list[tuple[datetime, datetime]], calendar: WorkCalendar) -> datetime:
    """Move a granted moment on by the working days that were paused after it was granted."""
    zone = calendar.zone
    days = sum(working_days_between(a.astimezone(zone).date(), b.astimezone(zone).date(), calendar) for a, b in pauses)
    return due(moment, days, "working-days", calendar).at if days else moment
