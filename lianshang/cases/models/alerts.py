"""Rungs of the ladder that were reached: the record that somebody was told that a clock is near or past its end."""

from typing import ClassVar

from django.db import models

from lianshang.cases.models.case import Case
from lianshang.cases.models.course import CaseClock
from lianshang.kernel.parks import ParkOwned


class CaseAlert(ParkOwned):
    """One rung of one clock, once for each time it was due. `rung` is its place in the ladder of the profile, from 1.

    A rung that was reached together with higher ones (the worker was away) is noted and told as part of the highest.
    """

    case = models.ForeignKey(Case, models.RESTRICT, related_name="alerts", verbose_name="诉求")
    clock = models.ForeignKey(CaseClock, models.RESTRICT, related_name="alerts", verbose_name="时钟")
    rung = models.PositiveSmallIntegerField("级次")
    due_at = models.DateTimeField("到期")  # of the clock, then: extended or paused, it has another
    level = models.CharField("级别", max_length=20)
    at = models.DateTimeField("时间")
    told = models.PositiveSmallIntegerField("告知人数")

    class Meta(ParkOwned.Meta):
        verbose_name = "分级提醒"
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "clock", "rung", "due_at"], name="case_alert_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["park", "case", "at"], name="case_alert_of_case")]

    def __str__(self) -> str:
        return f"{self.level} {self.clock_id}"
