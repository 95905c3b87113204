"""Declaring what binds one to a unit, an enterprise or a person, and that it is over."""

from typing import Any

from django import forms

from lianshang.cases.forms.verbs import one_line
from lianshang.cases.models import Interest
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit
from lianshang.enterprises.models import Enterprise

NOT_KNOWN = "名册里没有这家企业。请照全称写，或者写在“姓名或其他名称”里。"


class InterestForm(forms.Form):
    use_required_attribute = False

    relation = forms.ChoiceField(
        label="什么关系",
        choices=Interest.Relation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是什么关系。", "invalid_choice": "请选择是什么关系。"},
    )
    unit: "forms.ModelChoiceField[Unit]" = forms.ModelChoiceField(
        Unit.objects.none(), label="与哪个单位", required=False, empty_label="不是单位", blank=True,
        error_messages={"invalid_choice": "请从列表里选。"},
    )  # fmt: skip
    enterprise = one_line("与哪家企业", 80, required=False, help_text="写名册里的全称。")
    name = one_line(
        "与谁，或名册外的单位企业", 80, required=False, help_text="写姓名或全称。投诉举报里写到的，您就回避。"
    )
    note = one_line("说明", 200, required=False)

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data, label_suffix="")
        self.fields["unit"].queryset = Unit.objects.exclude(pk__in=actor.unit_ids).order_by("name")

    def clean_enterprise(self) -> Enterprise | None:
        name = self.cleaned_data["enterprise"].strip()
        found = Enterprise.objects.filter(name=name).first() if name else None
        if name and found is None:
            raise forms.ValidationError(NOT_KNOWN)
        return found


class EndForm(forms.Form):
    use_required_attribute = False

    because = one_line("为什么终止", 200)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["because"].error_messages["required"] = "请写明为什么终止，如“已离职”“股份已转让”。"
