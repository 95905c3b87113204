"""What a complaint or report keeps apart: who made it, what was said word for word, who stands aside and why."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lianshang.cases.models.case import Case
from lianshang.cases.models.course import CaseEvent
from lianshang.kernel.parks import ParkOwned, scoped


class Identity(ParkOwned):
    """Who made a sealed case, unreadable: under a key of this case alone, itself under the site's (`kernel.chests`).

    `key` also locks the words of the case's `Saying`s. `reachable` says that a telephone was left, and not which.
    """

    case = models.ForeignKey(Case, models.RESTRICT, related_name="identities", verbose_name="诉求")
    key = models.TextField("案件密钥")
    details = models.TextField("身份密文")
    reachable = models.BooleanField("留有联系方式", default=False)

    class Meta(ParkOwned.Meta):
        verbose_name = "来件人身份"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "case"], name="identity_of_case")]

    def __str__(self) -> str:
        return str(self.case_id)


class Saying(ParkOwned):
    """What the reporter said with one step, locked word for word, and beside it what those who handle it may read.

    `marks` are [start, end, kind, is hidden] in the original; until somebody has `screened` them all are hidden.
    """

    case = models.ForeignKey(Case, models.RESTRICT, related_name="sayings", verbose_name="诉求")
    event = models.ForeignKey(CaseEvent, models.RESTRICT, related_name="+", verbose_name="随哪一步")
    original = models.TextField("原文密文")
    shown = models.TextField("遮盖后的文字")
    marks = models.JSONField("标记", default=list)
    screened_at = models.DateTimeField("核对时间", null=True)
    screened_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="核对人"
    )

    class Meta(ParkOwned.Meta):
        verbose_name = "来件人的话"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "event"], name="saying_of_event")]
        indexes: ClassVar = [models.Index(fields=["park", "case"], name="saying_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id}:{self.event_id}"

    @property
    def waits(self) -> bool:
        """Whether words were marked that nobody has looked at yet."""
        return bool(self.marks) and self.screened_at is None


class Recusal(ParkOwned):
    """Somebody is to stand aside: declared at signing, or asked for by the reporter. Blocks until it is decided."""

    class Whose(models.TextChoices):
        HANDLER = "handler", "承办人"
        OFFICER = "officer", "投诉举报专办员"

    case = models.ForeignKey(Case, models.RESTRICT, related_name="recusals", verbose_name="诉求")
    whose = models.CharField("谁回避", max_length=10, choices=Whose.choices)
    person = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="申报人")
    asked = models.ForeignKey(CaseEvent, models.RESTRICT, related_name="+", verbose_name="申请")
    decided = models.ForeignKey(CaseEvent, models.RESTRICT, null=True, related_name="+", verbose_name="决定")
    granted = models.BooleanField("同意", null=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "回避"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "case"],
                condition=Q(decided=None),
                name="recusal_one_waits",
                violation_error_message="这件已有一项回避在等决定。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_whose_display()}"


class SplitCase(ParkOwned):
    """An open case that was taken out of a sealed one. The sealed side alone knows, and keeps it unreadable.

    `other` is the open case's key under the sealed case's own key: no column leads from the one to the other.
    """

    case = models.ForeignKey(Case, models.RESTRICT, related_name="splits", verbose_name="诉求")
    event = models.ForeignKey(CaseEvent, models.RESTRICT, related_name="+", verbose_name="随哪一步")
    other = models.TextField("拆出的公开件")

    class Meta(ParkOwned.Meta):
        verbose_name = "拆件"

    def __str__(self) -> str:
        return str(self.case_id)


class InterestQuerySet(models.QuerySet):
    def in_force(self) -> "InterestQuerySet":
        return self.filter(ended_at=None)


class Interest(ParkOwned):
    """利害关系: what binds a member of staff to a unit, an enterprise or a person. Ended, never deleted."""

    class Relation(models.TextChoices):
        KIN = "kin", "近亲属任职或经营"
        SHARES = "shares", "本人或近亲属持股、出资"
        WORKED = "worked", "本人曾任职"
        DISPUTE = "dispute", "有纠纷或恩怨"
        OTHER = "other", "其他可能影响公正的关系"

    person = models.ForeignKey("directory.Person", models.RESTRICT, related_name="+", verbose_name="申报人")
    relation = models.CharField("关系", max_length=10, choices=Relation.choices)
    unit = models.ForeignKey(
        "directory.Unit", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="企业"
    )
    name = models.CharField("人员姓名或其他名称", max_length=80, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    declared_at = models.DateTimeField("申报时间")
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)
    ended_because = models.CharField("终止原因", max_length=200, blank=True)

    objects = scoped(InterestQuerySet)

    class Meta(ParkOwned.Meta):
        verbose_name = "利害关系"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(enterprise__isnull=False) | ~Q(name=""),
                name="interest_in_somebody",
                violation_error_message="请写明与哪个单位、企业或者谁有关系。",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["park", "person"], condition=Q(ended_at=None), name="interest_of_person")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.get_relation_display()}"

    @property
    def whom(self) -> str:
        return "、".join(str(one) for one in (self.unit, self.enterprise, self.name) if one)
