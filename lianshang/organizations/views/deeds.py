"""A deed as a page: its form, what was refused, and where it leads on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lianshang.kernel import idempotency
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.organizations.forms.deeds import Deed


def asked(forms: dict[str, type[Deed]], verb: str) -> type[Deed]:
    """Return the form of a verb. Raises `Hidden` where there is none."""
    if verb not in forms:
        raise Hidden
    return forms[verb]


def answer(
    request: HttpRequest, form: Deed, *, above: tuple[str, str], to: Callable[[Any], str], about: str = ""
) -> HttpResponse:
    """Show the form, or do it and lead on to `to(what was made)`. `above`: the page it belongs to, label and address."""
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            made = form.act(request.actor)
        except Refused as reason:
            refusal = str(reason)
        else:
            messages.success(request, form.said)
            return redirect(to(made))
    status = 409 if refusal else 422 if form.is_bound else 200
    context = {
        "form": form, "refusal": refusal, "above": above, "about": about, "idempotency_key": idempotency.mint(),
    }  # fmt: skip
    return render(request, "organizations/deed.html", context, status=status)
