"""What the units do, and what may be added at any time."""

from typing import Any

from django import forms
from django.utils import timezone

from lianshang.cases.forms.verbs import (
    VerbForm,
    closing,
    date_field,
    one_line,
    one_of,
    passage,
    stored,
    unit_choice,
    uploads,
)
from lianshang.cases.models import Assignment
from lianshang.cases.states import ANSWERS, CloseType, State, Way
from lianshang.directory.models import Person, Post, Role, Unit

MET = [(way.value, way.label) for way in (Way.PHONE, Way.ONSITE, Way.ONLINE)]
TOLD = [(way.value, way.label) for way in (Way.PAGE, Way.PHONE, Way.ONSITE, Way.EMAIL, Way.LETTER)]


class ReportIn(VerbForm):
    hint = "记下怎样报到。不要求拍照。"
    way = one_of("报到方式", MET, Way.ONSITE)
    note = passage("到场情况", rows=2, required=False)


class Contact(VerbForm):
    hint = "联系上企业后记下，企业多说的话也记在这里。"
    way = one_of("联系方式", MET, Way.PHONE)
    note = passage("联系情况", rows=3, required=False)


class Plan(VerbForm):
    note = passage("怎么办、分几步", help_text="企业会看到。")
    promised = date_field("承诺办成的日期", "不承诺就不填；填了，就按这一天计时。")

    def prepare(self) -> None:
        self.fields["promised"].required = False

    def arguments(self) -> dict[str, Any]:
        day = self.cleaned_data["promised"]
        promised_at = closing(self.case, day, self.at) if day else None
        return {"note": self.cleaned_data["note"], "promised_at": promised_at}


class WithFiles(VerbForm):
    """Uploads are kept in the transaction of the step they belong to."""

    def arguments(self) -> dict[str, Any]:
        answers = super().arguments()
        kept = stored(self.case, answers.pop("attached"))
        return {**answers, "files": kept}


class Progress(WithFiles):
    hint = "办不完也要按时反馈。写明办到哪一步、下一步是什么、大约何时有结果。"
    note = passage("办到哪一步")
    way = one_of("怎样告知企业", TOLD, Way.PAGE)
    attached = uploads()


class CoAnswer(WithFiles):
    hint = "协办结果交给主办单位，由主办单位一并答复企业。"
    note = passage("协办情况")
    attached = uploads()


class Answer(WithFiles):
    hint = "答复写明事实、办理结果和依据，企业会在回执上看到。"
    note = passage("答复内容", rows=7)
    close_type = one_of("办理结果", [(one, CloseType(one).label) for one in ANSWERS], CloseType.SOLVED)
    basis = one_line("依据", 200, required=False, help_text="文件名称和文号。没有就不填。")
    way = one_of("怎样告知企业", TOLD, Way.PAGE)
    attached = uploads()
    release_reason = passage("不再等协办的理由", rows=2, required=False)
    relayed = passage("告知并案企业的话", rows=2, required=False)

    def explain(self) -> None:
        """Ask why not to wait only where somebody is waited for, and what others read only where others were joined."""
        joined = self.case.joined.filter(state=State.MERGED).count()
        self.fields["relayed"].help_text = f"有 {joined} 件并入的诉求。不写就只告知办理结果；不要写本企业的情况。"
        if not joined:
            del self.fields["relayed"]
        parts = self.case.assignments.filter(part=Assignment.Part.CO, ended_at=None, answered_at=None)
        self.waiting = [part.unit.name for part in parts.select_related("unit")]
        if not self.waiting:
            del self.fields["release_reason"]
            return
        names = "、".join(self.waiting)
        self.fields["release_reason"].help_text = f"{names}还没有协办答复。可以先催办；写了理由，就解除协办，由您答复。"


class HandOver(VerbForm):
    unit = unit_choice("哪个单位的经办")
    hint = "只换经办人。本单位的时限照走，单位不变。"
    to: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        Person.objects.none(), label="改由谁经办", empty_label="请选择"
    )
    note = passage("交接说明", rows=2, required=False)

    def prepare(self) -> None:
        """Offer the colleagues of the actor's own part; who serves for two units of the case says for which."""
        parts = self.case.assignments.filter(ended_at=None, unit__in=self.actor.units(Role.LIAISON))
        units = [part.unit for part in parts.select_related("unit").order_by("-part", "pk")]
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        if len(units) == 1:
            del self.fields["unit"]
        posts = Post.objects.in_force(timezone.localtime(self.at).date()).filter(unit__in=units, role=Role.LIAISON)
        self.fields["to"].queryset = Person.objects.filter(pk__in=posts.values("person")).order_by("name")


class Supplement(WithFiles):
    hint = "补充的内容各承办单位和企业都会看到。"
    note = passage("补充内容", required=False)
    attached = uploads()


class Urge(VerbForm):
    hint = "催办会通知正在办理的单位，时限不变。"
    note = passage("催办的话", rows=2, required=False)
