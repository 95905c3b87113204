"""登录规则: what the security administrator decides for the park."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lianshang.directory import appointments
from lianshang.directory.forms.people import RulesForm


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    form = RulesForm(request.POST if request.method == "POST" else None, instance=appointments.rules_of(request.actor))
    if form.is_bound and form.is_valid():
        appointments.keep_rules(form.rules, actor=request.actor, at=timezone.now())
        messages.success(request, "已保存，从每个人下次登录起照此办理。")
        return redirect("directory:security")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "directory/security.html", {"form": form}, status=status)
