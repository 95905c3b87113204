"""Working calendars: the nation's by yearly notices, the park's and each unit's own, and which deadlines moved."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lianshang.cases import calendar_editions
from lianshang.cases.calendar_previews import MOST, Preview
from lianshang.cases.forms.calendars import NAMES, NoticeFiles, OwnCalendar
from lianshang.cases.views.settings_access import setters_only
from lianshang.directory.models import Park, Role, Unit
from lianshang.kernel import editions, idempotency
from lianshang.kernel.calendars import CalendarFaults, WorkCalendar
from lianshang.kernel.models import Calendar, CalendarVersion
from lianshang.kernel.refusals import Hidden, Refused

AROUND = (-1, 0, 1)  # years shown
ANEW = (*idempotency.PAGES_OWN, "confirmed")  # fields that each page has of its own
SHOWN = 200  # moved deadlines


@require_safe
@setters_only
def listing(request: HttpRequest) -> HttpResponse:
    """The three layers: what is published, the park's own, the units' own."""
    newest = calendar_editions.newest(calendar_editions.national())
    value = editions.calendar_of(newest.pk) if newest else None
    own = Calendar.objects.filter(park=request.actor.park).select_related("unit").order_by("unit__name")
    units = Unit.objects.filter(is_active=True).exclude(pk__in=own.values("unit_id").exclude(unit=None))
    context = {
        "national": newest,
        "years": [_year(value, timezone.localdate().year + step) for step in AROUND] if value else [],
        "park": next((_layer(one) for one in own if one.unit_id is None), None),
        "units": [_layer(one) for one in own if one.unit_id],
        "free_units": units.order_by("name"),
        "versions": CalendarVersion.objects.filter(calendar__park=None).order_by("-number")[:20],
        "may_load": request.actor.has(Role.ADMINISTRATOR),
    }
    return render(request, "cases/mechanism/calendars.html", context)


def _year(value: WorkCalendar, year: int) -> dict[str, Any]:
    """Return one year's state and its days that are otherwise than the week says, next days as one stretch."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = [(day, rule) for day, rule in value.days if day.year == year]
    off = [(day, rule.name) for day, rule in days if rule.hours == ()]
    return {
        "year": year,
        "published": value.settled(first, last),
        "off": _stretches(off),
        "worked": [day for day, rule in days if rule.hours != ()],
    }


