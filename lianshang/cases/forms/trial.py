"""What a trial asks: the ledger, the mechanism, and for unusual ledgers which column is which."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from lianshang.cases import presets
from lianshang.kernel.parcels import Unreadable, decoded
from lianshang.kernel.profiles import Profile, ProfileFaults, ProfileUnreadable

MOST_BYTES = 10 * 2**20
MOST_PROFILE_BYTES = 256 * 2**10
NAMED_FAULTS = 5
COLUMNS = {"asked_column": "asked_at", "answered_column": "answered_at", "reply_column": "reply", "kind_column": "kind"}


def kinds() -> list[tuple[str, str]]:
    """Every kind that a shipped mechanism knows."""
    known = dict.fromkeys(kind for name in presets.preset_names() for kind in presets.preset(name).kinds)
    return [("", "不分类别（按“一般”）"), *((kind, kind) for kind in known)]


def profiles() -> list[tuple[str, str]]:
    return [(name, presets.preset(name).label) for name in presets.preset_names()]


def column_field(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=60, error_messages={"max_length": "最多 60 字。"})


class TrialForm(forms.Form):
    file = forms.FileField(
        label="历史台账",
        help_text="Excel（.xlsx）或 CSV，每行一件，要有提出时间和答复时间两列。最大 10 MB，最多 2 万行。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.gz,.txt"}),
        error_messages={
            "required": "请选择一份台账。",
            "empty": "文件是空的。请确认保存的是有数据的那一份，再重新选择。",
        },
    )
    profile = forms.ChoiceField(
        label="按哪个机制",
        choices=profiles,
        initial=presets.DEFAULT,
        error_messages={"invalid_choice": "请选一个机制。"},
    )
    kind = forms.ChoiceField(
        label="限时类别", choices=kinds, required=False, error_messages={"invalid_choice": "请选一个类别。"}
    )
    own = forms.FileField(
        label="用自己的机制方案",
        required=False,
        help_text="YAML 或 JSON 文件；选了它，上面的机制就不用了。",
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.json"}),
        error_messages={"empty": "机制方案文件是空的。"},
    )
    asked_column = column_field("提出时间那一列的表头")
    answered_column = column_field("答复时间那一列的表头")
    reply_column = column_field("答复内容那一列的表头")
    kind_column = column_field("限时类别那一列的表头")

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("台账超过 10 MB。请只留需要的列，或分成几份再试。")
        return file

    def clean_own(self) -> Profile | None:
        """Return the mechanism that was handed in."""
        file = self.cleaned_data["own"]
        if not file:
            return None
        if file.size > MOST_PROFILE_BYTES:
            raise forms.ValidationError("这不像机制方案文件：太大了。请选 YAML 或 JSON 文件。")
        try:
            return presets.handed_in(decoded(file.read()))
        except (ProfileUnreadable, Unreadable) as error:
            raise forms.ValidationError(str(error)) from error
        except ProfileFaults as error:
            told = [str(fault) for fault in error.faults[:NAMED_FAULTS]]
            raise forms.ValidationError([f"机制方案文件有 {len(error.faults)} 处问题。", *told]) from error

    def chosen(self) -> Profile:
        return self.cleaned_data["own"] or presets.preset(self.cleaned_data["profile"])

    def mapping(self) -> dict[str, str]:
        typed: dict[str, Any] = {ours: self.cleaned_data[name].strip() for name, ours in COLUMNS.items()}
        return {ours: heading for ours, heading in typed.items() if heading}
