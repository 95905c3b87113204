"""What people say of a briefing and of a template."""

from typing import Any

from django import forms

from lianshang.indicators import periods
from lianshang.indicators.periods import NoPeriod
from lianshang.reports.models.briefings import Length
from lianshang.reports.services.briefings import Words

LONGEST = 12_000
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
DAY_ERRORS = {"required": "请写截至哪一天。", "invalid": "日期不对，请写成 2026-11-23 这样。"}


class BeginForm(forms.Form):
    """From which template, over when, as of which day."""

    template = forms.ChoiceField(label="模板", error_messages={"required": "请选一个模板。"})
    period = forms.CharField(
        label="时段", max_length=30, help_text="如 2026-11、2026-Q3、2026，或 2026-11-01..2026-11-23",
        error_messages={"required": "请写时段。"},
    )  # fmt: skip
    day = forms.DateField(label="数字截至", widget=DAY, error_messages=DAY_ERRORS)

    def __init__(self, templates: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["template"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- for the type checker
        field.choices = [(one.slug, one.name) for one in templates]

    def clean_period(self) -> periods.Period:
        try:
            return periods.parse(self.cleaned_data["period"])
        except NoPeriod as no:
            raise forms.ValidationError(str(no)) from None


class _WordsForm(forms.Form):
    """Title, addressee, body, signature, length."""

    title = forms.CharField(label="标题", max_length=120, error_messages={"required": "请写标题。"})
    to = forms.CharField(label="主送", max_length=120, required=False)
    body = forms.CharField(
        label="正文", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 18, "class": "tall"}),
        help_text="数字不要直接写，写成占位符，如 {{ 受理诉求_今年以来_余 }}；名称见下面的表。小标题以“一、”“（一）”开头，单独一行",
        error_messages={"required": "请写正文。", "max_length": f"正文超过 {LONGEST:,} 字。"},
    )  # fmt: skip
    signer = forms.CharField(label="落款", max_length=60, error_messages={"required": "请写落款。"})
    most = forms.TypedChoiceField(label="字数", coerce=int, choices=Length.choices, initial=Length.SPECIAL)

    @property
    def words(self) -> Words:
        return Words(**{name: self.cleaned_data[name] for name in ("title", "to", "body", "signer", "most")})


class BriefingForm(_WordsForm):
    """A draft. `version`: which one was opened."""

    day = forms.DateField(label="数字截至", widget=DAY, error_messages=DAY_ERRORS)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)


class TemplateForm(_WordsForm):
    """A template; the Word file is only for its look."""

    name = forms.CharField(label="模板名称", max_length=40, error_messages={"required": "请写模板名称。"})
    file = forms.FileField(
        label="Word 版式", required=False, help_text="docx，5 MB 以内；不传就沿用现在的版式。先试填，没有问题才启用",
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}), error_messages={"empty": "文件是空的。请重新选择。"},
    )  # fmt: skip
    field_order = ("name", "title", "to", "body", "signer", "most", "file")
