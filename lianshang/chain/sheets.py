"""The sheets of the chain's workbook: which column of the tables stands under which heading, and what its values are called.

Headings and values bear the names that the pages use; they are taken from the models.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Field, Model

from lianshang.chain.analysis.tables import Column, Wrong
from lianshang.chain.models import ProcessEntry, ProcessFlow, ProcessRun, ProductEntry, RegionalSupply, Substitution

BIGGEST = 1e15  # beyond that nothing is made in a year
YES_NO = {"1": "是", "0": "否"}
CHECKS = {"full": "物料", "carbon": "碳", "energy": "能量", "none": "不校核"}
DIRECTIONS = {"out": "产出", "in": "用到"}


@dataclass(frozen=True)
class Heading:
    """A column of a sheet: what the tables call it, what the model does, and its values' names."""

    column: str
    attribute: str
    title: str
    longest: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def shown(self, value: Any) -> str | float:
        """A value as the sheet shows it."""
        code = str(int(value)) if isinstance(value, bool) else value
        return self.labels.get(code, code) if self.labels else code

    def taken(self, kind: Callable[[str], Any], value: str) -> Any:
        """What the sheet's value is in the tables. Raises `Wrong`."""
        if self.labels and value:
            codes = {label: code for code, label in self.labels.items()}
            if value not in codes and value not in self.labels:
                raise Wrong(f"应为 {'、'.join(codes)} 之一，现为“{value[:40]}”。")
            value = codes.get(value, value)
        if self.longest and len(value) > self.longest:
            raise Wrong(f"最多 {self.longest} 个字，现有 {len(value)} 个。")
        found = kind(value)
        if isinstance(found, float) and abs(found) > BIGGEST:
            raise Wrong(f"数字太大，现为“{value[:40]}”。请核对单位。")
        return found


@dataclass(frozen=True)
class Sheet:
    name: str
    headings: tuple[Heading, ...]

    def title(self, column: str) -> str:
        return next((each.title for each in self.headings if each.column == column), column)

    def columns(self, wanted: tuple[Column, ...]) -> tuple[Column, ...]:
        """The columns as this sheet has them: by heading, values by their names."""
        known = {each.column: each for each in self.headings}
        return tuple(_column(known[each.name], each) if each.name in known else each for each in wanted)


def _column(heading: Heading, wanted: Column) -> Column:
    return Column(heading.title, lambda value: heading.taken(wanted.kind, value), is_needed=wanted.is_needed)


PRODUCTS = {
    "code": "code", "name_zh": "name", "unit": "unit", "stage": "stage", "role": "role", "transport": "transport",
    "disposal": "disposal", "category": "category", "price_yuan": "price", "swing": "swing",
    "final_sale": "final_sale", "hazardous": "hazardous", "t_per_unit": "mass", "lhv_gj_per_unit": "heat",
    "carbon_t_per_unit": "carbon", "notes": "note",
}  # fmt: skip
PROCESSES = {
    "code": "code", "name_zh": "name", "stage": "stage", "segment": "segment", "ref_product": "reference",
    "typical_scale_per_year": "typical_scale", "min_scale_per_year": "least_scale", "capex_yuan_per_unit": "capital",
    "balance_check": "closes_by", "hazardous_process": "hazard", "gbt4754_2017": "industry", "notes": "note",
}  # fmt: skip
FLOWS = {
    "process": "process", "product": "product", "direction": "is_output", "coef": "coefficient", "low": "low",
    "high": "high", "in_mass_balance": "in_mass_balance", "source": "source", "evidence": "evidence", "note": "note",
}  # fmt: skip
SUBSTITUTES = {
    "product": "product", "substitute": "instead", "substitute_per_unit": "ratio", "via_process": "process",
    "condition": "condition",
}  # fmt: skip
REGIONAL = {"product": "product", "quantity_per_year": "quantity"}
RUNS = {
    "enterprise": "enterprise",
    "process": "process",
    "capacity_per_year": "capacity",
    "activity_per_year": "level",
}


@cache
def sheets() -> Mapping[str, Sheet]:
    """The workbook's sheets by the name of their table."""
    return {
        "products": _sheet("产品", ProductEntry, PRODUCTS),
        "processes": _sheet("工艺", ProcessEntry, PROCESSES),
        "process_flows": _sheet("工艺流", ProcessFlow, FLOWS),
        "substitutes": _sheet("替代关系", Substitution, SUBSTITUTES),
        "regional_context": _sheet("区域供应", RegionalSupply, REGIONAL),
        "park_activities": _sheet("企业产能", ProcessRun, RUNS),
    }


def _sheet(name: str, model: type[Model], columns: Mapping[str, str]) -> Sheet:
    return Sheet(name, tuple(_heading(model._meta.get_field(attr), column) for column, attr in columns.items()))


def _heading(field_: Any, column: str) -> Heading:
    if column == "enterprise":
        return Heading(column, "enterprise", "企业编号", 20)
    if column == "direction":
        return Heading(column, "is_output", "方向", labels=DIRECTIONS)
    return Heading(column, field_.name, str(field_.verbose_name), field_.max_length, _labels(field_))


def _labels(field_: Field) -> Mapping[str, str]:
    if field_.get_internal_type() == "BooleanField":
        return YES_NO
    return CHECKS if field_.name == "closes_by" else {code: label for code, label in field_.choices or () if code}
