import uuid
from typing import ClassVar
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse

from lianshang.kernel.parks import ParkOwned


class Scenario(ParkOwned):
    """A what-if that somebody named and kept: its changes, as pairs of kind and value, never its results.

    Results are worked out anew from the park of the day. A shelved one stays on record and frees its name.
    """

    key = models.UUIDField("键", default=uuid.uuid4, editable=False)
    name = models.CharField("名称", max_length=60)
    changes = models.JSONField("改动")
    made_at = models.DateTimeField("保存时间")
    made_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="保存人"
    )
    shelved_at = models.DateTimeField("收起时间", null=True, blank=True)
    shelved_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="收起人"
    )

    class Meta(ParkOwned.Meta):
        verbose_name = "沙盘方案"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "key"], name="chain_scenario_key"),
            models.UniqueConstraint(
                fields=["park", "name"], condition=models.Q(shelved_at=None), name="chain_scenario_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The what-if with these changes laid out."""
        return f"{reverse('chain:what-if')}?{urlencode([*map(tuple, self.changes), ('name', self.name)])}"
