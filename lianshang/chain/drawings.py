"""The map as a drawing: who makes, what, who uses, as bands whose height is the value that passes in a year.

Three columns, so there are no loops to hide: the supplying segments of the chain (and what is bought outside), the
products, the using segments (and what is sold or left over). Positions are computed here; the page only prints them.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from lianshang.chain.analysis.balance import Balance
from lianshang.chain.analysis.findings import LABELS, Kind, kinds
from lianshang.chain.analysis.graphs import ordered
from lianshang.chain.analysis.network import Park
from lianshang.chain.analysis.words import NAMES

BOUGHT, SOLD = "园区外购入", "外售或富余"
MOST_NODES = 60
WIDTH, BAR, GAP, LEAST = 1200, 14, 9, 2.0
COLUMNS = (190, 593, 996)  # left edges of the bars
TALL, TALL_OF_ONE = 760, 320  # for all bands together; of one product
LINE = 15  # room that a label takes
MARKS: Mapping[Kind, str] = {
    Kind.MISSING_SUPPLY: "✕",
    Kind.GAP: "◇",
    Kind.NO_DOWNSTREAM: "○",
    Kind.WASTE_UNUSED: "○",
    Kind.FLARED: "○",
    Kind.NO_TREATMENT: "✕",
    Kind.UNTREATED_SURPLUS: "◇",
    Kind.FRAGILE_TREATMENT: "▲",
    Kind.FRAGILE_SINGLE: "▲",
    Kind.N1_SHORT: "▲",
    Kind.TIGHT: "△",
    Kind.GAP_AT_FULL_CAPACITY: "△",
}
TONES = {"upstream": "#6b7f4f", "midstream": "#2f6f8f", "downstream": "#8a5a2b", "": "#7a7f87"}
OUTSIDE_TONE, ALARM_TONE = "#9aa0a8", "#b3362b"


@dataclass(slots=True)
class Node:
    key: str
    label: str
    column: int
    tone: str
    value: float = 0.0
    top: float = 0.0
    height: float = 0.0
    mark: str = ""
    says: str = ""  # the findings, in words
    code: str = ""  # of a product
    _used: list[float] = field(default_factory=lambda: [0.0, 0.0])

    @property
    def left(self) -> int:
        return COLUMNS[self.column]

    @property
    def middle(self) -> float:
        return self.top + self.height / 2

    @property
    def words_at(self) -> int:
        return self.left - 8 if self.column == 0 else self.left + BAR + 8

    def take(self, side: int, height: float) -> float:
        """The next free place on the left (0) or right (1) edge."""
        at = self.top + self._used[side]
        self._used[side] += height
        return at


@dataclass(frozen=True, slots=True)
class Band:
    source: Node
    target: Node
    value: float
    quantity: float
    unit: str
    path: str
    thickness: float
    tone: str


@dataclass(frozen=True, slots=True)
class Drawing:
    nodes: list[Node]
    bands: list[Band]
    width: int
    height: float
    left_out: int  # products that found no room


@dataclass(frozen=True, slots=True)
class _Passing:
    source: str
    target: str
    product: str
    quantity: float


def sankey(park: Park, balances: Mapping[str, Balance], *, stage: str = "", product: str = "") -> Drawing:
    """The products of a stage (of all: ""), the weightiest first, or one product with its enterprises."""
    if product in balances:
        return _drawn(park, balances, [product], by_enterprise=True, left_out=0)
    wanted = [code for code, each in balances.items() if not stage or each.product.stage == stage]
    wanted.sort(key=lambda code: (-_weight(balances[code], park), code))
    shown = wanted
    while len(shown) > 1 and _count(park, balances, shown) > MOST_NODES:
        shown = shown[:-1]
    return _drawn(park, balances, shown, by_enterprise=False, left_out=len(wanted) - len(shown))


def _weight(balance: Balance, park: Park) -> float:
    """Value that passes; what has something wrong with it comes before an equal that has not."""
    value = _worth(balance, max(balance.supply, balance.demand))
    return value * (1.5 if set(kinds(balance, park.network)) - LABELS else 1.0)


def _worth(balance: Balance, quantity: float) -> float:
    return quantity * abs(balance.product.price) / 10_000


def _count(park: Park, balances: Mapping[str, Balance], codes: list[str]) -> int:
    passing = [each for code in codes for each in _passing(park, balances[code], by_enterprise=False)]
    return len({each.source for each in passing} | {each.target for each in passing})


def _passing(park: Park, balance: Balance, *, by_enterprise: bool) -> list[_Passing]:
    """From the left through the product to the right."""
    code = balance.product.code
    middle = f"product:{code}"
    made, used = _parts(park, code, by_enterprise=by_enterprise)
    if balance.deficit:
        made[BOUGHT] = balance.deficit
    if balance.surplus:
        used[SOLD] = balance.surplus
    left = [_Passing(f"from:{name}", middle, code, quantity) for name, quantity in made.items()]
    return left + [_Passing(middle, f"to:{name}", code, quantity) for name, quantity in used.items()]


def _parts(park: Park, code: str, *, by_enterprise: bool) -> tuple[dict[str, float], dict[str, float]]:
    """Who makes and who uses it: by segment of the chain, or by enterprise."""
    made: dict[str, float] = defaultdict(float)
    used: dict[str, float] = defaultdict(float)
    for activity in park.activities:
        process = park.network.processes[activity.process]
        name = park.enterprises[activity.enterprise].name if by_enterprise else process.segment or process.name
        for flow in park.network.of_process[activity.process]:
            if flow.product == code and activity.level and flow.coefficient:
                (made if flow.is_output else used)[name] += activity.level * flow.coefficient
    return made, used


def _drawn(
    park: Park, balances: Mapping[str, Balance], codes: list[str], *, by_enterprise: bool, left_out: int
) -> Drawing:
    passing = [each for code in codes for each in _passing(park, balances[code], by_enterprise=by_enterprise)]
    nodes = _nodes(park, balances, passing)
    scale = _scale(nodes, TALL_OF_ONE if by_enterprise else TALL)
    for each in nodes.values():
        each.height = max(each.value * scale, LEAST)
    height = _placed(nodes, passing)
    bands = [_band(each, nodes, balances[each.product], scale) for each in _in_order(passing, nodes)]
    return Drawing(list(nodes.values()), bands, WIDTH, height, left_out)


def _nodes(park: Park, balances: Mapping[str, Balance], passing: list[_Passing]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    sides: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for each in passing:
        worth = _worth(balances[each.product], each.quantity)
        for key, side in ((each.source, 1), (each.target, 0)):
            nodes.setdefault(key, _node(park, balances, key))
            sides[key][side] += worth
    for key, node in nodes.items():
        node.value = max(sides[key])
    return nodes


def _node(park: Park, balances: Mapping[str, Balance], key: str) -> Node:
    kind, name = key.split(":", 1)
    if kind != "product":
        outside = name in {BOUGHT, SOLD}
        tone = OUTSIDE_TONE if outside else TONES[_stage_of(park, name)]
        return Node(key, name, 0 if kind == "from" else 2, tone)
    balance = balances[name]
    told = [each for each in kinds(balance, park.network) if each not in LABELS]
    mark = next((MARKS[each] for each in told if each in MARKS), "")
    says = "、".join(NAMES[each] for each in told)
    return Node(key, balance.product.name, 1, TONES[balance.product.stage], mark=mark, says=says, code=name)


def _stage_of(park: Park, segment: str) -> str:
    return next((each.stage for each in park.network.processes.values() if each.segment == segment), "")


def _scale(nodes: Mapping[str, Node], tall: int) -> float:
    """Pixels for 万元: the fullest column just fits."""
    full = max((sum(node.value for node in nodes.values() if node.column == column) for column in range(3)), default=0)
    return tall / full if full else 0.0


def _placed(nodes: dict[str, Node], passing: list[_Passing]) -> float:
    """Give every node its place, so that few bands cross. Returns the height of it all."""
    columns = [sorted(key for key, node in nodes.items() if node.column == at) for at in range(3)]
    lowest = 0.0
    heights = []
    for column in ordered(columns, [(each.source, each.target) for each in passing]):
        at = 20.0
        for key in column:
            node = nodes[key]
            room = max(node.height, LINE)
            node.top = at + (room - node.height) / 2
            at += room + GAP
        heights.append((column, at))
        lowest = max(lowest, at)
    for column, height in heights:
        for key in column:
            nodes[key].top += (lowest - height) / 2
    return round(lowest + 10, 1)


def _in_order(passing: list[_Passing], nodes: Mapping[str, Node]) -> list[_Passing]:
    return sorted(passing, key=lambda each: (nodes[each.source].top, nodes[each.target].top))


def _band(each: _Passing, nodes: Mapping[str, Node], balance: Balance, scale: float) -> Band:
    source, target = nodes[each.source], nodes[each.target]
    value = _worth(balance, each.quantity)
    height = max(value * scale, 1.0)
    y1, y2 = source.take(1, value * scale) + height / 2, target.take(0, value * scale) + height / 2
    x1, x2 = source.left + BAR, target.left
    bend = (x1 + x2) / 2
    path = f"M{x1},{y1:.1f}C{bend:.0f},{y1:.1f} {bend:.0f},{y2:.1f} {x2},{y2:.1f}"
    tone = ALARM_TONE if source.label == BOUGHT and nodes[f"product:{each.product}"].mark in {"✕", "◇"} else source.tone
    return Band(source, target, value, each.quantity, balance.product.unit, path, round(height, 1), tone)
