"""Lists go out as Excel: one click for what is shown, a typed purpose for what is not masked, a record of each."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianshang.cases.forms.exporting import UnmaskForm
from lianshang.cases.forms.ledger_filter import LedgerFilter
from lianshang.cases.models import ExportJob
from lianshang.cases.models.exports import What
from lianshang.cases.navigation import NOTES, READERS
from lianshang.cases.services import export_jobs
from lianshang.cases.short_sheets import SHEETS
from lianshang.cases.views.listing import current_profile
from lianshang.directory.models import Role
from lianshang.kernel import files
from lianshang.kernel.paging import asked, page
from lianshang.kernel.refusals import Hidden

SHOWN = 20  # of one's own jobs
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Take out what a list shows, masked."""
    what = request.POST.get("what", "")
    _admit(request, what)
    job = export_jobs.ask(what, request.POST.get("query", ""), actor=request.actor, at=timezone.now())
    return redirect("cases:export-job", job.key)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unmasked(request: HttpRequest) -> HttpResponse:
    """Take the list out with telephone numbers and names, for a purpose that is put on record."""
    _admit(request, What.LEDGER)
    if not export_jobs.may_unmask(request.actor):
        raise Hidden
    shown = LedgerFilter(current_profile(), request.GET)
    form = UnmaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        job = export_jobs.ask(
            What.LEDGER, shown.query, actor=request.actor, at=timezone.now(), unmasked=True, **form.cleaned_data
        )
        return redirect("cases:export-job", job.key)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "cases/ledger/unmasked.html", {"form": form, "shown": shown}, status=status)


@never_cache
@require_safe
def job(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far a sheet is; where it is done, the way to it."""
    found = _job(request, key)
    sheet = SHEETS.get(What(found.what))
    context = {
        "job": found,
        "lost": found.is_lost(timezone.now()),
        "said": export_jobs.in_words(found),
        "back": sheet.page if sheet else "cases:list",
        "measure": sheet.measure if sheet else "件",
        "unmaskable": found.what == What.LEDGER and not found.unmasked and export_jobs.may_unmask(request.actor),
    }
    return render(request, "cases/ledger/export.html", context)


@never_cache
@require_safe
def file(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _job(request, key)
    _admit(request, found.what)
    if found.stage != ExportJob.Stage.DONE or (found.unmasked and not export_jobs.may_unmask(request.actor)):
        raise Hidden
    return files.attached(bytes(found.content), found.name, EXCEL)


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The record of what was taken out: one's own, for auditors everybody's; and the files that can still be had."""
    audits = request.actor.has(*export_jobs.MAY_AUDIT)
    if not (audits or request.actor.has(*READERS, *NOTES, Role.COMPLAINTS_OFFICER)):
        raise Hidden
    found = page(export_jobs.records(request.actor), ("-at", "-id"), after=asked(request))
    context = {
        "page": found,
        "rows": found.rows,
        "audits": audits,
        "jobs": export_jobs.own(request.actor, timezone.now())[:SHOWN],
    }
    return render(request, "cases/ledger/exports.html", context)


def _admit(request: HttpRequest, what: str) -> None:
    """Whoever sees the list may take it out."""
    if what not in What.values or not request.actor or not request.actor.person:
        raise Hidden
    sheet = SHEETS.get(What(what))
    readers = sheet.readers if sheet else READERS
    if readers and not request.actor.has(*readers):
        raise Hidden


def _job(request: HttpRequest, key: UUID) -> ExportJob:
    """Return a job of the own that is still kept: what it holds is nobody else's business."""
    found = export_jobs.own(request.actor, timezone.now()).filter(key=key).select_related("park").first()
    if found is None:
        raise Hidden
    return found
