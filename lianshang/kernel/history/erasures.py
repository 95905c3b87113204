"""Words that were erased: the row stays, and its leaf stands on the hash that was kept in their place."""

from django.db import models

from lianshang.kernel.history.recorded import Recorded


class Erasure(Recorded):
    """That the words of one row were erased, when and on what ground. `kept` is their salted hash; the salt is gone."""

    ledger = models.CharField("哪张表", max_length=60)
    row = models.PositiveBigIntegerField("哪一行")
    kept = models.CharField("留下的摘要", max_length=64)
    at = models.DateTimeField("时间")
    ground = models.CharField("依据", max_length=200)

    class Meta(Recorded.Meta):
        verbose_name = "擦除记录"
        constraints = [models.UniqueConstraint(fields=["park", "ledger", "row"], name="erasure_row")]

    def __str__(self) -> str:
        return f"{self.ledger} {self.row}"
