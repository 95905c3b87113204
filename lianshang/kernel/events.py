"""The event row: timeline, audit, outbox and statistic at once. Appended, never updated or deleted."""

from collections.abc import Sequence
from typing import ClassVar

from django.db import models
from django.utils import timezone

from lianshang.kernel.history.recorded import Recorded


class Event(Recorded):
    """Abstract. A subject adds `subject` (foreign key, related_name="events") and what its verbs carry.

    `at` is when it happened, `recorded_at` when we were told. `ordinal` counts the events of one subject from 1.
    `kind` and `urgency` are the classification after the event, so that clocks can be rebuilt from events alone.
    """

    words: ClassVar[Sequence[str]] = ("note",)

    class By(models.TextChoices):
        STAFF = "staff", "工作人员"
        HOLDER = "holder", "企业"
        SYSTEM = "system", "系统"

    ordinal = models.PositiveIntegerField("序")
    verb = models.CharField("动作", max_length=40)
    source = models.CharField("原状态", max_length=20, blank=True)
    target = models.CharField("新状态", max_length=20)
    at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("记录时间", default=timezone.now)
    by = models.CharField("由谁", max_length=10, choices=By.choices)
    actor = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="经办人")
    actor_unit = models.ForeignKey(
        "directory.Unit", models.RESTRICT, null=True, related_name="+", verbose_name="经办单位"
    )
    unit = models.ForeignKey("directory.Unit", models.RESTRICT, null=True, related_name="+", verbose_name="所涉单位")
    kind = models.CharField("限时类别", max_length=20, blank=True)
    urgency = models.CharField("紧急程度", max_length=20, blank=True)
    note = models.TextField("说明", blank=True)
    due_at = models.DateTimeField("约定时间", null=True)

    class Meta(Recorded.Meta):
        abstract = True
        ordering: ClassVar = ["ordinal"]
