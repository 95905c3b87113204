"""What every decision stands on: a reason in words, and a clock that is there to be moved."""

from datetime import datetime

from django.utils import timezone

from lianshang.cases.models import Case, CaseClock
from lianshang.kernel.refusals import Refused


def need(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise Refused(sentence)


def words(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%-m月%-d日 %H:%M}"


def handling_clock(case: Case) -> CaseClock:
    """Return the clock that an extension or a pause is about."""
    running = case.clocks.running().filter(duty__in=("handle", "rework"), unit=case.lead_unit_id)
    clock = running.order_by("-started_at").first()
    if clock is None:
        raise Refused("这件诉求现在没有办理时限在走，不需要延期或停钟。")
    return clock
