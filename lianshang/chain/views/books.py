"""The catalogue and the activities as a workbook: out, in with every fault by its place, and the editions so far."""

from http import HTTPStatus

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lianshang.chain import access, services, workbook
from lianshang.chain.analysis.faults import Fault, Faulty
from lianshang.chain.charts import chart, start
from lianshang.chain.forms import BookForm
from lianshang.chain.models import Edition, ProcessRun
from lianshang.chain.views.frame import sections
from lianshang.kernel import tables
from lianshang.kernel.refusals import Refused

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMED = "attachment; filename*=UTF-8''%E4%BA%A7%E4%B8%9A%E9%93%BE.xlsx"
SHOWN = 100  # faults on the page
EDITIONS = 20  # the newest


@require_http_methods(["GET", "HEAD", "POST"])
def books(request: HttpRequest) -> HttpResponse:
    """What there is, the way out and the way in: all of a workbook, or nothing of it."""
    access.keeper(request.actor)
    form = BookForm(request.POST or None, request.FILES or None)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _taken(request, form)
        except Faulty as faulty:
            faults = faulty.faults
        except (Refused, tables.Unreadable) as no:
            form.add_error("file", str(no))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults or form.errors else HTTPStatus.OK
    context = {
        "sections": sections("books"),
        "chart": chart(),
        "form": form,
        "faults": faults[:SHOWN],
        "count": len(faults),
        "editions": Edition.objects.select_related("made_by").order_by("-number")[:EDITIONS],
        "runs": ProcessRun.objects.filter(until=None, enterprise__is_active=True).aggregate(
            rows=Count("pk"), firms=Count("enterprise", distinct=True)
        ),
    }
    return render(request, "chain/books.html", context, status=status)


def _taken(request: HttpRequest, form: BookForm) -> HttpResponse:
    """Raises `Faulty`, `Refused`, `tables.Unreadable`."""
    found, given = chart(), form.cleaned_data
    park = found.park if found else start()
    handed = workbook.read(given["file"].read(), park)
    edition, news = services.take_in(
        handed, park, note=given["note"], source=given["source"], actor=request.actor, at=timezone.now()
    )
    is_new = found is None or edition.pk != found.edition.pk
    told = f"目录成为{edition}" if is_new else f"目录没有变，仍是{edition}"
    messages.success(request, f"{told}；企业产能有 {news} 条变化。")
    return redirect("chain:books")


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The chain on record as the workbook that can be handed in again; before there is one, the shipped catalogue."""
    access.keeper(request.actor)
    found = chart()
    content = workbook.written(found.park if found else start())
    return HttpResponse(content, content_type=EXCEL, headers={"Content-Disposition": NAMED})
