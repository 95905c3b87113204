"""登录规则、保存期限: what the security administrator decides for the park."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianshang.directory import appointments
from lianshang.directory import retention as keeping
from lianshang.directory.forms.people import PeriodForm, RulesForm
from lianshang.kernel.numbers import whole
from lianshang.kernel.refusals import Hidden, Refused


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    form = RulesForm(request.POST if request.method == "POST" else None, instance=appointments.rules_of(request.actor))
    if form.is_bound and form.is_valid():
        appointments.keep_rules(form.rules, actor=request.actor, at=timezone.now())
        messages.success(request, "已保存。时间从每个人下次登录起照此办理，动态口令几分钟内照此办理。")
        return redirect("directory:security")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "directory/security.html", {"form": form}, status=status)


@never_cache
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """How long each kind is kept, and what erasing would take now."""
    automatic = keeping.automatic_kinds()
    rows = [(shown, shown.kind.name in automatic) for shown in keeping.shown_to(request.actor, timezone.now())]
    return render(request, "directory/retention.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def period(request: HttpRequest, name: str) -> HttpResponse:
    now = timezone.now()
    shown = next((one for one in keeping.shown_to(request.actor, now) if one.kind.name == name), None)
    if shown is None:
        raise Hidden
    known = {"days": shown.days, "automatic": name in keeping.automatic_kinds()}
    form = PeriodForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_bound and form.is_valid():
        try:
            keeping.keep_period(name, actor=request.actor, at=now, **form.cleaned_data)
        except Refused as reason:
            form.add_error("days", str(reason))
        else:
            messages.success(request, "已保存。下面是照新期限会清除的条数。")
            return redirect("directory:retention")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "directory/retention_period.html", {"form": form, "shown": shown}, status=status)


@require_POST
def erase(request: HttpRequest, name: str) -> HttpResponse:
    """Erase what the page showed, and nothing where that is another number by now."""
    expected = whole(request.POST.get("count", ""))
    count = keeping.erase(name, -1 if expected is None else expected, actor=request.actor, at=timezone.now())
    messages.success(request, f"已清除 {count} 条，记入审计记录。")
    return redirect("directory:retention")
