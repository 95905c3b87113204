"""What was handed in: files of a case, and old ledgers brought in at once."""

from django.db import models

from lianshang.cases.models.case import Case
from lianshang.cases.models.course import CaseEvent
from lianshang.kernel.history.recorded import Recorded
from lianshang.kernel.parks import ParkOwned


class CaseFile(Recorded):
    words = ("name",)

    case = models.ForeignKey(Case, models.RESTRICT, related_name="files", verbose_name="诉求")
    event = models.ForeignKey(CaseEvent, models.RESTRICT, related_name="files", verbose_name="随哪一步")
    stored = models.ForeignKey("kernel.StoredFile", models.RESTRICT, related_name="+", verbose_name="文件")
    name = models.CharField("文件名", max_length=120)

    class Meta(Recorded.Meta):
        verbose_name = "附件"

    def __str__(self) -> str:
        return self.name


class ImportBatch(ParkOwned):
    """One file of old records, brought in at once and undone at once."""

    name = models.CharField("文件名", max_length=200)
    digest = models.CharField("文件摘要", max_length=64)
    row_count = models.PositiveIntegerField("行数", default=0)
    made_at = models.DateTimeField("导入时间")
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="导入人")
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "导入批次"

    def __str__(self) -> str:
        return self.name
