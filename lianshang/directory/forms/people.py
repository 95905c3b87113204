"""About others: their name and account (system administrator), their posts and the park's rules (security)."""

from datetime import date, datetime
from typing import Any

from django import forms

from lianshang.directory import accounts, appointments
from lianshang.directory.actors import Actor
from lianshang.directory.models import Account, Person, Post, Role, SecurityRules, Unit
from lianshang.kernel.phones import masked

DAY = "日期没有看懂。请写成 2026-11-23 这样。"
LONGEST_NAME = 40


class PersonForm(forms.Form):
    """A person. What is on record of telephone and mail is not shown again: empty keeps it."""

    name = forms.CharField(label="姓名", max_length=LONGEST_NAME, error_messages={"required": "请填写姓名。"})
    title = forms.CharField(label="职务", max_length=40, required=False)
    phone = forms.CharField(
        label="电话", max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(label="邮箱", required=False, error_messages={"invalid": "邮箱写得不对，请检查。"})

    def __init__(self, data: Any = None, *, person: Person | None = None) -> None:
        shown = {"name": person.name, "title": person.title} if person else {}
        super().__init__(data, label_suffix="", use_required_attribute=False, initial=shown)
        if person and person.phone:
            self.fields["phone"].help_text = f"现为 {masked(person.phone)}，留空不改。"
        if person and person.email:
            self.fields["email"].help_text = "已登记，留空不改。"

    @property
    def facts(self) -> accounts.Facts:
        data = self.cleaned_data
        return accounts.Facts(data["name"], data["title"], data["phone"], data["email"])


class NewPersonForm(PersonForm):
    """A person with an account."""

    username = forms.RegexField(
        label="账号", regex=r"^[a-z0-9][a-z0-9._-]{2,39}$",
        help_text="小写字母、数字，3 到 40 个字符，如 zhoumin。",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "请填写账号。", "invalid": "账号用小写字母和数字，3 到 40 个字符，可带点和短横线。"},
    )  # fmt: skip
    field_order = ("name", "username", "title", "phone", "email")

    def add(self, actor: Actor, at: datetime, first: accounts.FirstPassword | None) -> tuple[Account, str]:
        """Raises `Refused`."""
        return accounts.add(self.facts, self.cleaned_data["username"], actor=actor, at=at, first=first)


class PostForm(forms.Form):
    """A post for one person."""

    role = forms.ChoiceField(label="角色", choices=Role.choices)
    unit: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="单位", empty_label="请选择", error_messages={"required": "请选择单位。"}
    )
    since = forms.DateField(
        label="从哪天起", widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "请填写从哪天起。", "invalid": DAY},
    )  # fmt: skip
    until = forms.DateField(
        label="到哪天止", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="含当天；没有定就留空。", error_messages={"invalid": DAY},
    )  # fmt: skip

    def __init__(self, person: Person, today: date, data: Any = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, initial={"since": today.isoformat()})
        self.person = person
        self.fields["unit"].queryset = Unit.objects.filter(is_active=True).order_by("name", "pk")

    def appoint(self, actor: Actor, at: datetime) -> Post:
        """Raises `Refused`."""
        return appointments.appoint(self.person, actor=actor, at=at, **self.cleaned_data)


class RulesForm(forms.ModelForm):
    """How the park's staff sign in."""

    class Meta:
        model = SecurityRules
        fields = ("second_factor_from", "idle_minutes", "most_hours")
        widgets = {"second_factor_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "second_factor_from": "到这天还没启用的，登录后先启用才能办事；留空只提醒。三位管理员一律必须启用。",
            "idle_minutes": "10 到 480。",
            "most_hours": "1 到 24。到时要重新登录。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", use_required_attribute=False, **kwargs)
        self.fields["second_factor_from"].error_messages["invalid"] = DAY

    @property
    def rules(self) -> appointments.Rules:
        return appointments.Rules(**self.cleaned_data)


class PurposeForm(forms.Form):
    """What a masked value is opened for."""

    purpose = forms.CharField(
        label="查看用途", max_length=200, min_length=4,
        error_messages={"required": "请写明用途。", "min_length": "请把用途写具体些，例如“核对调岗通知的电话”。"},
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)


class PeriodForm(forms.Form):
    """How long a kind of personal data is kept."""

    days = forms.IntegerField(
        label="保存多少天", min_value=1, max_value=100_000,
        error_messages={"required": "请填写天数。", "invalid": "天数写成数字，如 365。", "max_value": "天数太大。"},
    )  # fmt: skip
    automatic = forms.BooleanField(
        label="到期由后台自动清除", required=False, help_text="不勾选时，到期的留到有人来清除。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", use_required_attribute=False, **kwargs)
