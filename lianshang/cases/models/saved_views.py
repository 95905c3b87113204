"""What somebody likes to see of the list: a filter with its order, under a name."""

from typing import ClassVar

from django.db import models
from django.http import QueryDict

from lianshang.kernel.parks import ParkOwned


class SavedView(ParkOwned):
    """A named filter of the list of cases. With a unit it is shared with all who serve there; else it is its owner's."""

    name = models.CharField("名称", max_length=20)
    query = models.TextField("筛选", blank=True)
    owner = models.ForeignKey("directory.Person", models.RESTRICT, related_name="+", verbose_name="谁的")
    unit = models.ForeignKey(
        "directory.Unit", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="共享给"
    )

    class Meta(ParkOwned.Meta):
        verbose_name = "常用视图"
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "owner", "name"],
                name="saved_view_name",
                violation_error_message="已有同名的视图，请换个名称。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def asked(self) -> QueryDict:
        """The filter as an address would carry it."""
        return QueryDict(self.query)
