"""What is on record for the audit administrator: appended to, never changed."""

from typing import ClassVar

from django.db import models

from lianshang.kernel.history.recorded import Recorded


class AuditRecord(Recorded):
    """Who did what about accounts, posts, security and personal data, when, and what for.

    `what` is a sentence without personal data; `about` names the person whose data or account it was.
    """

    words: ClassVar = ("purpose",)

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in", "登录"
        ACCOUNT = "account", "账号"
        POST = "post", "岗位"
        SECURITY = "security", "安全设置"
        OPENING = "opening", "查看未遮盖信息"
        EXPORT = "export", "导出"
        RETENTION = "retention", "到期清除"

    at = models.DateTimeField("时间")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    person = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="谁")
    about = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="涉及谁")
    what = models.CharField("做了什么", max_length=300)
    purpose = models.CharField("用途", max_length=200, blank=True)

    class Meta(Recorded.Meta):
        verbose_name = "审计记录"
        indexes: ClassVar = [
            models.Index(fields=["park", "-at", "-id"], name="audit_newest"),
            models.Index(fields=["park", "kind", "-at", "-id"], name="audit_kind_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %R} {self.what}"
