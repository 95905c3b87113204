"""What is written down about an organisation."""

from typing import Any

from django import forms

from lianshang.directory.actors import Actor
from lianshang.directory.models.people import marks_of_phone
from lianshang.enterprises.models import Enterprise
from lianshang.kernel.refusals import Refused
from lianshang.organizations.forms.deeds import Deed, day_field, words_field
from lianshang.organizations.models import Coverage, Member, Officer, Organization, Term, VenueItem
from lianshang.organizations.queries import venue_of
from lianshang.organizations.rules.kinds import Kind
from lianshang.organizations.services import bodies, officers, venues

NOBODY = "在这个党组织的正式党员里没有找到这个姓名。请检查，或先登记党员。"
SEVERAL = "有几位同名。请再填电话。"


def _firms(codes: list[str]) -> list[Enterprise]:
    return list(Enterprise.objects.filter(is_active=True, code__in=codes).order_by("code"))


def firm_field(label: str, *, required: bool = False) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=required, widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="可选几家；电脑上按住 Ctrl 点选。", error_messages={"required": "请选择企业。", "invalid_choice": "没有这家企业。"},
    )  # fmt: skip


def firm_choices() -> list[tuple[str, str]]:
    rows = Enterprise.objects.filter(is_active=True).order_by("code").values_list("code", "name")
    return [(code, f"{code} {name}") for code, name in rows]


class FoundForm(Deed):
    heading = "登记成立党组织"
    button = "登记成立"
    said = "党组织已登记。接着登记换届和书记。"
    hint = "照批复填写。正式党员满 3 名单独成立党支部；不足的几家联合成立，一般不超过 5 个单位。"

    name = words_field("名称", 60)
    kind = forms.ChoiceField(label="类型", choices=[(one.value, one.label) for one in Kind])
    parent: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="上级党组织", required=False, empty_label="没有"
    )
    approved_on = day_field("批复日期")
    document = words_field("批复文号", 40, required=False)
    admits = forms.BooleanField(label="可以审批预备党员", required=False, help_text="以上级党委授权为准，没有就不勾。")
    enterprises = firm_field("覆盖企业")

    def prepare(self) -> None:
        self.fields["parent"].queryset = Organization.objects.filter(ended_on=None).order_by("name", "pk")
        self.fields["enterprises"].choices = firm_choices()

    def act(self, actor: Actor) -> Organization:
        data = self.cleaned_data
        told = bodies.Founding(**{**data, "kind": Kind(data["kind"]), "enterprises": _firms(data["enterprises"])})
        return bodies.found(told, actor=actor, at=self.at)


class CoverForm(Deed):
    heading = "调整覆盖企业"
    hint = "选上从这天起覆盖的全部企业；没有选上的，前一天为止。"

    since = day_field("从哪天起")
    enterprises = firm_field("覆盖企业")

    def prepare(self) -> None:
        self.fields["enterprises"].choices = firm_choices()
        held = Coverage.objects.filter(organization=self.subject, until=None)
        self.initial["enterprises"] = list(held.values_list("enterprise__code", flat=True))

    def act(self, actor: Actor) -> Any:
        data = self.cleaned_data
        return bodies.cover(self.subject, _firms(data["enterprises"]), since=data["since"], actor=actor, at=self.at)


class ElectForm(Deed):
    heading = "登记换届"
    hint = "党支部、党总支每届 3 年，党委每届 5 年。新成立的，填第一次选举的日期。"

    on = day_field("选举日期")
    has_committee = forms.BooleanField(
        label="设立了委员会", required=False, help_text="正式党员满 7 名的支部应当设立。"
    )
    groups = forms.IntegerField(
        label="党小组数", min_value=0, max_value=20, initial=0,
        error_messages={"required": "没有党小组就填 0。", "invalid": "请填数字。", "max_value": "不会有这么多。请检查。"},
    )  # fmt: skip

    def act(self, actor: Actor) -> Term:
        return bodies.elect(self.subject, actor=actor, at=self.at, **self.cleaned_data)


