"""外出代理 as a page: who is away and who stands in; everybody enters their own, the office anybody's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from lianshang.directory import absences
from lianshang.directory.forms.absence import AbsenceForm
from lianshang.directory.models import Absence, Person, Post
from lianshang.kernel import idempotency
from lianshang.kernel.numbers import whole
from lianshang.kernel.refusals import Hidden, Refused


@require_http_methods(["GET", "HEAD", "POST"])
@idempotency.once
def listing(request: HttpRequest) -> HttpResponse:
    """The absences that matter now, and the form for one person: oneself, or (`person`) anybody for the office."""
    actor, today = request.actor, timezone.localdate()
    if not actor or not actor.person:
        raise Hidden
    person = _person(request)
    form = AbsenceForm(person, today, request.POST if request.method == "POST" else None)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            made = form.begin(actor, timezone.now())
            messages.success(request, f"已登记。{made}，到{made.until:%-m月%-d日}为止；各项时限照常计。")
            return redirect("directory:absences")
        except Refused as reason:
            refusal = str(reason)
    rows = absences.current(today)
    context = {
        "form": form,
        "person": person,
        "rows": [(row, absences.may_enter_for(actor, row.person)) for row in rows],
        "people": _colleagues() if actor.has(*absences.ENTERS_FOR_ALL) else (),
        "personal": actor.person == person and actor.has(*absences.PERSONAL),
        "refusal": refusal,
        "idempotency_key": idempotency.mint(),
    }
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "directory/absences.html", context, status=status)


def _person(request: HttpRequest) -> Person:
    asked = whole(request.GET.get("person", ""))
    if asked is None:
        return request.actor.person
    person = get_object_or_404(Person, pk=asked)
    if not absences.may_enter_for(request.actor, person):
        raise Hidden
    return person


def _colleagues() -> list[Person]:
    posts = Post.objects.in_force(timezone.localdate())
    return list(Person.objects.filter(pk__in=posts.values("person")).order_by("name", "pk"))


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    row: Absence = get_object_or_404(Absence.objects.select_related("person"), pk=pk)
    absences.end(row, actor=request.actor, at=timezone.now())
    messages.success(request, f"{row.person}已回岗，代理到此为止。")
    return redirect("directory:absences")
