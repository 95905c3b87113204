"""机制试算: a newcomer drops a ledger and sees which promises would have been kept. No account; nothing is stored."""

from threading import BoundedSemaphore

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianshang.cases import abuse
from lianshang.cases import trial as trials
from lianshang.cases.forms.trial import TrialForm
from lianshang.cases.headings import BY_MAP, Misheaded
from lianshang.cases.replay import NotMeasurable
from lianshang.cases.trial import TooLong, Trial
from lianshang.directory.visitors import address_of
from lianshang.kernel.refusals import Refused
from lianshang.kernel.tables import Unreadable

SHOWN = 50  # unreadable rows on the page
BY_FIELDS = "表头叫别的名字的，请在下面“表头对不上”里写明。"
BUSY = "正有人在试算，请过半分钟再试一次；文件要再选一次。"
NOT_YET = "请过几秒再试；文件要再选一次。"

COUNTING = BoundedSemaphore(1)  # at most so many ledgers in memory, in each process
PATIENCE = 15  # seconds


class Busy(Refused):
    """Others are counting."""


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def trial(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _show(request, TrialForm())
    form = TrialForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        _let_pass(request)
        found = _measured(form)
    except (Unreadable, Misheaded, TooLong, NotMeasurable) as error:
        form.add_error("file", str(error).replace(BY_MAP, BY_FIELDS))
        return _show(request, form, status=422)
    except Refused as no:
        return _show(request, form, refusal=str(no), status=abuse.status_of(no))
    return _show(request, form, found)


def _let_pass(request: HttpRequest) -> None:
    question, answer = request.POST.get("challenge", ""), request.POST.get("proof", "")
    try:
        abuse.check(question, answer, address=address_of(request), at=timezone.now(), what="trial")
    except abuse.NotYet as no:
        raise abuse.NotYet(NOT_YET) from no


def _measured(form: TrialForm) -> Trial:
    if not COUNTING.acquire(timeout=PATIENCE):
        raise Busy(BUSY)
    try:
        file = form.cleaned_data["file"]
        return trials.measured(
            file.read(), file.name, form.chosen(), kind=form.cleaned_data["kind"], mapping=form.mapping()
        )
    finally:
        COUNTING.release()


def _show(
    request: HttpRequest, form: TrialForm, found: Trial | None = None, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "refusal": refusal,
        "challenge": abuse.challenge(timezone.now()),
        "bits": settings.PROOF_BITS,
        "opened": any(form[name].errors or form[name].value() for name in ("own", "asked_column", "answered_column")),
    }
    if found:
        context |= _result(found, form)
    return render(request, "cases/trial/trial.html", context, status=status)


def _result(found: Trial, form: TrialForm) -> dict[str, object]:
    counted = found.found
    within = [(days, share or 0, trials.percent(share)) for days, share in counted["share_within"].items()]
    return {
        "trial": found,
        "found": counted,
        "file": form.cleaned_data["file"].name,
        "said": trials.conclusion(found),
        "within": within,
        "median": "—" if counted["median_working_days"] is None else f"{counted['median_working_days']:g}",
        "on_time": trials.percent(found.on_time_share),
        "compared": [(one, trials.percent(one.share)) for one in found.compared],
        "unreadable": counted["unreadable"][:SHOWN],
        "more": max(0, len(counted["unreadable"]) - SHOWN),
        "width": len(found.columns) * trials.WIDTH,
        "top": trials.TOP,
        "beyond": found.columns[-1].count,
    }
