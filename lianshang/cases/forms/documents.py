"""Forms of the settings of documents: a Word template of one's own, and what stands above letters."""

from typing import Any

from django import forms

from lianshang.directory.models import Unit


class TemplateFile(forms.Form):
    """One Word file."""

    file = forms.FileField(
        label="Word 模板",
        help_text="docx，5 MB 以内。先用一件虚构的诉求试填，没有问题才启用",
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        error_messages={"required": "请选一个 Word 文件。", "empty": "文件是空的。请重新选择。"},
    )


class HeadForm(forms.Form):
    """The red mark and the short name of one unit; both empty: drafts as they are."""

    unit: forms.ModelChoiceField = forms.ModelChoiceField(
        label="发文单位", queryset=Unit.objects.none(), error_messages={"required": "请选单位。"}
    )
    mark = forms.CharField(
        label="发文机关标志", max_length=40, required=False, help_text="印成红色，如 某某党委办公室文件；空着就不印"
    )
    code = forms.CharField(
        label="机关代字", max_length=20, required=False, help_text="印在〔2026〕前面；序号留白，由发文机关填"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(is_active=True).order_by("kind", "code")
