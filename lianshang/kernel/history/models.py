"""What the history keeps beside the rows that it vouches for. Tiles and checkpoints are of the installation, over all parks."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from lianshang.kernel.parks import ParkOwned


class Leaf(ParkOwned):
    """What vouches for one row, written in the row's own transaction; `index` is its place once it is in the tree.

    `digest` is the leaf's hash as it was promised; `code` is made under the installation's key, so that a row put in
    without it is told from ours. Without its `salt` nobody can guess from the hash what the row says.
    """

    ledger = models.CharField("哪张表", max_length=60)
    row = models.PositiveBigIntegerField("哪一行")
    salt = models.BinaryField("盐")
    digest = models.BinaryField("摘要")
    code = models.BinaryField("验证码")
    made_at = models.DateTimeField("写入时间", default=timezone.now)
    index = models.PositiveBigIntegerField("叶号", null=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "历史叶"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "ledger", "row"], name="leaf_row"),
            models.UniqueConstraint(fields=["park", "index"], name="leaf_index"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["park", "id"], condition=models.Q(index=None), name="leaf_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.row}"


class Tile(models.Model):
    """256 hashes of the tree in a row: of leaves at level 0, of tiles of the level below above it. The last may be short."""

    level = models.PositiveSmallIntegerField("层")
    position = models.PositiveBigIntegerField("位置")
    hashes = models.BinaryField("摘要")

    class Meta:
        verbose_name = "历史块"
        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "position"], name="tile_place")]

    def __str__(self) -> str:
        return f"{self.level}/{self.position}"


class Checkpoint(models.Model):
    """A signed head: at that time the tree had `size` leaves under that root. Each follows one: `after` is its size."""

    after = models.PositiveBigIntegerField("上次大小", unique=True)
    size = models.PositiveBigIntegerField("大小", unique=True)
    root = models.BinaryField("树根")
    at = models.DateTimeField("签名时间")
    note = models.TextField("签名文本")

    class Meta:
        verbose_name = "历史检查点"

    def __str__(self) -> str:
        return f"{self.size}"


class Witnessed(models.Model):
    """Up to which size a witness by e-mail was told, and when."""

    name = models.CharField("见证", max_length=200, primary_key=True)
    size = models.PositiveBigIntegerField("大小", default=0)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "见证进度"

    def __str__(self) -> str:
        return self.name
