"""The columns of each table: which are needed, and what may stand in them."""

from lianshang.chain.analysis.tables import Column, count, measure, name, number, quantity, text, truth

STAGES = frozenset({"upstream", "midstream", "downstream"})
ROLES = frozenset(
    {"raw", "intermediate", "byproduct", "final", "utility", "consumable", "service", "equipment", "waste", "env"}
)
TRANSPORTS = frozenset({"pipeline", "local", "road", "grid", "none"})
DISPOSALS = frozenset({"none", "flare", "vent", "landfill", "must_treat", ""})
CHECKS = frozenset({"full", "carbon", "energy", "none", ""})


def _maybe(*names: str) -> tuple[Column, ...]:
    return tuple(Column(each, text, is_needed=False) for each in names)


PRODUCTS = (
    Column("code", name),
    Column("name_zh", text, is_needed=False),
    Column("unit", name),
    Column("stage", text, is_needed=False, allowed=STAGES | {""}),
    Column("role", name, allowed=ROLES),
    Column("transport", name, allowed=TRANSPORTS),
    Column("disposal", text, is_needed=False, allowed=DISPOSALS),
    Column("swing", truth, is_needed=False),
    Column("final_sale", truth, is_needed=False),
    Column("hazardous", truth, is_needed=False),
    *(Column(each, quantity, is_needed=False) for each in ("t_per_unit", "lhv_gj_per_unit", "carbon_t_per_unit")),
    Column("price_yuan", number),
    *_maybe("name_en", "category", "gb18218_critical_t", "cas", "hs6", "notes", "source", "evidence"),
)
PROCESSES = (
    Column("code", name),
    Column("name_zh", text, is_needed=False),
    Column("stage", text, is_needed=False, allowed=STAGES | {""}),
    Column("ref_product", name),
    *(Column(each, quantity) for each in ("typical_scale_per_year", "min_scale_per_year", "capex_yuan_per_unit")),
    Column("balance_check", text, is_needed=False, allowed=CHECKS),
    *_maybe("name_en", "gbt4754_2017", "gbt4754_name", "segment", "ref_unit", "min_scale_basis"),
    *_maybe("hazardous_process", "notes", "source", "evidence"),
)
FLOWS = (
    Column("process", name),
    Column("product", name),
    Column("direction", name, allowed=frozenset({"in", "out"})),
    Column("coef", measure),
    Column("low", quantity, is_needed=False),
    Column("high", quantity, is_needed=False),
    Column("in_mass_balance", truth, is_needed=False),
    *_maybe("unit", "note", "source", "evidence"),
)
PARK = (
    Column("code", name),
    Column("name", text, is_needed=False),
    Column("output_value_wan", quantity),
    Column("fictional_data", truth, is_needed=False),
    Column("stage", text, is_needed=False, allowed=STAGES | {""}),
    Column("staff", count, is_needed=False),
    Column("party_members", count, is_needed=False),
    *_maybe("sector", "party_org", "uscc", "chain_role"),
)
ACTIVITIES = (
    Column("enterprise", name),
    Column("process", name),
    Column("capacity_per_year", measure),
    Column("activity_per_year", measure),
    *_maybe("unit", "utilisation"),
)
REGIONAL = (Column("product", name), Column("quantity_per_year", measure), *_maybe("unit", "scope", "basis"))
SUBSTITUTES = (
    Column("product", name),
    Column("substitute", name),
    Column("substitute_per_unit", measure),
    *_maybe("via_process", "condition", "source", "evidence"),
)
