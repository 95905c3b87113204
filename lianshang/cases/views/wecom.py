"""Where 企业微信 sends what members write to the park's application, and where the administrator sets it."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from django_scopes import scope

from lianshang.cases.forms.wecom import WecomForm
from lianshang.cases.models import WecomApp
from lianshang.cases.services import wecom as services
from lianshang.cases.wecom.applications import Channel
from lianshang.cases.wecom.scheme import Unreadable
from lianshang.directory.models import Park, Role
from lianshang.kernel.refusals import Hidden, Refused


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the check of the address, or take a message in. Whatever is wrong is answered alike, without a word."""
    park = Park.objects.filter(code=code).first()
    if park is None:
        return _refused()
    with scope(park=park):
        app = WecomApp.objects.filter(is_on=True).select_related("park").first()
        try:
            return _answered(request, app) if app else _refused()
        except Unreadable:
            return _refused()


def _refused() -> HttpResponse:
    return HttpResponse(status=HTTPStatus.FORBIDDEN, content_type="text/plain; charset=utf-8")


def _answered(request: HttpRequest, app: WecomApp) -> HttpResponse:
    """Raises `Unreadable`."""
    at, channel = timezone.now(), Channel(app)
    stamp = {name: request.GET.get(name, "") for name in ("timestamp", "nonce")}
    seal = request.GET.get("msg_signature", "")
    if request.method == "GET":
        echo = channel.opened(request.GET.get("echostr", ""), signature=seal, at=at, **stamp)
        services.verified(app, at=at)
        return HttpResponse(echo, content_type="text/plain; charset=utf-8")
    message = channel.message(request.body, signature=seal, at=at, **stamp)
    if not message.key:
        return HttpResponse(content_type="text/plain; charset=utf-8")
    words = services.answer_to(services.receive(message, app, at=at))
    return HttpResponse(channel.answer(words, to=message.sender, at=at), content_type="application/xml; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
def setting(request: HttpRequest) -> HttpResponse:
    """The administrator's page: what to copy from there, and the address to copy thither."""
    if not request.actor or not request.actor.has(Role.ADMINISTRATOR):
        raise Hidden
    app, refusal = WecomApp.objects.first(), ""
    form = WecomForm(app, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_wecom(**form.cleaned_data, actor=request.actor, at=timezone.now())
        except Refused as no:
            refusal = str(no)
        else:
            messages.success(request, "已存。请到企业微信后台点“保存”，它会来核对这个地址。")
            return redirect("cases:wecom")
    path = reverse("cases:wecom-callback", args=[request.actor.park.code])
    context = {"form": form, "app": app, "refusal": refusal, "address": f"{settings.ADDRESS.geturl()}{path}"}
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "cases/wecom.html", context, status=status)
