from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from lianshang.directory.actors import Actor
from lianshang.directory.models import Person
from lianshang.enterprises import contact_persons
from lianshang.enterprises.models import Enterprise


class ContactPersonForm(forms.Form):
    """Who looks after the enterprises that are ticked on the page."""

    person: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="交给谁对接", empty_label="请选择", error_messages={"required": "请选择对接人。"}
    )
    deputy: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="替补", required=False, empty_label="不另设",
        help_text="对接人外出时，企业看到的是替补的姓名和电话。",
    )  # fmt: skip
    note = forms.CharField(label="交接说明", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, at: datetime, data: Any = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)
        self.at = at
        for name in ("person", "deputy"):
            field = self.fields[name]
            field.queryset = contact_persons.candidates(at)
            field.label_from_instance = _called
            field.error_messages["invalid_choice"] = "这位现在没有对接企业的岗位。请重新选择。"

    def name(self, enterprises: Sequence[Enterprise], actor: Actor) -> int:
        """Raises `Refused` and `Hidden`."""
        return contact_persons.name(enterprises, actor=actor, at=self.at, **self.cleaned_data)


def _called(person: Person) -> str:
    return f"{person.name}（{person.title}）" if person.title else person.name
