"""How a person wants to be told."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lianshang.kernel.refusals import Hidden
from lianshang.notices import hours, queries, settings_services
from lianshang.notices.forms import WishForm


@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """Channels, digest hours, quiet hours; and when something told now would go out."""
    if not request.actor or not request.actor.person:
        raise Hidden
    wish = queries.wish_of(request.actor.person)
    form = WishForm(request.POST if request.method == "POST" else None, instance=wish)
    if form.is_bound and form.is_valid():
        settings_services.keep_wish(form.instance)
        messages.success(request, "已保存。从下一条待办起照这样通知。")
        return redirect("notices:wishes")
    park, now = request.actor.park, timezone.now()
    rules = hours.rules_of(park.pk)
    kept = queries.wish_of(request.actor.person)
    soonest = hours.hours_of(park, kept, rules=rules, calendar=hours.calendar_of(park.pk)).wanted(now)
    shown = {"form": form, "rules": rules, "soonest": soonest if soonest > now else None}
    return render(request, "notices/wishes.html", shown, status=422 if form.is_bound else 200)
