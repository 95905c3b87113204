"""Which of the audit records are shown."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from lianshang.directory.models import AuditRecord

DAY = "日期没有看懂。请写成 2026-11-23 这样。"


class AuditFilter(forms.Form):
    """By kind, by who did it or whom it was about, by days. What is not understood narrows nothing."""

    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *AuditRecord.Kind.choices])
    q = forms.CharField(label="人名、内容或用途", required=False, max_length=40)
    since = forms.DateField(
        label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}), error_messages={"invalid": DAY}
    )
    until = forms.DateField(
        label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}), error_messages={"invalid": DAY}
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="", use_required_attribute=False)

    def narrowed(self, rows: QuerySet[AuditRecord]) -> QuerySet[AuditRecord]:
        self.is_valid()
        asked = self.cleaned_data
        if kind := asked.get("kind"):
            rows = rows.filter(kind=kind)
        if words := asked.get("q"):
            named = Q(person__name__icontains=words) | Q(about__name__icontains=words)
            rows = rows.filter(named | Q(what__icontains=words) | Q(purpose__icontains=words))
        if since := asked.get("since"):
            rows = rows.filter(at__gte=_midnight(since))
        if until := asked.get("until"):
            rows = rows.filter(at__lt=_midnight(until + timedelta(days=1)))
        return rows

    @property
    def in_words(self) -> str:
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        if "kind" in asked:
            asked["kind"] = AuditRecord.Kind(asked["kind"]).label
        return "，".join(f"{self.fields[name].label}：{value}" for name, value in asked.items()) or "全部"


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 -- made aware in the park's zone
