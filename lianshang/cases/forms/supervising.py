"""督办: the order filled in from what the case gives cause for, the answer in writing, the lifting."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from lianshang.cases import supervision
from lianshang.cases.forms.handling import WithFiles
from lianshang.cases.forms.verbs import VerbForm, closing, date_field, one_line, one_of, passage, unit_choice, uploads
from lianshang.cases.models import CaseEvent
from lianshang.cases.moments import words
from lianshang.cases.services.supervising import ADOPTED
from lianshang.cases.states import SuperviseGrade
from lianshang.directory.models import Unit
from lianshang.kernel import editions
from lianshang.kernel.deadlines import due

REPLY_IN = 3  # working days that the form begins with; whoever supervises sets the date
ASKING: Mapping[str, str] = {
    supervision.REFUSED_RECEIPT: "请今天签收并联系企业，说明没有按时签收的原因。",
    supervision.OVERDUE: "请尽快办结并答复企业，说明超期的原因和办成的日期。",
    supervision.UNSETTLED: "请负责人过问，当面听企业说清哪里没有办到，再作答复。",
}


class Supervise(VerbForm):
    grade = one_of("督办等级", SuperviseGrade.choices, SuperviseGrade.DAILY)
    unit = unit_choice("督办哪个单位")
    ground = one_of("督办情形", [(one, one) for one in supervision.GROUNDS], supervision.OTHER)
    note = passage("督办要求和时限", rows=3)
    reply = date_field("书面回复的期限", "被督办单位到这一天要书面回复采纳与否、怎么改。不填，只要求回复，不计时。")
    again = one_line("再次督办的理由", 200, required=False)

    def prepare(self) -> None:
        units = self.case.assignments.filter(ended_at=None).values("unit")
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=units).order_by("code")
        self.fields["unit"].required = self.fields["reply"].required = False
        self.fields["unit"].empty_label = "主办单位"
        self.last = self.case.events.filter(verb="supervise").select_related("unit").order_by("-ordinal").first()
        if self.last is None:
            del self.fields["again"]

    def explain(self) -> None:
        """Fill in what the case itself gives cause for, and say what was ordered before."""
        found = supervision.proposal_for(self.case, self.at)
        self.initial["reply"] = self._reply_by()
        if found:
            lead = found.unit.pk == self.case.lead_unit_id
            given = {"ground": found.ground, "unit": None if lead else found.unit.pk, "note": ASKING[found.ground]}
            self.initial.update(given)
            self.hint = f"{found.unit}{found.why}。"
        if self.last:
            self.initial["grade"] = supervision.grades_after(self.last)[-1]
            self.hint += f"{self.last.unit}已{self.last.get_grade_display()}过（{words(self.last.at, self.at)}），再次督办逐级提高，并写明理由。"

    def _reply_by(self) -> date:
        known = editions.in_force(self.case.park_id, self.at)
        calendar = editions.edition(known.get(self.case.lead_unit_id, known[None])).calendar
        return timezone.localtime(due(self.at, REPLY_IN, "working-days", calendar).at).date()

    def arguments(self) -> dict[str, Any]:
        answers = dict(self.cleaned_data)
        day = answers.pop("reply")
        return {**answers, "reply_by": closing(self.case, day, self.at) if day else None}


class RespondSupervision(WithFiles):
    asking = "supervise"
    hint = "写明采纳与否、怎么改、何时改好。回复后不再显示督办中，时限照旧。"
    adopted = one_of("督办意见", [(one, one) for one in ADOPTED], ADOPTED[0])
    note = passage("怎么改")
    attached = uploads()

    def asked(self) -> CaseEvent | None:
        """Return the order that the actor's own unit is to answer."""
        under = supervision.standing(self.case, supervision.told(self.case))
        owed = supervision.owed_by(self.case, under, self.actor)
        return under[owed[0]] if owed else None


class LiftSupervision(VerbForm):
    hint = "督办的事由已不存在才解除，不再要求书面回复。"
    unit = unit_choice("解除对谁的督办")
    reason = passage("解除的理由", rows=2)

    def prepare(self) -> None:
        under = supervision.standing(self.case, supervision.told(self.case))
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=under).order_by("code")
        if len(under) <= 1:
            del self.fields["unit"]
