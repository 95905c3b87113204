"""What the administrator copies from the back office of 企业微信."""

import re
from typing import Any

from django import forms

from lianshang.cases.forms.verbs import one_line
from lianshang.cases.models import WecomApp
from lianshang.cases.wecom import applications, scheme

KEEP = "留空就不改。"


class WecomForm(forms.Form):
    corp_id = one_line("企业 ID", 64, help_text="我的企业 → 企业信息，ww 开头的一串。")
    agent_id = one_line("应用 AgentId", 20, required=False)
    token = forms.CharField(label="Token", max_length=32, required=False, widget=forms.PasswordInput)
    aes_key = forms.CharField(label="EncodingAESKey", max_length=43, required=False, widget=forms.PasswordInput)
    is_on = forms.BooleanField(label="收消息，转成登记草稿", required=False)

    def __init__(self, app: WecomApp | None, data: Any = None) -> None:
        initial = {"corp_id": app.corp_id, "agent_id": app.agent_id, "is_on": app.is_on} if app else {"is_on": True}
        super().__init__(data, initial=initial, label_suffix="", use_required_attribute=False)
        for name, kept in (("token", app and app.token), ("aes_key", app and app.aes_key)):
            self.fields[name].help_text = f"已存：{applications.masked(kept)}　{KEEP}" if kept else ""
            self.fields[name].widget.attrs["autocomplete"] = "off"
            self.fields[name].required = not kept
            self.fields[name].error_messages["required"] = "第一次设置要填这一项，在企业微信后台“接收消息”里。"

    def clean_token(self) -> str:
        token = self.cleaned_data["token"].strip()
        if token and not re.fullmatch(r"[A-Za-z0-9]{1,32}", token):
            raise forms.ValidationError("Token 只有英文和数字，最多 32 位。请从后台原样复制。")
        return token

    def clean_aes_key(self) -> str:
        key = self.cleaned_data["aes_key"].strip()
        if key:
            try:
                scheme.key_of(key)
            except scheme.Unreadable:
                raise forms.ValidationError("EncodingAESKey 是 43 位英文和数字。请从后台原样复制。") from None
        return key
