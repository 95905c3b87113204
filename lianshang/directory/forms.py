from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from lianshang.directory import absences, throttle
from lianshang.directory.actors import Actor
from lianshang.directory.models import Absence, Account, Person
from lianshang.directory.visitors import address_of, on_this_machine

WRONG = "账号或密码不对。请检查大小写后再试；忘了密码，请系统管理员重设。"
DEMO_ELSEWHERE = "演示账号的密码是公开的，只能在运行本系统的机器上，用 127.0.0.1 或 localhost 打开登录。"


class SignInForm(forms.Form):
    """Name and password. Whatever is wrong, the answer does not tell whether the account exists."""

    username = forms.CharField(
        label="账号",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={"required": "请填写账号。"},
    )
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写密码。"},
    )

    def __init__(self, *args: Any, request: HttpRequest, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.at = request, at
        self.account: Account | None = None
        self.waiting = 0

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        name, address = data["username"], address_of(self.request)
        self.waiting = throttle.waiting(name, address, self.at)
        if self.waiting:
            raise forms.ValidationError(f"连续多次没有登录成功。请 {self.waiting} 秒后再试，忘了密码请系统管理员重设。")
        self.account = authenticate(self.request, username=name, password=data["password"])
        if self.account is None:
            throttle.failed(name, address, self.at)
            raise forms.ValidationError(WRONG)
        throttle.passed(name)
        if self.account.is_demo and not on_this_machine(self.request):
            raise forms.ValidationError(DEMO_ELSEWHERE)
        return data


class AbsenceForm(forms.Form):
    """Who stands in for one person, from which day until which."""

    deputy: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="由谁代理", empty_label="请选择", error_messages={"required": "请选择代理人。"}
    )
    since = forms.DateField(
        label="从哪天",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "请填写从哪天外出。"},
    )
    until = forms.DateField(
        label="到哪天",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "请填写到哪天为止（含当天）。"},
    )

    def __init__(self, person: Person, today: date, data: Any = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, initial={"since": today.isoformat()})
        self.person = person
        self.fields["deputy"].queryset = absences.deputies_for(person, on=today)
        for name in ("since", "until"):
            self.fields[name].error_messages["invalid"] = "日期没有看懂。请写成 2026-11-23 这样。"

    def begin(self, actor: Actor, at: datetime) -> Absence:
        """Raises `Refused` and `Hidden`."""
        return absences.begin(self.person, actor=actor, at=at, **self.cleaned_data)
