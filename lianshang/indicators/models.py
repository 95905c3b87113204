"""What was published: figures frozen with their definition, their cut-off and the names of their rows.

Appended only. A correction is a publication of its own that says what it corrects and why; the old one stays.
"""

import uuid
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from lianshang.indicators.periods import Period
from lianshang.kernel.history.recorded import Recorded


class Publication(Recorded):
    """公布: the figures of one period over the open ledger, as of `at`, from what had been recorded by `known`."""

    words = ("reason",)

    key = models.UUIDField("键", default=uuid.uuid4, editable=False)
    title = models.CharField("名称", max_length=80)
    edition = models.PositiveSmallIntegerField("第几版", default=1)
    period_kind = models.CharField("时段口径", max_length=8)
    starts_on = models.DateField("期初")
    ends_on = models.DateField("期末")
    at = models.DateTimeField("数据截至")
    known = models.DateTimeField("记录截至")
    recorded_at = models.DateTimeField("公布时间", default=timezone.now)
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="公布人")
    corrects = models.ForeignKey("self", models.RESTRICT, null=True, related_name="corrections", verbose_name="更正")
    reason = models.CharField("更正理由", max_length=200, blank=True)

    class Meta(Recorded.Meta):
        verbose_name = "公布"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "key"], name="publication_key"),
            models.UniqueConstraint(
                fields=["park", "corrects"],
                condition=Q(corrects__isnull=False),
                name="publication_corrected_once",
                violation_error_message="这一版已经更正过，请更正最新的一版。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="publication_period_runs_forward",
                violation_error_message="时段的最后一天不能早于第一天。",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""),
                name="publication_correction_says_why",
                violation_error_message="更正要写明理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（第 {self.edition} 版）" if self.edition > 1 else self.title

    def get_absolute_url(self) -> str:
        return reverse("indicators:publication", args=[self.key])

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on, self.title, self.period_kind)


class FrozenFigure(Recorded):
    """A figure as it was published: nothing of it is computed again to show it. Without a `value`: nothing to measure."""

    publication = models.ForeignKey(Publication, models.RESTRICT, related_name="figures", verbose_name="公布")
    indicator = models.CharField("指标", max_length=60)
    label = models.CharField("名称", max_length=60)
    unit = models.CharField("单位", max_length=10)
    kind = models.CharField("类型", max_length=12)
    definition = models.TextField("口径")
    version = models.PositiveSmallIntegerField("口径版本")
    value = models.CharField("数值", max_length=24, blank=True)  # two decimals, as text: the same on every database
    rows_count = models.PositiveIntegerField("凭据行数")
    of_count = models.PositiveIntegerField("分母行数", null=True)
    row_keys = models.TextField("凭据", blank=True)
    of_keys = models.TextField("分母凭据", blank=True)
    digest = models.CharField("摘要", max_length=64)

    class Meta(Recorded.Meta):
        verbose_name = "已公布的数字"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "publication", "indicator"], name="frozen_figure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.value or '—'}"

    def get_absolute_url(self) -> str:
        return reverse("indicators:frozen", args=[self.publication.key, self.indicator])

    @property
    def number(self) -> Decimal | None:
        return Decimal(self.value) if self.value else None

    @property
    def keys(self) -> list[str]:
        return self.row_keys.splitlines()
