"""Old ledgers come in: handed in, matched, checked, stored; and go out again, a batch at once."""

import csv
import io
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianshang.cases import importing, services
from lianshang.cases.forms.importing import MatchForm, UploadForm
from lianshang.cases.models import ImportBatch, ImportJob
from lianshang.cases.services import import_jobs
from lianshang.kernel import tables
from lianshang.kernel.refusals import Hidden, Refused

SHOWN = 100  # errors on the page; the CSV has all
LISTED = 50  # batches on the page
FORMULA = ("=", "+", "-", "@", "\t")
Stage = ImportJob.Stage


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Hand a file in; the batches so far."""
    _admit(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _show_index(request, UploadForm())
    if not form.is_valid():
        return _show_index(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    file = form.cleaned_data["file"]
    try:
        job = import_jobs.open_job(file.name, file.read(), actor=request.actor, at=timezone.now())
    except Refused as no:
        form.add_error("file", str(no))
        return _show_index(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("cases:import-job", job.key)


@never_cache
@require_safe
def job(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where an import stands, and what is to be done next."""
    found = _job(request, key)
    if found.stage == Stage.MATCHING or (found.stage == Stage.CHECKED and "match" in request.GET):
        return _show_match(request, found)
    shown = {
        "job": found,
        "stage": Stage(found.stage),
        "lost": found.is_lost(timezone.now()),
        "wrong": found.rows - found.sound,
        "errors": found.errors[:SHOWN],
        "more": max(0, len(found.errors) - SHOWN),
    }
    return render(request, "cases/importing/job.html", shown)


@require_POST
def match(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _job(request, key)
    if sheet := request.POST.get("turn_to"):
        import_jobs.turn_to(found, sheet)
        return redirect("cases:import-job", found.key)
    form = MatchForm(found, _sheet(found), request.POST)
    if not form.is_valid():
        return _show_match(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    import_jobs.match(found, form.mapping(), form.cleaned_data["profile"], actor=request.actor, at=timezone.now())
    return redirect("cases:import-job", found.key)


@require_POST
def store(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _job(request, key)
    partial = request.POST.get("rows") == "sound"
    import_jobs.store(found, actor=request.actor, at=timezone.now(), partial=partial)
    return redirect("cases:import-job", found.key)


@require_safe
def errors(request: HttpRequest, key: UUID) -> HttpResponse:
    """Every fault as a CSV that Excel opens; nothing in it is taken for a formula."""
    found = _job(request, key)
    sheet = io.StringIO()
    lines = csv.writer(sheet)
    lines.writerow(["行", "单元格", "列", "值", "说明"])
    for error in found.errors:
        lines.writerow([error["row"], *(_plain(error[name]) for name in ("cell", "column", "value", "message"))])
    answer = HttpResponse("\ufeff" + sheet.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''%E5%AF%BC%E5%85%A5%E9%97%AE%E9%A2%98.csv"
    return answer


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    _admit(request)
    batch = ImportBatch.objects.filter(pk=_number(request.POST.get("batch", ""))).first()
    if batch is None:
        raise Hidden
    services.undo_import(batch, actor=request.actor, at=timezone.now())
    messages.success(request, f"批次 {batch.pk}（{batch.name}）已撤销，同一个文件可以重新导入。")
    return redirect("cases:import")


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 18 else 0  # noqa: PLR2004


def _plain(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value


def _admit(request: HttpRequest) -> None:
    if not services.may_import(request.actor):
        raise Hidden


def _job(request: HttpRequest, key: UUID) -> ImportJob:
    """Return a job of the own: a file may hold complaints, which are nobody else's business."""
    _admit(request)
    found = ImportJob.objects.select_related("batch").filter(key=key, made_by=request.actor.person).first()
    if found is None:
        raise Hidden
    return found


def _sheet(found: ImportJob) -> tables.Sheet:
    return importing.opened(bytes(found.content), found.name, sheet=found.sheet).sheet


def _show_match(
    request: HttpRequest, found: ImportJob, form: MatchForm | None = None, status: int = 200
) -> HttpResponse:
    sheet = form.sheet if form else _sheet(found)
    names = tables.sheet_names(bytes(found.content))
    shown = {
        "job": found,
        "form": form or MatchForm(found, sheet),
        "sheets": [name for name in names if name != sheet.name],
        "sheet": sheet,
    }
    return render(request, "cases/importing/match.html", shown, status=status)


def _show_index(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    mine = ImportJob.objects.filter(made_by=request.actor.person).exclude(stage__in=[Stage.DONE, Stage.FAILED])
    rows = import_jobs.batches().annotate(count=Count("cases", filter=Q(cases__sealed=False)))
    shown = {"form": form, "jobs": mine.defer("content", "errors").order_by("-pk"), "batches": rows[:LISTED]}
    return render(request, "cases/importing/index.html", shown, status=status)
