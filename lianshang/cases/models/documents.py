"""Documents (文书) drawn for a case, the templates that a park puts in place of ours, and whose head stands on a letter.

All three are appended only: what was issued can be opened as it was, and the newest row is the one in force.
"""

from typing import ClassVar

from django.db import models

from lianshang.cases.models.case import Case
from lianshang.kernel.history.recorded import Recorded


class DocumentKind(models.TextChoices):
    ORDER = "order", "交办单"
    URGING = "urging", "催办单"
    SUPERVISION = "supervision", "督办单"
    REPLY = "reply", "答复函"
    CONSULTATION = "consultation", "会商通知"


class DocumentForm(models.TextChoices):
    WORD = "word", "Word"
    PDF = "pdf", "PDF"


class DocumentTemplate(Recorded):
    """A park's own Word template of one kind. A row without a file says that the shipped one is used again."""

    words = ("name",)

    kind = models.CharField("文书", max_length=20, choices=DocumentKind.choices)
    number = models.PositiveIntegerField("版本")
    stored = models.ForeignKey("kernel.StoredFile", models.RESTRICT, null=True, related_name="+", verbose_name="文件")
    name = models.CharField("文件名", max_length=120, blank=True)
    made_at = models.DateTimeField("启用时间")
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="启用人")

    class Meta(Recorded.Meta):
        verbose_name = "文书模板"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "kind", "number"], name="document_template_number"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}模板 第 {self.number} 版"


class DocumentHead(Recorded):
    """What a unit has allowed to be printed on its letters: the red mark and its short name in the document number."""

    unit = models.ForeignKey("directory.Unit", models.RESTRICT, related_name="+", verbose_name="发文单位")
    mark = models.CharField("发文机关标志", max_length=40, blank=True)
    code = models.CharField("机关代字", max_length=20, blank=True)
    made_at = models.DateTimeField("设置时间")
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="设置人")

    class Meta(Recorded.Meta):
        verbose_name = "发文机关标志"
        indexes: ClassVar = [models.Index(fields=["park", "unit", "-id"], name="document_head_newest")]

    def __str__(self) -> str:
        return self.mark or "不印"


class CaseDocument(Recorded):
    """A document as it was drawn: from which template, by whom, when, after how many events of the case."""

    words = ("name",)

    case = models.ForeignKey(Case, models.RESTRICT, related_name="documents", verbose_name="诉求")
    kind = models.CharField("文书", max_length=20, choices=DocumentKind.choices)
    form = models.CharField("格式", max_length=8, choices=DocumentForm.choices)
    template = models.ForeignKey(
        DocumentTemplate, models.RESTRICT, null=True, related_name="+", verbose_name="模板"
    )  # none: the shipped one
    template_digest = models.CharField("模板摘要", max_length=64)
    stored = models.ForeignKey("kernel.StoredFile", models.RESTRICT, related_name="+", verbose_name="文件")
    name = models.CharField("文件名", max_length=120)
    case_version = models.PositiveIntegerField("办到第几步")
    shows_phone = models.BooleanField("写明企业电话", default=False)
    made_at = models.DateTimeField("生成时间")
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="生成人")
    made_by_unit = models.ForeignKey(
        "directory.Unit", models.RESTRICT, null=True, related_name="+", verbose_name="生成人单位"
    )

    class Meta(Recorded.Meta):
        verbose_name = "文书"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["park", "case"], name="case_document_case")]

    def __str__(self) -> str:
        return self.name
