"""What enterprises say of it: solved or not, how satisfied, with those beside who were not reached or gave no grade.

No praise by default: silence is no grade. Whoever was not reached is in no denominator and is told beside.
"""

from django.db.models import QuerySet

from lianshang.cases.as_of import Ledger
from lianshang.cases.indicators.promises import PERCENT
from lianshang.cases.models import CaseEvent
from lianshang.cases.states import Grade
from lianshang.indicators.periods import IN_PERIOD, THIS_YEAR, Period
from lianshang.indicators.readings import Beside, Reading
from lianshang.indicators.registry import indicator
from lianshang.indicators.scopes import Scope

SUBJECT = "企业评价"
KINDS = (IN_PERIOD, THIS_YEAR)
VOICES = ("confirm", "reject", "call_back", "call_back_unsolved", "escalate")
YES = ("confirm", "call_back")
PLEASED = (Grade.VERY_SATISFIED, Grade.SATISFIED, Grade.FAIR)
TIMES = ("次", "件", "个", "家次")


def voices(scope: Scope, period: Period) -> QuerySet[CaseEvent]:
    """Return what was said about answers in the period, by the enterprise itself or on the telephone."""
    start, end = period.bounds(scope.park.zoneinfo)
    return Ledger(scope).events(*VOICES, start=start, end=end)


def unheard(scope: Scope, period: Period) -> Beside:
    start, end = period.bounds(scope.park.zoneinfo)
    return Beside("unreached", "没有联系上，未评价", Ledger(scope).events("close_unreached", start=start, end=end))


@indicator(
    "cases.solve_rate", label="解决率", unit="%", kind="rate", subject=SUBJECT, measures=PERCENT, period_kinds=KINDS,
    definition="期内企业对“是否解决”的有效回答中，回答已解决的；没有联系上的不算，在旁边列出。",
    names=("解决率", "问题解决率"),
)  # fmt: skip
def solve_rate(scope: Scope, period: Period) -> Reading:
    said = voices(scope, period)
    return Reading.share(said.filter(verb__in=YES), of=said, beside=(unheard(scope, period),))


@indicator(
    "cases.satisfaction", label="满意率", unit="%", kind="rate", subject=SUBJECT, measures=PERCENT, period_kinds=KINDS,
    definition="期内有效评价中，非常满意、满意和基本满意的；没有联系上的、没有评价的不算，在旁边列出。",
    names=("满意率", "满意度"),
)  # fmt: skip
def satisfaction(scope: Scope, period: Period) -> Reading:
    said = voices(scope, period)
    rated = said.exclude(grade="")
    silent = Beside("ungraded", "回答了，没有评满意度", said.filter(grade=""))
    return Reading.share(rated.filter(grade__in=PLEASED), of=rated, beside=(unheard(scope, period), silent))


def _grade(grade: Grade) -> None:
    @indicator(
        f"cases.grade.{grade.value}", label=f"评价{grade.label}", unit="次", kind="flow", subject=SUBJECT,
        measures=TIMES, definition=f"期内有效评价中，企业评为“{grade.label}”的次数；没有联系上的不算，在旁边列出。",
        names=(f"评价{grade.label}", grade.label),
    )  # fmt: skip
    def graded(scope: Scope, period: Period) -> Reading:
        return Reading.count(voices(scope, period).filter(grade=grade), beside=(unheard(scope, period),))


for one in Grade:
    _grade(one)


@indicator(
    "cases.unreached", label="回访未联系上", unit="件", kind="flow", subject=SUBJECT, measures=("件", "次"),
    definition="期内回访多次没有接通、或没有留联系方式而先行办结的次数；不计入解决率和满意率。",
    names=("未联系上", "回访未接通"),
)  # fmt: skip
def unreached(scope: Scope, period: Period) -> Reading:
    return Reading.count(unheard(scope, period).rows)
