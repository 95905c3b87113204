"""What a list of cases may be narrowed to. A value that makes no sense narrows nothing and is said so beside its field."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.utils import timezone

from lianshang.cases import supervision
from lianshang.cases.models import CaseQuerySet
from lianshang.cases.states import ENDED, OPEN, VOID, WITH_UNIT, State
from lianshang.directory.models import Unit
from lianshang.kernel.profiles import Profile
from lianshang.kernel.search import matching

GROUPS = {
    "open": ("在办", OPEN),
    "sent": ("待派单", (State.REGISTERED, State.SCREENED, State.REOPENED)),
    "units": ("单位办理", tuple(state for state in WITH_UNIT if state != State.REOPENED)),
    "checked": ("待审核回访", (State.ANSWERED, State.CALLBACK)),
    "closed": ("已办结", (State.CLOSED,)),
    "ended": ("全部已结束", ENDED),
    "mistaken": ("误录、撤销", (State.CLOSED,)),
}
Order = tuple[str | OrderBy, ...]
ORDERS: Mapping[str, tuple[str, Order]] = {
    "": ("新受理的在前", ("-registered_at", "-id")),
    "oldest": ("先受理的在前", ("registered_at", "id")),
    "due": ("先到期的在前，只列在办", (F("next_due_at").asc(nulls_last=True), "id")),
}


class UnitField(forms.ModelChoiceField):
    """A unit, looked up where the units are known already: many filters in words must not ask for each."""

    known: Mapping[str, Unit] | None = None

    def to_python(self, value: Any) -> Unit | None:
        if self.known is None or value in self.empty_values:
            return super().to_python(value)
        if str(value) not in self.known:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return self.known[str(value)]


class LedgerFilter(forms.Form):
    """`narrowed` gives the rows; the state group stands above the list as words."""

    q = forms.CharField(label="搜索", max_length=200, required=False)
    state = forms.ChoiceField(choices=[(name, words) for name, (words, _) in GROUPS.items()], required=False)
    unit = UnitField(Unit.objects.none(), label="主办单位", required=False, empty_label="全部")
    kind = forms.ChoiceField(label="限时类别", required=False)
    urgency = forms.ChoiceField(label="紧急程度", required=False)
    category = forms.CharField(label="诉求类型", max_length=30, required=False)
    enterprise = forms.CharField(label="企业", max_length=80, required=False)
    since = forms.DateField(label="受理自", required=False)
    until = forms.DateField(label="受理至", required=False)
    overdue = forms.BooleanField(label="只看超期", required=False)
    supervised = forms.BooleanField(label="只看督办中", required=False)
    order = forms.ChoiceField(
        label="顺序", required=False, choices=[(name, words) for name, (words, _) in ORDERS.items()]
    )

    def __init__(self, profile: Profile | None, data: Any, units: Mapping[str, Unit] | None = None) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)
        self.fields["unit"].queryset = Unit.objects.order_by("kind", "code")
        self.fields["unit"].known = units
        for name, words in (("kind", "kinds"), ("urgency", "urgencies")):
            values = getattr(profile, words) if profile else ()
            self.fields[name].choices = [("", "全部"), *((value, value) for value in values)]
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[name].error_messages["invalid"] = "日期请写成 2026-11-30 这样。"
        self.is_valid()

    @property
    def group(self) -> str:
        return self.cleaned_data.get("state", "")

    @property
    def terms(self) -> Order:
        """What the rows are ordered by, as `order_by` and the pager take it."""
        return ORDERS[self.cleaned_data.get("order", "")][1]

    @property
    def query(self) -> str:
        """The filter as an address carries it: what is empty or makes no sense is not in it, and the order is ours."""
        kept = {name: self.data[name] for name in self.fields if self.cleaned_data.get(name)}
        return urlencode(kept)

    @property
    def said(self) -> list[str]:
        """The filter in words, for a heading or a record."""
        answers, told = self.cleaned_data, []
        if self.group:
            told.append(GROUPS[self.group][0])
        told += [
            self.fields[name].label
            if name in ("overdue", "supervised")
            else f"{self.fields[name].label}：{answers[name]}"
            for name in self.fields
            if name not in ("state", "order") and answers.get(name)
        ]
        if answers.get("order"):
            told.append(ORDERS[answers["order"]][0])
        return told

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in ("q", "state")]

    @property
    def looks(self) -> str:
        """What the fields show: with the same choices, answers and faults they look the same, and are drawn once."""
        choices = [(field.name, [(str(value), words) for value, words in getattr(field.field, "choices", ())])
                   for field in self.shown_fields]  # fmt: skip
        return repr((choices, [field.value() for field in self.shown_fields], self.errors.as_json()))

    @property
    def is_open(self) -> bool:
        """Whether one of the fields below the words is in use."""
        return bool(self.errors) or any(
            self.cleaned_data.get(name) for name in self.fields if name not in ("q", "state")
        )

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())

    def narrowed(self, rows: CaseQuerySet, now: datetime) -> CaseQuerySet:
        answers = self.cleaned_data
        plain = {name: answers.get(name) for name in ("kind", "urgency", "category")}
        rows = rows.filter(**{name: value for name, value in plain.items() if value})
        if answers.get("unit"):
            rows = rows.filter(lead_unit=answers["unit"])
        if answers.get("enterprise"):
            name = answers["enterprise"]
            rows = rows.filter(Q(enterprise__name__contains=name) | Q(enterprise=None, enterprise_name__contains=name))
        if self.group:
            rows = _in_states(rows, GROUPS[self.group][1])
        rows = _without_mistakes(rows) if self.group != "mistaken" else rows.filter(close_type__in=VOID)
        if answers.get("order") == "due":
            rows = _in_states(rows, OPEN)
        if answers.get("overdue"):
            rows = _in_states(rows, OPEN).filter(next_due_at__lt=now)
        if answers.get("supervised"):
            rows = supervision.supervised(rows)
        return matching(self._in_period(rows, now), answers.get("q", ""))

    def _in_period(self, rows: CaseQuerySet, now: datetime) -> CaseQuerySet:
        zone = timezone.get_current_timezone()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since:
            rows = rows.filter(registered_at__gte=datetime.combine(since, time(), tzinfo=zone))
        if until:
            rows = rows.filter(registered_at__lt=datetime.combine(until, time(), tzinfo=zone) + timedelta(days=1))
        return rows


# What a table shows of a case, and what its light and its page's address need to know.
SHOWN = (
    "key", "number", "title", "state", "close_type", "kind", "urgency", "registered_at", "closed_at", "next_due_at",
    "enterprise_name", "profile_version_id", "park_id", "merged_into_id", "enterprise__name", "lead_unit__name",
)  # fmt: skip


def _in_states(rows: CaseQuerySet, states: Sequence[str]) -> CaseQuerySet:
    """Return the rows in these states. The few open ones have an index of their own: those without an end."""
    return rows.filter(state__in=states, **({"closed_at": None} if set(states) <= set(OPEN) else {}))


def _without_mistakes(rows: CaseQuerySet) -> CaseQuerySet:
    """Return the rows that count: what was entered by mistake, or came with an import that was undone, stands apart."""
    return rows.exclude(close_type__in=VOID)


def listed(rows: CaseQuerySet) -> CaseQuerySet:
    """Return the rows as a list needs them: with names, without all that it does not show."""
    return rows.select_related("enterprise", "lead_unit").only(*SHOWN)
