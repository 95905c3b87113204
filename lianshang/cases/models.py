import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from lianshang.cases.duties import DUTIES
from lianshang.cases.import_jobs import ImportJob
from lianshang.cases.states import ENDED, OPEN, SEALED, Channel, CloseType, Grade, Nature, State, SuperviseGrade, Way
from lianshang.directory.models import Unit
from lianshang.kernel.clocks import Clock, ClockChange
from lianshang.kernel.events import Event
from lianshang.kernel.parks import ParkOwned, scoped

__all__ = [
    "Assignment",
    "Case",
    "CaseClock",
    "CaseClockChange",
    "CaseEvent",
    "CaseFile",
    "CaseQuerySet",
    "FirstHandler",
    "ImportBatch",
    "ImportJob",
    "Respondent",
]


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
    profile_version = models.ForeignKey(
        "kernel.ProfileVersion", models.RESTRICT, related_name="+", verbose_name="机制方案"
    )
    lead_unit = models.ForeignKey(
        "directory.Unit", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="主办单位"
    )
    next_due_at = models.DateTimeField("最近到期", null=True, blank=True)
    rework_count = models.PositiveSmallIntegerField("重办次数", default=0)
    callback_attempts = models.PositiveSmallIntegerField("回访次数", default=0)
    promised_on = models.DateField("承诺办成", null=True, blank=True)
    close_type = models.CharField("办结类型", max_length=12, choices=CloseType.choices, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    grade = models.CharField("满意度", max_length=20, choices=Grade.choices, blank=True)
    merged_into = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="joined", verbose_name="并入"
    )
    split_from = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="拆自"
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
            models.Index(fields=["park", "-registered_at", "-id"], name="case_newest"),
            models.Index(fields=["park", "state", "-registered_at"], name="case_state"),
            models.Index(fields=["park", "lead_unit", "-registered_at"], name="case_lead"),
            models.Index(fields=["park", "enterprise", "-registered_at"], name="case_enterprise"),
            models.Index(fields=["park", "next_due_at"], condition=Q(state__in=OPEN), name="case_next_due"),
            models.Index(fields=["park", "external_number"], condition=~Q(external_number=""), name="case_external"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.key])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @cached_property
    def co_unit_ids(self) -> frozenset[int]:
        """Units whose co-handling part is not over."""
        parts = self.assignments.filter(part=Assignment.Part.CO, ended_at=None, answered_at=None)
        return frozenset(parts.values_list("unit_id", flat=True))

    @cached_property
    def first_unit_id(self) -> int | None:
        """The first handler in force: the newest row of the ledger."""
        return self.first_handlers.order_by("-id").values_list("unit_id", flat=True).first()

    @cached_property
    def accused_unit_ids(self) -> frozenset[int]:
        """Respondent units, with all under them and above them: nobody there may learn of the case."""
        named = set(self.respondents.exclude(unit=None).values_list("unit_id", flat=True))
        parents = dict(Unit.objects.values_list("pk", "parent_id"))
        above = {ancestor for unit in named for ancestor in _line(unit, parents)}
        below = {unit for unit in parents if named & set(_line(unit, parents))}
        return frozenset(above | below)

    @cached_property
    def accused_person_ids(self) -> frozenset[int]:
        return frozenset(self.respondents.exclude(person=None).values_list("person_id", flat=True))

    @property
    def whose(self) -> str:
        """The enterprise as it was named; the record's name where it is known."""
        return self.enterprise.name if self.enterprise_id else (self.enterprise_name or "未署名企业")


def _line(unit_id: int | None, parents: dict[int, int | None]) -> list[int]:
    """Return the unit and all above it."""
    line: list[int] = []
    while unit_id is not None and unit_id not in line:
        line.append(unit_id)
        unit_id = parents.get(unit_id)
    return line


class CaseEvent(Event):
    subject = models.ForeignKey(Case, models.RESTRICT, related_name="events", verbose_name="诉求")
    way = models.CharField("方式", max_length=10, choices=Way.choices, blank=True)
    cause = models.CharField("事由", max_length=60, blank=True)
    reference = models.CharField("依据或去向", max_length=200, blank=True)
    close_type = models.CharField("办结类型", max_length=12, choices=CloseType.choices, blank=True)
    grade = models.CharField("满意度", max_length=20, choices=[*Grade.choices, *SuperviseGrade.choices], blank=True)

    class Meta(Event.Meta):
        verbose_name = "办理记录"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "subject", "ordinal"], name="case_event_ordinal"),
        ]
        indexes: ClassVar = [models.Index(fields=["park", "verb", "at"], name="case_event_verb")]

    def __str__(self) -> str:
        return f"{self.subject_id}:{self.ordinal} {self.verb}"


