"""What came in, what is open, what was fed back: the proof of 100 % feedback as figures, and who was served."""

from django.db.models import Q

from lianshang.cases.as_of import Ledger
from lianshang.cases.models import CaseQuerySet
from lianshang.cases.states import OPEN, VOID, State
from lianshang.indicators.periods import CUMULATIVE, IN_PERIOD, THIS_YEAR, TO_DATE, Period
from lianshang.indicators.readings import Beside, Identity, Reading
from lianshang.indicators.registry import indicator
from lianshang.indicators.scopes import Scope

SUBJECT = "受理与反馈"
MATTERS = ("件", "个", "条")
OVER_TIME = (IN_PERIOD, THIS_YEAR, CUMULATIVE)
STANDING = (TO_DATE, IN_PERIOD)


def taken_in(scope: Scope, period: Period) -> tuple[Ledger, CaseQuerySet]:
    """Return the ledger, and what was registered in the period."""
    ledger = Ledger(scope)
    return ledger, ledger.within(*period.bounds(scope.park.zoneinfo))


def at_end(scope: Scope, period: Period) -> Ledger:
    """Return the ledger at the end of the period, or at the cut-off where that comes first."""
    return Ledger(scope.until(scope.cut(period)))


@indicator(
    "cases.intake", label="受理诉求", unit="件", kind="flow", subject=SUBJECT, measures=MATTERS,
    definition="期内登记的公开诉求；误录和撤销的导入不算，在旁边列出；投诉举报另有专册，不在其中。",
    names=("受理诉求", "受理", "企业吹哨", "吹哨", "收到诉求", "登记诉求"),
)  # fmt: skip
def intake(scope: Scope, period: Period) -> Reading:
    ledger, rows = taken_in(scope, period)
    start, end = period.bounds(scope.park.zoneinfo)
    void = ledger.registered.filter(close_then__in=VOID, registered_at__gte=start, registered_at__lt=end)
    return Reading.count(rows, beside=(Beside("void", "误录、撤销的导入", void),))


@indicator(
    "cases.fed_back", label="已反馈", unit="件", kind="flow", subject=SUBJECT, measures=MATTERS,
    definition="期内登记的诉求中，到截止时已告知企业结果的，早晚不论；并案的以转告结果为准。",
    names=("已反馈", "反馈诉求", "反馈"),
)  # fmt: skip
def fed_back(scope: Scope, period: Period) -> Reading:
    ledger, rows = taken_in(scope, period)
    return Reading.count(rows.alias(told=ledger.told).filter(told=True))


def _judged(scope: Scope, period: Period) -> CaseQuerySet:
    ledger, rows = taken_in(scope, period)
    return rows.alias(told=ledger.told, breached=ledger.breached)


@indicator(
    "cases.in_time", label="按期反馈", unit="件", kind="flow", subject=SUBJECT, measures=MATTERS,
    definition="期内登记的诉求中，到截止时已告知结果、每一项反馈都没有晚的；反馈等式的一项。",
    names=("按期反馈", "按时反馈", "限时反馈"),
)  # fmt: skip
def in_time(scope: Scope, period: Period) -> Reading:
    return Reading.count(_judged(scope, period).filter(breached=False, told=True))


@indicator(
    "cases.lawfully_open", label="依法在办", unit="件", kind="flow", subject=SUBJECT, measures=MATTERS,
    definition="期内登记的诉求中，到截止时还没有结果、但每一项反馈都没有超期的；反馈等式的一项。",
)  # fmt: skip
def lawfully_open(scope: Scope, period: Period) -> Reading:
    return Reading.count(_judged(scope, period).filter(breached=False, told=False))


@indicator(
    "cases.breaches", label="超期反馈（点名）", unit="件", kind="flow", subject=SUBJECT, measures=MATTERS,
    definition="期内登记的诉求中，到截止时有一项反馈晚于时限、或已过时限还没有反馈的；反馈等式的一项。",
    names=("超期反馈", "逾期反馈", "超期"),
)  # fmt: skip
def breaches(scope: Scope, period: Period) -> Reading:
    return Reading.count(_judged(scope, period).filter(breached=True))


@indicator(
    "cases.open", label="期末在办", unit="件", kind="stock", subject=SUBJECT, measures=MATTERS, period_kinds=STANDING,
    definition="到期末还没有办结的公开诉求；上期结转 + 本期受理 + 重启转入 = 本期办结 + 期末在办。",
    names=("在办诉求", "在办", "正在办理"),
)  # fmt: skip
def open_cases(scope: Scope, period: Period) -> Reading:
    last = at_end(scope, period)
    if period.kind == TO_DATE:
        return Reading.count(last.open)
    return Reading.count(last.open, identity=_carried(scope, period, last))


def _carried(scope: Scope, period: Period, last: Ledger) -> Identity:
    """The carry-over: each case of the period stands once on either side. What was void by its end is no case."""
    start, end = period.bounds(scope.park.zoneinfo)
    before = Ledger(scope.until(min(start, last.scope.at)))
    was_open = Q(pk__in=before.registered.filter(state_then__in=OPEN, registered_at__lt=start).values("pk"))
    old = last.cases.filter(registered_at__lt=start)
    new = last.within(start, end)
    still = Q(state_then__in=OPEN)
    return Identity(
        left=(
            Beside("carried", "上期结转", old.filter(was_open)),
            Beside("taken", "本期受理", new),
            Beside("back", "重启转入", old.filter(~was_open & still)),
        ),
        right=(
            Beside("done", "本期办结", last.cases.filter(~still & (Q(registered_at__gte=start) | was_open))),
            Beside("left", "期末在办", last.open),
        ),
    )


@indicator(
    "cases.overdue", label="超期在办", unit="件", kind="stock", subject=SUBJECT, measures=MATTERS, period_kinds=STANDING,
    definition="到期末还没有办结、并且有一项时限已过还没有办的公开诉求；停钟期间不算。",
    names=("超期在办", "逾期未办", "超期未办"),
)  # fmt: skip
def overdue(scope: Scope, period: Period) -> Reading:
    ledger = at_end(scope, period)
    running = ledger.late(ledger.clocks()).filter(stop=None).exclude(duty="return_window")
    return Reading.count(ledger.open.filter(pk__in=running.values("subject")))


@indicator(
    "cases.deferred", label="挂账", unit="件", kind="stock", subject=SUBJECT, measures=MATTERS, period_kinds=STANDING,
    definition="到期末暂时办不成、已书面告知企业原因和承诺日期、定期复核的公开诉求。",
    names=("挂账", "挂账诉求"),
)  # fmt: skip
def deferred(scope: Scope, period: Period) -> Reading:
    return Reading.count(at_end(scope, period).cases.filter(state_then=State.DEFERRED))


@indicator(
    "cases.enterprises", label="服务企业", unit="家", kind="flow", subject=SUBJECT, measures=("家", "户", "个企业"),
    definition="期内登记过诉求的企业，同一家只算一次；没有对上企业名录的不算，在旁边列出。",
    names=("服务企业", "涉及企业", "吹哨企业"),
)  # fmt: skip
def enterprises(scope: Scope, period: Period) -> Reading:
    _, rows = taken_in(scope, period)
    unknown = Beside("unknown", "没有对上企业名录的诉求", rows.filter(enterprise=None))
    return Reading.distinct(rows.exclude(enterprise=None), "enterprise", beside=(unknown,))
