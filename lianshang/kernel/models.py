"""Concrete tables of the kernel. The abstract rows of a subject's life are in `events` and `clocks`."""

from django.db import models
from django.utils import timezone

from lianshang.kernel.history.erasures import Erasure
from lianshang.kernel.history.models import Checkpoint, Leaf, Tile, Witnessed
from lianshang.kernel.history.recorded import Recorded
from lianshang.kernel.parks import ParkOwned

__all__ = [
    "Calendar",
    "CalendarVersion",
    "Checkpoint",
    "Counter",
    "Erasure",
    "Heartbeat",
    "IdempotencyKey",
    "Leaf",
    "OutboxItem",
    "Profile",
    "ProfileVersion",
    "StoredFile",
    "Tally",
    "Tile",
    "Witnessed",
]


class Calendar(models.Model):
    """Who counts time by it: the nation (no park), a park, or one unit of a park. Each lies over the one before."""

    park = models.ForeignKey("directory.Park", models.RESTRICT, null=True, blank=True, verbose_name="园区")
    unit = models.ForeignKey("directory.Unit", models.RESTRICT, null=True, blank=True, verbose_name="单位")
    name = models.CharField("名称", max_length=60)

    class Meta:
        verbose_name = "工作日历"
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=models.Q(park=None), name="calendar_national"),
            models.UniqueConstraint(
                fields=["park"],
                condition=models.Q(park__isnull=False, unit=None),
                name="calendar_one_per_park",
                violation_error_message="本园区已有日历，请在原日历上改。",
            ),
            models.UniqueConstraint(
                fields=["park", "unit"],
                condition=models.Q(unit__isnull=False),
                name="calendar_one_per_unit",
                violation_error_message="这个单位已有日历，请在原日历上改。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """An immutable edition: the overlay as a document, resolved against one edition of the calendar below.

    A document and not columns: it is only ever read whole, and its digest is what a clock is held to.
    """

    calendar = models.ForeignKey(Calendar, models.RESTRICT, related_name="versions", verbose_name="日历")
    number = models.PositiveIntegerField("版本")
    base = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, verbose_name="下层版本")
    document = models.JSONField("内容")
    source = models.CharField("来源", max_length=200)
    published_until = models.DateField("已公布至")
    loaded_at = models.DateTimeField("载入时间", default=timezone.now)

    class Meta:
        verbose_name = "日历版本"
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_number")]

    def __str__(self) -> str:
        return f"{self.calendar.name} 第 {self.number} 版"


class Profile(ParkOwned):
    """A mechanism profile (机制方案) that a park keeps; its editions are immutable."""

    name = models.SlugField("代号", max_length=40)
    label = models.CharField("名称", max_length=80)
    is_current = models.BooleanField("正在使用", default=False)

    class Meta(ParkOwned.Meta):
        verbose_name = "机制方案"
        constraints = [
            models.UniqueConstraint(fields=["park", "name"], name="profile_name"),
            models.UniqueConstraint(
                fields=["park"],
                condition=models.Q(is_current=True),
                name="profile_one_current",
                violation_error_message="一个园区同时只用一套机制方案。",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ProfileVersion(ParkOwned):
    """An edition of a profile. Open cases keep the one they began with."""

    profile = models.ForeignKey(Profile, models.RESTRICT, related_name="versions", verbose_name="机制方案")
    number = models.PositiveIntegerField("版本")
    document = models.TextField("内容")
    digest = models.CharField("摘要", max_length=64)
    made_at = models.DateTimeField("制定时间", default=timezone.now)
    made_by = models.ForeignKey("directory.Person", models.RESTRICT, null=True, blank=True, verbose_name="制定人")

    class Meta(ParkOwned.Meta):
        verbose_name = "机制方案版本"
        constraints = [models.UniqueConstraint(fields=["park", "profile", "number"], name="profile_version_number")]

    def __str__(self) -> str:
        return f"{self.profile.label} 第 {self.number} 版"


class Counter(ParkOwned):
    """The last number given out in a series and year: gap-free, because the row is locked with the row it numbers."""

    series = models.CharField("号段", max_length=20)
    year = models.PositiveSmallIntegerField("年")
    last = models.PositiveIntegerField("最后号", default=0)

    class Meta(ParkOwned.Meta):
        verbose_name = "编号"
        constraints = [models.UniqueConstraint(fields=["park", "series", "year"], name="counter_series")]

    def __str__(self) -> str:
        return f"{self.series}{self.year}-{self.last}"


class IdempotencyKey(ParkOwned):
    """The answer already given to a form: a repeat of the same form gets the same answer."""

    key = models.CharField("表单号", max_length=64)
    actor = models.CharField("提交人", max_length=80)
    route = models.CharField("页面", max_length=120)
    location = models.TextField("结果页", blank=True)
    made_at = models.DateTimeField("提交时间", default=timezone.now)

    class Meta(ParkOwned.Meta):
        verbose_name = "防重号"
        constraints = [models.UniqueConstraint(fields=["park", "actor", "key"], name="idempotency_key")]
        indexes = [models.Index(fields=["made_at"], name="idempotency_made_at")]

    def __str__(self) -> str:
        return self.key


class StoredFile(Recorded):
    """A file's content by its SHA-256; who may open it is decided by the row that refers to it."""

    digest = models.CharField("摘要", max_length=64)
    size = models.PositiveIntegerField("字节数")
    media_type = models.CharField("类型", max_length=100)
    stored_at = models.DateTimeField("存入时间", default=timezone.now)

    class Meta(Recorded.Meta):
        verbose_name = "文件"
        constraints = [models.UniqueConstraint(fields=["park", "digest"], name="stored_file_digest")]

    def __str__(self) -> str:
        return self.digest[:12]


class OutboxItem(ParkOwned):
    """Work that a committed event owes to the outside; written in the event's own transaction, claimed by lease."""

    topic = models.CharField("事项", max_length=60)
    subject = models.PositiveBigIntegerField("对象")
    run_at = models.DateTimeField("不早于", default=timezone.now)
    lease_until = models.DateTimeField("租约至", null=True, blank=True)
    lease_by = models.CharField("执行者", max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    done_at = models.DateTimeField("完成时间", null=True, blank=True)
    last_error = models.TextField("最近错误", blank=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "待办投递"
        constraints = [models.UniqueConstraint(fields=["park", "topic", "subject"], name="outbox_topic_subject")]
        indexes = [
            models.Index(fields=["park", "run_at"], condition=models.Q(done_at=None), name="outbox_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.subject}"


class Heartbeat(models.Model):
    """When a worker last lived. Staff see its age on every page; no deadline depends on it."""

    worker = models.CharField("执行者", max_length=60, primary_key=True)
    beat_at = models.DateTimeField("最近心跳")

    class Meta:
        verbose_name = "心跳"

    def __str__(self) -> str:
        return self.worker


class Tally(models.Model):
    """How often something was done within a stretch of time: against floods, over all parks, for an hour or a day.

    `digest` is a keyed hash of what, by whom and in which stretch; nothing else is kept, and the worker clears it away.
    """

    digest = models.CharField("摘要", max_length=32, primary_key=True)
    times = models.PositiveIntegerField("次数", default=1)
    until = models.DateTimeField("保留到", db_index=True)

    class Meta:
        verbose_name = "计次"

    def __str__(self) -> str:
        return f"{self.times}"
