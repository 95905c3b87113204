from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from lianshang.cases.models import Assignment
from lianshang.cases.services.batches import Batch, hand_over_all
from lianshang.directory.actors import Actor
from lianshang.directory.models import Person, Post, Role, Unit

EVERYBODY = "所有人"


class HandOverAll(forms.Form):
    """交接 inside a unit: whose open cases go to whom."""

    before: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="谁手里的", required=False, empty_label=EVERYBODY
    )
    to: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="交给谁", empty_label="请选择", error_messages={"required": "请选择接手的人。"}
    )
    note = forms.CharField(
        label="交接说明", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="每一件的办理记录里都会写上。",
    )  # fmt: skip

    def __init__(self, unit: Unit, actor: Actor, at: datetime, data: Any = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False, initial={"before": actor.person})
        self.unit, self.actor, self.at = unit, actor, at
        posts = Post.objects.in_force(timezone.localtime(at).date()).filter(unit=unit, role=Role.LIAISON)
        parts = Assignment.objects.filter(unit=unit, ended_at=None)
        people = Person.objects.order_by("name", "pk")
        here = Q(pk__in=posts.values("person"))
        self.fields["before"].queryset = people.filter(here | Q(pk__in=parts.values("handled_by")))
        self.fields["to"].queryset = people.filter(here)
        self.fields["to"].widget.attrs["autofocus"] = True

    def hand_over(self) -> Batch:
        """Raises `Refused` and `Hidden`."""
        return hand_over_all(self.unit, actor=self.actor, at=self.at, **self.cleaned_data)
