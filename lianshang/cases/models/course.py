"""What happened to a case, and the clocks that it moved."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lianshang.cases.duties import DUTIES
from lianshang.cases.models.case import Case
from lianshang.cases.states import CloseType, Grade, SuperviseGrade, Way
from lianshang.kernel.clocks import Clock, ClockChange
from lianshang.kernel.events import Event


class CaseEvent(Event):
    words = ("note", "cause", "reference")

    subject = models.ForeignKey(Case, models.RESTRICT, related_name="events", verbose_name="诉求")
    way = models.CharField("方式", max_length=10, choices=Way.choices, blank=True)
    cause = models.CharField("事由", max_length=60, blank=True)
    reference = models.CharField("依据或去向", max_length=200, blank=True)
    close_type = models.CharField("办结类型", max_length=12, choices=CloseType.choices, blank=True)
    grade = models.CharField("满意度", max_length=20, choices=[*Grade.choices, *SuperviseGrade.choices], blank=True)

    class Meta(Event.Meta):
        verbose_name = "办理记录"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "subject", "ordinal"], name="case_event_ordinal"),
        ]
        indexes: ClassVar = [models.Index(fields=["park", "verb", "at"], name="case_event_verb")]

    def __str__(self) -> str:
        return f"{self.subject_id}:{self.ordinal} {self.verb}"


class CaseClock(Clock):
    subject = models.ForeignKey(Case, models.RESTRICT, related_name="clocks", verbose_name="诉求")
    started_by = models.ForeignKey(CaseEvent, models.RESTRICT, related_name="+", verbose_name="起于")
    stopped_by = models.ForeignKey(CaseEvent, models.RESTRICT, null=True, related_name="+", verbose_name="止于")

    class Meta(Clock.Meta):
        verbose_name = "时钟"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "subject", "duty", "unit"],
                condition=Q(stopped_at=None, unit__isnull=False),
                name="case_clock_one_running",
            ),
            models.UniqueConstraint(
                fields=["park", "subject", "duty"],
                condition=Q(stopped_at=None, unit=None),
                name="case_clock_one_running_common",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["park", "unit", "due_at"], condition=Q(stopped_at=None), name="case_clock_held"),
            models.Index(
                fields=["park", "due_at", "unit", "duty", "paused_at"],
                condition=Q(stopped_at=None),
                name="case_clock_running",
            ),
            models.Index(
                fields=["park", "subject", "duty", "due_at", "stopped_at", "paused_at"], name="case_clock_kept"
            ),
            models.Index(fields=["park", "duty", "due_at"], name="case_clock_due"),
        ]

    def __str__(self) -> str:
        return f"{self.label}：{self.due_at:%F %R}"

    @property
    def label(self) -> str:
        return DUTIES[self.duty]


class CaseClockChange(ClockChange):
    clock = models.ForeignKey(CaseClock, models.RESTRICT, related_name="changes", verbose_name="时钟")
    event = models.ForeignKey(CaseEvent, models.RESTRICT, related_name="+", verbose_name="凭据")

    class Meta(ClockChange.Meta):
        verbose_name = "时钟变动"

    def __str__(self) -> str:
        return f"{self.clock_id} {self.what}"
