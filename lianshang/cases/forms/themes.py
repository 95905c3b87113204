"""What each step of a theme asks. `act` calls the service of that name."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms

from lianshang.cases import access, theme_access
from lianshang.cases.forms.verbs import close_of_business, date_field, one_line, one_of, passage
from lianshang.cases.models import Case, Theme, ThemeEvent
from lianshang.cases.services import themes
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit

OWNERS = (Unit.Kind.DEPARTMENT, Unit.Kind.OFFICE, Unit.Kind.CENTRE, Unit.Kind.TASK_FORCE)


class Cases(forms.ModelMultipleChoiceField):
    """Cases by their keys, each with number, matter and enterprise. The form fits the rows to the reader."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, case: Case) -> str:
        return f"{case.number}　{case.title}（{case.whose}）"


class ThemeForm(forms.Form):
    """The questions of one step of `theme`, or of a new one."""

    hint: ClassVar[str] = ""

    def __init__(self, *, actor: Actor, at: datetime, theme: Theme | None = None, **given: Any) -> None:
        self.theme, self.actor, self.at = theme, actor, at
        super().__init__(**given, label_suffix="", use_required_attribute=False)
        self.prepare()
        for field in self.fields.values():
            ask = "选择" if isinstance(field, forms.ChoiceField) else "填写"
            field.error_messages["required"] = f"请{ask}{field.label}。"

    def prepare(self) -> None:
        """Fit the questions to the theme."""

    def arguments(self) -> dict[str, Any]:
        """Return what the service takes besides theme, actor and time; a day ends with business at the owner's."""
        answers = dict(self.cleaned_data)
        if "due" in answers:
            answers["due_at"] = self.ends(answers.pop("due"), self.theme.owner_unit if self.theme else answers["owner"])
        return answers

    def ends(self, day: date, owner: Unit) -> datetime:
        return close_of_business(self.actor.park.pk, owner.pk, day, self.at)


class OpenTheme(ThemeForm):
    hint = "同一件事几家都在说的，合起来由一个单位一次解决。各件诉求照旧各办各的、各自答复。"
    title = one_line("专题", 80, help_text="说清是哪件事，不写企业名。")
    task = passage("要办成什么", rows=3, help_text="办到什么程度算解决，以后靠什么不再发生。")
    owner: "forms.ModelChoiceField[Unit]" = forms.ModelChoiceField(
        Unit.objects.none(), label="主治单位", empty_label="请选择"
    )
    due = date_field("期限")
    cases = Cases(Case.objects.none(), label="列入的诉求", to_field_name="key", required=False)

    def __init__(self, *, offered: Any, **given: Any) -> None:
        self.offered = offered
        super().__init__(**given)

    def prepare(self) -> None:
        """Offer the cases that were brought along, all chosen."""
        self.fields["owner"].queryset = Unit.objects.filter(kind__in=OWNERS).order_by("kind", "code")
        self.fields["cases"].queryset = self.offered
        if not self.offered:
            del self.fields["cases"]

    def act(self) -> Theme:
        answers = self.arguments()
        answers["cases"] = list(answers.get("cases", ()))
        return themes.open_theme(actor=self.actor, at=self.at, **answers)


class StepForm(ThemeForm):
    """A step of a theme that is there."""

    verb: ClassVar[str]

    def act(self) -> Theme:
        return getattr(themes, self.verb)(self.theme, actor=self.actor, at=self.at, **self.arguments())


class Report(StepForm):
    verb = "report"
    hint = "写明办到哪一步、下一步是什么。期限不变。"
    note = passage("进展")


class AskClose(StepForm):
    verb = "ask_close"
    hint = "办成了再申请。综合党委办公室审看后结题，或退回再办。"
    note = passage("办成了什么、以后靠什么不再发生")


class SendBack(StepForm):
    verb = "send_back"
    reason = passage("还差什么", rows=3)
    due = date_field("再办到哪一天")


class Postpone(StepForm):
    verb = "postpone"
    hint = "原来的期限留在记录里。"
    due = date_field("新的期限")
    reason = passage("改期限的理由", rows=2)


class Close(StepForm):
    verb = "close"
    outcome = one_of("结果", ThemeEvent.Outcome.choices, ThemeEvent.Outcome.SETTLED)
    note = passage("结论", rows=3, help_text="办成了什么；没有办成的，怎样向企业说明。")


class Reopen(StepForm):
    verb = "reopen"
    hint = "同一件事又出现了，接着办，不另立专题。"
    reason = passage("又出现了什么情况", rows=3)
    due = date_field("办到哪一天")
    case: "forms.ModelChoiceField[Case]" = forms.ModelChoiceField(
        Case.objects.none(), to_field_name="key", widget=forms.HiddenInput, required=False
    )

    def prepare(self) -> None:
        self.fields["case"].queryset = access.open_ledger(self.actor)

    def arguments(self) -> dict[str, Any]:
        """List the case from whose page it was taken up."""
        answers = super().arguments()
        case = answers.pop("case")
        return {**answers, "cases": [case] if case else []}


class Detach(StepForm):
    verb = "detach"
    hint = "移出后这件诉求照常办理。曾经列入会留在记录里。"
    case: "forms.ModelChoiceField[Case]" = forms.ModelChoiceField(
        Case.objects.none(), to_field_name="key", widget=forms.HiddenInput
    )
    reason = passage("移出的理由", rows=2)

    def prepare(self) -> None:
        rows = theme_access.cases_of(self.theme, self.actor) if self.theme else Case.objects.none()
        self.fields["case"].queryset = rows


class Attach(StepForm):
    verb = "attach"
    hint = "列入后各件诉求照旧各办各的、各自答复。"
    numbers = one_line("受理编号", 400, help_text="可以写几个，用逗号或空格隔开。")

    def clean_numbers(self) -> list[Case]:
        """Return the cases; a number that the open ledger does not have is named."""
        asked = list(dict.fromkeys(re.split(r"[\s,，、;；]+", self.cleaned_data["numbers"].strip())))
        found = {case.number: case for case in access.open_ledger(self.actor).filter(number__in=asked)}
        if missing := [number for number in asked if number not in found]:
            raise forms.ValidationError(f"公开台账里没有 {'、'.join(missing)}。请核对受理编号。")
        return [found[number] for number in asked]

    def arguments(self) -> dict[str, Any]:
        return {"cases": self.cleaned_data["numbers"]}


FORMS: Mapping[str, type[StepForm]] = {
    form.verb: form for form in (Report, AskClose, SendBack, Postpone, Close, Reopen, Detach, Attach)
}
