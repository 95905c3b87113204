from typing import ClassVar

from django.db import models
from django.utils import timezone

from lianshang.kernel.parks import ParkOwned
from lianshang.organizations.models.bodies import Organization


class VenueItem(ParkOwned):
    """One of the six things that a venue has (六有), as it was found on a day. Rows are appended; the newest holds."""

    class Item(models.TextChoices):
        PLACE = "place", "有场所"
        EQUIPMENT = "equipment", "有设施"
        SIGN = "sign", "有标志"
        FLAG = "flag", "有党旗"
        BOOKS = "books", "有书报"
        RULES = "rules", "有制度"

    organization = models.ForeignKey(Organization, models.RESTRICT, related_name="venue", verbose_name="党组织")
    item = models.CharField("项目", max_length=12, choices=Item.choices)
    is_there = models.BooleanField("具备")
    evidence = models.CharField("凭据", max_length=200, blank=True)
    seen_on = models.DateField("查看日期")
    seen_by = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="谁看的")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta(ParkOwned.Meta):
        verbose_name = "活动阵地"
        indexes: ClassVar = [models.Index(fields=["park", "organization", "item"], name="venue_item")]

    def __str__(self) -> str:
        return f"{self.organization}{self.get_item_display()}"
