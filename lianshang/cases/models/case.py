import uuid
from functools import cache
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from lianshang.cases.models import inside
from lianshang.cases.states import ENDED, OPEN, SEALED, Channel, CloseType, Grade, Nature, State
from lianshang.directory.models import Role
from lianshang.kernel.parks import ParkOwned, scoped

CO = "co"  # an assignment's part; see `parts`
NOBODYS = uuid.UUID(int=0)  # no case has this key
NAMES_NOBODY = Q(enterprise=None, enterprise_name="", contact_name="", contact_phone="", contact_email="")


@cache
def _address() -> str:
    return reverse("cases:detail", args=[NOBODYS])


def address_of(key: uuid.UUID) -> str:
    """Return the address of the case with this key. The pattern is looked up once: a list has many of them."""
    return _address().replace(str(NOBODYS), str(key))


class CaseQuerySet(models.QuerySet):
    def open_ledger(self) -> "CaseQuerySet":
        """Without complaints and reports: what lists, counts and published figures are over."""
        return self.filter(sealed=False).exclude(state=State.DRAFT)

    def unfinished(self) -> "CaseQuerySet":
        return self.filter(state__in=OPEN)


class Case(ParkOwned):
    """A matter that an enterprise raised (诉求), from the whistle to its end."""

    key = models.UUIDField("键", default=uuid.uuid4, editable=False)
    number = models.CharField("受理编号", max_length=24)
    code_digest = models.CharField("查询码摘要", max_length=64, blank=True)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField("版本", default=0)
    sealed = models.BooleanField("保密件", default=False)
    nature = models.CharField("诉求性质", max_length=12, choices=Nature.choices, default=Nature.HELP)
    kind = models.CharField("限时类别", max_length=20)
    urgency = models.CharField("紧急程度", max_length=20)
    category = models.CharField("诉求类型", max_length=30, blank=True)
    channel = models.CharField("来源渠道", max_length=10, choices=Channel.choices, default=Channel.QR)
    title = models.CharField("诉求标题", max_length=80)
    text = models.TextField("诉求内容", max_length=5000)
    place = models.CharField("地点", max_length=100, blank=True)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="企业"
    )
    enterprise_name = models.CharField("企业名称", max_length=80, blank=True)
    contact_name = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = models.CharField("联系电话", max_length=30, blank=True)
    contact_email = models.EmailField("联系邮箱", blank=True)
    anonymous = models.BooleanField("匿名", default=False)
    registered_at = models.DateTimeField("受理时间")
    happened_at = models.DateTimeField("反映时间", null=True, blank=True)
    profile_version = models.ForeignKey(
        "kernel.ProfileVersion", models.RESTRICT, related_name="+", verbose_name="机制方案"
    )
    lead_unit = models.ForeignKey(
        "directory.Unit", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="主办单位"
    )
    next_due_at = models.DateTimeField("最近到期", null=True, blank=True)
    decider = models.CharField("由谁决定", max_length=20, choices=Role.choices, null=True, blank=True)  # of what waits
    rework_count = models.PositiveSmallIntegerField("重办次数", default=0)
    callback_attempts = models.PositiveSmallIntegerField("回访次数", default=0)
    promised_on = models.DateField("承诺办成", null=True, blank=True)
    close_type = models.CharField("办结类型", max_length=12, choices=CloseType.choices, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    grade = models.CharField("满意度", max_length=20, choices=Grade.choices, blank=True)
    merged_into = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="joined", verbose_name="并入"
    )
    external_number = models.CharField("外部编号", max_length=60, blank=True)
    batch = models.ForeignKey(
        "ImportBatch", models.RESTRICT, null=True, blank=True, related_name="cases", verbose_name="导入批次"
    )
    search_text = models.TextField("检索词", blank=True, editable=False)

    objects = scoped(CaseQuerySet)

    class Meta(ParkOwned.Meta):
        verbose_name = "诉求"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "key"], name="case_key"),
            models.UniqueConstraint(fields=["park", "number"], name="case_number"),
            models.UniqueConstraint(fields=["park", "code_digest"], condition=~Q(code_digest=""), name="case_code"),
            models.CheckConstraint(
                condition=Q(sealed=True) | ~Q(nature__in=SEALED),
                name="case_complaints_are_sealed",
                violation_error_message="投诉、举报一律按保密件办理。",
            ),
            models.CheckConstraint(
                condition=Q(sealed=False) | NAMES_NOBODY,
                name="case_sealed_names_nobody",
                violation_error_message="投诉、举报的来件人身份另行保管，不写在诉求里。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.DISPATCHED, State.SIGNED, State.IN_PROGRESS])
                | Q(lead_unit__isnull=False),
                name="case_has_one_lead",
                violation_error_message="办理中的诉求必须有一个主办单位。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ENDED) | (~Q(close_type="") & Q(closed_at__isnull=False)),
                name="case_end_says_how",
                violation_error_message="办结要写明办结类型和时间。",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.MERGED) | Q(merged_into__isnull=False),
                name="case_merged_points_to_main",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["park", "-registered_at", "-id", "sealed", "state", "category", "close_type"],
                name="case_newest",
            ),  # holds what lists are counted and proofs are summed by, so that the wide rows are left alone
            models.Index(fields=["park", "state", "-registered_at"], name="case_state"),
            models.Index(fields=["park", "lead_unit", "-registered_at"], name="case_lead"),
            models.Index(fields=["park", "enterprise", "-registered_at"], name="case_enterprise"),
            models.Index(fields=["park", "next_due_at"], condition=Q(state__in=OPEN), name="case_next_due"),
            models.Index(
                fields=["park", "-registered_at", "-id"], condition=Q(closed_at=None), name="case_newest_open"
            ),
            models.Index(
                fields=["park", "state", "lead_unit", "sealed"], condition=Q(closed_at=None), name="case_open_at"
            ),
            models.Index(fields=["park", "state"], condition=Q(sealed=True), name="case_sealed"),
            models.Index(fields=["park", "code_digest"], name="case_by_code"),
            models.Index(fields=["park", "external_number"], condition=~Q(external_number=""), name="case_external"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return address_of(self.key)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """As Django's own, without making all states ready to be looked up for each row of a list."""
        undone = self.state == State.CLOSED and self.close_type == CloseType.UNDONE
        return CloseType.UNDONE.label if undone else State(self.state).label

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @cached_property
    def co_unit_ids(self) -> frozenset[int]:
        """Units whose co-handling part is not over."""
        parts = self.assignments.filter(part=CO, ended_at=None, answered_at=None)
        return frozenset(parts.values_list("unit_id", flat=True))

    @cached_property
    def first_unit_id(self) -> int | None:
        """The first handler in force: the newest row of the ledger."""
        return self.first_handlers.order_by("-id").values_list("unit_id", flat=True).first()

    @cached_property
    def shut_out(self) -> list[Any]:
        """The rows of whom it is about and who stood aside, in their order."""
        return list(self.respondents.order_by("pk"))

    @cached_property
    def accused_unit_ids(self) -> frozenset[int]:
        """Respondent units, with all under them and above them: nobody there may learn of the case."""
        return inside.units(self.shut_out)

    @cached_property
    def accused_person_ids(self) -> frozenset[int]:
        """Who is named, who stood aside, and who has declared an interest in whom it is about."""
        return inside.people(self.shut_out, self.accused_unit_ids)

    @property
    def whose(self) -> str:
        """The enterprise as it was named; the record's name where it is known."""
        return self.enterprise.name if self.enterprise_id else (self.enterprise_name or "未署名企业")
