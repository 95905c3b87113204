"""Who is sent. Choosing the lead is the submit: each unit in use has a button of its own."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.html import format_html

from lianshang.cases import books, recusal, roles, shown, suggesting
from lianshang.cases.duties import LEAD_DUTY
from lianshang.cases.forms.verbs import Units, VerbForm, one_line, one_of, passage, unit_choice
from lianshang.cases.models import Assignment, Case
from lianshang.cases.moments import words
from lianshang.directory.models import Post, Role, Unit
from lianshang.kernel import editions, limits
from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.profiles import Profile

SENT = (Unit.Kind.COMMITTEE, Unit.Kind.SUPERIOR)  # never sent: they decide, or stand above
EARLY = ("sign", "contact", "report_in")  # what urgency shortens where it leaves the handling limit as it is


@dataclass(frozen=True)
class Counting:
    """From when and by which calendar the choices are counted."""

    profile: Profile
    calendar: WorkCalendar
    at: datetime

    def due_words(self, duty: str, kind: str, urgency: str) -> str:
        """Return `5 个工作日内 → 11月30日（周一）17:00`, or that there is no limit."""
        limit = self.profile.limit(duty, kind, urgency)
        if limit is None:
            return "不设时限"
        end = limits.resolve(limit, self.at, self.calendar, limits.Surroundings(receipt=self.profile.receipt))
        if end is None:
            return str(limit)
        provisional = "暂按 " if end.provisional else ""
        return f"{limit} → {provisional}{words(end.at, self.at)}"


def kind_choices(counting: Counting) -> list[tuple[str, str]]:
    """Return each class with the handling limit it would have; by urgency where that makes a difference."""
    told: list[tuple[str, str]] = []
    for kind in counting.profile.kinds:
        by_urgency = {u: counting.due_words("handle", kind, u) for u in counting.profile.urgencies}
        if len(set(by_urgency.values())) == 1:
            told.append((kind, format_html("<span><b>{}</b> {}</span>", kind, next(iter(by_urgency.values())))))
        else:
            said = "；".join(f"{u} {due}" for u, due in by_urgency.items())
            told.append((kind, format_html("<span><b>{}</b> {}</span>", kind, said)))
    return told


def urgency_choices(counting: Counting, kind: str) -> list[tuple[str, str]]:
    """Return each urgency with the early duty that it changes: how soon the enterprise is contacted, say."""
    profile = counting.profile
    differs = [duty for duty in EARLY if len({profile.limit(duty, kind, u) for u in profile.urgencies}) > 1]
    if not differs:
        return [(urgency, urgency) for urgency in profile.urgencies]
    label = profile.vocabulary.duty(differs[0])
    return [
        (u, format_html("<span><b>{}</b> {} {}</span>", u, label, counting.due_words(differs[0], kind, u)))
        for u in profile.urgencies
    ]


def sendable(case: Case, on: datetime) -> QuerySet[Unit]:
    """Return units in use that have a liaison to sign for the case, without those inside a complaint's respondents.

    Left out are also those whose every liaison is inside: whom the service would refuse is not offered.
    """
    day = timezone.localtime(on).date()
    posts = Post.objects.in_force(day).filter(unit=OuterRef("pk"), role=Role.LIAISON)
    liaisons = recusal.outside(posts, case, on=day)
    rows = Unit.objects.filter(Exists(liaisons), is_active=True).exclude(kind__in=SENT)
    return rows.exclude(pk__in=case.accused_unit_ids if case.sealed else []).order_by("kind", "code")


class Dispatch(VerbForm):
    """Two clicks: open this, press the unit, or `accept` what is suggested. Nothing is chosen before somebody presses."""

    kind = one_of("限时类别", [])
    urgency = one_of("紧急程度", [])
    co_units = Units(Unit.objects.none(), label="协办单位", required=False)
    category = one_line("诉求类型", 30, required=False, help_text="如 用电、道路运输、用工，用来看哪一类反复出现。")
    note = passage("交办要求", rows=2, required=False)
    lead = unit_choice("主办单位")
    hint = "先定期限和协办，再点主办单位的按钮，就派出去了。"

    def prepare(self) -> None:
        self.profile = profile = books.profile_of(self.case.profile_version_id)
        self.fields["kind"].choices = [(kind, kind) for kind in profile.kinds]
        self.fields["urgency"].choices = [(urgency, urgency) for urgency in profile.urgencies]
        self.fields["lead"].queryset = self.fields["co_units"].queryset = sendable(self.case, self.at)
        self.fields["lead"].error_messages["invalid_choice"] = "这个单位已停用或没有联络员。请改派别的单位。"
        self.initial = {"kind": self.case.kind, "urgency": self.case.urgency, "category": self.case.category}
        self.fields["lead"].required = not self._accepts

    @property
    def _accepts(self) -> bool:
        return "accept" in self.data

    @cached_property
    def suggested(self) -> shown.Shown | None:
        """What stands above the choices. A form that was sent carries it; it is not thought over again."""
        if self.is_bound:
            return shown.carried(self.case, self.data.get("suggested", ""))
        made = suggesting.suggest(self.case, self.units, actor=self.actor, at=self.at)
        return shown.of(self.case, made, tuple(self.profile.kinds), {unit.pk for unit in self.units})

    def clean(self) -> dict[str, Any]:
        """Accepting means the unit suggested, with the co-units and the class that stood beside it."""
        given = super().clean() or {}
        if self._accepts:
            told, by_key = self.suggested, {unit.pk: unit for unit in self.units}
            if told is None or told.unit not in by_key:
                raise forms.ValidationError("这条建议已经不能用了。请直接点单位的按钮。")
            given["lead"] = by_key[told.unit]
            helping = [by_key[key] for key in map(int, told.co_units) if key in by_key and key != told.unit]
            given["co_units"] = list(dict.fromkeys([*given.get("co_units", ()), *helping]))
            if told.kind and given.get("kind") == self.case.kind:
                given["kind"] = told.kind
        return given

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"shown": self.suggested}

    @cached_property
    def units(self) -> list[Unit]:
        return list(sendable(self.case, self.at))

    def explain(self) -> None:
        """Say with each choice which limit it brings, and name the units."""
        profile = books.profile_of(self.case.profile_version_id)
        calendar = editions.edition(editions.in_force(self.case.park_id, self.at)[None]).calendar
        counting = Counting(profile, calendar, self.at)
        self.fields["kind"].choices = kind_choices(counting)
        self.fields["urgency"].choices = urgency_choices(counting, self.case.kind)
        self.fields["co_units"].choices = [(unit.pk, unit.name) for unit in self.units]

    def done(self, case: Case) -> str:
        due = next((clock for clock in case.book.running() if clock.duty == LEAD_DUTY), None)
        until = f"{words(due.due_at, self.at)} 前办理" if due else "不设办理时限"
        return f"{case.number} 已派给{case.lead_unit}，{until}。"


class Involve(VerbForm):
    hint = "协办单位把结果交给主办单位，协办迟了记在协办单位自己名下。"
    unit = unit_choice("协办单位")
    note = passage("协办要求", rows=2, required=False)

    def prepare(self) -> None:
        busy = self.case.assignments.filter(ended_at=None).values("unit")
        self.fields["unit"].queryset = sendable(self.case, self.at).exclude(pk__in=busy)


class Release(VerbForm):
    unit = unit_choice("协办单位")
    reason = passage("为什么不再需要", rows=2)

    def prepare(self) -> None:
        waiting = self.case.assignments.filter(part=Assignment.Part.CO, ended_at=None, answered_at=None)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=waiting.values("unit"))


class ChangeLead(VerbForm):
    hint = "首办单位不变，仍负责全程跟踪和答复。"
    lead = unit_choice("改由谁主办")
    reason = passage("变更原因", rows=2)

    def prepare(self) -> None:
        self.fields["lead"].queryset = sendable(self.case, self.at).exclude(pk=self.case.lead_unit_id)


class GrantReturn(ChangeLead):
    hint = "同意退单的同时改派，企业不用等第二次。"
    asking = "ask_return"
    reason = passage("裁定意见", rows=2, required=False)

    def prepare(self) -> None:
        """Whoever rules above the office does not send: the office is told to."""
        super().prepare()
        if not roles.directs(self.actor, self.case):
            self.hint = "同意后由综合党委办公室改派，系统会告知他们；宜由哪个单位办，请写在意见里。"
            del self.fields["lead"]


class DenyReturn(VerbForm):
    asking = "ask_return"
    reason = passage("不同意的理由", rows=2)

    def prepare(self) -> None:
        rule = books.profile_of(self.case.profile_version_id).returns
        final = "这个单位不得再退，" if rule is None or rule.final else ""
        self.hint = f"裁定后{final}视为已签收。"
