"""The dispatch catalogue (派单目录): which matter is which unit's, on what ground; and what is learned and suggested from it."""

from datetime import date
from typing import ClassVar

from django.db import models

from lianshang.cases.models.case import Case
from lianshang.cases.models.course import CaseEvent
from lianshang.kernel.parks import ParkOwned, scoped

SEPARATOR = "、"


class CatalogueVersionQuerySet(models.QuerySet):
    def in_force(self, day: date) -> "CatalogueVersionQuerySet":
        """The editions in force by that day, the one that is in force first."""
        return self.filter(in_force_from__lte=day).order_by("-in_force_from", "-number")


class CatalogueVersion(ParkOwned):
    """An edition of the catalogue: a draft until it has a day from which it is in force; then it never changes."""

    number = models.PositiveIntegerField("版本")
    in_force_from = models.DateField("施行日期", null=True, blank=True)
    made_at = models.DateTimeField("起草时间")
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="起草人")
    adopted_at = models.DateTimeField("公布时间", null=True)
    adopted_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="公布人"
    )

    objects = scoped(CatalogueVersionQuerySet)

    class Meta(ParkOwned.Meta):
        verbose_name = "派单目录版本"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "number"], name="catalogue_version_number"),
            models.UniqueConstraint(
                fields=["park"],
                condition=models.Q(in_force_from=None),
                name="catalogue_one_draft",
                violation_error_message="已经有一份草稿。请先公布或丢弃它。",
            ),
        ]

    def __str__(self) -> str:
        return f"派单目录第 {self.number} 版"

    @property
    def is_draft(self) -> bool:
        return self.in_force_from is None


class CatalogueEntry(ParkOwned):
    """One matter and its lead. `words` are other names and telling words of it, joined by “、”."""

    version = models.ForeignKey(CatalogueVersion, models.RESTRICT, related_name="entries", verbose_name="版本")
    position = models.PositiveIntegerField("条")
    matter = models.CharField("事项", max_length=60)
    words = models.CharField("别名和关键词", max_length=400, blank=True)
    lead = models.ForeignKey("directory.Unit", models.RESTRICT, related_name="+", verbose_name="主办单位")
    basis = models.CharField("权责依据", max_length=200)
    kind = models.CharField("限时类别", max_length=20, blank=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "派单目录条目"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "version", "position"], name="catalogue_entry_position"),
            models.UniqueConstraint(
                fields=["park", "version", "matter"],
                name="catalogue_entry_matter",
                violation_error_message="这一版里已有同名的事项。",
            ),
        ]

    def __str__(self) -> str:
        return f"目录第 {self.position} 条：{self.matter}"

    @property
    def terms(self) -> list[str]:
        """The matter and all its other words."""
        return [self.matter, *(word for word in self.words.split(SEPARATOR) if word)]


class CatalogueCoUnit(ParkOwned):
    """A unit that usually helps with the matter."""

    entry = models.ForeignKey(CatalogueEntry, models.RESTRICT, related_name="co_units", verbose_name="条目")
    unit = models.ForeignKey("directory.Unit", models.RESTRICT, related_name="+", verbose_name="协办单位")

    class Meta(ParkOwned.Meta):
        verbose_name = "目录协办单位"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "entry", "unit"], name="catalogue_co_unit_once"),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class DispatchModel(ParkOwned):
    """What was learned from the park's own open ledger: the weights of a linear model. No text is in it, only words."""

    version = models.PositiveIntegerField("版本")
    trained_at = models.DateTimeField("训练时间")
    rows = models.PositiveIntegerField("用了多少件")
    newest = models.BigIntegerField("最新一件")
    seconds = models.FloatField("用时（秒）")
    payload = models.BinaryField("权重")
    digest = models.CharField("摘要", max_length=64)

    class Meta(ParkOwned.Meta):
        verbose_name = "派单模型"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "version"], name="dispatch_model_version")]

    def __str__(self) -> str:
        return f"第 {self.version} 次训练"


class DispatchSuggestion(ParkOwned):
    """What was shown to the dispatcher with a dispatch, and whether it was taken. No unit: it said that it is not sure."""

    case = models.ForeignKey(Case, models.RESTRICT, related_name="suggestions", verbose_name="诉求")
    event = models.ForeignKey(CaseEvent, models.RESTRICT, related_name="suggestions", verbose_name="派单这一步")
    unit = models.ForeignKey("directory.Unit", models.RESTRICT, null=True, related_name="+", verbose_name="建议单位")
    catalogue = models.ForeignKey(
        CatalogueVersion, models.RESTRICT, null=True, related_name="+", verbose_name="所依目录"
    )
    model_version = models.PositiveIntegerField("所依模型", null=True)
    reason = models.CharField("理由", max_length=400, blank=True)
    others = models.JSONField("其他可能", default=list)
    taken = models.BooleanField("是否采纳")

    class Meta(ParkOwned.Meta):
        verbose_name = "派单建议"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "event"], name="dispatch_suggestion_once")]

    def __str__(self) -> str:
        return f"{self.unit or '没有把握'}：{self.reason}"

    @property
    def said(self) -> str:
        """One sentence for the timeline."""
        if self.unit is None:
            return "派单时系统没有把握，没有给出建议。"
        return f"派单时系统建议{self.unit}，{'已采纳' if self.taken else '未采纳'}。{self.reason}"
