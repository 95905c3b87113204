"""The dispatch catalogue as forms: one entry, a sheet, the day of coming into force."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from lianshang.cases.catalogue_sheet import SPLIT
from lianshang.cases.forms.dispatching import SENT
from lianshang.cases.forms.importing import UploadForm
from lianshang.cases.forms.verbs import Units, date_field, one_line
from lianshang.cases.services.catalogue import Matter
from lianshang.directory.models import Unit


def leads() -> QuerySet[Unit]:
    """Return the units that a matter may be given to."""
    return Unit.objects.filter(is_active=True).exclude(kind__in=SENT).order_by("kind", "code")


class EntryForm(forms.Form):
    matter = one_line("事项", 60, help_text="如 用电接入、货车通行。")
    words = one_line(
        "别名和关键词", 400, required=False, help_text="企业平常的说法，用“、”分开。词里有空格，表示几个字都要出现。"
    )
    lead: "forms.ModelChoiceField[Unit]" = forms.ModelChoiceField(
        Unit.objects.none(), label="主办单位", empty_label="请选择"
    )
    co_units = Units(Unit.objects.none(), label="协办单位", required=False)
    basis = one_line("权责依据", 200, help_text="权责清单的条目，或法规的条款。")
    kind = forms.ChoiceField(label="限时类别", required=False, help_text="采纳建议时按这一类；空着由派单的人定。")

    def __init__(self, kinds: Sequence[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, label_suffix="", **more)
        units = list(leads())
        self.fields["lead"].queryset = self.fields["co_units"].queryset = leads()
        self.fields["lead"].choices = [("", "请选择"), *((unit.pk, unit.name) for unit in units)]
        self.fields["co_units"].choices = [(unit.pk, unit.name) for unit in units]
        self.fields["kind"].choices = [("", "不定"), *((kind, kind) for kind in kinds)]
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写{field.label}。"

    def clean_words(self) -> str:
        return "、".join(
            dict.fromkeys(part.strip() for part in SPLIT.split(self.cleaned_data["words"]) if part.strip())
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("lead") in list(given.get("co_units") or []):
            self.add_error("co_units", f"{given['lead']}已是主办单位。请从协办里去掉。")
        return given

    def told(self) -> Matter:
        given = self.cleaned_data
        words = tuple(word for word in given["words"].split("、") if word)
        return Matter(given["matter"], given["lead"], given["basis"], words, tuple(given["co_units"]), given["kind"])

    @staticmethod
    def first(told: Matter) -> dict[str, Any]:
        """Return the initial values for what an entry says."""
        helping = [unit.pk for unit in told.co_units]
        return {
            "matter": told.matter, "words": "、".join(told.words), "lead": told.lead.pk, "co_units": helping,
            "basis": told.basis, "kind": told.kind,
        }  # fmt: skip


class SheetForm(UploadForm):
    """A whole catalogue; it takes the place of the draft's entries."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["file"].label = "填好的目录"
        self.fields["file"].help_text = "Excel（.xlsx）或 CSV。整份换掉草稿里的条目；有一格不对，就一条也不换。"


class PublishForm(forms.Form):
    since = date_field("施行日期", "今天或以后。到这一天，派单建议改用新的一版。")
