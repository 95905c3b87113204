"""The dispatch catalogue: what is in force, the draft and its entries, sheets in and out, earlier editions."""

from http import HTTPStatus
from pathlib import PurePath

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lianshang.cases import books, catalogue, catalogue_sheet
from lianshang.cases.forms.catalogue import EntryForm, PublishForm, SheetForm, leads
from lianshang.cases.models import CatalogueVersion
from lianshang.cases.services import catalogue as services
from lianshang.cases.services.intake import current_profile_version
from lianshang.cases.views.settings_access import setters_only
from lianshang.kernel import idempotency, tables
from lianshang.kernel.refusals import Refused

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMED = "attachment; filename*=UTF-8''%E6%B4%BE%E5%8D%95%E7%9B%AE%E5%BD%95.xlsx"
SHOWN = 100  # faults on the page


@require_safe
@setters_only
def index(request: HttpRequest) -> HttpResponse:
    """What suggestions go by today, and all editions."""
    now = catalogue.in_force(timezone.localdate())
    context = {
        "version": now,
        "entries": catalogue.entries(now),
        "versions": CatalogueVersion.objects.select_related("adopted_by").order_by("-number"),
        "idempotency_key": idempotency.mint(),
    }
    return render(request, "cases/catalogue/index.html", context)


@require_safe
@setters_only
def version(request: HttpRequest, number: int) -> HttpResponse:
    """An edition as it was published."""
    row: CatalogueVersion = get_object_or_404(CatalogueVersion.objects.exclude(in_force_from=None), number=number)
    return render(request, "cases/catalogue/version.html", {"version": row, "entries": catalogue.entries(row)})


@require_http_methods(["GET", "HEAD", "POST"])
@setters_only
@idempotency.once
def draft(request: HttpRequest) -> HttpResponse:
    """The draft, its entries and the way into force; POST begins one, publishes it or throws it away."""
    do = request.POST.get("do", "")
    if do == "open":
        services.open_draft(actor=request.actor, at=timezone.now())
        return redirect("cases:catalogue-draft")
    if do == "discard":
        services.discard(actor=request.actor)
        messages.success(request, "草稿已丢弃，施行中的目录没有变。")
        return redirect("cases:catalogue")
    form = PublishForm(request.POST if do == "publish" else None, initial={"since": timezone.localdate()})
    if form.is_bound and form.is_valid():
        try:
            made = services.publish(since=form.cleaned_data["since"], actor=request.actor, at=timezone.now())
        except Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, f"{made}已公布，{made.in_force_from:%-m月%-d日} 起施行。")
            return redirect("cases:catalogue")
    return _show_draft(request, form)


def _show_draft(request: HttpRequest, form: PublishForm) -> HttpResponse:
    row = CatalogueVersion.objects.filter(in_force_from=None).first()
    if row is None:
        return redirect("cases:catalogue")
    context = {
        "version": row,
        "entries": catalogue.entries(row),
        "form": form,
        "edits": True,
        "idempotency_key": idempotency.mint(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "cases/catalogue/draft.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@setters_only
@idempotency.once
def entry(request: HttpRequest, position: int | None = None) -> HttpResponse:
    """One entry of the draft, to be changed, taken out or, without a position, added."""
    actor, now = request.actor, timezone.now()
    told = _told(position)
    was = request.POST.get("was", told.matter if told else "")
    if position and not was:
        raise Http404
    if position and request.POST.get("do") == "drop":
        return _dropped(request, was)
    first = EntryForm.first(told) if told else {}
    form = EntryForm(_kinds(), request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        try:
            saved = services.save_entry(form.told(), actor=actor, at=now, was=was)
        except Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, f"第 {saved.position} 条“{saved.matter}”已存进草稿。")
            return redirect("cases:catalogue-draft")
    context = {"form": form, "position": position, "was": was, "idempotency_key": idempotency.mint()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "cases/catalogue/entry.html", context, status=status)


def _dropped(request: HttpRequest, was: str) -> HttpResponse:
    try:
        services.drop_entry(was, actor=request.actor, at=timezone.now())
    except Refused as no:
        messages.warning(request, str(no))
    else:
        messages.success(request, f"“{was}”已从草稿里删去。")
    return redirect("cases:catalogue-draft")


def _told(position: int | None) -> services.Matter | None:
    """Return what the entry that stands there says now; what a form carries is its matter, for others move up."""
    if position is None:
        return None
    row = CatalogueVersion.objects.filter(in_force_from=None).first()
    return next((services.matter_of(one) for one in catalogue.entries(row) if one.position == position), None)


@require_http_methods(["GET", "HEAD", "POST"])
@setters_only
def upload(request: HttpRequest) -> HttpResponse:
    """Take a sheet: all of it into the draft, or none of it and every fault by its cell."""
    form = SheetForm(request.POST or None, request.FILES or None)
    faults: list[catalogue_sheet.Fault] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            name = PurePath(file.name or "").name.split(".")[0]
            matters, faults = catalogue_sheet.read(file.read(), name, list(leads()), _kinds())
        except tables.Unreadable as no:
            form.add_error("file", str(no))
        else:
            if not faults:
                services.fill_draft(matters, actor=request.actor, at=timezone.now())
                messages.success(request, f"{len(matters)} 条已放进草稿。看过没有问题，再公布。")
                return redirect("cases:catalogue-draft")
    context = {"form": form, "faults": faults[:SHOWN], "count": len(faults)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults or form.errors else HTTPStatus.OK
    return render(request, "cases/catalogue/upload.html", context, status=status)


@require_safe
@setters_only
def download(request: HttpRequest) -> HttpResponse:
    """The draft, or what is in force, as the sheet that can be handed in again; without entries it is the template."""
    row = CatalogueVersion.objects.filter(in_force_from=None).first() or catalogue.in_force(timezone.localdate())
    content = catalogue_sheet.written(catalogue.entries(row), list(leads()), _kinds())
    return HttpResponse(content, content_type=EXCEL, headers={"Content-Disposition": NAMED})


def _kinds() -> tuple[str, ...]:
    """The classes of the mechanism in use."""
    return tuple(books.profile_of(current_profile_version().pk).kinds)
