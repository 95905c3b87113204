"""An import under way on the page: what was handed in, how far it is, what was found. Forgotten `KEPT` after it began."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from lianshang.kernel.parks import ParkOwned

SILENCE = timedelta(minutes=5)  # a job that says nothing for so long died with its process
KEPT = timedelta(days=2)


class ImportJob(ParkOwned):
    """One file on its way in. `content` is emptied when the job is over: the cases then hold what is to be kept."""

    class Stage(models.TextChoices):
        READING = "reading", "正在读取"
        MATCHING = "matching", "对照表头"
        CHECKING = "checking", "正在检查"
        CHECKED = "checked", "检查完毕"
        STORING = "storing", "正在导入"
        DONE = "done", "已导入"
        FAILED = "failed", "没有导入"
        UNDOING = "undoing", "正在撤销"
        UNDONE = "undone", "已撤销"

    RUNNING = (Stage.READING, Stage.CHECKING, Stage.STORING, Stage.UNDOING)

    key = models.UUIDField("键", default=uuid.uuid4, editable=False)
    name = models.CharField("文件名", max_length=200)
    content = models.BinaryField("文件内容", default=bytes)
    sheet = models.CharField("工作表", max_length=60, blank=True)
    mapping = models.JSONField("列的对应", default=dict)
    profile = models.CharField("机制方案", max_length=40, blank=True)
    stage = models.CharField("进度", max_length=10, choices=Stage.choices, default=Stage.MATCHING)
    rows = models.PositiveIntegerField("行数", default=0)
    sound = models.PositiveIntegerField("可导入", default=0)
    done = models.PositiveIntegerField("已处理", default=0)
    errors = models.JSONField("问题", default=list)
    hints = models.JSONField("提示", default=list)
    seen = models.JSONField("表头和前几行", default=dict)
    marked = models.BinaryField("标出问题的副本", default=bytes)
    failure = models.CharField("为什么没有导入", max_length=400, blank=True)
    batch = models.ForeignKey("ImportBatch", models.RESTRICT, null=True, related_name="+", verbose_name="导入批次")
    made_at = models.DateTimeField("上传时间")
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="上传人")
    heard_at = models.DateTimeField("最近动静")

    class Meta(ParkOwned.Meta):
        verbose_name = "导入"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "key"], name="import_job_key")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        return self.stage in self.RUNNING

    def is_lost(self, now: datetime) -> bool:
        """Whether the process that did the work is gone."""
        return self.is_running and now - self.heard_at > SILENCE