class CaseClock(Clock):
    subject = models.ForeignKey(Case, models.RESTRICT, related_name="clocks", verbose_name="诉求")
    started_by = models.ForeignKey(CaseEvent, models.RESTRICT, related_name="+", verbose_name="起于")
    stopped_by = models.ForeignKey(CaseEvent, models.RESTRICT, null=True, related_name="+", verbose_name="止于")

    class Meta(Clock.Meta):
        verbose_name = "时钟"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "subject", "duty", "unit"],
                condition=Q(stopped_at=None, unit__isnull=False),
                name="case_clock_one_running",
            ),
            models.UniqueConstraint(
                fields=["park", "subject", "duty"],
                condition=Q(stopped_at=None, unit=None),
                name="case_clock_one_running_common",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["park", "unit", "due_at"], condition=Q(stopped_at=None), name="case_clock_held"),
            models.Index(fields=["park", "duty", "due_at"], name="case_clock_due"),
        ]

    def __str__(self) -> str:
        return f"{self.label}：{self.due_at:%F %R}"

    @property
    def label(self) -> str:
        return DUTIES[self.duty]


class CaseClockChange(ClockChange):
    clock = models.ForeignKey(CaseClock, models.RESTRICT, related_name="changes", verbose_name="时钟")
    event = models.ForeignKey(CaseEvent, models.RESTRICT, related_name="+", verbose_name="凭据")

    class Meta(ClockChange.Meta):
        verbose_name = "时钟变动"

    def __str__(self) -> str:
        return f"{self.clock_id} {self.what}"


class Assignment(ParkOwned):
    """A unit's part in a case: the lead's or a co-unit's, with its own signing, report-in and answer."""

    class Part(models.TextChoices):
        LEAD = "lead", "主办"
        CO = "co", "协办"

    case = models.ForeignKey(Case, models.RESTRICT, related_name="assignments", verbose_name="诉求")
    unit = models.ForeignKey("directory.Unit", models.RESTRICT, related_name="+", verbose_name="单位")
    part = models.CharField("主协办", max_length=4, choices=Part.choices)
    dispatched_at = models.DateTimeField("派单时间")
    signed_at = models.DateTimeField("签收时间", null=True)
    signed_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="签收人"
    )
    handled_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="经办人"
    )
    reported_in_at = models.DateTimeField("报到时间", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    ruled = models.BooleanField("已裁定不得再退", default=False)

    class Meta(ParkOwned.Meta):
        verbose_name = "派单"
        ordering: ClassVar = ["dispatched_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "case"],
                condition=Q(part="lead", ended_at=None),
                name="assignment_one_lead",
                violation_error_message="一件诉求同时只有一个主办单位。",
            ),
            models.UniqueConstraint(
                fields=["park", "case", "unit"],
                condition=Q(ended_at=None),
                name="assignment_unit_once",
                violation_error_message="主办单位不能同时是协办单位。",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["park", "unit", "-dispatched_at"], name="assignment_unit")]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.unit_id}"


class FirstHandler(ParkOwned):
    """首办: who first signed for a case stays answerable for tracking and reply. Appended only, after a ruled return."""

    case = models.ForeignKey(Case, models.RESTRICT, related_name="first_handlers", verbose_name="诉求")
    unit = models.ForeignKey("directory.Unit", models.RESTRICT, related_name="+", verbose_name="首办单位")
    person = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="首办责任人"
    )
    event = models.ForeignKey(CaseEvent, models.RESTRICT, related_name="+", verbose_name="凭据")
    at = models.DateTimeField("时间")
    reason = models.CharField("更替原因", max_length=200, blank=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "首办责任"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.at:%F}"


class Respondent(ParkOwned):
    """Whom a complaint or report is about. Everyone inside it never learns that the case exists."""

    case = models.ForeignKey(Case, models.RESTRICT, related_name="respondents", verbose_name="诉求")
    unit = models.ForeignKey(
        "directory.Unit", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    person = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="人员"
    )
    name = models.CharField("名称", max_length=80, blank=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "被反映对象"

    def __str__(self) -> str:
        return self.name or str(self.unit_id or self.person_id)


class CaseFile(ParkOwned):
    case = models.ForeignKey(Case, models.RESTRICT, related_name="files", verbose_name="诉求")
    event = models.ForeignKey(CaseEvent, models.RESTRICT, related_name="files", verbose_name="随哪一步")
    stored = models.ForeignKey("kernel.StoredFile", models.RESTRICT, related_name="+", verbose_name="文件")
    name = models.CharField("文件名", max_length=120)

    class Meta(ParkOwned.Meta):
        verbose_name = "附件"

    def __str__(self) -> str:
        return self.name


class ImportBatch(ParkOwned):
    """One file of old records, brought in at once and undone at once."""

    name = models.CharField("文件名", max_length=200)
    digest = models.CharField("文件摘要", max_length=64)
    row_count = models.PositiveIntegerField("行数", default=0)
    made_at = models.DateTimeField("导入时间")
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="导入人")
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "导入批次"

    def __str__(self) -> str:
        return self.name
