"""At the door: name and password, then the second factor; and the password changed."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django_scopes import scope

from lianshang.directory import devices, second_factor, throttle
from lianshang.directory.models import Account
from lianshang.directory.visitors import address_of, on_this_machine
from lianshang.kernel.refusals import Refused

WRONG = "账号或密码不对。请检查大小写后再试；忘了密码，请系统管理员重设。"
DEMO_ELSEWHERE = "演示账号的密码是公开的，只能在运行本系统的机器上，用 127.0.0.1 或 localhost 打开登录。"
WAIT = "连续多次没有登录成功。请 {0} 秒后再试，忘了密码请系统管理员重设。"
WAIT_CODE = "连续多次口令不对。请 {0} 秒后再试，备用码也要等。"


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

    code = forms.CharField(
        label="动态口令",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        help_text="启用了动态口令的，把手机验证器上的 6 位数字一起填上，不用等。",
    )

    def __init__(self, *args: Any, request: HttpRequest, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.at = request, at
        self.account: Account | None = None
        self.waiting = self.failures = 0
        self.proven = False  # whether the second factor was shown as well

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        name, password = data["username"], data["password"]
        attempt = throttle.Attempt(name, address_of(self.request), self.at, devices.known(self.request, name))
        claim = throttle.claim(attempt, password)
        if claim.wait and not self._is_proven(name, data["code"]):
            self.waiting = claim.wait
            raise forms.ValidationError(WAIT.format(self.waiting))
        self.account = authenticate(self.request, username=name, password=password)
        if self.account is None:
            throttle.failed(attempt, password)
            raise forms.ValidationError(WRONG)
        self.failures = throttle.passed(attempt, claim)
        if self.account.is_demo and not on_this_machine(self.request):
            raise forms.ValidationError(DEMO_ELSEWHERE)
        return data

    def _is_proven(self, name: str, code: str) -> bool:
        """Whether who has to wait holds the authenticator of the account: then it is no stranger, and does not wait.

        Counted by itself, and cleared by signing in alone: whoever has the telephone guesses no password without end.
        """
        if not second_factor.is_code(code) or throttle.claim_code(name, self.at).wait:
            return False
        account = Account.objects.select_related("park").filter(username=name, is_active=True).first()
        if account is None:
            return False
        with scope(park=account.park):
            self.proven = second_factor.accepts(account, code, at=self.at)
        return self.proven

    def shown(self) -> "SignInForm":
        """The form as the page shows it: all who have to wait are asked for the code alike, nobody else is."""
        if not self.waiting:
            del self.fields["code"]
        return self


class CodeForm(forms.Form):
    """Six digits of the authenticator, or a code from paper. Needs the park's scope."""

    code = forms.CharField(
        label="动态口令",
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "text",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
        help_text="手机验证器上的 6 位数字；手机不在身边，填一个备用码。",
        error_messages={"required": "请填写动态口令。"},
    )

    def __init__(self, *args: Any, account: Account, at: datetime, device: str, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.account, self.at, self.device, self.waiting = account, at, device, 0

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        claim = throttle.claim_code(self.account.username, self.at, self.device)
        self.waiting = claim.wait
        _use_up(self.account, code, claim, self.at)
        return code


class PapersForm(CodeForm):
    """A code before new ones for paper are made: an open browser alone makes none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, device=throttle.INSIDE, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]


class SetUpForm(forms.Form):
    """The first code of a new authenticator; where there is one already, a code of that one too."""

    current = forms.CharField(
        label="现用的动态口令",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text="现在登录用的那部手机上的 6 位数字；手机不在身边，填一个备用码。",
        error_messages={"required": "请填写现用的动态口令，或一个备用码。"},
    )
    code = forms.CharField(
        label="手机上显示的 6 位数字",
        max_length=8,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": "请填写手机上显示的 6 位数字。"},
    )

    def __init__(self, *args: Any, account: Account, secret: str, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.account, self.secret, self.at = account, secret, at
        if not second_factor.has(account):
            del self.fields["current"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not second_factor.proves(self.secret, code, at=self.at):
            raise forms.ValidationError(second_factor.WRONG)
        return code

    def clean(self) -> dict[str, Any]:
        """Use up the current code last: a slip in the new one costs none."""
        data: dict[str, Any] = super().clean() or {}
        if "current" in data and not self.errors:
            try:
                claim = throttle.claim_code(self.account.username, self.at, throttle.INSIDE)
                _use_up(self.account, data["current"], claim, self.at)
            except forms.ValidationError as reason:
                self.add_error("current", reason)
        return data


class PasswordForm(forms.Form):
    """The password changed by whoever knows the old one."""

    old = forms.CharField(
        label="现在的密码", max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写现在的密码。"},
    )  # fmt: skip
    new = forms.CharField(
        label="新密码", max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 10 个字符。几个不相干的词连起来，好记又难猜。",
        error_messages={"required": "请填写新密码。"},
    )  # fmt: skip
    again = forms.CharField(
        label="新密码再填一遍", max_length=128, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "请把新密码再填一遍。"},
    )  # fmt: skip

    def __init__(self, *args: Any, account: Account, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.account, self.at = account, at

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        claim = throttle.claim_code(self.account.username, self.at, throttle.INSIDE)
        if claim.wait:
            raise forms.ValidationError(f"连续多次不对。请 {claim.wait} 秒后再试。")
        if not self.account.check_password(old):
            raise forms.ValidationError("现在的密码不对。请检查大小写后再试。")
        throttle.passed_code(claim)
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.account)
        return new

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "两次填的不一样，请再填一遍。")
        if data.get("new") and data.get("new") == data.get("old"):
            self.add_error("new", "新密码要与现在的不同。")
        return data


def _use_up(account: Account, code: str, claim: throttle.Claim, at: datetime) -> None:
    """Take a code of the second factor. Raises `ValidationError` where it waits or is wrong."""
    if claim.wait:
        raise forms.ValidationError(WAIT_CODE.format(claim.wait))
    try:
        right = second_factor.accepts(account, code, at=at)
    except Refused as reason:
        raise forms.ValidationError(str(reason)) from None
    if not right:
        raise forms.ValidationError(second_factor.WRONG)
    throttle.passed_code(claim)
