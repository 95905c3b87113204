"""What the findings say to a person: a name, the reason with its numbers, and what can be done."""

import re
from collections.abc import Iterable, Mapping

from lianshang.chain.analysis.balance import Balance
from lianshang.chain.analysis.candidates import margin
from lianshang.chain.analysis.findings import Finding, Kind
from lianshang.chain.analysis.network import Park

NAMES: Mapping[Kind, str] = {
    Kind.NATURAL_IMPORT: "原料外购",
    Kind.CAPTIVE: "自产自用",
    Kind.IMPORT_ONLY: "只能外购",
    Kind.MISSING_SUPPLY: "断链·缺供",
    Kind.NO_DOWNSTREAM: "断链·缺用",
    Kind.GAP: "缺口",
    Kind.GAP_OPERATIONAL: "运营缺口",
    Kind.WASTE_UNUSED: "未利用",
    Kind.NO_TREATMENT: "无处置能力",
    Kind.UNTREATED_SURPLUS: "处置不足",
    Kind.FRAGILE_TREATMENT: "弱链·单一处置",
    Kind.FRAGILE_SINGLE: "弱链·单一",
    Kind.N1_SHORT: "弱链·N-1",
    Kind.TIGHT: "紧张",
    Kind.GAP_AT_FULL_CAPACITY: "扩产瓶颈",
    Kind.FLARED: "放散",
}
# What each kind asks for, in the committee's own terms.
ACTIONS: Mapping[Kind, str] = {
    Kind.MISSING_SUPPLY: "补链",
    Kind.GAP: "补链",
    Kind.NO_DOWNSTREAM: "延链",
    Kind.WASTE_UNUSED: "延链",
    Kind.FLARED: "延链",
    Kind.NO_TREATMENT: "补链",
    Kind.UNTREATED_SURPLUS: "补链",
    Kind.GAP_OPERATIONAL: "提产",
    Kind.FRAGILE_TREATMENT: "强链",
    Kind.FRAGILE_SINGLE: "强链",
    Kind.N1_SHORT: "强链",
    Kind.TIGHT: "强链",
    Kind.GAP_AT_FULL_CAPACITY: "强链",
}


def amount(value: float, unit: str = "") -> str:
    """A quantity as people write it: thousands apart, three significant figures below ten."""
    if unit.startswith("万"):  # it counts ten thousands already
        return f"{value:,.1f}".removesuffix(".0") + f" {unit}"
    if abs(value) >= 100_000_000:  # noqa: PLR2004 亿
        shown = f"{value / 100_000_000:,.4g} 亿"
    elif abs(value) >= 10_000:  # noqa: PLR2004 万
        shown = f"{value / 10_000:,.2f}".rstrip("0").rstrip(".") + " 万"
    else:
        shown = f"{value:,.1f}".removesuffix(".0") if abs(value) >= 10 else f"{value:.3g}"  # noqa: PLR2004
    return f"{shown} {unit}".strip() if shown[-1].isdigit() else f"{shown}{unit}"


def punctuated(note: str) -> str:
    """A note of the catalogue with Chinese marks; commas inside figures stay."""
    return re.sub(r",(?!\d{3})", "，", note.replace(";", "；").rstrip("。"))


def share(value: float) -> str:
    return f"{value * 100:.1f}%"


def reason(finding: Finding, park: Park) -> str:
    """Why this is a finding, in one sentence with its numbers."""
    return _REASONS[finding.kind](finding.balance, park)


def remedy(finding: Finding, park: Park) -> str:
    """What can be done about it, in one sentence."""
    return _REMEDIES[finding.kind](finding.balance, park)


def _named(codes: Mapping[str, float], park: Park, most: int = 2) -> str:
    ordered = sorted(codes, key=lambda code: -codes[code])
    known = [park.enterprises[code].name if code in park.enterprises else code for code in ordered[:most]]
    return "、".join(known) + (f"等 {len(codes)} 家" if len(codes) > most else "")


def _quoted(codes: Iterable[str], park: Park, most: int = 3) -> str:
    return "、".join(f"“{park.network.processes[code].name}”" for code in list(codes)[:most])


def _takers(balance: Balance, park: Park) -> list[str]:
    """What of the catalogue uses the product and is not here yet; what would lose by it comes only where nothing else does."""
    running = park.running()
    codes = [
        flow.process
        for flow in park.network.flows
        if flow.product == balance.product.code and not flow.is_output and flow.process not in running
    ]
    return [code for code in codes if margin(park, code) > 0] or codes


def _needs(balance: Balance) -> str:
    return f"一年要用 {amount(balance.demand, balance.product.unit)}"


def _makes(balance: Balance) -> str:
    return f"一年产出 {amount(balance.supply, balance.product.unit)}"


def _missing(balance: Balance, park: Park) -> str:
    return f"园区{_needs(balance)}，没有一家生产，全部外购。"


def _gap(balance: Balance, park: Park) -> str:
    return (
        f"园区{_needs(balance)}，只产 {amount(balance.supply, balance.product.unit)}，"
        f"缺 {amount(balance.deficit, balance.product.unit)}（{share(balance.deficit / balance.demand)}）。"
    )


def _operational(balance: Balance, park: Park) -> str:
    unit = balance.product.unit
    return f"满产可供 {amount(balance.supply_full, unit)}，够满产所需的 {amount(balance.demand_full, unit)}，缺在没有开足。"


