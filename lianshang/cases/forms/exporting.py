"""What an unmasked sheet asks: what it is for."""

from typing import Any

from django import forms


class UnmaskForm(forms.Form):
    purpose = forms.CharField(
        label="用途",
        min_length=4,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="谁用、做什么、用完怎么处理。会记入导出记录，审计管理员看得到。",
        error_messages={
            "required": "请写明用途，例如“按 12 月回访计划逐家电话回访”。",
            "min_length": "请写明用途，例如“按 12 月回访计划逐家电话回访”。",
            "max_length": "用途最多 200 个字。",
        },
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
