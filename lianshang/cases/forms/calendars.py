"""Calendars as forms: yearly notices as files, a week by its hours, and single days."""

import json
import re
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from lianshang.cases.forms.uploads import FilesField
from lianshang.kernel.calendar_documents import WEEKDAYS, CalendarFaults, Fault, read

LARGEST = 200_000  # bytes of one year's file
SPARE = 4  # empty lines for more days
NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
KINDS = (("off", "放假"), ("working", "上班"), ("intervals", "自定时段"))
INTERVAL = re.compile(r"\s*[、,，;；]\s*|\s+")
MISSING = {"required": "请填写这一项。"}


class NoticeFiles(forms.Form):
    """The yearly files of public holidays. Several at once, for a year's notice reaches into the December before it."""

    notices = FilesField(
        label="年度文件",
        help_text="JSON，每年一个，可以一次选几个；要有 year 和 days（name、date、isOffDay）",
        error_messages={"required": "请选文件。"},
    )
    source = forms.CharField(
        label="依据",
        max_length=150,
        help_text="放假通知的名称或文号",
        error_messages={"required": "请写明依据的通知。"},
    )
    carried = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        """Files that a page before has read come as text in `carried`; files that are chosen anew go before it."""
        super().__init__(*args, **more)
        if self.data.get("carried"):
            self.fields["notices"].required = False
            self.fields["notices"].help_text = "刚才选的文件还在；要换，再选一次。"

    def clean_notices(self) -> list[dict[str, Any]]:
        if not self.cleaned_data["notices"]:
            return _carried(self.data.get("carried", ""))
        documents, faults = [], []
        for file in self.cleaned_data["notices"]:
            try:
                documents.append(_document(file))
            except (ValueError, RecursionError):
                faults.append(f"“{file.name}”不是 JSON 文件，或超过 {LARGEST // 1000} KB。请换成年度节假日文件。")
        if faults:
            raise forms.ValidationError(faults)
        if len(_written(documents)) > LARGEST:
            raise forms.ValidationError("这些文件合起来太大。请一次少选几个年份。")
        return documents

    @property
    def carried_on(self) -> str:
        """What was read, for the page after this one."""
        return _written(self.cleaned_data["notices"])


def _written(documents: list[dict[str, Any]]) -> str:
    return json.dumps(documents, ensure_ascii=False, separators=(",", ":"))


def _carried(text: str) -> list[dict[str, Any]]:
    try:
        documents = json.loads(text)
    except (ValueError, RecursionError):
        documents = None
    if not isinstance(documents, list) or not all(isinstance(one, dict) for one in documents):
        raise forms.ValidationError("没有收到文件。请重新选一次。")
    return documents


def _document(file: UploadedFile) -> dict[str, Any]:
    if (file.size or 0) > LARGEST:
        raise ValueError
    document = json.loads(file.read().decode("utf-8-sig"))
    if not isinstance(document, dict):
        raise ValueError  # noqa: TRY004 -- one kind of fault: not such a file
    return document


def _line() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control"})


class DayForm(forms.Form):
    """One date that is otherwise than its week says."""

    date = forms.DateField(
        label="日期", required=False, widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请写成 2026-03-03。"},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="怎样", choices=KINDS, required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    hours = forms.CharField(label="时段", required=False, max_length=60, widget=_line())
    name = forms.CharField(label="名称", required=False, max_length=30, widget=_line())


Days = forms.formset_factory(DayForm, extra=SPARE, max_num=400)


class OwnCalendar(forms.Form):
    """A park's calendar, or a unit's: its week, and its days as a formset beside it. Gives `self.document`."""

    name = forms.CharField(label="日历名称", max_length=60, error_messages=MISSING)
    source = forms.CharField(
        label="依据", max_length=150, help_text="如管委会作息时间通知", error_messages={"required": "请写明依据。"}
    )

    def __init__(self, document: dict[str, Any], data: Any = None, *, whole_week: bool) -> None:
        self.before, self.whole_week = document, whole_week
        self.document: dict[str, Any] = {}
        weekly = document.get("weekly", {})
        initial = {"name": document.get("name", "")} | {day: "  ".join(weekly.get(day, ())) for day in WEEKDAYS}
        super().__init__(data, initial=initial)
        for day, label in zip(WEEKDAYS, NAMES, strict=True):
            self.fields[day] = forms.CharField(label=label, required=False, max_length=60)
        self.days = Days(data, initial=_day_rows(document.get("days", {})), prefix="days")

    def week(self) -> list[forms.BoundField]:
        return [self[day] for day in WEEKDAYS]

    def heads(self) -> list[forms.BoundField]:
        return [self["name"], self["source"]]

    def is_valid(self) -> bool:
        return self.days.is_valid() and super().is_valid()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors or not self.days.is_valid():
            return data
        document = {key: value for key, value in self.before.items() if key not in ("name", "weekly", "days")}
        document |= {"name": data["name"].strip(), "days": self._days()}
        week = {day: _intervals(data[day]) for day in WEEKDAYS}
        if any(week.values()) or self.whole_week:
            document["weekly"] = week
        try:
            read(document, alone=self.whole_week)
        except CalendarFaults as error:
            for fault in error.faults:
                self._add(fault)
        self.document = document
        return data

    def _add(self, fault: Fault) -> None:
        group, _, key = fault.place.partition(".")
        field = key if group == "weekly" and key in self.fields else None
        self.add_error(field, fault.message if field else str(fault))

    def _days(self) -> dict[str, dict[str, Any]]:
        """Return the days that were filled in; a line without a date is none."""
        days = {}
        for row in self.days.cleaned_data:
            if not row.get("date"):
                continue
            kind = row.get("kind") or "off"
            said = {"intervals": _intervals(row["hours"])} if kind == "intervals" else {kind: True}
            days[row["date"].isoformat()] = said | ({"name": row["name"].strip()} if row["name"].strip() else {})
        return dict(sorted(days.items()))


def _intervals(words: str) -> list[str]:
    joined = re.sub(r"\s*[-–—－至]\s*", "-", words.strip()).replace("：", ":")
    return [part for part in INTERVAL.split(joined) if part]


def _day_rows(days: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for key, said in sorted(days.items()):
        kind = next((kind for kind, _ in KINDS if kind in said), "off")
        hours = "  ".join(said.get("intervals", ()))
        rows.append({"date": date.fromisoformat(key), "kind": kind, "hours": hours, "name": said.get("name", "")})
    return rows
