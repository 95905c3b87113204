"""Briefings and the templates that they are written from."""

import re
import uuid
from typing import ClassVar

from django.db import models
from django.urls import reverse

from lianshang.kernel.history.recorded import Recorded
from lianshang.kernel.parks import ParkOwned
from lianshang.reports.labels import label as day_label

PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")


class Length(models.IntegerChoices):
    """How long a report may be, in characters: the measures against formalism ask for no more."""

    SPECIAL = 4000, "专题，4000 字以内"
    WHOLE = 5000, "综合，5000 字以内"


class BriefingTemplate(Recorded):
    """An edition of a template: words in which figures stand by name. The newest edition of a slug is in force.

    `stored` is a Word file that replaces the look; without one the shipped layout is used. A retired one is offered no more.
    """

    words = ("name", "title", "to", "body", "signer", "file_name")

    slug = models.CharField("代号", max_length=40)
    number = models.PositiveIntegerField("版本")
    name = models.CharField("名称", max_length=40)
    title = models.CharField("标题", max_length=120)
    to = models.CharField("主送", max_length=120, blank=True)
    body = models.TextField("正文")
    signer = models.CharField("落款", max_length=60)
    most = models.PositiveIntegerField("字数", choices=Length.choices, default=Length.SPECIAL)
    stored = models.ForeignKey(
        "kernel.StoredFile", models.RESTRICT, null=True, related_name="+", verbose_name="Word 模板"
    )
    file_name = models.CharField("文件名", max_length=120, blank=True)
    retired = models.BooleanField("停用", default=False)
    made_at = models.DateTimeField("启用时间")
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="启用人")

    class Meta(Recorded.Meta):
        verbose_name = "简报模板"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "slug", "number"], name="briefing_template_number")
        ]

    def __str__(self) -> str:
        return f"{self.name}第 {self.number} 版"


class Briefing(ParkOwned):
    """One briefing: words with figures by name, over a period, as of a day. Once frozen it is not changed any more.

    What its figures read then stands in `BriefingFigure`; `digest` is of the whole text.
    """

    key = models.UUIDField("键", default=uuid.uuid4, editable=False)
    template = models.CharField("模板代号", max_length=40)
    template_number = models.PositiveIntegerField("模板版本")
    version = models.PositiveIntegerField("改到第几稿", default=1)
    title = models.CharField("标题", max_length=120)
    to = models.CharField("主送", max_length=120, blank=True)
    body = models.TextField("正文")
    signer = models.CharField("落款", max_length=60)
    most = models.PositiveIntegerField("字数", choices=Length.choices, default=Length.SPECIAL)
    first = models.DateField("时段起")
    last = models.DateField("时段止")
    day = models.DateField("截至")
    made_at = models.DateTimeField("起草时间")
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="起草人")
    changed_at = models.DateTimeField("最近修改")
    frozen_at = models.DateTimeField("定稿时间", null=True)
    frozen_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="定稿人"
    )
    digest = models.CharField("定稿摘要", max_length=64, blank=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "简报"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "key"], name="briefing_key")]
        indexes: ClassVar = [models.Index(fields=["park", "-made_at"], name="briefing_newest")]

    def __str__(self) -> str:
        return self.shown_title

    def get_absolute_url(self) -> str:
        return reverse("reports:briefing", args=[self.key])

    @property
    def span(self) -> str:
        """The period in words."""
        return day_label(self.first, self.last)

    @property
    def shown_title(self) -> str:
        """The title with its words filled in; a figure does not stand in a title."""
        words = {"时段": self.span, "年": str(self.last.year)}
        return PLACEHOLDER.sub(lambda found: words.get(found[1], ""), self.title)


class BriefingFigure(Recorded):
    """A figure as it stood in a frozen briefing: its name in the text, what was printed, and the frozen reading behind it."""

    words = ("name", "shown")

    briefing = models.ForeignKey(Briefing, models.RESTRICT, related_name="figures", verbose_name="简报")
    position = models.PositiveIntegerField("次序")
    name = models.CharField("名称", max_length=120)
    shown = models.CharField("印成", max_length=60)
    frozen = models.ForeignKey(
        "indicators.FrozenFigure", models.RESTRICT, related_name="+", verbose_name="已公布的数字"
    )
    crosses = models.BooleanField("含交叉", default=False)

    class Meta(Recorded.Meta):
        verbose_name = "简报数字"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "briefing", "position"], name="briefing_figure_position")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.shown}"
