from collections.abc import Sequence
from typing import ClassVar

from django.db import models

from lianshang.kernel.history.recorded import Recorded
from lianshang.organizations.models.bodies import Organization


class OrganizationRecord(Recorded):
    """What was done about an organisation or an enterprise's coverage: when it happened, when we were told, by whom.

    Appended, never changed. Members are not named in it: what names them is the row that was written with it.
    """

    words: ClassVar[Sequence[str]] = ("note",)

    organization = models.ForeignKey(
        Organization, models.RESTRICT, null=True, related_name="records", verbose_name="党组织"
    )
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.RESTRICT, null=True, related_name="+", verbose_name="企业"
    )
    what = models.CharField("事项", max_length=20)
    happened_on = models.DateField("发生日期")
    recorded_at = models.DateTimeField("登记时间")
    by = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="登记人")
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta(Recorded.Meta):
        verbose_name = "党组织记录"
        indexes: ClassVar = [models.Index(fields=["park", "organization", "recorded_at"], name="org_record_of")]

    def __str__(self) -> str:
        return f"{self.what} {self.happened_on}"
