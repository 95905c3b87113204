"""What is done about enterprises without an organisation of their own."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils import timezone

from lianshang.kernel.parks import ParkOwned
from lianshang.organizations.models.bodies import Organization
from lianshang.organizations.models.spans import Span
from lianshang.organizations.rules.steps import Step


class Outside(Span):
    """不计入覆盖: an enterprise that is not in the denominator, from a day, with its reason."""

    class Reason(models.TextChoices):
        STOPPED = "stopped", "停产停业"
        SHELL = "shell", "没有实体经营"
        MOVED = "moved", "已迁出园区"
        ENDED = "ended", "已注销"

    enterprise = models.ForeignKey("enterprises.Enterprise", models.RESTRICT, related_name="+", verbose_name="企业")
    reason = models.CharField("原因", max_length=10, choices=Reason.choices)
    note = models.CharField("依据", max_length=200)
    named_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="谁认定的"
    )

    class Meta(Span.Meta):
        verbose_name = "不计入覆盖"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "enterprise"],
                condition=models.Q(until=None),
                name="outside_in_force",
                violation_error_message="这家企业已经不计入覆盖。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.get_reason_display()}"


class Incubation(ParkOwned):
    """组建培育: from the gap to the approval. `joins` is empty where a branch of its own is to be built."""

    class Result(models.TextChoices):
        BUILT = "built", "已组建"
        DROPPED = "dropped", "不再推进"

    key = models.UUIDField("标识", default=uuid4, editable=False)
    enterprise = models.ForeignKey("enterprises.Enterprise", models.RESTRICT, related_name="+", verbose_name="企业")
    joins = models.ForeignKey(
        Organization, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="加入哪个联合党支部"
    )
    owner = models.ForeignKey("directory.Person", models.RESTRICT, related_name="+", verbose_name="责任人")
    instructor = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="党建指导员"
    )
    began_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    result = models.CharField("结果", max_length=10, choices=Result.choices, blank=True)
    organization = models.ForeignKey(
        Organization, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="组建成的党组织"
    )
    note = models.CharField("说明", max_length=200, blank=True)
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta(ParkOwned.Meta):
        verbose_name = "组建培育"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "key"], name="incubation_key"),
            models.UniqueConstraint(
                fields=["park", "enterprise"],
                condition=models.Q(ended_on=None),
                name="incubation_in_force",
                violation_error_message="这家企业已在培育中。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}组建培育"


class IncubationStep(ParkOwned):
    """One step of an incubation: by when, and when it was done, with the document that shows it."""

    incubation = models.ForeignKey(Incubation, models.RESTRICT, related_name="steps", verbose_name="组建培育")
    position = models.PositiveSmallIntegerField("次序")
    step = models.CharField("步骤", max_length=12, choices=[(one.value, one.label) for one in Step])
    due_on = models.DateField("到期日")
    done_on = models.DateField("办成日期", null=True, blank=True)
    document = models.CharField("材料", max_length=120, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    done_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="谁办的"
    )

    class Meta(ParkOwned.Meta):
        verbose_name = "培育步骤"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "incubation", "step"], name="incubation_step"),
        ]

    def __str__(self) -> str:
        return f"{self.incubation} {self.get_step_display()}"
