"""Promises kept: of each duty with a limit, what was done by its due time. Rates keep both their numbers."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from lianshang.cases.as_of import Ledger
from lianshang.cases.models import CaseClock, CaseEvent, FirstHandler
from lianshang.indicators.periods import IN_PERIOD, THIS_YEAR, Period
from lianshang.indicators.readings import Beside, Reading
from lianshang.indicators.registry import indicator
from lianshang.indicators.scopes import Scope

SUBJECT = "时限"
KINDS = (IN_PERIOD, THIS_YEAR)
PERCENT = ("%", "％", "百分之")
NOT_TOLD = Q(subject__contact_phone="", subject__contact_email="", subject__enterprise=None)


def kept(due: QuerySet[CaseClock]) -> QuerySet[CaseClock]:
    """Return those that were done by their due time."""
    return due.filter(result=CaseClock.Outcome.DONE, stop__lte=F("due"))


def _share(scope: Scope, period: Period, *duties: str) -> Reading:
    ledger = Ledger(scope)
    due = ledger.due(ledger.clocks(*duties), *period.bounds(scope.park.zoneinfo))
    return Reading.share(kept(due), of=due)


@indicator(
    "cases.feedback_rate", label="限期反馈率", unit="%", kind="rate", subject=SUBJECT, period_kinds=KINDS,
    measures=PERCENT, names=("限期反馈率", "反馈率", "按期反馈率", "限期反馈"),
    definition="期内到期的全部反馈义务中，按时反馈的；阶段反馈和最终答复都算反馈，反馈不等于解决。",
)  # fmt: skip
def feedback_rate(scope: Scope, period: Period) -> Reading:
    ledger = Ledger(scope)
    due = ledger.due(ledger.feedbacks, *period.bounds(scope.park.zoneinfo))
    return Reading.share(kept(due), of=due)


@indicator(
    "cases.sign_rate", label="按时签收率", unit="%", kind="rate", subject=SUBJECT, period_kinds=KINDS,
    measures=PERCENT, names=("按时签收率", "及时签收率", "签收率"),
    definition="期内签收到期的派单中，按时签收的；按派单算，不按诉求算。",
)  # fmt: skip
def sign_rate(scope: Scope, period: Period) -> Reading:
    return _share(scope, period, "sign")


@indicator(
    "cases.contact_rate", label="响应率", unit="%", kind="rate", subject=SUBJECT, period_kinds=KINDS,
    measures=PERCENT, names=("响应率", "及时联系率", "首次联系率"),
    definition="期内首次联系到期的诉求中，按时真正联系上企业的；没有留联系方式的不算，在旁边列出。",
)  # fmt: skip
def contact_rate(scope: Scope, period: Period) -> Reading:
    ledger = Ledger(scope)
    due = ledger.due(ledger.clocks("contact"), *period.bounds(scope.park.zoneinfo))
    reachable = due.exclude(NOT_TOLD)
    return Reading.share(
        kept(reachable), of=reachable, beside=(Beside("nobody", "没有留联系方式的", due.filter(NOT_TOLD)),)
    )


@indicator(
    "cases.report_in_rate", label="按时报到率", unit="%", kind="rate", subject=SUBJECT, period_kinds=KINDS,
    measures=PERCENT, names=("按时报到率", "报到率"),
    definition="期内报到到期的部门中，按时报到的；主办、协办分别计时，谁晚了算谁的。",
)  # fmt: skip
def report_in_rate(scope: Scope, period: Period) -> Reading:
    return _share(scope, period, "report_in")


@indicator(
    "cases.handle_rate", label="按期办结率", unit="%", kind="rate", subject=SUBJECT, period_kinds=KINDS,
    measures=PERCENT, names=("按期办结率", "按时办结率", "限时办结率"),
    definition="期内有效办理期限到期的诉求（应办结）中，按期办完答复的；延期的按批准后的期限算，在旁边列出。",
)  # fmt: skip
def handle_rate(scope: Scope, period: Period) -> Reading:
    ledger = Ledger(scope)
    due = ledger.due(ledger.clocks("handle"), *period.bounds(scope.park.zoneinfo))
    extended = due.filter(due__gt=F("first_due_at"))
    return Reading.share(kept(due), of=due, beside=(Beside("extended", "其中期限后延过的", extended),))


@indicator(
    "cases.co_reply_rate", label="协办按期答复率", unit="%", kind="rate", subject=SUBJECT, period_kinds=KINDS,
    measures=PERCENT, definition="期内协办答复到期的派单中，按期答复主办单位的。",
)  # fmt: skip
def co_reply_rate(scope: Scope, period: Period) -> Reading:
    return _share(scope, period, "co_reply")


@indicator(
    "cases.promise_rate", label="承诺兑现率", unit="%", kind="rate", subject=SUBJECT, period_kinds=KINDS,
    measures=PERCENT, definition="期内到期的承诺日期中，按承诺办成的。", names=("承诺兑现率", "承诺办成率"),
)  # fmt: skip
def promise_rate(scope: Scope, period: Period) -> Reading:
    return _share(scope, period, "promise")


@indicator(
    "cases.defer_review_rate", label="挂账按时复核率", unit="%", kind="rate", subject=SUBJECT, period_kinds=KINDS,
    measures=PERCENT, definition="期内复核到期的挂账中，按时复核并告知企业的。",
)  # fmt: skip
def defer_review_rate(scope: Scope, period: Period) -> Reading:
    return _share(scope, period, "defer_review")


@indicator(
    "cases.return_rate", label="退单率", unit="%", kind="rate", subject=SUBJECT, period_kinds=KINDS,
    measures=PERCENT, definition="期内的派单中，后来申请退单的；不论退成没有。",
)  # fmt: skip
def return_rate(scope: Scope, period: Period) -> Reading:
    ledger = Ledger(scope)
    start, end = period.bounds(scope.park.zoneinfo)
    sent = ledger.events("dispatch", start=start, end=end)
    later = CaseEvent.objects.filter(ledger.seen, subject=OuterRef("subject"), ordinal__gt=OuterRef("ordinal"))
    following = later.filter(verb__in=("dispatch", "ask_return")).order_by("ordinal").values("verb")[:1]
    return Reading.share(sent.alias(then=Subquery(following)).filter(then="ask_return"), of=sent)


@indicator(
    "cases.first_handler_rate", label="首办负责率", unit="%", kind="rate", subject=SUBJECT, period_kinds=KINDS,
    measures=PERCENT, names=("首办负责率", "首办率"),
    definition="期内主办单位第一次签收的诉求中，首办单位和首办责任人已记入首办台账的。",
)  # fmt: skip
def first_handler_rate(scope: Scope, period: Period) -> Reading:
    ledger = Ledger(scope)
    start, end = period.bounds(scope.park.zoneinfo)
    signed = ledger.events("sign", start=start, end=end)
    earlier = CaseEvent.objects.filter(ledger.seen, subject=OuterRef("subject"), verb="sign")
    first = signed.filter(~Exists(earlier.filter(ordinal__lt=OuterRef("ordinal"))))
    listed = FirstHandler.objects.filter(ledger.seen_by("event"), case=OuterRef("subject"), person__isnull=False)
    return Reading.share(first.filter(Exists(listed)), of=first)
