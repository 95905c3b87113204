"""Robots of the park's chats, and when its messages go out: for administrators."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from lianshang.directory.models import Role
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.notices import hours, queries, settings_services
from lianshang.notices.forms import RobotForm, RulesForm

View = Callable[..., HttpResponse]
SWITCHES = {
    "pause": (settings_services.pause, "已暂停。新的待办不再往这个群里发。"),
    "resume": (settings_services.resume, "已恢复，没有发成的随后补发。"),
}


def administrators_only(view: View) -> View:
    """Answer everybody else as if there were no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.actor or not request.actor.has(Role.ADMINISTRATOR):
            raise Hidden
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def listing(request: HttpRequest) -> HttpResponse:
    """The robots with their last results, and the park's rules as a form."""
    form = RulesForm(request.POST if request.method == "POST" else None, instance=hours.rules_of(request.actor.park.pk))
    if form.is_bound and form.is_valid():
        settings_services.keep_rules(request.actor, form.instance)
        messages.success(request, "已保存发送规则。")
        return redirect("notices:robots")
    shown = {"robots": queries.robots_with_waiting(), "form": form}
    return render(request, "notices/robots.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def add(request: HttpRequest) -> HttpResponse:
    form = RobotForm(request.POST if request.method == "POST" else None, on=timezone.localdate())
    if form.is_bound and form.is_valid():
        try:
            robot = settings_services.add_robot(request.actor, form.cleaned_data, at=timezone.now())
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"已添加“{robot}”。请发一条测试消息，看群里收到没有。")
            return redirect("notices:robot", pk=robot.pk)
    return render(request, "notices/robot.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def one(request: HttpRequest, pk: int) -> HttpResponse:
    robot = queries.robot(pk)
    form = RobotForm(request.POST if request.method == "POST" else None, on=timezone.localdate(), robot=robot)
    if form.is_bound and form.is_valid():
        try:
            settings_services.change_robot(request.actor, robot, form.cleaned_data, at=timezone.now())
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, "已保存。")
            return redirect("notices:robot", pk=pk)
    shown = {"form": form, "robot": robot}
    return render(request, "notices/robot.html", shown, status=422 if form.is_bound else 200)


@require_POST
@administrators_only
def test(request: HttpRequest, pk: int) -> HttpResponse:
    problem = settings_services.test(request.actor, queries.robot(pk), at=timezone.now())
    if problem:
        messages.warning(request, f"测试消息没有发出去：{problem}。")
    else:
        messages.success(request, "测试消息已发出，请到群里看一眼。")
    return redirect("notices:robot", pk=pk)


@require_POST
@administrators_only
def switch(request: HttpRequest, pk: int, press: str) -> HttpResponse:
    """One of the two buttons, `pause` or `resume`."""
    service, words = SWITCHES[press]
    service(request.actor, queries.robot(pk), at=timezone.now())
    messages.success(request, words)
    return redirect("notices:robot", pk=pk)
