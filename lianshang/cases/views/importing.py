"""Old ledgers come in: handed in, matched, checked, stored; and go out again, a batch at once."""

import csv
import io
import tempfile
from http import HTTPStatus
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianshang.cases import handed_in, importing, ledger_form, presets
from lianshang.cases.forms.importing import MatchForm, UploadForm
from lianshang.cases.ledger_workbook import guarded
from lianshang.cases.models import ImportBatch, ImportJob
from lianshang.cases.services import import_jobs
from lianshang.cases.services.importing import may_import
from lianshang.cases.views.exporting import EXCEL
from lianshang.cases.views.listing import current_profile
from lianshang.kernel import files
from lianshang.kernel.numbers import whole
from lianshang.kernel.refusals import Hidden, Refused

SHOWN = 100  # errors on the page; the CSV has all
LISTED = 50  # batches on the page
ROWS_NAMED = 8  # of the rows that a hint is about
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
        "hints": grouped(found.hints),
    }
    return render(request, "cases/importing/job.html", shown)


@require_POST
def match(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _job(request, key)
    if sheet := request.POST.get("turn_to"):
        import_jobs.turn_to(found, sheet, actor=request.actor, at=timezone.now())
        return redirect("cases:import-job", found.key)
    form = MatchForm(found, handed_in.first_rows(found.sheet, found.seen), request.POST)
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
        lines.writerow([error["row"], *(guarded(error[name]) for name in ("cell", "column", "value", "message"))])
    return files.attached("\ufeff" + sheet.getvalue(), "导入问题.csv", "text/csv; charset=utf-8")


@require_safe
def marked(request: HttpRequest, key: UUID) -> HttpResponse:
    """The user's own file, with the cells to look at coloured and commented."""
    found = _job(request, key)
    content = ImportJob.objects.filter(pk=found.pk).values_list("marked", flat=True).get()
    if not content:
        raise Hidden
    return files.attached(bytes(content), f"{PurePath(found.name).stem}-标出问题.xlsx", EXCEL)


@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """The form to fill in, with this park's units, enterprises and classes to choose from."""
    _admit(request)
    with tempfile.TemporaryDirectory(prefix="lianshang-form-") as folder:
        path = Path(folder) / "form.xlsx"
        ledger_form.write(path, profile=current_profile() or presets.preset(presets.DEFAULT), **importing.names())
        return files.attached(path.read_bytes(), "台账导入模板.xlsx", EXCEL)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    _admit(request)
    batch = ImportBatch.objects.filter(pk=whole(request.POST.get("batch", ""))).first()
    if batch is None:
        raise Hidden
    done = import_jobs.undo(batch, actor=request.actor, at=timezone.now())
    if done.stage == Stage.UNDOING:
        return redirect("cases:import-job", done.key)
    messages.success(request, f"批次 {batch.pk}（{batch.name}）已撤销，同一个文件可以重新导入。")
    return redirect("cases:import")


def grouped(hints: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The hints that say the same of a column, together: how many, and in which rows."""
    told: dict[tuple[str, str], list[int]] = {}
    for hint in hints:
        told.setdefault((hint["column"], hint["message"]), []).append(hint["row"])
    groups = sorted(told.items(), key=lambda one: -len(one[1]))[:SHOWN]
    return [
        {
            "column": column,
            "message": message,
            "count": len(rows),
            "rows": rows[:ROWS_NAMED],
            "more": len(rows) > ROWS_NAMED,
        }
        for (column, message), rows in groups
    ]


def _admit(request: HttpRequest) -> None:
    if not may_import(request.actor):
        raise Hidden


def _job(request: HttpRequest, key: UUID) -> ImportJob:
    """Return a job of the own that is still kept: a file may hold complaints, which are nobody else's business."""
    _admit(request)
    jobs = import_jobs.own(request.actor, timezone.now()).select_related("batch", "park").defer("content", "marked")
    found = jobs.filter(key=key).first()
    if found is None:
        raise Hidden
    return found


def _show_match(
    request: HttpRequest, found: ImportJob, form: MatchForm | None = None, status: int = 200
) -> HttpResponse:
    sheet = form.sheet if form else handed_in.first_rows(found.sheet, found.seen)
    shown = {
        "job": found,
        "form": form or MatchForm(found, sheet),
        "sheets": [name for name in found.seen["sheets"] if name != found.sheet],
        "sheet": sheet,
    }
    return render(request, "cases/importing/match.html", shown, status=status)


def _show_index(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    mine = import_jobs.own(request.actor, timezone.now()).exclude(stage__in=[Stage.DONE, Stage.FAILED, Stage.UNDONE])
    rows = import_jobs.batches().annotate(count=Count("cases", filter=Q(cases__sealed=False)))
    shown = {
        "form": form,
        "jobs": mine.defer("content", "marked", "errors", "hints", "seen").order_by("-pk"),
        "batches": rows[:LISTED],
    }
    return render(request, "cases/importing/index.html", shown, status=status)
