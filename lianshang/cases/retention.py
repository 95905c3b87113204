"""What of ended cases and settled drafts is erased in time. What was done, when and by whom stays: it is append-only."""

from datetime import datetime

from django.db.models import QuerySet

from lianshang.cases.models import Case, Draft
from lianshang.kernel import retention
from lianshang.kernel.retention import Kind

CONTACT = ("contact_name", "contact_phone", "contact_email")


def _ended(before: datetime) -> QuerySet[Case]:
    """Open-ledger cases that ended before; who made a sealed one is kept apart and erased there."""
    rows = Case.objects.filter(closed_at__lt=before, sealed=False)
    return rows.exclude(**dict.fromkeys(CONTACT, ""))


def _settled(before: datetime) -> QuerySet[Draft]:
    return Draft.objects.filter(settled_at__lt=before).exclude(sender="", text="", original="")


retention.register(
    Kind(
        name="case_contacts",
        label="已办结诉求的联系人",
        what="清空联系人、电话和邮箱；诉求内容、经过和时限留着。",
        columns=tuple(f"cases.Case.{name}" for name in CONTACT),
        days=3650,
        least=365,
        age="closed_at",
        found=_ended,
        erase=lambda rows: rows.update(**dict.fromkeys(CONTACT, "")),
    )
)
retention.register(
    Kind(
        name="drafts",
        label="处理完的转登记草稿",
        what="清空谁说的、说了什么；已登记的诉求不动。",
        columns=("cases.Draft.sender", "cases.Draft.text", "cases.Draft.original"),
        days=365,
        least=90,
        age="settled_at",
        found=_settled,
        erase=lambda rows: rows.update(sender="", text="", original=""),
    )
)
