"""The changes of a what-if as people write and keep them: pairs of kind and value, and what they say in words."""

from collections.abc import Iterable, Sequence

from lianshang.chain.analysis.network import Park
from lianshang.chain.analysis.scenarios import Attract, Change, Impossible, Reprice, Resize, Stop
from lianshang.chain.analysis.words import amount

MOST_CHANGES = 20
FIELDS = {"stop": 1, "resize": 3, "attract": 2, "price": 2}  # what is asked, and how many values it has

Pair = Sequence[str]  # kind, value; the value's parts stand between colons


def changes(asked: Iterable[Pair]) -> list[Change]:
    """What the pairs ask for, in their order. Raises `Impossible`."""
    pairs = list(asked)
    if len(pairs) > MOST_CHANGES:
        raise Impossible(f"一次最多试 {MOST_CHANGES} 处改动。请先去掉几处。")
    return [_change(kind, value.split(":")) for kind, value in pairs]


def _change(kind: str, values: list[str]) -> Change:
    if len(values) != FIELDS.get(kind):
        raise Impossible("这处改动没有写完整。请选好对象、填好数字再试。")
    if kind == "stop":
        return Stop(values[0])
    size = _number(values[-1])
    if kind == "resize":
        return Resize(values[0], values[1], size)
    return Attract(values[0], size) if kind == "attract" else Reprice(values[0], size)


def _number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        raise Impossible(f"“{text[:20]}”不是数字。请只填数字。") from None
    if not abs(found) < 1e12:  # noqa: PLR2004 beyond that nothing is made; NaN is not below it either
        raise Impossible(f"“{text[:20]}”太大了。请核对单位。")
    return found


def in_words(change: Change, park: Park) -> str:
    match change:
        case Stop(code):
            return f"{park.enterprises[code].name}停产" if code in park.enterprises else code
        case Resize(code, process, capacity):
            name = park.enterprises[code].name if code in park.enterprises else code
            return f"{name}“{_process(process, park)}”产能改为 {amount(capacity, _unit(process, park))}"
        case Attract(process, scale):
            return f"引进“{_process(process, park)}”{amount(scale, _unit(process, park))}"
        case Reprice(product, price):
            priced = park.network.products.get(product)
            return f"{priced.name if priced else product}价格改为 {price:,.10g} 元"


def _process(code: str, park: Park) -> str:
    return park.network.processes[code].name if code in park.network.processes else code


def _unit(process: str, park: Park) -> str:
    known = park.network.processes.get(process)
    return park.network.products[known.reference].unit if known else ""