def _no_downstream(balance: Balance, park: Park) -> str:
    return f"园区{_makes(balance)}，没有一家使用，全部外售或排空。"


def _unused(balance: Balance, park: Park) -> str:
    rest = f"{amount(balance.surplus, balance.product.unit)}（{share(balance.surplus / balance.supply)}）"
    return f"园区{_makes(balance)}，其中 {rest}没有利用。"


def _no_treatment(balance: Balance, park: Park) -> str:
    return f"园区{_makes(balance)}，没有一家能处置，只能外运。"


def _untreated(balance: Balance, park: Park) -> str:
    return f"园区{_makes(balance)}，只处置 {amount(balance.demand, balance.product.unit)}。"


def _treated_by_one(balance: Balance, park: Park) -> str:
    return f"园区{_makes(balance)}，都靠{_named(balance.consumers, park, 1)}处置，它一停，产出它的企业也得停。"


def _single(balance: Balance, park: Park) -> str:
    largest, users = balance.largest or "", f"{len(balance.consumers)} 家在用"
    if len(balance.suppliers) == 1:
        return f"只有{_named({largest: 1.0}, park)}一家供应，外面运不进来；{users}。"
    part = share(balance.suppliers[largest] / balance.supply)
    return f"{_named({largest: 1.0}, park)}一家占了 {part}，外面运不进来；{users}。"


def _n1(balance: Balance, park: Park) -> str:
    rest = share(balance.coverage_without_largest or 0)
    return f"有 {len(balance.suppliers)} 家供应，但最大的一家停了，只够需要的 {rest}。"


def _tight(balance: Balance, park: Park) -> str:
    return f"供应只有需要的 {share(balance.coverage or 0)}，余量不足一成。"


def _bottleneck(balance: Balance, park: Park) -> str:
    unit = balance.product.unit
    return f"今天够用；各家开足时要 {amount(balance.demand_full, unit)}，只供得出 {amount(balance.supply_full, unit)}。"


def _flared(balance: Balance, park: Park) -> str:
    spare = amount(balance.surplus, balance.product.unit)
    return f"一年多出 {spare}（{share(balance.surplus / balance.supply)}），只能点火炬烧掉。"


def _attract_maker(balance: Balance, park: Park) -> str:
    if balance.supply and balance.supply_full >= balance.demand_full:
        return _raise_output(balance, park)
    makers = park.network.makers.get(balance.product.code, ())
    for_it = [code for code in makers if park.network.processes[code].reference == balance.product.code]
    if for_it:
        return f"可引进{_quoted(for_it, park)}，够不够一家的规模见招商候选；不够时签长期合同。"
    besides = [code for code in makers if code not in park.running()]
    if besides:
        return f"引进{_quoted(besides, park)}时会一并产出。"
    return "它是别的工艺带出来的，宜从周边购入，签长期合同。"


def _raise_output(balance: Balance, park: Park) -> str:
    return f"请{_named(balance.suppliers, park)}提高开工率，不必再引进一家。"


def _attract_taker(balance: Balance, park: Park) -> str:
    takers = _takers(balance, park)
    if takers:
        return f"可引进{_quoted(takers, park)}，就地用掉。"
    if balance.consumers:
        return f"请{_named(balance.consumers, park)}多用，或找园区外的用户。"
    return "先找园区外的用户，签长期合同。"


def _second(balance: Balance, park: Park) -> str:
    instead = [each for each in park.substitutes if each.product == balance.product.code]
    ways = "；".join(punctuated(each.condition) for each in instead if each.condition)
    return f"备一套机组或第二家供应。可替代的办法：{ways}。" if ways else "备一套机组或第二家供应，先把应急预案定下来。"


def _grow(balance: Balance, park: Park) -> str:
    return f"扩产前先请{_named(balance.suppliers, park)}扩能。"


_REASONS = {
    Kind.MISSING_SUPPLY: _missing,
    Kind.GAP: _gap,
    Kind.GAP_OPERATIONAL: _operational,
    Kind.NO_DOWNSTREAM: _no_downstream,
    Kind.WASTE_UNUSED: _unused,
    Kind.NO_TREATMENT: _no_treatment,
    Kind.UNTREATED_SURPLUS: _untreated,
    Kind.FRAGILE_TREATMENT: _treated_by_one,
    Kind.FRAGILE_SINGLE: _single,
    Kind.N1_SHORT: _n1,
    Kind.TIGHT: _tight,
    Kind.GAP_AT_FULL_CAPACITY: _bottleneck,
    Kind.FLARED: _flared,
}
_REMEDIES = {
    Kind.MISSING_SUPPLY: _attract_maker,
    Kind.GAP: _attract_maker,
    Kind.GAP_OPERATIONAL: _raise_output,
    Kind.NO_DOWNSTREAM: _attract_taker,
    Kind.WASTE_UNUSED: _attract_taker,
    Kind.FLARED: _attract_taker,
    Kind.NO_TREATMENT: _attract_taker,
    Kind.UNTREATED_SURPLUS: _attract_taker,
    Kind.FRAGILE_TREATMENT: _second,
    Kind.FRAGILE_SINGLE: _second,
    Kind.N1_SHORT: _second,
    Kind.TIGHT: _grow,
    Kind.GAP_AT_FULL_CAPACITY: _grow,
}
