"""How the rows behind these figures are listed: enterprises and organisations. No member is named."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse

from lianshang.enterprises.models import Enterprise
from lianshang.indicators.evidence import Line, Sheet, declare
from lianshang.indicators.scopes import Scope
from lianshang.organizations.models import Organization


def _enterprises(rows: Sequence[Enterprise], scope: Scope) -> list[Line]:
    return [
        Line(reverse("organizations:enterprise", args=[one.code]), (one.code, one.name, one.sector, one.staff_count))
        for one in rows
    ]


def _organizations(rows: Sequence[Organization], scope: Scope) -> list[Line]:
    return [
        Line(
            one.get_absolute_url(),
            (one.get_kind_display(), one.name, one.parent.name if one.parent else "", f"{one.approved_on:%Y-%m-%d}"),
        )
        for one in rows
    ]


def _with_parent(rows: QuerySet) -> QuerySet:
    return rows.select_related("parent")


declare(
    Sheet(
        Enterprise, "企业", ("编号", "企业", "行业", "职工"), ("code", "id"), ("code",), _enterprises, lambda rows: rows
    )
)
declare(
    Sheet(
        Organization, "党组织", ("类型", "党组织", "上级", "批复日期"), ("approved_on", "id"), ("key",), _organizations,
        _with_parent,
    )
)  # fmt: skip
