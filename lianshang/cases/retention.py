"""What of ended cases, settled drafts and exports is erased in time.

What was done, when and by whom stays: it is append-only. What people wrote with it goes, and the history still verifies.
"""

from datetime import datetime

from django.db.models import QuerySet

from lianshang.cases.models import Case, CaseEvent, Draft, LedgerExport
from lianshang.kernel import retention
from lianshang.kernel.history import erasing
from lianshang.kernel.retention import Kind

GROUND = "个人信息保护法第四十七条：保存期限已届满"
CONTACT = ("contact_name", "contact_phone", "contact_email")


def _ended(before: datetime) -> QuerySet[Case]:
    """Open-ledger cases that ended before; who made a sealed one is kept apart and erased there."""
    rows = Case.objects.filter(closed_at__lt=before, sealed=False)
    return rows.exclude(**dict.fromkeys(CONTACT, ""))


def _said(before: datetime) -> QuerySet[CaseEvent]:
    """What was written with the steps of such cases."""
    return erasing.erasable(CaseEvent.objects.filter(subject__closed_at__lt=before, subject__sealed=False))


def _taken_out(before: datetime) -> QuerySet[LedgerExport]:
    return erasing.erasable(LedgerExport.objects.filter(at__lt=before))


def _erase_words(rows: QuerySet, at: datetime) -> int:
    return erasing.erase_all(rows, at=at, ground=GROUND)


def _settled(before: datetime) -> QuerySet[Draft]:
    """Those that were complaints are in no count that others read; they stay with their officer."""
    rows = Draft.objects.filter(settled_at__lt=before).exclude(reason=Draft.Reason.SEALED)
    return rows.exclude(sender="", text="", original="")


retention.register(
    Kind(
        name="case_contacts",
        label="已办结诉求的联系人",
        what="清空联系人、电话和邮箱；诉求内容、经过和时限留着。",
        columns=tuple(f"cases.Case.{name}" for name in CONTACT),
        since="办结后",
        days=3650,
        least=365,
        age="closed_at",
        found=_ended,
        erase=lambda rows, _: rows.update(**dict.fromkeys(CONTACT, "")),
    )
)
retention.register(
    Kind(
        name="drafts",
        label="处理完的转登记草稿",
        what="清空谁说的、说了什么；已登记的诉求不动。",
        columns=("cases.Draft.sender", "cases.Draft.text", "cases.Draft.original"),
        since="处理完",
        days=365,
        least=90,
        age="settled_at",
        found=_settled,
        erase=lambda rows, _: rows.update(sender="", text="", original=""),
    )
)
retention.register(
    Kind(
        name="case_words",
        label="已办结诉求的经办文字",
        what="清空每一步写的说明、事由和文号；谁在何时办了哪一步、诉求本身的内容留着，历史照样核得上。",
        columns=tuple(f"cases.CaseEvent.{name}" for name in CaseEvent.words),
        since="办结后",
        days=3650,
        least=1825,
        age="subject__closed_at",
        found=_said,
        erase=_erase_words,
    )
)
retention.register(
    Kind(
        name="exports",
        label="导出记录里的条件和用途",
        what="清空筛选条件（可能有人名、电话）和写的用途；谁在何时导出了多少条留着。",
        columns=tuple(f"cases.LedgerExport.{name}" for name in LedgerExport.words),
        since="导出后",
        days=1095,
        least=1095,
        age="at",
        found=_taken_out,
        erase=_erase_words,
    )
)
