"""What was taken out as a sheet: the work while it lasts, and the record of it that stays for good."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from lianshang.kernel.history.recorded import Recorded
from lianshang.kernel.parks import ParkOwned

SILENCE = timedelta(minutes=5)  # a job that says nothing for so long died with its process
KEPT = timedelta(days=2)


class What(models.TextChoices):
    """Which list was taken out."""

    LEDGER = "ledger", "问题台账"
    DESK = "desk", "收件箱"
    THEMES = "themes", "专题"
    CONTACTS = "contacts", "专人对接"
    NOTICES = "notices", "通知"


class ExportJob(ParkOwned):
    """One sheet on its way out, for whoever asked alone. Forgotten after `KEPT`, file and all."""

    class Stage(models.TextChoices):
        WRITING = "writing", "正在生成"
        DONE = "done", "已生成"
        FAILED = "failed", "没有生成"

    key = models.UUIDField("键", default=uuid.uuid4, editable=False)
    what = models.CharField("导出什么", max_length=10, choices=What.choices, default=What.LEDGER)
    query = models.TextField("筛选", blank=True)
    unmasked = models.BooleanField("不遮盖", default=False)
    purpose = models.CharField("用途", max_length=200, blank=True)
    stage = models.CharField("进度", max_length=10, choices=Stage.choices, default=Stage.WRITING)
    rows = models.PositiveIntegerField("行数", default=0)
    done = models.PositiveIntegerField("已写", default=0)
    name = models.CharField("文件名", max_length=200, blank=True)
    content = models.BinaryField("文件内容", default=bytes)
    failure = models.CharField("为什么没有生成", max_length=400, blank=True)
    made_at = models.DateTimeField("导出时间")
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, related_name="+", verbose_name="导出人")
    heard_at = models.DateTimeField("最近动静")

    class Meta(ParkOwned.Meta):
        verbose_name = "导出"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "key"], name="export_job_key")]

    def __str__(self) -> str:
        return self.name or self.get_what_display()

    @property
    def is_running(self) -> bool:
        return self.stage == self.Stage.WRITING

    def is_lost(self, now: datetime) -> bool:
        """Whether the process that did the work is gone."""
        return self.is_running and now - self.heard_at > SILENCE


class LedgerExport(Recorded):
    """That a sheet was taken out: who, when, by which filter, how many rows, and what for. Never changed, never deleted."""

    words = ("narrowed_to", "purpose")

    what = models.CharField("导出什么", max_length=10, choices=What.choices, default=What.LEDGER)
    at = models.DateTimeField("导出时间")
    person = models.ForeignKey("directory.Person", models.RESTRICT, related_name="+", verbose_name="导出人")
    unit = models.ForeignKey("directory.Unit", models.RESTRICT, null=True, related_name="+", verbose_name="单位")
    narrowed_to = models.TextField("筛选条件", blank=True)
    rows = models.PositiveIntegerField("行数", default=0)
    unmasked = models.BooleanField("不遮盖", default=False)
    purpose = models.CharField("用途", max_length=200, blank=True)

    class Meta(Recorded.Meta):
        verbose_name = "导出记录"
        indexes: ClassVar = [models.Index(fields=["park", "-at", "-id"], name="ledger_export_newest")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.at:%F %R}"
