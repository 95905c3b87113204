from typing import ClassVar

from django.db import models

from lianshang.kernel.parks import ParkOwned


class Phrase(ParkOwned):
    """A sentence that a unit says again and again (常用语), offered under the boxes in which its people write."""

    LONGEST = 200

    unit = models.ForeignKey("directory.Unit", models.RESTRICT, related_name="+", verbose_name="单位")
    position = models.PositiveSmallIntegerField("次序")
    text = models.CharField("常用语", max_length=LONGEST)

    class Meta(ParkOwned.Meta):
        verbose_name = "常用语"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "unit", "position"], name="phrase_position"),
        ]

    def __str__(self) -> str:
        return self.text