def _stretches(days: list[tuple[date, str]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for day, name in days:
        if found and found[-1]["name"] == name and found[-1]["last"] == day - timedelta(days=1):
            found[-1]["last"] = day
        else:
            found.append({"name": name, "first": day, "last": day})
    return found


def _layer(calendar: Calendar) -> dict[str, Any]:
    """Return a calendar with its newest edition, its week as people say it and its own days."""
    newest = calendar_editions.newest(calendar)
    value = editions.calendar_of(newest.pk)
    said = [(day, rule) for day, rule in value.days if day.isoformat() in newest.document.get("days", {})]
    return {"calendar": calendar, "newest": newest, "week": _week(value), "days": [_day(*one) for one in said]}


def _week(value: WorkCalendar) -> list[tuple[str, str]]:
    words = [_hours(hours) or "休息" for hours in value.weekly]
    rows: list[tuple[str, str]] = []
    start = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or words[place] != words[start]:
            label = NAMES[start] if place - 1 == start else f"{NAMES[start]}至{NAMES[place - 1]}"
            rows.append((label, words[start]))
            start = place
    return rows


def _hours(hours: Any) -> str:
    return "，".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in hours)


def _day(day: date, rule: Any) -> dict[str, Any]:
    how = "上班" if rule.hours is None else (_hours(rule.hours) or "放假")
    return {"date": day, "name": rule.name, "how": how}


@require_safe
@setters_only
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition, and which deadlines its loading moved."""
    found = CalendarVersion.objects.select_related("calendar", "calendar__unit", "base__calendar")
    row = get_object_or_404(found, pk=pk)
    if row.calendar.park_id not in (None, request.actor.park.pk):
        raise Hidden
    moved = calendar_editions.moved(row)
    week = _week(editions.calendar_of(row.pk))
    context = {"version": row, "week": week, "moved": moved[:SHOWN], "count": len(moved)}
    return render(request, "cases/mechanism/calendar_version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@setters_only
@idempotency.once
def load_national(request: HttpRequest) -> HttpResponse:
    """Take in yearly notices, once what they move was shown; all parks share the nation's, so only administrators may."""
    if not request.actor.has(Role.ADMINISTRATOR):
        raise Hidden
    form = NoticeFiles(request.POST, request.FILES) if request.method == "POST" else NoticeFiles()
    if _sent(request) and form.is_valid():
        notices, source = form.cleaned_data["notices"], form.cleaned_data["source"]
        seal = calendar_editions.seal([notices, source], actor=request.actor)
        who = {"actor": request.actor, "at": timezone.now()}
        try:
            if request.POST.get("confirmed") == seal:
                return _told(request, calendar_editions.load_national(notices, source=source, **who))
            found = calendar_editions.preview_national(notices, **who)
            others = Park.objects.exclude(pk=request.actor.park.pk).count()
            carried = [("carried", form.carried_on), ("source", source)]
            return _preview(request, found, seal, carried, name="全国工作日历", others=others)
        except CalendarFaults as faults:
            for fault in faults.faults:
                form.add_error("notices", f"{fault}。")
        except Refused as reason:
            form.add_error(None, str(reason))
    return _form(request, form, "cases/mechanism/national.html")


@require_http_methods(["GET", "HEAD", "POST"])
@setters_only
@idempotency.once
def own(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Edit the park's calendar, or with a key that unit's: each saving is a new edition, once what it moves was shown."""
    unit = get_object_or_404(Unit, pk=pk) if pk else None
    calendar = Calendar.objects.filter(park=request.actor.park, unit=unit).first()
    newest = calendar_editions.newest(calendar)
    document = newest.document if newest else {"name": f"{unit or request.actor.park}工作日历"}
    form = OwnCalendar(document, request.POST if request.method == "POST" else None, whole_week=unit is None)
    if _sent(request) and form.is_valid():
        source = form.cleaned_data["source"]
        seal = calendar_editions.seal([form.document, source, pk], actor=request.actor)
        who = {"actor": request.actor, "at": timezone.now()}
        try:
            if request.POST.get("confirmed") == seal:
                return _told(request, calendar_editions.publish_own(unit, form.document, source=source, **who))
            found = calendar_editions.preview_own(unit, form.document, **who)
            return _preview(request, found, seal, _typed(request), name=form.document["name"])
        except CalendarFaults as faults:
            for fault in faults.faults:
                form.add_error(None, str(fault))
    return _form(request, form, "cases/mechanism/calendar.html", unit=unit, newest=newest)


def _sent(request: HttpRequest) -> bool:
    """Whether a form came to be saved, not to be typed on after the preview."""
    return request.method == "POST" and "back" not in request.POST


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    fields = {name: values for name, values in request.POST.lists() if name not in ANEW}
    return [(name, value) for name, values in fields.items() for value in values]


def _preview(
    request: HttpRequest, found: Preview, seal: str, carried: list[tuple[str, str]], **more: Any
) -> HttpResponse:
    """What would move, and all that was typed, to be sent again: to put it into force, or to go on typing."""
    context = {
        "preview": found,
        "seal": seal,
        "carried": carried,
        "overtaken": "confirmed" in request.POST,
        "most": MOST,
        "idempotency_key": idempotency.mint(),
        **more,
    }
    return render(request, "cases/mechanism/calendar_preview.html", context)


def _told(request: HttpRequest, made: CalendarVersion) -> HttpResponse:
    count = len(calendar_editions.moved(made))
    words = f"{count} 项期限随之变动，都列在下面。" if count else "在办诉求的期限没有变动。"
    messages.success(request, f"已启用{made}。{words}")
    return redirect("cases:calendar-version", pk=made.pk)


def _form(request: HttpRequest, form: Any, template: str, **more: Any) -> HttpResponse:
    context = {"form": form, "idempotency_key": idempotency.mint(), **more}
    return render(request, template, context, status=422 if _sent(request) else 200)
