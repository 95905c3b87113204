"""审计记录: read by the audit administrator alone; taking them out is on record too."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianshang.directory import audit, audit_sheet
from lianshang.directory.forms.audit import AuditFilter
from lianshang.kernel import files
from lianshang.kernel.paging import asked, page

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 50_000  # rows of one workbook


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    form = AuditFilter(request.GET)
    found = page(form.narrowed(audit.visible_to(request.actor)), ("-at", "-id"), after=asked(request))
    context = {"page": found, "rows": found.rows, "form": form, "narrowed": any(form.cleaned_data.values())}
    return render(request, "directory/audit.html", context)


@never_cache
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The records as they are filtered, the newest 50,000 of them."""
    form, now = AuditFilter(request.POST), timezone.now()
    rows = list(form.narrowed(audit.visible_to(request.actor)).order_by("-at", "-id")[:MOST])
    audit.note(request.actor, audit.Kind.EXPORT, f"导出审计记录 {len(rows)} 条（{form.in_words}）", at=now)
    content = audit_sheet.workbook(rows, request.actor.park.zoneinfo)
    return files.attached(content, f"审计记录 {timezone.localtime(now):%Y%m%d-%H%M}.xlsx", EXCEL)
