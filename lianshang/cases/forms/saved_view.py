"""The name of a filter, and whether colleagues are offered it too."""

from typing import Any

from django import forms

from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit


class SavedViewForm(forms.Form):
    name = forms.CharField(
        label="名称",
        max_length=20,
        help_text="一看就懂的说法，如“本局超期”。",
        error_messages={"required": "请写一个名称。", "max_length": "名称最多 20 个字。"},
    )
    unit: "forms.ModelChoiceField[Unit]" = forms.ModelChoiceField(
        Unit.objects.none(),
        label="给谁用",
        required=False,
        empty_label="只给自己",
        error_messages={"invalid_choice": "只能共享给自己任职的单位。"},
    )

    def __init__(self, actor: Actor, data: Any = None, **more: Any) -> None:
        super().__init__(data, label_suffix="", **more)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=actor.unit_ids).order_by("name")
        self.fields["unit"].label_from_instance = lambda unit: f"{unit.name}的同事也能用"
