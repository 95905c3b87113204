"""The whole chain as one Excel workbook: out as it is on record, to be changed, and in again with every fault by its place."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import xlsxwriter

from lianshang.chain.analysis import columns
from lianshang.chain.analysis.faults import Fault, Faulty
from lianshang.chain.analysis.network import Activity, Network, Park, Substitute
from lianshang.chain.analysis.reading import Folder, activity, network_of, substitute
from lianshang.chain.analysis.tables import Column, Record, cells, records
from lianshang.chain.sheets import DIRECTIONS, Sheet, sheets
from lianshang.kernel import apart, tables

TOO_MUCH = "这个文件太大，超出了一次可用的内存或时间，一行也没有读进来。请只保留需要的工作表再上传。"
CATALOGUE = ("products", "processes", "process_flows")  # they come together or not at all
HOW = (
    "产品、工艺、工艺流三张表合成一份目录，要改就三张一起交；编号是各表之间的名字，改了名称不要改编号。",
    "工艺流：每产 1 单位基准产出，用到或产出多少。基准产出自己也有一行，系数为 1。低值、高值空着表示没有范围。",
    "企业产能：只写有变化的也可以，没写到的企业和工艺不变。年产能填 0 表示不再生产。",
    "产能和产量按工艺基准产出的单位，一年多少。价格是元。有一格不对，整份都不收，并逐格说明。",
)


@dataclass(frozen=True)
class Handed:
    """What a workbook brings; None: it has no such sheet, and what is on record stays."""

    network: Network | None
    substitutes: tuple[Substitute, ...] | None
    regional: Mapping[str, float] | None
    runs: tuple[Activity, ...]


class Book(Folder):
    """The sheets of a workbook in the place of a folder's files."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        try:
            self.pages = apart.run(tables.pages, content)  # a small file may unfold to fill the memory
        except apart.TooMuch:
            raise tables.Unreadable(TOO_MUCH) from None

    def has(self, stem: str) -> bool:
        return sheets()[stem].name in self.pages

    def table(self, wanted: tuple[Column, ...], *stems: str, is_needed: bool = True) -> list[Record]:
        sheet, before = sheets()[stems[0]], len(self.faults)
        self.names[stems[0]] = sheet.name
        if sheet.name not in self.pages:
            if is_needed:
                self.faults.append(Fault(sheet.name, 0, "", "工作簿里没有这张表。产品、工艺、工艺流要一起交。"))
            return []
        lines = [cells(line) for line in self.pages[sheet.name]]
        asked = sheet.columns(wanted)
        found = records(sheet.name, lines, asked, self.faults)
        if is_needed and not found and len(self.faults) == before:
            self.faults.append(Fault(sheet.name, 0, "", "表里没有内容。"))
        pairs = [(here.name, there.name) for here, there in zip(asked, wanted, strict=True)]
        return [replace(each, values={there: each[here] for here, there in pairs}) for each in found]

    def fault(self, stem: str, record: Record, column: str, message: str) -> None:
        super().fault(stem, record, sheets()[stem].title(column), message)


def read(content: bytes, park: Park) -> Handed:
    """What the workbook says, checked against the park it is for. Raises `Faulty` with every fault, `tables.Unreadable`."""
    book = Book(content)
    if not any(map(book.has, sheets())):
        names = "、".join(each.name for each in sheets().values())
        raise tables.Unreadable(f"工作簿里没有可读的表。工作表应叫：{names}。请先下载，再在里面改。")
    is_whole = any(map(book.has, CATALOGUE))
    network = network_of(book) if is_whole else park.network
    substitutes = book.table(columns.SUBSTITUTES, "substitutes", is_needed=False)
    regional = book.table(columns.REGIONAL, "regional_context", is_needed=False)
    runs = book.table(columns.ACTIVITIES, "park_activities", is_needed=False)
    _check(book, network, park, substitutes, regional, runs)
    if book.faults:
        raise Faulty(sorted(book.faults, key=lambda fault: (fault.file, fault.row)))
    return Handed(
        network if is_whole else None,
        tuple(map(substitute, substitutes)) if book.has("substitutes") else None,
        {each["product"]: each["quantity_per_year"] for each in regional} if book.has("regional_context") else None,
        tuple(map(activity, runs)),
    )


def _check(
    book: Book, network: Network, park: Park, swaps: list[Record], regional: list[Record], runs: list[Record]
) -> None:
    book.unique("park_activities", runs, "enterprise", "process")
    book.unique("regional_context", regional, "product")
    book.unique("substitutes", swaps, "product", "substitute")
    book.known("park_activities", runs, "enterprise", park.enterprises, "企业名录")
    book.known("park_activities", runs, "process", network.processes, "工艺表")
    book.known("regional_context", regional, "product", network.products, "产品表")
    book.known("substitutes", swaps, "product", network.products, "产品表")
    book.known("substitutes", swaps, "substitute", network.products, "产品表")
    book.known("substitutes", swaps, "via_process", network.processes, "工艺表")


def written(park: Park) -> bytes:
    """The workbook of a park's chain."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        for stem, rows in _rows(park).items():
            _write(book.add_worksheet(sheets()[stem].name), sheets()[stem], rows, head)
        how = book.add_worksheet("怎么填")
        how.set_column(0, 0, 110, book.add_format({"text_wrap": True}))
        how.write_column(0, 0, HOW)
    return content.getvalue()


def _rows(park: Park) -> dict[str, list[tuple[Any, tuple[tuple[str, str], ...]]]]:
    """The things of each sheet, each with what stands beside it to be read, not taken."""
    products, processes = park.network.products, park.network.processes
    return {
        "products": [(each, ()) for each in products.values()],
        "processes": [(each, (("基准产出名称", products[each.reference].name),)) for each in processes.values()],
        "process_flows": [(each, _named(park, each.process, each.product)) for each in park.network.flows],
        "substitutes": [(each, ()) for each in park.substitutes],
        "regional_context": [(Regional(*each), ()) for each in park.regional.items()],
        "park_activities": [(each, _whose(park, each)) for each in park.activities],
    }


@dataclass(frozen=True)
class Regional:
    product: str
    quantity: float


def _named(park: Park, process: str, product: str) -> tuple[tuple[str, str], ...]:
    known = park.network.products[product]
    return (("工艺名称", park.network.processes[process].name), ("产品名称", f"{known.name}（{known.unit}）"))


def _whose(park: Park, each: Activity) -> tuple[tuple[str, str], ...]:
    process = park.network.processes[each.process]
    unit = park.network.products[process.reference].unit
    return (("企业名称", park.enterprises[each.enterprise].name), ("工艺名称", process.name), ("产能单位", unit))


def _write(page: Any, sheet: Sheet, rows: Iterable[tuple[Any, tuple[tuple[str, str], ...]]], head: Any) -> None:
    rows = list(rows)
    beside = [title for title, _ in rows[0][1]] if rows else []
    for column, title in enumerate([*(each.title for each in sheet.headings), *beside]):
        page.set_column(column, column, 24 if "名称" in title or title == "说明" else 13)
        page.write_string(0, column, title, head)
    for row, (thing, more) in enumerate(rows, 1):
        shown = [_shown(thing, each.attribute, each) for each in sheet.headings]
        for column, cell in enumerate([*shown, *(text for _, text in more)]):
            (page.write_string if isinstance(cell, str) else page.write_number)(row, column, cell)
    page.freeze_panes(1, 2)


def _shown(thing: Any, attribute: str, heading: Any) -> str | float:
    value = getattr(thing, attribute)
    return DIRECTIONS["out" if value else "in"] if attribute == "is_output" else heading.shown(value)
