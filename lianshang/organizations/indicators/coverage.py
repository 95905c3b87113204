"""两个覆盖 as figures: each enterprise once, over those that really operate on the day of the cut-off."""

from lianshang.indicators.periods import TO_DATE, Period
from lianshang.indicators.readings import Beside, Reading
from lianshang.indicators.registry import indicator
from lianshang.indicators.scopes import Scope
from lianshang.organizations import coverage

SUBJECT = "党组织"
FIRMS = ("家", "户", "个企业")
PERCENT = ("%", "％", "百分之")
NOW = (TO_DATE,)
COVERING = (*coverage.OWN_KINDS, *coverage.JOINT_KINDS)


@indicator(
    "organizations.coverage", label="组织覆盖率", unit="%", kind="rate", subject=SUBJECT, measures=PERCENT,
    period_kinds=NOW, names=("组织覆盖率", "党的组织覆盖率"),
    definition="当天单独组建和联合组建覆盖的企业，占实体运营企业的比例；一家企业只算一次，不计入的写明原因和日期。",
)  # fmt: skip
def covered(scope: Scope, period: Period) -> Reading:
    rows = coverage.operating(scope.today)
    return Reading.share(rows.filter(coverage.covered_by(COVERING, scope.today)), of=rows)


@indicator(
    "organizations.own_rate", label="单独组建率", unit="%", kind="rate", subject=SUBJECT, measures=PERCENT,
    period_kinds=NOW, names=("单独组建率",),
    definition="当天有自己党支部或党总支的企业，占实体运营企业的比例。",
)  # fmt: skip
def own(scope: Scope, period: Period) -> Reading:
    rows = coverage.operating(scope.today)
    return Reading.share(rows.filter(coverage.covered_by(coverage.OWN_KINDS, scope.today)), of=rows)


@indicator(
    "organizations.work_coverage", label="工作覆盖率", unit="%", kind="rate", subject=SUBJECT, measures=PERCENT,
    period_kinds=NOW, names=("工作覆盖率", "党的工作覆盖率"),
    definition="当天有党组织覆盖，或者由在任党建指导员对接的企业，占实体运营企业的比例。",
)  # fmt: skip
def reached(scope: Scope, period: Period) -> Reading:
    rows = coverage.operating(scope.today)
    by_instructor = rows.filter(coverage.with_instructor(scope.today)).values("pk")
    by_organisation = rows.filter(coverage.covered_by(COVERING, scope.today)).values("pk")
    return Reading.share(rows.filter(pk__in=by_instructor.union(by_organisation)), of=rows)


@indicator(
    "organizations.must_build", label="应建未建", unit="家", kind="stock", subject=SUBJECT, measures=FIRMS,
    period_kinds=NOW, names=("应建未建", "应建未建企业"),
    definition="当天有正式党员 3 名以上（在册：组织关系在园区、在企业工作）而没有自己党支部的企业；预备党员不计。",
)  # fmt: skip
def must_build(scope: Scope, period: Period) -> Reading:
    joined = coverage.must_build(scope.today).filter(coverage.covered_by(coverage.JOINT_KINDS, scope.today))
    beside = Beside("joined", "其中已由联合党支部覆盖", joined)
    return Reading.count(coverage.must_build(scope.today), beside=(beside,))
