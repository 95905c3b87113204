"""Texts handed in to have their figures checked, and what people of a park taught the checker."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.urls import reverse

from lianshang.kernel.parks import ParkOwned

KEPT = timedelta(days=30)  # a text handed in; nobody comes back to it later
LONGEST = 50_000  # characters


class Article(ParkOwned):
    """A text as it was pasted or read from a file; its holder alone opens it. Forgotten `KEPT` after it came."""

    key = models.UUIDField("键", default=uuid.uuid4, editable=False)
    name = models.CharField("名称", max_length=120, blank=True)
    text = models.TextField("正文")
    day = models.DateField("截至")
    made_at = models.DateTimeField("提交时间")
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, related_name="+", verbose_name="提交人")

    class Meta(ParkOwned.Meta):
        verbose_name = "送核文稿"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "key"], name="article_key")]
        indexes: ClassVar = [models.Index(fields=["park", "made_by", "-made_at"], name="article_newest")]

    def __str__(self) -> str:
        return self.name or self.text.strip().partition("\n")[0][:24] or "文稿"

    def get_absolute_url(self) -> str:
        return reverse("reports:article", args=[self.key])


class Binding(ParkOwned):
    """In this park, these words with this measure word speak of that figure. An ended one counts no more."""

    key = models.UUIDField("键", default=uuid.uuid4, editable=False)
    words = models.CharField("认哪些字", max_length=60)
    measure = models.CharField("量词", max_length=10)
    figure = models.CharField("指标", max_length=80)
    made_at = models.DateTimeField("绑定时间")
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, related_name="+", verbose_name="绑定人")
    ended_at = models.DateTimeField("停用时间", null=True)
    ended_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="停用人"
    )

    class Meta(ParkOwned.Meta):
        verbose_name = "数字绑定"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "key"], name="binding_key"),
            models.UniqueConstraint(
                fields=["park", "words", "measure"],
                condition=models.Q(ended_at=None),
                name="binding_words",
                violation_error_message="这几个字已经绑定过。请先停用原来的。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words}（{self.measure}）"
