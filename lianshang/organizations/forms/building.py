"""What is written down about how an enterprise is covered."""

from typing import Any

from django import forms

from lianshang.directory.actors import Actor
from lianshang.directory.models import Person, Post, Role
from lianshang.enterprises import contact_persons
from lianshang.organizations.forms.deeds import Deed, day_field, words_field
from lianshang.organizations.models import Coverage, Incubation, Organization, Outside
from lianshang.organizations.rules.kinds import Kind
from lianshang.organizations.services import building


class OutsideForm(Deed):
    heading = "不计入覆盖"
    hint = "停产停业、没有实体经营、已迁出、已注销的企业，写明依据，从那天起不计入分母。"

    reason = forms.ChoiceField(label="原因", choices=Outside.Reason.choices)
    since = day_field("从哪天起")
    note = words_field("依据", 200, help_text="例如“市场监管局注销登记 2026-03-02”。")

    def act(self, actor: Actor) -> Any:
        return building.set_outside(self.subject, actor=actor, at=self.at, **self.cleaned_data)


class CountAgainForm(Deed):
    heading = "恢复计入覆盖"

    since = day_field("从哪天起")

    def act(self, actor: Actor) -> Any:
        return building.count_again(self.subject, actor=actor, at=self.at, **self.cleaned_data)


class BeginForm(Deed):
    heading = "开始组建培育"
    button = "开始"
    said = "已开始。每一步的到期日已排好。"
    hint = "不选联合党支部，就是单独组建党支部。"

    joins: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="加入哪个联合党支部", required=False, empty_label="单独组建"
    )
    owner: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="责任人", empty_label="请选择", error_messages={"required": "请选择责任人。"}
    )
    instructor: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="党建指导员", required=False, empty_label="还没有定"
    )
    on = day_field("从哪天开始")

    def prepare(self) -> None:
        standing = Organization.objects.filter(ended_on=None, kind=Kind.JOINT)
        self.fields["joins"].queryset = standing.order_by("name", "pk")
        self.fields["owner"].queryset = contact_persons.candidates(self.at)
        posts = Post.objects.in_force(self.today).filter(role=Role.INSTRUCTOR, deputy_of=None)
        people = Person.objects.filter(pk__in=posts.values("person")).order_by("name", "pk")
        self.fields["instructor"].queryset = people
        held = contact_persons.in_force().filter(enterprise=self.subject).first()
        self.initial["instructor"] = held.person_id if held else None
        self.initial["on"] = self.today.isoformat()

    def act(self, actor: Actor) -> Any:
        return building.begin(self.subject, actor=actor, at=self.at, **self.cleaned_data)


class StepForm(Deed):
    """The next step of an incubation; which one it is stands in the form as it was shown."""

    heading = "登记这一步"
    said = "已登记，后面各步的到期日已顺延。"

    step = forms.CharField(widget=forms.HiddenInput, max_length=12)
    on = day_field("哪天办成")
    document = words_field("材料", 120, help_text="写材料的名称和文号，不用上传照片。")
    note = words_field("说明", 200, required=False)

    def prepare(self) -> None:
        waiting = self.subject.steps.filter(done_on=None).first()
        self.initial["step"] = waiting.step if waiting else ""

    def act(self, actor: Actor) -> Any:
        data = self.cleaned_data
        proof = building.Proof(data["document"], data["note"])
        return building.step_done(self.subject, data["step"], proof, on=data["on"], actor=actor, at=self.at)


class FinishForm(Deed):
    heading = "登记组建完成"
    hint = "先在党组织里登记成立，或把企业加进联合党支部的覆盖范围。"

    organization: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="组建成的党组织", empty_label="请选择", error_messages={"required": "请选择党组织。"}
    )
    on = day_field("哪天完成")

    def prepare(self) -> None:
        rows = Coverage.objects.filter(enterprise=self.subject.enterprise_id, until=None)
        covering = Organization.objects.filter(pk__in=rows.values("organization"))
        self.fields["organization"].queryset = covering.order_by("name", "pk")

    def act(self, actor: Actor) -> Any:
        return building.finish(self.subject, actor=actor, at=self.at, **self.cleaned_data)


class DropForm(Deed):
    heading = "不再推进"

    on = day_field("从哪天起")
    why = words_field("原因", 200)

    def act(self, actor: Actor) -> Incubation:
        return building.drop(self.subject, actor=actor, at=self.at, **self.cleaned_data)


OF_ENTERPRISE: dict[str, type[Deed]] = {"outside": OutsideForm, "count-again": CountAgainForm, "incubate": BeginForm}
OF_INCUBATION: dict[str, type[Deed]] = {"step": StepForm, "finish": FinishForm, "drop": DropForm}
DECIDED = ("outside", "count-again", "drop")
