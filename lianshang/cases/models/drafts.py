"""What somebody said before it is a case: messages of a chat, and the people and the application that they come from."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from lianshang.cases.models import inside
from lianshang.cases.models.case import Case
from lianshang.kernel.parks import ParkOwned


class Source(models.TextChoices):
    CHAT = "chat", "群聊"
    WECOM = "wecom", "企业微信应用"


class Sender(ParkOwned):
    """A name in a chat, or a member of the application, whose enterprise the office has told us once."""

    source = models.CharField("来源", max_length=10, choices=Source.choices)
    name = models.CharField("名字", max_length=80)
    enterprise = models.ForeignKey("enterprises.Enterprise", models.RESTRICT, related_name="+", verbose_name="企业")

    class Meta(ParkOwned.Meta):
        verbose_name = "发言人"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "source", "name"], name="sender_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Draft(ParkOwned):
    """A message that is not registered yet (转登记草稿). `original` stays as it came; `text` is what was said.

    `happened_at` is when it was said, `noted_at` when it reached us. Settled is what has a case, or a reason to have none.
    """

    class State(models.TextChoices):
        OPEN = "open", "待登记"
        REGISTERED = "registered", "已登记"
        SET_ASIDE = "set_aside", "已搁置"

    class Reason(models.TextChoices):
        CHATTER = "chatter", "不是诉求"
        KNOWN = "known", "已经登记过"
        SEALED = "sealed", "投诉举报，已请本人走保密页"

    key = models.UUIDField("键", default=uuid.uuid4, editable=False)
    number = models.CharField("草稿编号", max_length=24)
    code_digest = models.CharField("查询码摘要", max_length=64, blank=True)
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    sender = models.CharField("谁说的", max_length=80, blank=True)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="企业"
    )
    text = models.TextField("内容", max_length=5000, blank=True)
    original = models.TextField("原文", blank=True)
    missing = models.CharField("没有带来的", max_length=200, blank=True)
    happened_at = models.DateTimeField("什么时候说的")
    noted_at = models.DateTimeField("什么时候收到的")
    noted_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="谁贴的"
    )
    paste = models.UUIDField("哪一次粘贴", null=True, editable=False)
    position = models.PositiveSmallIntegerField("次序", default=0)
    external_id = models.CharField("消息编号", max_length=64, blank=True)
    reason = models.CharField("为什么搁置", max_length=12, choices=Reason.choices, blank=True)
    case = models.ForeignKey(Case, models.RESTRICT, null=True, blank=True, related_name="drafts", verbose_name="诉求")
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    settled_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="谁处理的"
    )
    taken_back_at = models.DateTimeField("最近一次取回", null=True, blank=True)
    taken_back_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="谁取回的"
    )

    class Meta(ParkOwned.Meta):
        verbose_name = "转登记草稿"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["park", "key"], name="draft_key"),
            models.UniqueConstraint(fields=["park", "number"], name="draft_number"),
            models.UniqueConstraint(fields=["park", "code_digest"], condition=~Q(code_digest=""), name="draft_code"),
            models.UniqueConstraint(
                fields=["park", "source", "external_id"], condition=~Q(external_id=""), name="draft_message"
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=True, reason="") | Q(settled_at__isnull=False),
                name="draft_settled_says_when",
                violation_error_message="登记或搁置草稿要记下时间。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["park", "-noted_at", "position"], condition=Q(settled_at=None), name="draft_waiting"),
            models.Index(fields=["park", "-settled_at"], name="draft_settled"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def sealed(self) -> bool:
        """Whether it was set aside as a complaint or report: kept from all but those who handle these."""
        return self.reason == self.Reason.SEALED

    @property
    def accused_unit_ids(self) -> frozenset[int]:
        """Respondent units, with all under them and above them."""
        return inside.units(self.respondents.all())

    @property
    def accused_person_ids(self) -> frozenset[int]:
        return inside.people(self.respondents.all(), self.accused_unit_ids)

    @property
    def whose(self) -> str:
        """Who said it, and of which enterprise, where the name alone does not say so."""
        firm = self.enterprise.name if self.enterprise else ""
        return self.sender if firm and firm in self.sender else " ".join(part for part in (self.sender, firm) if part)

    @property
    def state(self) -> str:
        if self.case_id:
            return self.State.REGISTERED
        return self.State.SET_ASIDE if self.reason else self.State.OPEN


class DraftRespondent(ParkOwned):
    """Whom a draft is about that was set aside as a complaint or report: everyone inside it does not have the draft."""

    draft = models.ForeignKey(Draft, models.RESTRICT, related_name="respondents", verbose_name="转登记草稿")
    unit = models.ForeignKey(
        "directory.Unit", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    person = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="人员"
    )
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="企业"
    )
    name = models.CharField("名称", max_length=80, blank=True)

    class Meta(ParkOwned.Meta):
        verbose_name = "草稿的被反映对象"

    def __str__(self) -> str:
        return self.name or str(self.unit_id or self.person_id)


class WecomApp(ParkOwned):
    """A park's own application in 企业微信, as its administrator entered it. Token and key are kept encrypted."""

    corp_id = models.CharField("企业 ID", max_length=64)
    agent_id = models.CharField("应用 AgentId", max_length=20, blank=True)
    token = models.CharField("Token", max_length=400)
    aes_key = models.CharField("EncodingAESKey", max_length=400)
    is_on = models.BooleanField("启用", default=True)
    verified_at = models.DateTimeField("核对通过", null=True, blank=True)
    heard_at = models.DateTimeField("最近一次来信", null=True, blank=True)
    set_at = models.DateTimeField("设置时间")
    set_by = models.ForeignKey(
        "directory.Person", models.RESTRICT, null=True, related_name="+", verbose_name="谁设置的"
    )

    class Meta(ParkOwned.Meta):
        verbose_name = "企业微信应用"
        constraints: ClassVar = [models.UniqueConstraint(fields=["park"], name="wecom_app_of_park")]

    def __str__(self) -> str:
        return self.corp_id
