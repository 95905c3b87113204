"""Figures by subject, one figure with its rows, its rows as a sheet, and where figures count the same rows."""

import re
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from lianshang.directory import audit
from lianshang.indicators import asked, evidence, overlap, periods, registry, sheets
from lianshang.indicators.asked import Asked
from lianshang.indicators.evidence import Sheet
from lianshang.indicators.freezing import PUBLISHERS
from lianshang.indicators.navigation import READERS
from lianshang.indicators.readings import Reading
from lianshang.indicators.registry import REGISTRY, Indicator
from lianshang.kernel import files, paging
from lianshang.kernel.refusals import Hidden

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORDY = ("诉求", "企业", "主办单位", "责任单位")  # columns whose cells may take two lines
SHORT = 6  # characters of a cell that stay on one line
PRINTED = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?|—")  # a value as a page prints it
MOST = 50_000  # rows of one workbook


def _one(request: HttpRequest, key: str) -> Indicator:
    """Return the figure for a reader, or raise Hidden or Http404."""
    if not request.actor or not request.actor.has(*READERS):
        raise Hidden
    if key not in REGISTRY:
        raise Http404
    return REGISTRY[key]


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The figures of one subject over one period, each open to its rows."""
    if not request.actor or not request.actor.has(*READERS):
        raise Hidden
    found = asked.of(request, None, timezone.now())
    subjects = list(dict.fromkeys(one.subject for one in REGISTRY.values()))
    subject = request.GET.get("subject", "")
    subject = subject if subject in subjects else subjects[0]
    kind = found.period.kind
    context = {
        "figures": _read([one for one in REGISTRY.values() if one.subject == subject and kind in one.period_kinds], found),
        "subject": subject, "period": found.period, "fault": found.fault, "scope": found.scope, "kind": kind,
        "subjects": [_tab(one, subject, subject=one, **_asked(found)) for one in subjects],
        "kinds": [_tab(one, kind, subject=subject, kind=one) for one in periods.KINDS],
        "whole": _sees_all(request), "may_publish": request.actor.has(*PUBLISHERS),
    }  # fmt: skip
    return render(request, "indicators/figures.html", context, status=400 if found.fault else 200)


def _asked(found: Asked) -> dict[str, str]:
    return {"kind": found.period.kind, "period": found.period.text}


def _tab(label: str, chosen: str, **query: str) -> dict[str, Any]:
    return {"label": label, "count": None, "url": f"?{urlencode(query)}", "current": label == chosen}


def _sees_all(request: HttpRequest) -> bool:
    """Whether the reader sees the whole open ledger, so that the page need not say that it is only a part."""
    return request.actor.has(*(role for role in READERS if role != "liaison"))


def _read(found: list[Indicator], over: Asked) -> list[dict[str, Any]]:
    readings = [one.measure(over.scope, over.period) for one in found]
    registry.gather(readings)
    at = None if over.scope.live else over.scope.at
    return [
        {
            "label": one.label, "value": reading.value, "unit": one.unit if reading.value is not None else "",
            "definition": one.definition, "as_of": over.scope.at, "rows": reading.rows_count,
            "note": _beside(reading), "url": registry.address(one.key, over.period, at=at),
        }
        for one, reading in zip(found, readings, strict=True)
    ]  # fmt: skip


def _beside(reading: Reading) -> str:
    """Say the two numbers of a share, and what stands beside the figure."""
    share = [f"{reading.rows_count} / {reading.of_count}"] if reading.of is not None else []
    return "；".join([*share, *(f"{one.label} {count}" for one, count in reading.beside_counts if count)])


@require_safe
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """The value, what it means, and the rows it is computed from; each row opens its record."""
    one = _one(request, key)
    found = asked.of(request, one, timezone.now())
    reading, chosen = asked.narrowed(one.measure(found.scope, found.period), request.GET)
    part = request.GET.get("part", "")
    rows = reading.opened(part)
    sheet_ = evidence.sheet_of(rows)
    page = paging.page(sheet_.prepare(rows), sheet_.order, after=paging.asked(request))
    context = {
        "one": one, "period": found.period, "fault": found.fault, "scope": found.scope, "reading": reading,
        "value": registry.shown(one, reading.value), "sheet": sheet_, "page": page, "part": part,
        "lines": _lines(sheet_, page.rows, found), "shown": len(page.rows), "parts": _parts(request, reading, part),
        "selects": _selects(sheet_, found, chosen), "chosen": chosen, "kinds": _kinds(request, one, found),
        "publication": found.publication, "whole": _sees_all(request), "kept": _kept(request),
        "overlaps": bool(one.sets), "was": _moved(request, registry.shown(one, reading.value)),
        "headings": [(heading, heading not in WORDY) for heading in sheet_.headings],
    }  # fmt: skip
    return render(request, "indicators/figure.html", context, status=400 if found.fault else 200)


def _moved(request: HttpRequest, value: str) -> str:
    """Return what the number said where it was pressed, if it says another now: a board may be a minute old."""
    was = request.GET.get("was", "")
    return was if PRINTED.fullmatch(was) and was != value else ""


def _lines(sheet_: Sheet, rows: list[Any], found: Asked) -> list[dict[str, Any]]:
    return [
        {"url": line.url, "cells": [_cell(*pair) for pair in zip(sheet_.headings, line.cells, strict=True)]}
        for line in sheet_.lines(rows, found.scope)
    ]


def _cell(heading: str, value: evidence.Cell) -> dict[str, Any]:
    moment = isinstance(value, datetime)
    short = not moment and (heading not in WORDY or len(str(value)) <= SHORT)
    return {"heading": heading, "value": value, "moment": moment, "short": short}


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form on the page sends along: period, cut-off and part, as they were asked for."""
    return [(name, request.GET[name]) for name in ("kind", "period", "at", "of", "part") if request.GET.get(name)]


