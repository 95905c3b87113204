"""The queue of a desk as lines of a sheet: what waits, by the clock. Sealed cases are not among them."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from lianshang.cases import masking
from lianshang.cases.ledger_columns import Column, Value
from lianshang.cases.queues import Row

DESK = (
    Column("序号", 5, "count"),
    Column("受理编号", 12),
    Column("时限", 8),
    Column("到期日", 11, "date"),
    Column("下一步", 12),
    Column("诉求内容摘要", 36, "wrap"),
    Column("企业名称", 24, "wrap"),
    Column("主办单位", 16, "wrap"),
    Column("状态", 10),
    Column("紧急程度", 8),
    Column("受理时间", 11, "date"),
)
LIGHTS = {"normal": "正常", "near": "临期", "late": "超期", "paused": "停钟"}


def desk_rows(rows: Iterable[Row], zone: tzinfo) -> Iterator[tuple[Value, ...]]:
    """Yield the rows in their order; each has the case as a table shows it."""
    for number, row in enumerate(rows, 1):
        case = row.case
        yield (
            number,
            case.number,
            LIGHTS.get(row.light.state, ""),
            row.clock.due_at.astimezone(zone).date() if row.clock else "",
            row.what,
            masking.text(case.title),
            "匿名" if case.anonymous else case.whose,
            case.lead_unit.name if case.lead_unit else "",
            case.get_state_display(),
            case.urgency,
            case.registered_at.astimezone(zone).date(),
        )
