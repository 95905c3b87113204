from datetime import date, datetime
from typing import Any

from django import forms

from lianshang.directory import absences
from lianshang.directory.actors import Actor
from lianshang.directory.models import Absence, Person


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
