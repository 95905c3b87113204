"""How accounts sign in: the second factor, what is signed in where, and what was tried in vain."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from lianshang.kernel.parks import ParkOwned


class SecondFactor(ParkOwned):
    """动态口令 (TOTP, RFC 6238): the secret shared with one authenticator; `last_step` is the newest code's, used up."""

    account = models.ForeignKey("directory.Account", models.RESTRICT, related_name="+", verbose_name="账号")
    secret = models.TextField("密钥")  # locked by the vault
    last_step = models.BigIntegerField("用过的最近一步", default=0)
    made_at = models.DateTimeField("启用时间")

    class Meta(ParkOwned.Meta):
        verbose_name = "动态口令"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "account"], name="second_factor_account")]

    def __str__(self) -> str:
        return str(self.account)


class RecoveryCode(ParkOwned):
    """One of the codes that stand in for a lost telephone, once each; only its keyed hash is kept."""

    account = models.ForeignKey("directory.Account", models.RESTRICT, related_name="+", verbose_name="账号")
    digest = models.CharField("摘要", max_length=64)
    used_at = models.DateTimeField("用于", null=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "备用码"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "account", "digest"], name="recovery_code_digest")
        ]

    def __str__(self) -> str:
        return str(self.account)


class SignIn(ParkOwned):
    """One browser in which an account is, or was, signed in: what its owner ends when it is not theirs."""

    account = models.ForeignKey("directory.Account", models.RESTRICT, related_name="+", verbose_name="账号")
    session_key = models.CharField("会话", max_length=40)
    at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近使用")
    browser = models.CharField("浏览器", max_length=60, blank=True)
    address = models.CharField("网络地址", max_length=45, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "登录"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "session_key"], name="sign_in_session")]
        indexes: ClassVar = [
            models.Index(fields=["park", "account", "-at"], condition=models.Q(ended_at=None), name="sign_in_open")
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.at:%F %R}"


class SecurityRules(ParkOwned):
    """What a park's security administrator decides about signing in; a park without a row has the defaults."""

    second_factor_from = models.DateField("动态口令从哪天起必须启用", null=True, blank=True)
    idle_minutes = models.PositiveSmallIntegerField(
        "多久不操作自动退出（分钟）", default=120, validators=[MinValueValidator(10), MaxValueValidator(480)]
    )
    most_hours = models.PositiveSmallIntegerField(
        "登录一次最长多久（小时）", default=12, validators=[MinValueValidator(1), MaxValueValidator(24)]
    )

    class Meta(ParkOwned.Meta):
        verbose_name = "登录规则"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park"], name="security_rules_park")]

    def __str__(self) -> str:
        return "登录规则"


class RetentionPeriod(ParkOwned):
    """How long a park keeps a kind of personal data, and whether the worker erases it then without being asked."""

    kind = models.CharField("哪一类", max_length=30)
    days = models.PositiveIntegerField("保存天数")
    automatic = models.BooleanField("到期自动清除", default=False)

    class Meta(ParkOwned.Meta):
        verbose_name = "保存期限"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "kind"], name="retention_period_kind")]

    def __str__(self) -> str:
        return self.kind


class Attempts(models.Model):
    """What was tried in vain under one keyed hash (of an account, an address, a device), and until when it waits.

    No park's: whoever fails to sign in has not said yet which park it is for.
    """

    digest = models.CharField("摘要", primary_key=True, max_length=32)
    failures = models.PositiveIntegerField("失败次数", default=0)
    wait_until = models.DateTimeField("等到", null=True)
    forget_at = models.DateTimeField("忘掉时间", db_index=True)

    class Meta:
        verbose_name = "登录失败计数"

    def __str__(self) -> str:
        return self.digest
