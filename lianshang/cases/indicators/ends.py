"""How cases end: closed, solved, how long it took, done again, opened again."""

from collections import Counter
from collections.abc import Sequence

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from lianshang.cases.as_of import Ledger
from lianshang.cases.indicators.intake import MATTERS
from lianshang.cases.indicators.promises import PERCENT
from lianshang.cases.models import CaseEvent
from lianshang.cases.states import ENDED, CloseType
from lianshang.indicators.periods import CUMULATIVE, IN_PERIOD, THIS_YEAR, Period
from lianshang.indicators.readings import Beside, Reading
from lianshang.indicators.registry import indicator
from lianshang.indicators.scopes import Scope
from lianshang.kernel import editions
from lianshang.kernel.deadlines import working_days_between

SUBJECT = "办理结果"
ANSWERED = (CloseType.SOLVED, CloseType.PARTLY, CloseType.EXPLAINED)
AGAIN = ("send_back", "reject", "call_back_unsolved", "escalate")


@indicator(
    "cases.closed", label="办结", unit="件", kind="flow", subject=SUBJECT, measures=MATTERS,
    definition="期内办结、到截止时没有重启的公开诉求，不论怎样办结；误录和撤销的导入不算。",
    names=("办结诉求", "办结", "已办结"),
)  # fmt: skip
def closed(scope: Scope, period: Period) -> Reading:
    return Reading.count(Ledger(scope).closed(*period.bounds(scope.park.zoneinfo)))


@indicator(
    "cases.solved", label="解决问题", unit="个", kind="flow", subject=SUBJECT, measures=MATTERS, sets="解决问题",
    definition="期内办结、办结类型为“已解决”的公开诉求，同一问题只算一次；部分解决和解释说明不算，在旁边列出。",
    names=("解决问题", "协调解决", "解决诉求", "解决"),
)  # fmt: skip
def solved(scope: Scope, period: Period) -> Reading:
    rows = Ledger(scope).closed(*period.bounds(scope.park.zoneinfo))
    beside = [
        Beside(kind.value, str(kind.label), rows.filter(close_then=kind))
        for kind in (CloseType.PARTLY, CloseType.EXPLAINED)
    ]
    return Reading.count(rows.filter(close_then=CloseType.SOLVED), beside=tuple(beside))


@indicator(
    "cases.closure_rate", label="办结率", unit="%", kind="rate", subject=SUBJECT, measures=PERCENT,
    period_kinds=(CUMULATIVE, THIS_YEAR, IN_PERIOD), names=("办结率",),
    definition="期内受理的公开诉求中，到截止时已办结的；累计口径，时段越近越低，不等于按期办结率。",
)  # fmt: skip
def closure_rate(scope: Scope, period: Period) -> Reading:
    rows = Ledger(scope).within(*period.bounds(scope.park.zoneinfo))
    return Reading.share(rows.filter(state_then__in=ENDED), of=rows)


@indicator(
    "cases.median_days", label="办结用时中位数", unit="工作日", kind="outcome", subject=SUBJECT,
    measures=("个工作日", "工作日"), names=("办结用时", "平均用时", "办理用时", "办结时长"),
    definition="期内办结（已解决、部分解决、解释说明）的公开诉求，从受理次日到办结当日的工作日数，排在正中间的那个。",
)  # fmt: skip
def median_days(scope: Scope, period: Period) -> Reading:
    rows = Ledger(scope).closed(*period.bounds(scope.park.zoneinfo)).filter(close_then__in=ANSWERED)
    return Reading.median(rows, lambda found: days_taken(found, scope))


def days_taken(rows: QuerySet, scope: Scope) -> Sequence[tuple[int, int]]:
    """Return (working days, how many cases), by the calendar of the park that was known then."""
    newest = editions.in_force(scope.park.pk, scope.known)
    calendar = editions.calendar_of(newest[None])
    zone = scope.park.zoneinfo
    days = rows.order_by().annotate(
        from_day=TruncDate("registered_at", tzinfo=zone), to_day=TruncDate(F("closed_then"), tzinfo=zone)
    )
    taken: Counter[int] = Counter()
    for start, end, times in days.values_list("from_day", "to_day").annotate(n=Count("pk")):
        taken[working_days_between(start, end, calendar)] += times
    return sorted(taken.items())


@indicator(
    "cases.reopened", label="重启", unit="件次", kind="flow", subject=SUBJECT, measures=("件次", "件", "次"),
    definition="期内已办结的诉求因新情况重启的次数，一件重启两次算两次。", names=("重启",),
)  # fmt: skip
def reopened(scope: Scope, period: Period) -> Reading:
    start, end = period.bounds(scope.park.zoneinfo)
    return Reading.count(Ledger(scope).events("reopen", start=start, end=end))


@indicator(
    "cases.rework_rate", label="重办率", unit="%", kind="rate", subject=SUBJECT, measures=PERCENT,
    period_kinds=(IN_PERIOD, THIS_YEAR), names=("重办率",),
    definition="期内的答复中，后来被审核、企业或回访退回重办的；按答复算，一件答复两次算两次。",
)  # fmt: skip
def rework_rate(scope: Scope, period: Period) -> Reading:
    ledger = Ledger(scope)
    start, end = period.bounds(scope.park.zoneinfo)
    answers = ledger.events("answer", start=start, end=end)
    later = CaseEvent.objects.filter(ledger.seen, subject=OuterRef("subject"), ordinal__gt=OuterRef("ordinal"))
    following = later.filter(verb__in=("answer", *AGAIN)).order_by("ordinal").values("verb")[:1]
    return Reading.share(answers.alias(then=Subquery(following)).filter(then__in=AGAIN), of=answers)


@indicator(
    "cases.extended", label="批准延期", unit="件次", kind="flow", subject=SUBJECT, measures=("件次", "件", "次"),
    definition="期内批准延期的次数；每次都有批准人和理由，并已告知企业。", names=("延期", "批准延期"),
)  # fmt: skip
def extended(scope: Scope, period: Period) -> Reading:
    start, end = period.bounds(scope.park.zoneinfo)
    return Reading.count(Ledger(scope).events("grant_extension", start=start, end=end))


@indicator(
    "cases.deferrals", label="如实挂账", unit="件次", kind="flow", subject=SUBJECT, measures=("件次", "件", "次"),
    definition="期内批准挂账的次数：暂时办不成，写明原因和承诺日期，告知企业，定期复核。", names=("如实挂账",),
)  # fmt: skip
def deferrals(scope: Scope, period: Period) -> Reading:
    start, end = period.bounds(scope.park.zoneinfo)
    return Reading.count(Ledger(scope).events("defer", start=start, end=end))


@indicator(
    "cases.supervised", label="督办", unit="件次", kind="flow", subject=SUBJECT, measures=("件次", "件", "次"),
    definition="期内发出的督办次数，不论等级；催办不算。", names=("督办",),
)  # fmt: skip
def supervised(scope: Scope, period: Period) -> Reading:
    start, end = period.bounds(scope.park.zoneinfo)
    return Reading.count(Ledger(scope).events("supervise", start=start, end=end))
