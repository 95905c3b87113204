from typing import ClassVar

from django.db import models

from lianshang.kernel.parks import ParkOwned


class ProcessRun(ParkOwned):
    """That an enterprise runs a process, at a capacity and a utilisation, from a moment until the next statement.

    Rows are appended: the one without an end is in force, those before say what was known when.
    """

    enterprise = models.ForeignKey("enterprises.Enterprise", models.RESTRICT, related_name="runs", verbose_name="企业")
    process = models.CharField("工艺", max_length=20)
    capacity = models.FloatField("年产能")
    level = models.FloatField("年产量")
    since = models.DateTimeField("自")
    until = models.DateTimeField("至", null=True, blank=True)
    stated_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="谁填的"
    )
    source = models.CharField("来源", max_length=80)

    class Meta(ParkOwned.Meta):
        verbose_name = "企业生产"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "enterprise", "process"],
                condition=models.Q(until=None),
                name="chain_run_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__gte=0) & models.Q(level__gte=0),
                name="chain_run_not_negative",
                violation_error_message="产能和产量不能小于 0。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.process}"

    @property
    def utilisation(self) -> float:
        return self.level / self.capacity if self.capacity else 0.0
