"""Loops that could close (闭环机会): a surplus of the park that becomes something the park buys, or is short of.

Either a process of the catalogue turns one into the other, or one simply stands in for the other. Loops that are closed
already are told too, because they are what is lost when somebody stops.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lianshang.chain.analysis.balance import Balance
from lianshang.chain.analysis.candidates import attractable
from lianshang.chain.analysis.findings import TIGHT, is_short
from lianshang.chain.analysis.network import FENCED, PHYSICAL, Flow, Park, Substitute
from lianshang.chain.analysis.words import amount, punctuated, share


@dataclass(frozen=True, slots=True)
class Loop:
    """`made` units of `into` from `taken` units of `surplus`; `covers` is its part of what is needed."""

    surplus: str
    into: str
    process: str  # none: used as it is
    taken: float
    made: float
    covers: float
    is_closed: bool
    sentence: str


def loops(park: Park, balances: Mapping[str, Balance]) -> list[Loop]:
    found = [*_by_process(park, balances), *_by_substitute(park, balances), *_closed(park, balances)]
    return sorted(found, key=lambda loop: (loop.is_closed, -loop.covers, loop.surplus, loop.into))


def _by_process(park: Park, balances: Mapping[str, Balance]) -> Iterator[Loop]:
    for code in attractable(park):
        inputs = park.network.physical_inputs(code)
        there = [flow for flow in inputs if flow.product in balances and balances[flow.product].surplus > 0]
        if not there or any(_is_out_of_reach(park, flow, balances) for flow in inputs):
            continue
        feed = max(there, key=lambda flow: flow.coefficient * max(park.network.products[flow.product].price, 1.0))
        units = balances[feed.product].surplus / feed.coefficient
        for flow in park.network.outputs(code):
            wanted = balances.get(flow.product)
            if wanted and is_short(wanted) and wanted.product.role in PHYSICAL:
                made = min(units * flow.coefficient, wanted.deficit)
                yield _process_loop(park, code, feed, flow, balances, made)


def _is_out_of_reach(park: Park, flow: Flow, balances: Mapping[str, Balance]) -> bool:
    surplus = balances[flow.product].surplus if flow.product in balances else 0.0
    return park.network.products[flow.product].transport in FENCED and surplus <= 0


def _process_loop(park: Park, code: str, feed: Flow, flow: Flow, balances: Mapping[str, Balance], made: float) -> Loop:
    process, source, target = park.network.processes[code], balances[feed.product], balances[flow.product]
    taken = made / flow.coefficient * feed.coefficient
    covers = made / target.demand
    lesser = [
        park.network.products[each.product].name
        for each in park.network.physical_inputs(code)
        if each != feed and not balances.get(each.product, source).surplus
    ]
    besides = f"，另需外购{'、'.join(lesser)}" if lesser else ""
    small = made / flow.coefficient < process.least_scale
    size = (
        f"但量只有最小经济规模的 {share(made / flow.coefficient / process.least_scale)}，宜与周边合办。"
        if small
        else ""
    )
    sentence = (
        f"富余的{source.product.name}（{amount(source.surplus, source.product.unit)}）经“{process.name}”"
        f"可产{target.product.name} {amount(made, target.product.unit)}，"
        f"抵园区需要的 {share(covers)}{besides}。{size}"
    )
    return Loop(feed.product, flow.product, code, taken, made, covers, is_closed=False, sentence=sentence)


def _by_substitute(park: Park, balances: Mapping[str, Balance]) -> Iterator[Loop]:
    for each in park.substitutes:
        wanted, spare = balances.get(each.product), balances.get(each.instead)
        if each.process or not wanted or not spare or not spare.surplus or not each.ratio:
            continue
        if spare.demand or wanted.supply >= TIGHT * wanted.demand:
            continue
        made = min(spare.surplus / each.ratio, wanted.demand)
        covers = made / wanted.demand
        sentence = (
            f"{spare.product.name}没有去处（{amount(spare.surplus, spare.product.unit)}），"
            f"而{wanted.product.name}偏紧：最多可顶替其中 {share(covers)}。{_ending(each)}"
        )
        yield Loop(each.instead, each.product, "", made * each.ratio, made, covers, is_closed=False, sentence=sentence)


def _closed(park: Park, balances: Mapping[str, Balance]) -> Iterator[Loop]:
    """What already stands in for something else, between two enterprises."""
    running = park.running()
    for each in park.substitutes:
        used, spared = balances.get(each.instead), balances.get(each.product)
        if each.process not in running or not used or not spared or not used.demand or not each.ratio:
            continue
        if used.own_use >= used.supply or used.product.role not in PHYSICAL:
            continue
        taken = min(used.supply, used.demand)
        made = taken / each.ratio
        process = park.network.processes[each.process].name
        sentence = (
            f"已经闭环：{used.product.name} {amount(taken, used.product.unit)}用于“{process}”，"
            f"省下{spared.product.name} {amount(made, spared.product.unit)}。"
        )
        covers = made / spared.demand if spared.demand else 1.0
        yield Loop(each.instead, each.product, each.process, taken, made, covers, is_closed=True, sentence=sentence)


def _ending(substitute: Substitute) -> str:
    return f"{punctuated(substitute.condition)}。" if substitute.condition else ""
