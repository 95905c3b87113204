"""Makes a `Park` of a folder of tables: products, processes, process_flows, a park table and park_activities.

regional_context and substitutes are optional. A folder with faults answers with all of them at once (`Faulty`).
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from lianshang.chain.analysis import columns
from lianshang.chain.analysis.faults import Fault, Faulty
from lianshang.chain.analysis.network import (
    Activity,
    Enterprise,
    Flow,
    Network,
    Park,
    Process,
    Product,
    Substitute,
)
from lianshang.chain.analysis.tables import Column, Record, file_of, read

T = TypeVar("T")
ONE = 1e-9  # the reference output's coefficient is one


class Folder:
    """The tables of one folder (or of several, the first first), with the faults that were found while reading them."""

    def __init__(self, *paths: Path) -> None:
        self.paths = paths
        self.faults: list[Fault] = []
        self.names: dict[str, str] = {}

    def table(self, wanted: tuple[Column, ...], *stems: str, is_needed: bool = True) -> list[Record]:
        path = file_of(self.paths, *stems)
        self.names[stems[0]] = path.name if path else f"{stems[0]}.csv"
        if path is None:
            if is_needed:
                self.faults.append(Fault(f"{stems[0]}.csv", 0, "", "文件夹里没有这张表。"))
            return []
        before = len(self.faults)
        found = read(path, wanted, self.faults)
        if is_needed and not found and len(self.faults) == before:
            self.faults.append(Fault(path.name, 0, "", "表里没有内容。"))
        return found

    def fault(self, stem: str, record: Record, column: str, message: str) -> None:
        self.faults.append(Fault(self.names[stem], record.row, column, message))

    def unique(self, stem: str, records: Iterable[Record], *keys: str) -> None:
        seen: dict[tuple[Any, ...], int] = {}
        for record in records:
            key = tuple(record[name] for name in keys)
            if None in key:
                continue
            if key in seen:
                self.fault(stem, record, keys[-1], f"与第 {seen[key]} 行重复：{'、'.join(map(str, key))}。")
            seen.setdefault(key, record.row)

    def known(self, stem: str, records: Iterable[Record], column: str, codes: Iterable[str], where: str) -> None:
        there = set(codes)
        for record in records if there else ():  # a table that is missing is one fault, not one for each row
            if record[column] and record[column] not in there:
                self.fault(stem, record, column, f"{where}里没有“{record[column]}”。")


def read_park(*paths: Path) -> Park:
    """The park of a folder, or of several of which each has some tables. Raises `Faulty` with every fault of every table."""
    absent = [Fault(str(path), 0, "", "没有这个文件夹。") for path in paths if not path.is_dir()]
    if absent:
        raise Faulty(absent)
    folder = Folder(*paths)
    network, codes = _network(folder)
    park = folder.table(columns.PARK, "park_demo", "park")
    activities = folder.table(columns.ACTIVITIES, "park_activities")
    regional = folder.table(columns.REGIONAL, "regional_context", is_needed=False)
    substitutes = folder.table(columns.SUBSTITUTES, "substitutes", is_needed=False)
    folder.unique("park_demo", park, "code")
    folder.unique("park_activities", activities, "enterprise", "process")
    folder.unique("regional_context", regional, "product")
    folder.known("park_activities", activities, "enterprise", _codes(park), "园区企业表")
    folder.known("park_activities", activities, "process", codes["processes"], "工艺表")
    folder.known("regional_context", regional, "product", codes["products"], "产品表")
    folder.known("substitutes", substitutes, "product", codes["products"], "产品表")
    folder.known("substitutes", substitutes, "substitute", codes["products"], "产品表")
    folder.known("substitutes", substitutes, "via_process", codes["processes"], "工艺表")
    if folder.faults:
        raise Faulty(sorted(folder.faults, key=lambda fault: (fault.file, fault.row)))
    return Park(
        network,
        _by_code(_enterprise(record) for record in park),
        tuple(activity(record) for record in activities),
        {record["product"]: record["quantity_per_year"] for record in regional},
        tuple(substitute(record) for record in substitutes),
    )


def read_network(path: Path) -> Network:
    """The catalogue of a folder alone. Raises `Faulty`."""
    folder = Folder(path)
    network, _ = _network(folder)
    if folder.faults:
        raise Faulty(folder.faults)
    return network


def network_of(folder: Folder) -> Network:
    """The catalogue of a folder; empty where the folder has got faults by it."""
    return _network(folder)[0]


def _network(folder: Folder) -> tuple[Network, dict[str, list[str]]]:
    products = folder.table(columns.PRODUCTS, "products")
    processes = folder.table(columns.PROCESSES, "processes")
    flows = folder.table(columns.FLOWS, "process_flows")
    codes = {"products": _codes(products), "processes": _codes(processes)}
    folder.unique("products", products, "code")
    folder.unique("processes", processes, "code")
    folder.unique("process_flows", flows, "process", "product", "direction")
    folder.known("processes", processes, "ref_product", codes["products"], "产品表")
    folder.known("process_flows", flows, "process", codes["processes"], "工艺表")
    folder.known("process_flows", flows, "product", codes["products"], "产品表")
    _check_ranges(folder, flows)
    _check_references(folder, processes, flows)
    if folder.faults:
        return Network({}, {}, ()), codes
    return Network(
        _by_code(map(_product, products)), _by_code(map(_process, processes)), tuple(map(_flow, flows))
    ), codes


def _check_ranges(folder: Folder, flows: Iterable[Record]) -> None:
    for record in flows:
        low, coefficient, high = record["low"], record["coef"], record["high"]
        if None in (low, coefficient, high):
            continue
        if low and low > coefficient * (1 + ONE):
            folder.fault("process_flows", record, "low", f"下限 {low:g} 高于系数 {coefficient:g}。")
        if high and high < coefficient * (1 - ONE):
            folder.fault("process_flows", record, "high", f"上限 {high:g} 低于系数 {coefficient:g}。")


def _check_references(folder: Folder, processes: Iterable[Record], flows: Iterable[Record]) -> None:
    """The reference output of each process is one of its outputs, with the coefficient 1."""
    made = {(flow["process"], flow["product"]): flow["coef"] for flow in flows if flow["direction"] == "out"}
    for record in processes:
        key = (record["code"], record["ref_product"])
        if None in key or not made:
            continue
        if key not in made:
            folder.fault("processes", record, "ref_product", f"工艺流表里没有“{key[0]}”产出“{key[1]}”这一行。")
        elif made[key] is not None and abs(made[key] - 1) > ONE:
            folder.fault("processes", record, "ref_product", f"基准产出的系数应为 1，工艺流表里是 {made[key]:g}。")


def _codes(records: Iterable[Record]) -> list[str]:
    return [record["code"] for record in records if record["code"]]


def _by_code(things: Iterable[T], key: Callable[[Any], str] = lambda thing: thing.code) -> dict[str, T]:
    return {key(thing): thing for thing in things}


def _product(record: Record) -> Product:
    return Product(
        code=record["code"],
        name=record["name_zh"] or record["code"],
        unit=record["unit"],
        stage=record["stage"],
        role=record["role"],
        transport=record["transport"],
        disposal=record["disposal"],
        price=record["price_yuan"],
        swing=record["swing"],
        final_sale=record["final_sale"],
        hazardous=record["hazardous"],
        category=record["category"],
        mass=record["t_per_unit"],
        heat=record["lhv_gj_per_unit"],
        carbon=record["carbon_t_per_unit"],
        note=record["notes"],
    )


def _process(record: Record) -> Process:
    return Process(
        code=record["code"],
        name=record["name_zh"] or record["code"],
        stage=record["stage"],
        segment=record["segment"],
        reference=record["ref_product"],
        typical_scale=record["typical_scale_per_year"],
        least_scale=record["min_scale_per_year"],
        capital=record["capex_yuan_per_unit"],
        closes_by=record["balance_check"] or "none",
        hazard=record["hazardous_process"],
        industry=record["gbt4754_2017"],
        note=record["notes"],
    )


def _flow(record: Record) -> Flow:
    coefficient = record["coef"]
    return Flow(
        process=record["process"],
        product=record["product"],
        is_output=record["direction"] == "out",
        coefficient=coefficient,
        low=record["low"] or coefficient,
        high=record["high"] or coefficient,
        in_mass_balance=record["in_mass_balance"],
        source=record["source"],
        evidence=record["evidence"],
        note=record["note"],
    )


def _enterprise(record: Record) -> Enterprise:
    return Enterprise(
        code=record["code"],
        name=record["name"] or record["code"],
        output_value=record["output_value_wan"],
        stage=record["stage"],
        sector=record["sector"],
        staff=record["staff"],
        party_members=record["party_members"],
        party_organization=record["party_org"],
        is_invented=record["fictional_data"],
    )


def activity(record: Record) -> Activity:
    capacity, level = record["capacity_per_year"], record["activity_per_year"]
    return Activity(record["enterprise"], record["process"], capacity, level)


def substitute(record: Record) -> Substitute:
    return Substitute(
        record["product"],
        record["substitute"],
        record["substitute_per_unit"],
        record["via_process"],
        record["condition"],
    )
