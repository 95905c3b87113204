"""What every decision stands on: a reason in words, and a clock that is there to be moved."""

from datetime import datetime

from django.utils import timezone

from lianshang.cases.duties import DUTIES, LEAD_DUTY
from lianshang.cases.models import Case, CaseClock
from lianshang.kernel.refusals import Refused


def need(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise Refused(sentence)


def words(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%-m月%-d日 %H:%M}"


def lead_clock(case: Case, duty: str = LEAD_DUTY) -> CaseClock | None:
    """Return the running clock of the lead's duty; handling that is done again is handling."""
    duties = (LEAD_DUTY, "rework") if duty == LEAD_DUTY else (duty,)
    return case.clocks.running().filter(duty__in=duties, unit=case.lead_unit_id).order_by("-started_at").first()


def handling_clock(case: Case, duty: str = LEAD_DUTY) -> CaseClock:
    """Return the clock that an extension (of the profile's `duty`) or a pause is about."""
    clock = lead_clock(case, duty)
    if clock is None and duty != LEAD_DUTY:
        raise Refused(f"机制方案只有“{DUTIES[duty]}”可以延期，这件现在没有这一项时限在走。可申请会商。")
    if clock is None:
        raise Refused("这件诉求现在没有办理时限在走，不需要延期或停钟。")
    return clock
