import re
from datetime import date, time
from typing import Any

from django import forms
from django.conf import settings

from lianshang.directory.models import Person, Post, Unit
from lianshang.notices import outgoing, robots
from lianshang.notices.models import NoticeRules, NoticeWish, Robot

MOST_DIGESTS = 4
HOUR = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
SECRET = {"autocomplete": "off", "spellcheck": "false"}


def _secret() -> forms.PasswordInput:
    """Drawn back where the form is refused for something else; what is stored is never in the form."""
    return forms.PasswordInput(attrs=SECRET, render_value=True)


class RobotForm(forms.Form):
    """A robot as the platform's settings page shows it. Address and secret are never shown again; empty keeps them."""

    name = forms.CharField(label="名称", max_length=40, help_text="如“经发局工作群”")
    kind = forms.ChoiceField(label="平台", choices=Robot.Kind.choices, widget=forms.RadioSelect)
    address = forms.CharField(label="Webhook 地址", max_length=500, widget=_secret())
    secret = forms.CharField(
        label="加签密钥",
        max_length=200,
        required=False,
        widget=_secret(),
        help_text="钉钉、飞书的安全设置选了“加签”才有；企业微信没有",
    )
    unit: Any = forms.ModelChoiceField(Unit.objects.none(), label="哪个单位的群", required=False, empty_label="全园区")
    person: Any = forms.ModelChoiceField(
        Person.objects.none(),
        label="或哪个人自己的群",
        required=False,
        empty_label="不是个人的",
        help_text="只有本人在内的群，消息才带序号",
    )

    def __init__(self, data: Any = None, *, on: date, robot: Robot | None = None) -> None:
        self.robot = robot
        kept = ("name", "kind", "unit", "person")
        initial = {name: getattr(robot, name) for name in kept} if robot else {"kind": Robot.Kind.WECOM}
        super().__init__(data, initial=initial, label_suffix="", use_required_attribute=False)
        staff = Post.objects.in_force(on).values("person")
        self.fields["unit"].queryset = Unit.objects.filter(is_active=True).order_by("name")
        self.fields["person"].queryset = Person.objects.filter(pk__in=staff).order_by("name", "pk")
        if robot:
            self.fields["address"].required = False
            self.fields["address"].help_text = f"现为 {robots.shown(robot)}；留空不改"
            self.fields["secret"].help_text = "已有，留空不改" if robot.secret else "还没有；选了“加签”才填"
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写{field.label}。"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("unit") and data.get("person"):
            self.add_error("person", "单位和个人只选一个。")
        if data.get("secret") and data.get("kind") == Robot.Kind.WECOM:
            self.add_error("secret", "企业微信的机器人没有加签密钥，请留空。")
        moved = self.robot and data.get("kind") and self.robot.kind != data["kind"]
        if moved and not data.get("address"):
            self.add_error("address", "换了平台，请重新填写地址。")
        same = Robot.objects.filter(name=data.get("name", "")).exclude(pk=self.robot.pk if self.robot else None)
        if same.exists():
            self.add_error("name", "已有同名的机器人，请换一个名称。")
        self._check_address(data)
        return data

    def _check_address(self, data: dict[str, Any]) -> None:
        if data.get("address") and data.get("kind"):
            try:
                outgoing.checked(data["address"], robots.PLATFORMS[Robot.Kind(data["kind"])].hosts)
            except outgoing.Forbidden as refusal:
                self.add_error("address", refusal.why)


class RulesForm(forms.ModelForm):
    gather_minutes = forms.IntegerField(
        label="合并时间（分钟）",
        min_value=0,
        max_value=240,
        help_text="发过一条以后，这段时间里的新待办合成一条再发；0 是逐条发",
    )

    class Meta:
        model = NoticeRules
        fields = ("working_hours", "gather_minutes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", use_required_attribute=False, **kwargs)
        self.fields["working_hours"].help_text = "夜间和休息日不打扰，等到下一次上班再发；紧急的随时发"


class WishForm(forms.ModelForm):
    """How the person wants to be told."""

    digest_hours = forms.CharField(
        label="汇总时刻", required=False, max_length=60, help_text="如 9:00 14:30，到点合成一条；空着就随到随发"
    )
    quiet_from = forms.TimeField(
        label="免打扰自", required=False, widget=CLOCK, error_messages={"invalid": "请写成 12:00。"}
    )
    quiet_until = forms.TimeField(
        label="免打扰至", required=False, widget=CLOCK, error_messages={"invalid": "请写成 14:00。"}
    )

    class Meta:
        model = NoticeWish
        fields = ("email", "sms", "digest_hours", "quiet_from", "quiet_until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", use_required_attribute=False, **kwargs)
        person = self.instance.person
        self.fields["email"].label = "发邮件"
        self.fields["email"].help_text = person.email or "还没有登记邮箱，请系统管理员补上"
        self.fields["sms"].help_text = "短信只用于提醒和催办"
        if not settings.SMS:
            del self.fields["sms"]

    def clean_digest_hours(self) -> str:
        words = self.cleaned_data["digest_hours"].replace("，", " ").replace("、", " ").replace(",", " ").split()
        found = [HOUR.fullmatch(word) for word in words]
        if not all(found) or len(words) > MOST_DIGESTS:
            raise forms.ValidationError(f"请写成 9:00 14:30 这样的时刻，最多 {MOST_DIGESTS} 个。")
        hours = sorted({time(int(one[1]), int(one[2])) for one in found if one})
        return " ".join(f"{hour:%H:%M}" for hour in hours)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("quiet_from"), data.get("quiet_until")
        if bool(start) != bool(end) and not self.errors:
            self.add_error("quiet_until" if start else "quiet_from", "免打扰要有起有止；都空着就没有。")
        if start and start == end:
            self.add_error("quiet_until", "起止相同。请改一个，或都空着。")
        return data
