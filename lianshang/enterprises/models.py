from typing import ClassVar

from django.db import models

from lianshang.kernel.numbers import random_code
from lianshang.kernel.parks import ParkOwned


def _token() -> str:
    """Capitals and figures that nobody mistakes: people type the enterprise's code on a telephone."""
    return random_code(12)


class Enterprise(ParkOwned):
    """An enterprise of the park. `whistle_token` is in its QR code; `mine_token` opens the list of its own whistles."""

    class ChainRole(models.TextChoices):
        LEADER = "leader", "链主企业"
        CHAIN = "chain", "链上企业"
        SUPPORT = "support", "配套企业"

    class Stage(models.TextChoices):
        UPSTREAM = "upstream", "上游"
        MIDSTREAM = "midstream", "中游"
        DOWNSTREAM = "downstream", "下游"

    code = models.CharField("编号", max_length=20)
    name = models.CharField("名称", max_length=80)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    chain_role = models.CharField("链上角色", max_length=10, choices=ChainRole.choices, default=ChainRole.CHAIN)
    stage = models.CharField("环节", max_length=10, choices=Stage.choices, blank=True)
    sector = models.CharField("行业板块", max_length=30, blank=True)
    industry_code = models.CharField("国民经济行业代码", max_length=4, blank=True)
    industry_name = models.CharField("国民经济行业", max_length=60, blank=True)
    staff_count = models.PositiveIntegerField("职工人数", default=0)
    member_count = models.PositiveIntegerField("党员人数", default=0)
    party_org = models.CharField("党组织", max_length=20, blank=True)
    founded_year = models.PositiveSmallIntegerField("成立年份", null=True, blank=True)
    whistle_token = models.CharField("吹哨码", max_length=20, default=_token)
    mine_token = models.CharField("企业码", max_length=20, default=_token)
    is_demo = models.BooleanField("演示数据", default=False)
    is_active = models.BooleanField("在营", default=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "企业"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "code"], name="enterprise_code"),
            models.UniqueConstraint(fields=["park", "whistle_token"], name="enterprise_whistle_token"),
            models.UniqueConstraint(fields=["park", "mine_token"], name="enterprise_mine_token"),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(ParkOwned):
    """A person of the enterprise whom we may call."""

    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="contacts", verbose_name="企业")
    person = models.ForeignKey("directory.Person", models.RESTRICT, related_name="+", verbose_name="人员")
    is_primary = models.BooleanField("首要联系人", default=False)

    class Meta(ParkOwned.Meta):
        verbose_name = "企业联系人"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "enterprise", "person"], name="enterprise_contact_person"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.person}"


class ContactPerson(ParkOwned):
    """专人对接: who looks after an enterprise, with a deputy, from a moment until the next one takes over.

    Rows are appended: the one without an end is in force, those before say who it was when.
    """

    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="contact_persons", verbose_name="企业")
    person = models.ForeignKey("directory.Person", models.RESTRICT, related_name="+", verbose_name="对接人")
    deputy = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="替补对接人"
    )
    since = models.DateTimeField("自")
    until = models.DateTimeField("至", null=True, blank=True)
    named_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="谁指定的"
    )
    note = models.CharField("交接说明", max_length=200, blank=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "专属联系人"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "enterprise"], condition=models.Q(until=None), name="contact_person_in_force"
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("deputy")),
                name="contact_person_not_own_deputy",
                violation_error_message="对接人和替补不能是同一个人。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["park", "person"], condition=models.Q(until=None), name="contact_person_of"),
            models.Index(fields=["park", "enterprise", "since"], name="contact_person_history"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.person}"


class Output(ParkOwned):
    """Output value of one period, in 万元, with where it comes from."""

    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="outputs", verbose_name="企业")
    starts_on = models.DateField("期初")
    ends_on = models.DateField("期末")
    value = models.DecimalField("产值（万元）", max_digits=14, decimal_places=2)
    source = models.CharField("来源", max_length=80)

    class Meta(ParkOwned.Meta):
        verbose_name = "产值"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "enterprise", "starts_on", "ends_on"], name="output_period"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.starts_on}–{self.ends_on}"