class MoveElectionForm(Deed):
    heading = "提前或延期换届"
    hint = "要有上级党组织批准，提前或延期一般不超过 1 年。"

    to = day_field("改到哪天")
    approval = words_field("批准文号或会议", 80)

    def act(self, actor: Actor) -> Term:
        return bodies.move_election(self.subject, actor=actor, at=self.at, **self.cleaned_data)


class EndForm(Deed):
    heading = "撤销党组织"
    button = "撤销"
    said = "已撤销。记录都还在。"
    hint = "先把党员的组织关系转出，再撤销。"

    on = day_field("撤销日期")
    why = words_field("原因和批准", 200)

    def act(self, actor: Actor) -> Organization:
        return bodies.end(self.subject, actor=actor, at=self.at, **self.cleaned_data)


class AppointForm(Deed):
    heading = "登记任职"
    hint = "由正式党员担任。新书记到任，原书记的任职到前一天为止。"

    name = words_field("姓名", 40)
    phone = words_field("电话", 30, required=False, help_text="有同名的才要填。")
    position = forms.ChoiceField(label="职务", choices=Officer.Position.choices)
    since = day_field("从哪天起")
    brought_by = words_field("因何职务进入", 60, required=False, help_text="综合党委才填，例如“链主企业党支部书记”。")

    def act(self, actor: Actor) -> Officer:
        data = self.cleaned_data
        member = self._member(data["name"], data.pop("phone"))
        del data["name"]
        return officers.appoint(self.subject, member.person, actor=actor, at=self.at, **data)

    def _member(self, name: str, phone: str) -> Member:
        rows = Member.objects.full_on_day(self.today).filter(person__name=name.strip())
        if self.subject.of_kind is not Kind.COMMITTEE:
            rows = rows.filter(affiliations__organization=self.subject, affiliations__until=None)
        if phone:
            rows = rows.filter(person__phone_mark__in=marks_of_phone(phone))
        found = list(rows.select_related("person").order_by("pk")[:2])
        if len(found) != 1:
            raise Refused(SEVERAL if found else NOBODY)
        return found[0]


class StandDownForm(Deed):
    heading = "登记免职"

    officer: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label="哪项任职", empty_label="请选择", error_messages={"required": "请选择任职。"}
    )
    on = day_field("到哪天为止", help_text="含当天。")

    def prepare(self) -> None:
        rows = Officer.objects.filter(organization=self.subject, until=None).select_related("person", "organization")
        self.fields["officer"].queryset = rows.order_by("since", "pk")
        self.fields["officer"].label_from_instance = _called

    def act(self, actor: Actor) -> Officer:
        return officers.stand_down(actor=actor, at=self.at, **self.cleaned_data)


def _called(officer: Officer) -> str:
    return f"{officer.get_position_display()} {officer.person}"


class VenueForm(Deed):
    heading = "查看活动阵地"
    hint = "有场所、有设施、有标志、有党旗、有书报、有制度。有的写凭据，没有的不勾；不用拍照。"

    on = day_field("查看日期")

    def prepare(self) -> None:
        held = {row.item: row for _, row in venue_of(self.subject) if row}
        for item in VenueItem.Item:
            row = held.get(item.value)
            self.fields[item.value] = forms.BooleanField(
                label=item.label, required=False, initial=bool(row and row.is_there)
            )
            self.fields[f"{item.value}-evidence"] = words_field(f"{item.label}：凭据", 200, required=False)
            self.initial[f"{item.value}-evidence"] = row.evidence if row else ""

    def act(self, actor: Actor) -> int:
        data = self.cleaned_data
        seen = {item.value: (data[item.value], data[f"{item.value}-evidence"]) for item in VenueItem.Item}
        return venues.look_at(self.subject, seen, on=data["on"], actor=actor, at=self.at)


DEEDS: dict[str, type[Deed]] = {
    "cover": CoverForm,
    "elect": ElectForm,
    "move-election": MoveElectionForm,
    "appoint": AppointForm,
    "stand-down": StandDownForm,
    "venue": VenueForm,
    "end": EndForm,
}
DECIDED = ("cover", "move-election", "end")  # by the committee and its office alone
