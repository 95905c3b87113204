from typing import ClassVar

from django.db import models

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
        ]

    def __str__(self) -> str:
        return self.text


class Email(ParkOwned):
    """A message that the worker sends, at least once. It says that there is something to do, and never what."""

    to = models.EmailField("收件地址")
    subject = models.CharField("标题", max_length=100)
    body = models.TextField("正文")
    notice = models.ForeignKey(Notice, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="通知")
    not_before = models.DateTimeField("不早于")
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "邮件"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park", "notice"], name="email_once_for_a_notice")]
        indexes: ClassVar = [
            models.Index(fields=["park", "not_before"], condition=models.Q(sent_at=None), name="email_waiting"),
        ]

    def __str__(self) -> str:
        return self.subject
