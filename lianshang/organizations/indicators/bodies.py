"""How many organisations stand."""

from lianshang.indicators.periods import Period
from lianshang.indicators.readings import Reading
from lianshang.indicators.registry import indicator
from lianshang.indicators.scopes import Scope
from lianshang.organizations.coverage import JOINT_KINDS, OWN_KINDS
from lianshang.organizations.indicators.coverage import NOW, SUBJECT
from lianshang.organizations.models import Organization


@indicator(
    "organizations.own", label="链上党组织", unit="个", kind="stock", subject=SUBJECT, period_kinds=NOW,
    names=("链上党组织", "单独组建党组织"),
    definition="当天链上企业单独组建的党支部和党总支；联合党支部另计，一个党组织覆盖几家企业也只算一个。",
)  # fmt: skip
def own(scope: Scope, period: Period) -> Reading:
    return Reading.count(Organization.objects.on(scope.today).filter(kind__in=OWN_KINDS))


@indicator(
    "organizations.joint", label="联合党支部", unit="个", kind="stock", subject=SUBJECT, period_kinds=NOW,
    names=("联合党支部",), definition="当天几家企业联合组建的党支部。",
)  # fmt: skip
def joint(scope: Scope, period: Period) -> Reading:
    return Reading.count(Organization.objects.on(scope.today).filter(kind__in=JOINT_KINDS))