def _link(request: HttpRequest, **changed: str | None) -> str:
    given = {name: request.GET[name] for name in request.GET if name not in ("after", "before")}
    return f"?{urlencode({name: value for name, value in (given | changed).items() if value})}"


def _parts(request: HttpRequest, reading: Reading, part: str) -> list[dict[str, Any]]:
    """The sets of rows that can be looked at: the evidence, the denominator, what stands beside, the identity's terms."""
    found = [("", "分子" if reading.of is not None else "计入的", reading.rows_count)]
    if reading.of is not None:
        found.append(("of", "分母", reading.of_count))
    left, right = reading.balance
    found += [(one.key, one.label, count) for one, count in (*reading.beside_counts, *left, *right)]
    names = {name for name, *_ in found}
    return [
        {
            "name": name, "label": label, "count": count, "url": _link(request, part=name),
            "current": name == (part if part in names else ""),
        }
        for name, label, count in found
    ]  # fmt: skip


def _selects(sheet_: Sheet, found: Asked, chosen: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name, "label": one.label,
            "options": [(value, label, value == chosen.get(one.name)) for value, label in one.choices(found.scope)],
        }
        for one in sheet_.narrowings
    ]  # fmt: skip


def _kinds(request: HttpRequest, one: Indicator, found: Asked) -> list[dict[str, Any]]:
    if found.publication:
        return []
    return [
        {
            "label": kind, "count": None, "url": _link(request, kind=kind, period=None, part=None),
            "current": kind == found.period.kind,
        }
        for kind in one.period_kinds
    ]  # fmt: skip


@require_POST
def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """The rows as a workbook, as they are narrowed; put on record."""
    one, now = _one(request, key), timezone.now()
    found = asked.of(request, one, now)
    reading, _ = asked.narrowed(one.measure(found.scope, found.period), request.GET)
    rows = reading.opened(request.GET.get("part", ""))
    form = evidence.sheet_of(rows)
    kept = list(form.prepare(rows).order_by(*form.order)[:MOST])
    words = f"{one.definition}{found.period.label}，截至 {timezone.localtime(found.scope.at):%Y-%m-%d %H:%M}。"
    title = f"{one.label} {registry.shown(one, reading.value)}{one.unit if reading.value is not None else ''}"
    audit.note(request.actor, audit.Kind.EXPORT, f"导出指标“{one.label}”的明细 {len(kept)} 行", at=now)
    content = sheets.workbook(title, words, form, form.lines(kept, found.scope), found.scope.park.zoneinfo)
    return files.attached(content, f"{one.label}明细 {timezone.localtime(now):%Y%m%d-%H%M}.xlsx", EXCEL)


@require_safe
def overlaps(request: HttpRequest) -> HttpResponse:
    """Sets of the same problems, claimed by several: how many each, how many together, the total that counts each once."""
    if not request.actor or not request.actor.has(*READERS):
        raise Hidden
    found = asked.of(request, None, timezone.now())
    family = overlap.families()[0]
    one = overlap.whole(family)
    total = one.measure(found.scope, found.period)
    claims = [one for one in overlap.claims(overlap.parts(family), found.scope, found.period) if one.count]
    context = {
        "one": one, "total": total.rows_count, "sum": sum(claim.count for claim in claims), "period": found.period,
        "fault": found.fault, "scope": found.scope, "whole": _sees_all(request), "mark": overlap.MARK,
        "url": registry.address(one.key, found.period),
        "claims": [_told(claim, claims, found) for claim in claims],
        "kinds": [_tab(kind, found.period.kind, kind=kind) for kind in one.period_kinds],
    }  # fmt: skip
    return render(request, "indicators/overlap.html", context, status=400 if found.fault else 200)


def _told(claim: overlap.Claim, claims: list[overlap.Claim], found: Asked) -> dict[str, Any]:
    return {
        "claim": claim,
        "label": _short(claim),
        "url": registry.address(claim.one.key, found.period),
        "shared": [(_short(other), claim.shared.get(other.one.key)) for other in claims],
    }


def _short(claim: overlap.Claim) -> str:
    """Who claims it, without what: 企业吹哨."""
    return claim.one.label.removesuffix(claim.one.sets)
