"""Parks, units, people, posts and accounts."""

import secrets
from datetime import date
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from lianshang.kernel import vault
from lianshang.kernel.parks import ParkOwned, scoped
from lianshang.kernel.phones import digits_of
from lianshang.kernel.sealed import Sealed, Unreadable

PHONE_MARK = "person.phone"


class Role(models.TextChoices):
    DISPATCHER = "dispatcher", "派单员"
    COMMITTEE_HEAD = "committee_head", "综合党委负责人"
    CHAIN_CHIEF = "chain_chief", "链长"
    LIAISON = "liaison", "部门联络员"
    CALLBACK_OFFICER = "callback_officer", "回访员"
    COMPLAINTS_OFFICER = "complaints_officer", "投诉举报专办员"
    INSTRUCTOR = "instructor", "党建指导员"
    CENTRE_STAFF = "centre_staff", "服务中心工作人员"
    TASK_FORCE = "task_force", "工作专班成员"
    REPORTING_CLERK = "reporting_clerk", "统计员"
    AUDITOR = "auditor", "监督员"
    ADMINISTRATOR = "administrator", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


# 三员分立 (GB/T 22239): nobody holds two of them at a time, and the database refuses it (`administrations`).
ADMINISTRATORS = (Role.ADMINISTRATOR, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


def _token() -> str:
    return secrets.token_urlsafe(9)


class Park(models.Model):
    """An industrial park. `code` is short capitals and opens each public link, so that a link names its park."""

    code = models.CharField("代号", max_length=8, unique=True)
    name = models.CharField("名称", max_length=60)
    zone = models.CharField("时区", max_length=40, default="Asia/Shanghai")
    whistle_token = models.CharField("吹哨码", max_length=20, default=_token)
    is_demo = models.BooleanField("演示园区", default=False)

    class Meta:
        verbose_name = "园区"

    def __str__(self) -> str:
        return self.name

    @property
    def zoneinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class Unit(ParkOwned):
    """A body that can hold a case: the committee and its office, a department, the service centre, the station."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", "综合党委"
        OFFICE = "office", "综合党委办公室"
        DEPARTMENT = "department", "部门"
        STATION = "station", "党建工作指导站"
        CENTRE = "centre", "党群服务中心"
        TASK_FORCE = "task_force", "工作专班"
        SUPERIOR = "superior", "上级机关"

    code = models.SlugField("代号", max_length=30)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices, default=Kind.DEPARTMENT)
    parent = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, verbose_name="上级")
    phone = models.CharField("电话", max_length=30, blank=True)
    duties = models.CharField("职责", max_length=200, blank=True)
    is_active = models.BooleanField("在用", default=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "单位"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "code"], name="unit_code"),
            models.UniqueConstraint(
                fields=["park", "kind"],
                condition=models.Q(kind="office"),
                name="unit_one_office",
                violation_error_message="一个园区只有一个综合党委办公室。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Person(ParkOwned):
    """The one record of a person, staff or enterprise contact. Whom a number belongs to is found by its mark."""

    name = models.CharField("姓名", max_length=40)
    phone = Sealed("电话", purpose="person.phone", blank=True)
    phone_mark = models.CharField("电话的摘要", max_length=64, blank=True, editable=False)
    email = Sealed("邮箱", purpose="person.email", blank=True)
    title = models.CharField("职务", max_length=40, blank=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "人员"
        indexes: ClassVar = [models.Index(fields=["park", "phone_mark"], name="person_phone_mark")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Mark the number anew; of one that cannot be read the mark stays as the number does."""
        if not isinstance(self.phone, Unreadable):
            self.phone_mark = mark_of_phone(self.phone)
        super().save(*args, **kwargs)


def mark_of_phone(phone: str) -> str:
    """Return by what a number is found, however it was typed; empty for none."""
    digits = digits_of(phone)
    return vault.mark(digits, purpose=PHONE_MARK) if digits else ""


def marks_of_phone(phone: str) -> list[str]:
    """As `mark_of_phone`, under the site's earlier keys too: to search by."""
    digits = digits_of(phone)
    return vault.marks(digits, purpose=PHONE_MARK) if digits else []


class PostQuerySet(models.QuerySet):
    def in_force(self, day: date) -> "PostQuerySet":
        return self.filter(models.Q(until=None) | models.Q(until__gte=day), since__lte=day)


class Post(ParkOwned):
    """A role that a person holds at a unit from a day until a day; a deputy's post names whom it stands in for."""

    person = models.ForeignKey(Person, models.RESTRICT, related_name="posts", verbose_name="人员")
    unit = models.ForeignKey(Unit, models.RESTRICT, related_name="posts", verbose_name="单位")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    deputy_of = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, verbose_name="代理谁的岗位")

    objects = scoped(PostQuerySet)

    class Meta(ParkOwned.Meta):
        verbose_name = "岗位"
        indexes: ClassVar = [models.Index(fields=["park", "role", "unit"], name="post_role_unit")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()}"


class AbsenceQuerySet(models.QuerySet):
    def on(self, day: date) -> "AbsenceQuerySet":
        return self.filter(since__lte=day, until__gte=day)


class Absence(ParkOwned):
    """From a day until a day a person is away, and another stands in for all posts: clocks never wait for a person."""

    person = models.ForeignKey(Person, models.RESTRICT, related_name="absences", verbose_name="外出的人")
    deputy = models.ForeignKey(Person, models.RESTRICT, related_name="+", verbose_name="代理人")
    since = models.DateField("自")
    until = models.DateField("至")
    entered_by = models.ForeignKey(Person, models.RESTRICT, null=True, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")

    objects = scoped(AbsenceQuerySet)

    class Meta(ParkOwned.Meta):
        verbose_name = "外出代理"
        indexes: ClassVar = [models.Index(fields=["park", "person", "until"], name="absence_person_until")]

    def __str__(self) -> str:
        return f"{self.person}外出，{self.deputy}代理"


class Account(AbstractBaseUser):
    """How a person signs in. User names are one space over all parks; demo accounts carry a mark."""

    username = models.CharField("账号", max_length=40, unique=True)
    park = models.ForeignKey(Park, models.RESTRICT, verbose_name="园区")
    person = models.OneToOneField(Person, models.RESTRICT, related_name="account", verbose_name="人员")
    is_active = models.BooleanField("可登录", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    must_change_password = models.BooleanField("要改密码", default=False)

    objects = BaseUserManager()

    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.username
