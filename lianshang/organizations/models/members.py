"""Members: since when, whose register they stand on, where they work. The three are kept apart."""

from datetime import date
from typing import ClassVar

from django.db import models

from lianshang.kernel.parks import ParkOwned, scoped
from lianshang.organizations.models.bodies import Organization
from lianshang.organizations.models.spans import Span


class MemberQuerySet(models.QuerySet):
    def on(self, day: date) -> "MemberQuerySet":
        """Return who is a member that day, on probation or full."""
        return self.filter(models.Q(ended_on=None) | models.Q(ended_on__gt=day), joined_on__lte=day)

    def full_on_day(self, day: date) -> "MemberQuerySet":
        return self.on(day).filter(full_on__lte=day)


class Member(ParkOwned):
    """A member of the Party: `joined_on` is the day of the branch's general meeting, `full_on` that of full membership."""

    person = models.ForeignKey("directory.Person", models.RESTRICT, related_name="+", verbose_name="人员")
    joined_on = models.DateField("入党日期")
    full_on = models.DateField("转正日期", null=True, blank=True)
    ended_on = models.DateField("不再是党员之日", null=True, blank=True)
    ended_note = models.CharField("原因", max_length=100, blank=True)

    objects = scoped(MemberQuerySet)

    class Meta(ParkOwned.Meta):
        verbose_name = "党员"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "person"], name="member_person", violation_error_message="这位已登记为党员。"
            ),
            models.CheckConstraint(
                condition=models.Q(full_on=None) | models.Q(full_on__gte=models.F("joined_on")),
                name="member_full_after_joined",
                violation_error_message="转正日期不能早于入党日期。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    def is_full(self, day: date) -> bool:
        return self.full_on is not None and self.full_on <= day


class Affiliation(Span):
    """组织关系: on whose register a member stands: one of our organisations, or somewhere else by its name.

    Whoever stands elsewhere and holds the card of a mobile member takes part here, without a vote.
    """

    member = models.ForeignKey(Member, models.RESTRICT, related_name="affiliations", verbose_name="党员")
    organization = models.ForeignKey(
        Organization, models.RESTRICT, null=True, blank=True, related_name="affiliations", verbose_name="党组织"
    )
    elsewhere = models.CharField("园区以外的党组织", max_length=80, blank=True)
    has_card = models.BooleanField("持流动党员活动证", default=False)

    class Meta(Span.Meta):
        verbose_name = "组织关系"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "member"], condition=models.Q(until=None), name="affiliation_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(organization=None) ^ models.Q(elsewhere=""),
                name="affiliation_here_or_elsewhere",
                violation_error_message="组织关系要么在园区的一个党组织，要么在园区以外，只填一处。",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["park", "organization"], name="affiliation_organization")]

    def __str__(self) -> str:
        return f"{self.member} {self.organization or self.elsewhere}"


class Placement(Span):
    """在岗: at which enterprise a member works."""

    member = models.ForeignKey(Member, models.RESTRICT, related_name="placements", verbose_name="党员")
    enterprise = models.ForeignKey("enterprises.Enterprise", models.RESTRICT, related_name="+", verbose_name="企业")

    class Meta(Span.Meta):
        verbose_name = "在岗企业"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "member"], condition=models.Q(until=None), name="placement_in_force"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["park", "enterprise"], name="placement_enterprise")]

    def __str__(self) -> str:
        return f"{self.member} {self.enterprise}"
