"""A text to be checked, and what a number in it speaks of."""

from typing import Any

from django import forms

from lianshang.indicators.registry import REGISTRY
from lianshang.reports.models.articles import LONGEST


class ArticleForm(forms.Form):
    """Words pasted, or a file; as of a day."""

    text = forms.CharField(
        label="粘贴文稿", required=False, widget=forms.Textarea(attrs={"rows": 12, "class": "tall"}), strip=False,
        max_length=LONGEST, help_text="整篇粘贴进来。只有您自己看得到，30 天后自动删除",
        error_messages={"max_length": f"文稿超过 {LONGEST:,} 字。请分几次核对，已填内容都在。"},
    )  # fmt: skip
    file = forms.FileField(
        label="或上传文件", required=False, help_text="TXT 或 Word（.docx），5 MB 以内",
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,.docx"}),
        error_messages={"empty": "文件是空的。请重新选择。"},
    )  # fmt: skip
    day = forms.DateField(
        label="数字截至", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="按这一天结束时的记录核对",
        error_messages={"required": "请写截至哪一天。", "invalid": "日期不对，请写成 2026-11-23 这样。"},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("text") or "").strip() and not cleaned.get("file") and not self.errors:
            self.add_error("text", "请粘贴文稿，或选一个文件。")
        return cleaned


class BindingForm(forms.Form):
    """Which figure these words speak of."""

    figure = forms.ChoiceField(
        label="说的是", error_messages={"required": "请选一个指标。", "invalid_choice": "没有这个指标。请从列表里选。"}
    )
    words = forms.CharField(
        label="认哪些字", max_length=60, help_text="文稿里出现这几个字、后面跟这个量词的数，以后都按它核对",
        error_messages={"required": "请写出文中用来指这个数的几个字。", "max_length": "最多 60 个字。"},
    )  # fmt: skip
    measure = forms.CharField(max_length=10, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in REGISTRY.values():
            groups.setdefault(one.subject or "其他", []).append((one.key, f"{one.label}（{one.unit}）"))
        field = self.fields["figure"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- for the type checker
        field.choices = [("", "请选择"), *groups.items()]
