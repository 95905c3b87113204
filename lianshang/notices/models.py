from typing import ClassVar

from django.db import models
from django.db.models import Q

from lianshang.kernel.parks import ParkOwned


class Notice(ParkOwned):
    """One thing told to one person, once. `ref` names the event or the clock it came from, as text, not as a key."""

    person = models.ForeignKey("directory.Person", models.RESTRICT, related_name="+", verbose_name="收件人")
    sequence = models.PositiveIntegerField("序号")  # of this person's notices, without gaps
    topic = models.CharField("事项", max_length=60)
    ref = models.CharField("出处", max_length=80)
    text = models.CharField("内容", max_length=200)
    url = models.CharField("去处", max_length=300)
    urgent = models.BooleanField("紧急", default=False)
    made_at = models.DateTimeField("通知时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "通知"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "person", "ref", "topic"], name="notice_told_once"),
            models.UniqueConstraint(fields=["park", "person", "sequence"], name="notice_sequence"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["park", "person"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(fields=["park", "url"], name="notice_place"),
        ]

    def __str__(self) -> str:
        return self.text


class Posting(ParkOwned):
    """Abstract. What leaves the house, at least once. It says that there is something to do, and never what.

    `not_before` is also the lease: whoever takes a posting moves it on. Postings that go out as one message (a digest)
    hang on the first of them, `carried_by`, and from then on share its fate: sent again, it is the same message.
    """

    notice = models.ForeignKey(Notice, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="通知")
    carried_by = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="carried", verbose_name="并入"
    )
    not_before = models.DateTimeField("不早于")
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    problem = models.CharField("没有发成的原因", max_length=100, blank=True)

    class Meta(ParkOwned.Meta):
        abstract = True


class Email(Posting):
    to = models.EmailField("收件地址")
    subject = models.CharField("标题", max_length=100)
    body = models.TextField("正文")

    class Meta(Posting.Meta):
        verbose_name = "邮件"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "notice"], name="email_once_for_a_notice")]
        indexes: ClassVar = [
            models.Index(fields=["park", "not_before"], condition=models.Q(sent_at=None), name="email_waiting"),
        ]

    def __str__(self) -> str:
        return self.subject


class TextMessage(Posting):
    to = models.CharField("手机", max_length=30)

    class Meta(Posting.Meta):
        verbose_name = "短信"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "notice"], name="text_once_for_a_notice")]
        indexes: ClassVar = [
            models.Index(fields=["park", "not_before"], condition=models.Q(sent_at=None), name="text_waiting"),
        ]

    def __str__(self) -> str:
        return f"短信 {self.pk}"


class Robot(ParkOwned):
    """A robot in a chat. Address and secret are kept locked (`kernel.vault`); they let anybody write into the group.

    Whose postings it gets: one person's (a chat of their own: the messages carry numbers), one unit's, or the park's.
    """

    class Kind(models.TextChoices):
        WECOM = "wecom", "企业微信"
        DINGTALK = "dingtalk", "钉钉"
        FEISHU = "feishu", "飞书"

    name = models.CharField("名称", max_length=40)
    kind = models.CharField("平台", max_length=10, choices=Kind.choices)
    address = models.TextField("地址")
    secret = models.TextField("加签密钥", blank=True)
    unit = models.ForeignKey(
        "directory.Unit", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="哪个单位的群"
    )
    person = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="哪个人的"
    )
    paused_at = models.DateTimeField("暂停自", null=True, blank=True)
    refused_at = models.DateTimeField("被拒自", null=True, blank=True)
    tried_at = models.DateTimeField("最近一次发送", null=True, blank=True)
    result = models.CharField("最近结果", max_length=100, blank=True)
    made_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="谁添加的"
    )

    class Meta(ParkOwned.Meta):
        verbose_name = "群机器人"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["park", "name"], name="robot_name", violation_error_message="已有同名的机器人，请换一个名称。"
            ),
            models.CheckConstraint(
                condition=Q(unit=None) | Q(person=None),
                name="robot_one_audience",
                violation_error_message="单位和个人只选一个。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RobotMessage(Posting):
    robot = models.ForeignKey(Robot, models.RESTRICT, related_name="messages", verbose_name="机器人")

    class Meta(Posting.Meta):
        verbose_name = "机器人消息"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "robot", "notice"], name="robot_message_once_for_a_notice")
        ]
        indexes: ClassVar = [
            models.Index(fields=["park", "not_before"], condition=models.Q(sent_at=None), name="robot_message_waiting"),
            models.Index(fields=["park", "robot", "sent_at"], name="robot_message_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.robot_id} {self.notice_id}"


class NoticeRules(ParkOwned):
    """When a park's messages go out. Without a row: in working hours, gathered for half an hour."""

    working_hours = models.BooleanField("只在工作时间发", default=True)
    gather_minutes = models.PositiveSmallIntegerField("合并时间", default=30)

    class Meta(ParkOwned.Meta):
        verbose_name = "通知规则"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park"], name="notice_rules_of_park")]

    def __str__(self) -> str:
        return "通知规则"


class NoticeWish(ParkOwned):
    """How one person wants to be told. Without a row: e-mail as it comes, SMS where there is no e-mail."""

    class Sms(models.TextChoices):
        FALLBACK = "fallback", "没有邮箱时才发"
        ALWAYS = "always", "提醒和催办都发"
        NEVER = "never", "不发"

    person = models.ForeignKey("directory.Person", models.RESTRICT, related_name="+", verbose_name="人员")
    email = models.BooleanField("邮件", default=True)
    sms = models.CharField("短信", max_length=10, choices=Sms.choices, default=Sms.FALLBACK)
    digest_hours = models.CharField("汇总时刻", max_length=60, blank=True)  # “09:00 14:30”; empty: as they come
    quiet_from = models.TimeField("免打扰自", null=True, blank=True)
    quiet_until = models.TimeField("免打扰至", null=True, blank=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "通知偏好"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "person"], name="notice_wish_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id}"
