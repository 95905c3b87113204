"""Who claims what: problems by the channel that raised them. The sets overlap, and every figure of them says so.

A problem that was whistled and also raised at the service centre is one case with another joined to it; both channels
may name it, the total counts it once.
"""

from lianshang.cases.as_of import Ledger
from lianshang.cases.indicators.intake import MATTERS
from lianshang.cases.states import Channel, CloseType
from lianshang.indicators.periods import Period
from lianshang.indicators.readings import Reading
from lianshang.indicators.registry import indicator
from lianshang.indicators.scopes import Scope

SUBJECT = "各渠道解决问题"
SETS = {
    "whistle": ("企业吹哨", (Channel.QR, Channel.WEB, Channel.PHONE, Channel.CHAT), ("企业吹哨解决", "吹哨解决")),
    "committee": ("综合党委走访调研", (Channel.VISIT,), ("综合党委", "走访", "调研")),
    "meeting": ("党政企联席会议", (Channel.MEETING,), ("联席会议", "联席会")),
    "centre": ("党群服务中心", (Channel.CENTRE,), ("党群服务中心", "党群中心", "服务中心")),
    "ledger": ("历史台账", (Channel.IMPORT,), ("历史台账",)),
}


def _claimed(name: str, label: str, channels: tuple[str, ...], names: tuple[str, ...]) -> None:
    @indicator(
        f"cases.solved.{name}", label=f"{label}解决问题", unit="个", kind="flow", subject=SUBJECT, measures=MATTERS,
        sets="解决问题", names=tuple(one if "解决" in one else f"{one} 解决" for one in names),
        definition=f"期内办结为“已解决”、由{label}提出（或有这个渠道提出的同类诉求并入）的公开诉求；与其他渠道有交叉，不能相加。",
    )  # fmt: skip
    def claimed(scope: Scope, period: Period) -> Reading:
        ledger = Ledger(scope)
        rows = ledger.closed(*period.bounds(scope.park.zoneinfo)).filter(close_then=CloseType.SOLVED)
        return Reading.count(rows.filter(ledger.came_by(channels)))


for key, (label, channels, names) in SETS.items():
    _claimed(key, label, channels, names)
