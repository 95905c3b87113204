"""What an import asks: the file, then for each of its columns what it is, and by which mechanism the cases count."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from lianshang.cases import headings, presets
from lianshang.cases.models.import_jobs import ImportJob
from lianshang.kernel.models import Profile
from lianshang.kernel.tables import Sheet

UNUSED = ("", "不用")
SAMPLES = 3
COLUMN = "column-"
NEEDED = "还缺提出时间，以及标题或正文：请在下面指明哪一列是。"


class UploadForm(forms.Form):
    file = forms.FileField(
        label="台账文件",
        help_text="Excel（.xlsx）或 CSV，每行一件。要有提出时间，和标题或正文；其他列有什么用什么。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.gz,.txt"}),
        error_messages={
            "required": "请选择一个文件。",
            "empty": "文件是空的。请确认保存的是有数据的那一份，再重新选择。",
        },
    )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT:
            raise forms.ValidationError(
                f"文件超过 {settings.UPLOAD_LIMIT // 2**20} MB。请分成几份，或请管理员用命令行 lianshang import 导入。"
            )
        return file


def profiles() -> list[tuple[str, str]]:
    """The mechanism in use first, then the park's others, then the shipped ones that it does not keep."""
    own = list(Profile.objects.order_by("-is_current", "label"))
    kept = {profile.name for profile in own}
    told = [(p.name, f"{p.label}（现用）" if p.is_current else p.label) for p in own]
    return told + [(name, presets.preset(name).label) for name in presets.preset_names() if name not in kept]


class MatchForm(forms.Form):
    """One select for each column that has a heading of its own."""

    profile = forms.ChoiceField(
        label="按哪个机制计时",
        help_text="旧事按它规定的期限算是否超期。",
        error_messages={"invalid_choice": "请选一个机制。"},
    )

    def __init__(self, job: ImportJob, sheet: Sheet, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.sheet = sheet
        self.fields["profile"].choices = profiles()
        self.fields["profile"].initial = job.profile
        told = {heading: name for name, heading in job.mapping.items()}
        for at in columns(sheet):
            self.fields[f"{COLUMN}{at}"] = forms.ChoiceField(
                label=sheet.headings[at],
                required=False,
                choices=[UNUSED, *((name, headings.label(name)) for name in headings.FIELDS)],
                initial=told.get(sheet.headings[at], ""),
                widget=forms.Select(attrs={"class": "form-select", "aria-label": f"{sheet.headings[at]} 是"}),
            )

    def rows(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each column's select with what stands in its first rows."""
        return [(self[f"{COLUMN}{at}"], samples(self.sheet, at)) for at in columns(self.sheet)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = [name for key, name in data.items() if key.startswith(COLUMN) and name]
        if twice := sorted({headings.label(name) for name in chosen if chosen.count(name) > 1}):
            raise forms.ValidationError(f"有两列都选成了“{'”“'.join(twice)}”。请只留一列。")
        if "asked_at" not in chosen or not {"title", "text"} & set(chosen):
            raise forms.ValidationError(NEEDED)
        return data

    def mapping(self) -> dict[str, str]:
        """Our field → heading."""
        return {
            name: self.sheet.headings[int(key.removeprefix(COLUMN))]
            for key, name in self.cleaned_data.items()
            if key.startswith(COLUMN) and name
        }


def columns(sheet: Sheet) -> list[int]:
    """Columns with a heading that no column before has."""
    return [at for at, heading in enumerate(sheet.headings) if heading and heading not in sheet.headings[:at]]


def samples(sheet: Sheet, at: int) -> list[str]:
    found: Sequence[Any] = [row.cells[at] for row in sheet.rows[: SAMPLES * 10] if row.cells[at] != ""]
    return [" ".join(str(cell).split())[:40] for cell in found[:SAMPLES]]
