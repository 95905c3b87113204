"""Themes (专题): the same matter of several enterprises, studied once by one owner (北京 regulation arts 24–26).

The second subject of the flow: theme, events, clocks. A case stays its own, with its clocks and its reply.
"""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from lianshang.cases.models.case import Case
from lianshang.kernel.clocks import Clock, ClockChange
from lianshang.kernel.events import Event
from lianshang.kernel.parks import ParkOwned, scoped


class ThemeState(models.TextChoices):
    NEW = "new", "待立题"
    OPEN = "open", "研究办理"
    CLOSING = "closing", "待结题"
    CLOSED = "closed", "已结题"


UNDER_WAY = (ThemeState.OPEN, ThemeState.CLOSING)
THEME_DUTIES = {"theme": "专题期限"}


class Theme(ParkOwned):
    """One matter that came up again and again, with the unit that owns it and what is to be done."""

    kind = urgency = ""  # a theme is of no class: its one limit is the date that was set

    key = models.UUIDField("键", default=uuid.uuid4, editable=False)
    number = models.CharField("专题编号", max_length=24)
    state = models.CharField("状态", max_length=20, choices=ThemeState.choices, default=ThemeState.NEW)
    version = models.PositiveIntegerField("版本", default=0)
    title = models.CharField("专题", max_length=80)
    task = models.TextField("要办成什么", max_length=2000)
    owner_unit = models.ForeignKey("directory.Unit", models.RESTRICT, related_name="+", verbose_name="主治单位")
    opened_at = models.DateTimeField("立题时间")
    closed_at = models.DateTimeField("结题时间", null=True, blank=True)
    profile_version = models.ForeignKey(
        "kernel.ProfileVersion", models.RESTRICT, related_name="+", verbose_name="机制方案"
    )
    next_due_at = models.DateTimeField("期限", null=True, blank=True)

    objects = scoped()

    class Meta(ParkOwned.Meta):
        verbose_name = "专题"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "key"], name="theme_key"),
            models.UniqueConstraint(fields=["park", "number"], name="theme_number"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(state=ThemeState.CLOSED),
                name="theme_end_is_closed",
                violation_error_message="只有已结题的专题才有结题时间。",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["park", "state", "-opened_at"], name="theme_state")]

    def __str__(self) -> str:
        return f"专题 {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("cases:theme", args=[self.key])

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


class ThemeEvent(Event):
    """One step of a theme; never changed. `outcome` is what a closed theme left behind."""

    class Outcome(models.TextChoices):
        SETTLED = "settled", "根本解决"
        EASED = "eased", "明显缓解"
        RULED = "ruled", "已定长效办法"
        UNSETTLED = "unsettled", "暂时解决不了，已说明"

    subject = models.ForeignKey(Theme, models.RESTRICT, related_name="events", verbose_name="专题")
    outcome = models.CharField("结果", max_length=12, choices=Outcome.choices, blank=True)

    class Meta(Event.Meta):
        verbose_name = "专题记录"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "subject", "ordinal"], name="theme_event_ordinal"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id}:{self.ordinal} {self.verb}"


class ThemeClock(Clock):
    subject = models.ForeignKey(Theme, models.RESTRICT, related_name="clocks", verbose_name="专题")
    started_by = models.ForeignKey(ThemeEvent, models.RESTRICT, related_name="+", verbose_name="起于")
    stopped_by = models.ForeignKey(ThemeEvent, models.RESTRICT, null=True, related_name="+", verbose_name="止于")

    class Meta(Clock.Meta):
        verbose_name = "专题时钟"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "subject", "duty"], condition=Q(stopped_at=None), name="theme_clock_one_running"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["park", "unit", "due_at"], condition=Q(stopped_at=None), name="theme_clock_held"),
        ]

    def __str__(self) -> str:
        return f"{self.label}：{self.due_at:%F %R}"

    @property
    def label(self) -> str:
        return THEME_DUTIES[self.duty]


class ThemeClockChange(ClockChange):
    clock = models.ForeignKey(ThemeClock, models.RESTRICT, related_name="changes", verbose_name="专题时钟")
    event = models.ForeignKey(ThemeEvent, models.RESTRICT, related_name="+", verbose_name="凭据")

    class Meta(ClockChange.Meta):
        verbose_name = "专题时钟变动"

    def __str__(self) -> str:
        return f"{self.clock_id} {self.what}"


class ThemeCase(ParkOwned):
    """That a case belongs to a theme, from one event until another. Taken out and put in again is another row."""

    theme = models.ForeignKey(Theme, models.RESTRICT, related_name="memberships", verbose_name="专题")
    case = models.ForeignKey(Case, models.RESTRICT, related_name="themes", verbose_name="诉求")
    added_by = models.ForeignKey(ThemeEvent, models.RESTRICT, related_name="added", verbose_name="列入")
    removed_by = models.ForeignKey(
        ThemeEvent, models.RESTRICT, null=True, blank=True, related_name="removed", verbose_name="移出"
    )

    class Meta(ParkOwned.Meta):
        verbose_name = "专题诉求"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "case"], condition=Q(removed_by=None), name="theme_case_one_theme"),
        ]
        indexes: ClassVar = [models.Index(fields=["park", "theme", "case"], name="theme_case_of")]

    def __str__(self) -> str:
        return f"{self.theme_id}: {self.case_id}"
