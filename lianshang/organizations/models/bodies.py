"""Organisations, the enterprises that they cover, their terms and who holds which post in them."""

from datetime import date
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils import timezone

from lianshang.kernel.parks import ParkOwned, scoped
from lianshang.organizations.models.spans import Span
from lianshang.organizations.rules.kinds import Kind


class OrganizationQuerySet(models.QuerySet):
    def on(self, day: date) -> "OrganizationQuerySet":
        """Return those that stand on that day: approved, not dissolved."""
        return self.filter(models.Q(ended_on=None) | models.Q(ended_on__gt=day), approved_on__lte=day)


class Organization(ParkOwned):
    """A Party organisation from the day of its approval. It is never deleted: it ends on a day, with a reason."""

    key = models.UUIDField("标识", default=uuid4, editable=False)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=12, choices=[(one.value, one.label) for one in Kind])
    parent = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="below", verbose_name="上级党组织"
    )
    approved_on = models.DateField("批复日期")
    document = models.CharField("批复文号", max_length=40, blank=True)
    group_count = models.PositiveSmallIntegerField("党小组数", default=0)
    admits = models.BooleanField("可以审批预备党员", default=False)
    ended_on = models.DateField("撤销日期", null=True, blank=True)
    ended_note = models.CharField("撤销原因", max_length=200, blank=True)
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = scoped(OrganizationQuerySet)

    class Meta(ParkOwned.Meta):
        verbose_name = "党组织"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "key"], name="organization_key"),
            models.UniqueConstraint(
                fields=["park", "name"],
                condition=models.Q(ended_on=None),
                name="organization_name",
                violation_error_message="已有同名的党组织。请换一个名称。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:one", args=[self.key])

    @property
    def of_kind(self) -> Kind:
        return Kind(self.kind)


class Coverage(Span):
    """An enterprise that the organisation covers; a joint branch covers several."""

    organization = models.ForeignKey(Organization, models.RESTRICT, related_name="coverages", verbose_name="党组织")
    enterprise = models.ForeignKey("enterprises.Enterprise", models.RESTRICT, related_name="+", verbose_name="企业")

    class Meta(Span.Meta):
        verbose_name = "覆盖企业"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "organization", "enterprise"],
                condition=models.Q(until=None),
                name="coverage_in_force",
                violation_error_message="这家企业已在覆盖范围里。",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["park", "enterprise"], name="coverage_enterprise")]

    def __str__(self) -> str:
        return f"{self.organization} {self.enterprise}"


class Term(Span):
    """任期: from an election until the next one is due. `due_on` may be moved by the superior's approval, once."""

    organization = models.ForeignKey(Organization, models.RESTRICT, related_name="terms", verbose_name="党组织")
    years = models.PositiveSmallIntegerField("任期（年）")
    has_committee = models.BooleanField("设委员会", default=False)
    first_due_on = models.DateField("任期届满日")
    due_on = models.DateField("应换届日")
    approval = models.CharField("提前或延期换届的批准", max_length=80, blank=True)

    class Meta(Span.Meta):
        verbose_name = "任期"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "organization"], condition=models.Q(until=None), name="term_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.since}"


class Officer(Span):
    """Who holds which post in an organisation; `brought_by` is the post that brings somebody into a committee."""

    class Position(models.TextChoices):
        SECRETARY = "secretary", "书记"
        DEPUTY = "deputy", "副书记"
        ORGANISER = "organiser", "组织委员"
        PUBLICITY = "publicity", "宣传委员"
        DISCIPLINE = "discipline", "纪检委员"
        MEMBER = "member", "委员"

    organization = models.ForeignKey(Organization, models.RESTRICT, related_name="officers", verbose_name="党组织")
    person = models.ForeignKey("directory.Person", models.RESTRICT, related_name="+", verbose_name="人员")
    position = models.CharField("职务", max_length=12, choices=Position.choices)
    brought_by = models.CharField("因何职务进入", max_length=60, blank=True)

    class Meta(Span.Meta):
        verbose_name = "党内职务"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "organization"],
                condition=models.Q(until=None, position="secretary"),
                name="officer_one_secretary",
                violation_error_message="一个党组织只有一位书记。请先免去原来的。",
            ),
            models.UniqueConstraint(
                fields=["park", "organization", "person"], condition=models.Q(until=None), name="officer_in_force"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["park", "person"], condition=models.Q(until=None), name="officer_person"),
        ]

    def __str__(self) -> str:
        return f"{self.organization}{self.get_position_display()}"
