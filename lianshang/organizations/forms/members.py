"""What is written down about members."""

from typing import Any

from django import forms

from lianshang.directory.actors import Actor
from lianshang.directory.models import Person
from lianshang.directory.models.people import marks_of_phone
from lianshang.enterprises.models import Enterprise
from lianshang.organizations.forms.deeds import Deed, day_field, words_field
from lianshang.organizations.models import Affiliation, Member, Organization
from lianshang.organizations.services import members


def _enterprises(form: forms.Form) -> None:
    field = form.fields["enterprise"]
    field.queryset = Enterprise.objects.filter(is_active=True).order_by("code")
    field.label_from_instance = lambda one: f"{one.code} {one.name}"


def enterprise_field(label: str, empty: str) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(queryset=None, label=label, required=False, empty_label=empty)


class EnterForm(Deed):
    heading = "登记党员"
    hint = "姓名和电话都对上的人不会重复建档。"

    name = words_field("姓名", 40)
    phone = words_field("电话", 30)
    joined_on = day_field("入党日期", help_text="支部大会通过接收为预备党员的日期。")
    full_on = day_field("转正日期", required=False, help_text="预备党员留空。")
    since = day_field("组织关系从哪天起在这里")
    enterprise = enterprise_field("在岗企业", "不在园区企业工作")

    def prepare(self) -> None:
        _enterprises(self)

    def act(self, actor: Actor) -> Member:
        data = self.cleaned_data
        same = Person.objects.filter(name=data["name"].strip(), phone_mark__in=marks_of_phone(data["phone"]))
        told = members.Entry(
            joined_on=data["joined_on"], full_on=data["full_on"], since=data["since"], enterprise=data["enterprise"],
            register=members.Register(organization=self.subject), person=same.order_by("pk").first(),
            name=data["name"].strip(), phone=data["phone"],
        )  # fmt: skip
        return members.enter(told, actor=actor, at=self.at)


class TransferForm(Deed):
    heading = "转接组织关系"

    organization: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="转到园区哪个党组织", required=False, empty_label="转到园区以外"
    )
    elsewhere = words_field("园区以外的党组织", 80, required=False)
    has_card = forms.BooleanField(
        label="持流动党员活动证，在园区参加活动", required=False, help_text="参加活动、交纳党费，没有表决权。"
    )
    since = day_field("从哪天起")

    def prepare(self) -> None:
        self.fields["organization"].queryset = Organization.objects.filter(ended_on=None).order_by("name", "pk")

    def act(self, actor: Actor) -> Affiliation:
        data = self.cleaned_data
        since = data.pop("since")
        return members.transfer(self.subject, members.Register(**data), since=since, actor=actor, at=self.at)


class PlaceForm(Deed):
    heading = "变更在岗企业"

    enterprise = enterprise_field("到哪家企业", "不在园区企业工作")
    since = day_field("从哪天起")

    def prepare(self) -> None:
        _enterprises(self)

    def act(self, actor: Actor) -> Any:
        return members.place(self.subject, actor=actor, at=self.at, **self.cleaned_data)


class ConfirmForm(Deed):
    heading = "登记转正"
    hint = "预备期一年，自支部大会通过之日算起。"

    on = day_field("转正日期")

    def act(self, actor: Actor) -> Any:
        return members.confirm(self.subject, actor=actor, at=self.at, **self.cleaned_data)


class LeaveForm(Deed):
    heading = "登记不再是党员"
    said = "已登记。"

    on = day_field("从哪天起")
    why = words_field("原因", 100)

    def act(self, actor: Actor) -> Any:
        return members.leave(self.subject, actor=actor, at=self.at, **self.cleaned_data)


DEEDS: dict[str, type[Deed]] = {
    "transfer": TransferForm,
    "place": PlaceForm,
    "confirm": ConfirmForm,
    "leave": LeaveForm,
}
