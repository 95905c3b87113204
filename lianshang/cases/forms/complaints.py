"""What only complaints and reports ask: of whoever signs, of who opens an identity, of who decides on a recusal."""

from typing import Any

from django import forms

from lianshang.cases.forms.handling import WithFiles
from lianshang.cases.forms.verbs import VerbForm, one_line, one_of, passage, uploads
from lianshang.cases.models import Case, CaseEvent
from lianshang.cases.services import recusals
from lianshang.cases.states import SEALED, Nature
from lianshang.directory.models import Person

OPEN_NATURES = [(one.value, one.label) for one in Nature if one not in SEALED]
NONE, SOME = "none", "some"
CONFLICT = [(NONE, "没有利害关系"), (SOME, "有，或者可能有")]


class SignFor(VerbForm):
    """Signing. Of a complaint or report it asks first whether the one who signs has an interest; nothing is preset."""

    conflict = one_of("您或近亲属与这件事、与被反映的单位和人", CONFLICT)
    interest = passage(
        "是什么关系", rows=2, required=False, help_text="选“有”的写明。写明后先由综合党委负责人决定，决定前不办。"
    )

    def prepare(self) -> None:
        if not self.case.sealed:
            del self.fields["conflict"], self.fields["interest"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("conflict") == SOME and not given.get("interest", "").strip():
            self.add_error("interest", "请写明是什么关系。")
        return given

    def arguments(self) -> dict[str, Any]:
        if not self.case.sealed:
            return {}
        has = self.cleaned_data["conflict"] == SOME
        return {"interest": self.cleaned_data["interest"] if has else ""}

    def done(self, case: Case) -> str:
        waits = case.last_event.verb == "declare_interest"
        return f"{case.number} 已申报回避，等综合党委负责人决定，现在还没有签收。" if waits else ""


class Sign(SignFor):
    hint = "签收后，第一个签收的单位就是首办单位，负责全程跟踪和答复。"


class CoSign(SignFor):
    hint = "签收后按协办期限把结果交给主办单位。"


class AskReporter(WithFiles):
    hint = "来件人会在回执上看到，也在那里回答；匿名的也一样。请不要问会让人认出来件人的事。"
    note = passage("想问什么")
    attached = uploads()


class AskIdentity(VerbForm):
    hint = (
        "先想一想，能不能在回执上问。要另一岗位的人同意才能看，同意后 30 分钟内有效；来件人会在回执上看到是因为什么。"
    )
    reason = passage("为什么必须知道来件人是谁", rows=3)


class OpenIdentity(VerbForm):
    hint = "同意后，申请人可以在 30 分钟内查看。来件人会在回执上看到这件事和理由。"
    asking = "ask_identity"


class RefuseIdentity(VerbForm):
    asking = "ask_identity"
    reason = passage("为什么不同意", rows=2)


class SeeIdentity(VerbForm):
    hint = "按下以后记一笔，来件人会在回执上看到；身份信息显示在本件页面上，到时自动收起。"


class Recusing(VerbForm):
    """A decision on a recusal: what was declared or asked for stands above."""

    def asked(self) -> CaseEvent | None:
        verbs = ("declare_interest", "ask_recusal")
        events = self.case.events.filter(verb__in=verbs).select_related("actor", "actor_unit", "unit")
        return events.order_by("-ordinal").first()


class People(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class GrantRecusal(Recusing):
    hint = "勾选的人从此看不到这件。承办单位没有别的联络员的，请专办员改派。"
    people = People(Person.objects.none(), label="由谁回避")
    note = passage("决定意见", rows=2, required=False)

    def prepare(self) -> None:
        found = recusals.involved(self.case, self.at)
        self.fields["people"].queryset = Person.objects.filter(pk__in=[one.pk for one in found]).order_by("name", "pk")
        self.initial = {"people": sorted(recusals.meant(self.case) & {one.pk for one in found})}


class DenyRecusal(Recusing):
    reason = passage("不同意的理由", rows=2)


class Recall(VerbForm):
    hint = "还没有签收的派单可以收回，再改派别的单位。"
    reason = passage("为什么收回", rows=2)


class Split(VerbForm):
    hint = "把其中不涉密、要帮忙解决的事另立一件公开件，照平常的办法派单。公开件里没有来件人，也不提这件。来件人会在回执上拿到它的查询码。"
    text = passage("公开件的内容", help_text="请用自己的话写，不要写投诉举报谁、怎么知道的。")
    nature = one_of("诉求性质", OPEN_NATURES, Nature.HELP)
    place = one_line("地点", 100, required=False)
