"""The park's catalogue of products, processes and flows. Each change makes a new edition; rows are never overwritten.

A row is in force from its first edition until its last one, the latter not included. Rows name each other by code, so
that a product which is corrected keeps its flows.
"""

from typing import ClassVar

from django.db import models

from lianshang.kernel.parks import ParkOwned, scoped


class Edition(ParkOwned):
    """One state of the park's catalogue: from when, by whom, and what for. `digest` names its content."""

    number = models.PositiveIntegerField("版次")
    made_at = models.DateTimeField("生效时间")
    made_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="谁改的"
    )
    note = models.CharField("说明", max_length=200)
    digest = models.CharField("摘要", max_length=64)

    class Meta(ParkOwned.Meta):
        verbose_name = "产业链目录版次"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "number"], name="chain_edition_number")]

    def __str__(self) -> str:
        return f"第 {self.number} 版"


class EntryQuerySet(models.QuerySet):
    def in_force(self) -> "EntryQuerySet":
        return self.filter(until=None)


class Entry(ParkOwned):
    """A row of the catalogue with its source, from one edition until another."""

    since = models.ForeignKey(Edition, models.RESTRICT, related_name="+", verbose_name="自版次")
    until = models.ForeignKey(Edition, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="至版次")
    position = models.PositiveIntegerField("次序", default=0)

    objects = scoped(EntryQuerySet)

    class Meta(ParkOwned.Meta):
        abstract = True


class Stage(models.TextChoices):
    UPSTREAM = "upstream", "上游"
    MIDSTREAM = "midstream", "中游"
    DOWNSTREAM = "downstream", "下游"


class ProductEntry(Entry):
    """A product or service. Quantities are per year in `unit`; prices are indicative."""

    class ProductRole(models.TextChoices):
        RAW = "raw", "原料"
        INTERMEDIATE = "intermediate", "中间品"
        BYPRODUCT = "byproduct", "副产品"
        FINAL = "final", "终端产品"
        UTILITY = "utility", "公用工程"
        CONSUMABLE = "consumable", "耗材"
        SERVICE = "service", "服务"
        EQUIPMENT = "equipment", "装备"
        WASTE = "waste", "废弃物"
        ENV = "env", "环境"

    class Transport(models.TextChoices):
        PIPELINE = "pipeline", "管道"
        LOCAL = "local", "本地"
        ROAD = "road", "公路铁路"
        GRID = "grid", "电网"
        NONE = "none", "不运输"

    class Disposal(models.TextChoices):
        NONE = "none", "无"
        FLARE = "flare", "点火炬"
        VENT = "vent", "放空"
        LANDFILL = "landfill", "堆存"
        MUST_TREAT = "must_treat", "必须处置"

    code = models.CharField("编号", max_length=20)
    name = models.CharField("名称", max_length=80)
    unit = models.CharField("单位", max_length=20)
    stage = models.CharField("环节", max_length=10, choices=Stage.choices, blank=True)
    role = models.CharField("性质", max_length=12, choices=ProductRole.choices)
    transport = models.CharField("怎么运", max_length=10, choices=Transport.choices)
    disposal = models.CharField("富余时", max_length=10, choices=Disposal.choices, default=Disposal.NONE)
    category = models.CharField("类别", max_length=40, blank=True)
    price = models.FloatField("参考价（元）", default=0)
    swing = models.BooleanField("燃料总管", default=False)
    final_sale = models.BooleanField("正常外售", default=False)
    hazardous = models.BooleanField("危险化学品", default=False)
    mass = models.FloatField("每单位吨数", default=0)
    heat = models.FloatField("每单位热值（GJ）", default=0)
    carbon = models.FloatField("每单位含碳（t）", default=0)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "链上产品"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "code"], condition=models.Q(until=None), name="chain_product_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProcessEntry(Entry):
    """A process: its reference output, the scales at which it is built, what it costs per unit of yearly capacity."""

    code = models.CharField("编号", max_length=20)
    name = models.CharField("名称", max_length=80)
    stage = models.CharField("环节", max_length=10, choices=Stage.choices, blank=True)
    segment = models.CharField("链段", max_length=30, blank=True)
    reference = models.CharField("基准产出", max_length=20)
    typical_scale = models.FloatField("常见规模", default=0)
    least_scale = models.FloatField("最小经济规模", default=0)
    capital = models.FloatField("单位投资（元）", default=0)
    closes_by = models.CharField("平衡校核", max_length=10, default="none")
    hazard = models.CharField("重点监管工艺", max_length=60, blank=True)
    industry = models.CharField("国民经济行业代码", max_length=4, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "链上工艺"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "code"], condition=models.Q(until=None), name="chain_process_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProcessFlow(Entry):
    """What a process takes or gives of a product for one unit of its reference output, with its range and source."""

    process = models.CharField("工艺", max_length=20)
    product = models.CharField("产品", max_length=20)
    is_output = models.BooleanField("产出")
    coefficient = models.FloatField("系数")
    low = models.FloatField("低值")
    high = models.FloatField("高值")
    in_mass_balance = models.BooleanField("计入物料平衡", default=False)
    source = models.CharField("来源", max_length=40, blank=True)
    evidence = models.CharField("证据等级", max_length=2, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "工艺流"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "process", "product", "is_output"],
                condition=models.Q(until=None),
                name="chain_flow_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process} {self.product}"


class Substitution(Entry):
    """What can stand in for a product, at which ratio, through which process, and when it may."""

    product = models.CharField("产品", max_length=20)
    instead = models.CharField("替代品", max_length=20)
    ratio = models.FloatField("每单位用量")
    process = models.CharField("经由工艺", max_length=20, blank=True)
    condition = models.CharField("条件", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "替代关系"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "product", "instead"],
                condition=models.Q(until=None),
                name="chain_substitution_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.instead}"


class RegionalSupply(Entry):
    """What the region around the park has to offer of a product in a year."""

    product = models.CharField("产品", max_length=20)
    quantity = models.FloatField("年供应量")

    class Meta(Entry.Meta):
        verbose_name = "区域供应"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "product"], condition=models.Q(until=None), name="chain_regional_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.product
