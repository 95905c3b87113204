"""Who has a part in a case: the units that were sent, the first handler, whom a complaint is about."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lianshang.cases.models.case import Case
from lianshang.cases.models.course import CaseEvent
from lianshang.kernel.history.recorded import Recorded
from lianshang.kernel.parks import ParkOwned


class Assignment(ParkOwned):
    """A unit's part in a case: the lead's or a co-unit's, with its own signing, report-in and answer."""

    class Part(models.TextChoices):
        LEAD = "lead", "主办"
        CO = "co", "协办"

    case = models.ForeignKey(Case, models.RESTRICT, related_name="assignments", verbose_name="诉求")
    unit = models.ForeignKey("directory.Unit", models.RESTRICT, related_name="+", verbose_name="单位")
    part = models.CharField("主协办", max_length=4, choices=Part.choices)
    dispatched_at = models.DateTimeField("派单时间")
    signed_at = models.DateTimeField("签收时间", null=True)
    signed_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="签收人"
    )
    handled_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="经办人"
    )
    reported_in_at = models.DateTimeField("报到时间", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    ruled = models.BooleanField("已裁定不得再退", default=False)

    class Meta(ParkOwned.Meta):
        verbose_name = "派单"
        ordering: ClassVar = ["dispatched_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "case"],
                condition=Q(part="lead", ended_at=None),
                name="assignment_one_lead",
                violation_error_message="一件诉求同时只有一个主办单位。",
            ),
            models.UniqueConstraint(
                fields=["park", "case", "unit"],
                condition=Q(ended_at=None),
                name="assignment_unit_once",
                violation_error_message="主办单位不能同时是协办单位。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["park", "unit", "-dispatched_at"], name="assignment_unit"),
            models.Index(fields=["park", "unit", "case"], name="assignment_reach"),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.unit_id}"


class FirstHandler(Recorded):
    """首办: who first signed for a case stays answerable for tracking and reply. Appended only, after a ruled return."""

    words = ("reason",)

    case = models.ForeignKey(Case, models.RESTRICT, related_name="first_handlers", verbose_name="诉求")
    unit = models.ForeignKey("directory.Unit", models.RESTRICT, related_name="+", verbose_name="首办单位")
    person = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="首办责任人"
    )
    event = models.ForeignKey(CaseEvent, models.RESTRICT, related_name="+", verbose_name="凭据")
    at = models.DateTimeField("时间")
    reason = models.CharField("更替原因", max_length=200, blank=True)

    class Meta(Recorded.Meta):
        verbose_name = "首办责任"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.at:%F}"


class Respondent(ParkOwned):
    """Whom a complaint or report is about, or who stood aside. Everyone inside never learns that the case exists."""

    class Ground(models.TextChoices):
        ACCUSED = "accused", "被反映"
        RECUSED = "recused", "已回避"

    case = models.ForeignKey(Case, models.RESTRICT, related_name="respondents", verbose_name="诉求")
    unit = models.ForeignKey(
        "directory.Unit", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    person = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="人员"
    )
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="企业"
    )
    name = models.CharField("名称", max_length=80, blank=True)
    ground = models.CharField("缘由", max_length=8, choices=Ground.choices, default=Ground.ACCUSED)

    class Meta(ParkOwned.Meta):
        verbose_name = "被反映对象"

    def __str__(self) -> str:
        return self.name or str(self.unit_id or self.person_id)
