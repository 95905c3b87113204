"""How a true value is put into words (余, 近, 以上, 万元, %), and whether words that stand in a text are true of a value.

40余次 is 41 to 49: more than what is written, less than one more of its last place; below ten, and where nothing is over,
the number stands exactly. 近60 is at least 95 % of it. 以上, 以内, 不少于 include the number, 超过, 不满, 不足 do not
(民法典 art 1259). Rates are cut to two decimals and never rounded up to 100. Money stands in 万元 or 亿元 with two decimals.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from lianshang.reports import numerals
from lianshang.reports.mentions import BARE, PERCENT, PERMILLE, POINTS, Mention

NOTHING = "—"
CENT = Decimal("0.01")
TEN, WHOLE = Decimal(10), Decimal(100)
WAN, YI = Decimal(10**4), Decimal(10**8)
NEAR = Decimal("0.95")
ABOUT = Decimal("0.05")  # what 约 and 左右 may be off by

# -- putting a value into words -----------------------------------------------------------------------------------


def exact(value: Decimal) -> str:
    """128; 12.5; never 1E+2."""
    return f"{value.normalize():f}" if value else "0"


def floored(value: Decimal, places: int = 2) -> Decimal:
    """Return the value down to its leading figures: at most `places`, and never to its last one: 327 → 320, 47 → 40."""
    size = value.adjusted()
    kept = min(places, size)
    step = Decimal(1).scaleb(size - kept + 1)
    return (value // step) * step


def _over(value: Decimal, unit: str, places: int = 2) -> str:
    if value < TEN or value == (low := floored(value, places)):
        return exact(value) + unit
    return f"{exact(low)}余{unit}"


def over(value: Decimal, unit: str) -> str:
    """47次 → 40余次, 327人次 → 320余人次; 40次 and 9次 stay."""
    return _over(value, unit)


def over_largely(value: Decimal, unit: str) -> str:
    """327名 → 300余名."""
    return _over(value, unit, 1)


def near(value: Decimal, unit: str) -> str:
    """58个 → 近60个; where no round number is that near, the exact one."""
    for places in (1, 2):
        high = floored(value, places) + Decimal(1).scaleb(value.adjusted() - min(places, value.adjusted()) + 1)
        if value >= TEN and value != floored(value, places) and value >= NEAR * high:
            return f"近{exact(high)}{unit}"
    return exact(value) + unit


def at_least(value: Decimal, unit: str) -> str:
    """47个 → 40个以上; 40个 → 40个以上, for 以上 includes it."""
    return exact(value) + unit if value < TEN else f"{exact(floored(value))}{unit}以上"


def exceeding(value: Decimal, unit: str) -> str:
    """47个 → 超过40个; 40个 → 40个, for 超过 does not include it."""
    if value < TEN or value == (low := floored(value)):
        return exact(value) + unit
    return f"超过{exact(low)}{unit}"


def plain(value: Decimal, unit: str) -> str:
    return exact(value) + unit


def rate(value: Decimal) -> str:
    """Percent: cut to two decimals, never up."""
    return exact(value.quantize(CENT, ROUND_DOWN)) + PERCENT


def money(value: Decimal, unit: str = "") -> str:
    """`value` in 万元 → 2116.50万元, or 21.16亿元 from a 亿 on or where that is asked for."""
    if unit == "亿元" or (not unit and value >= WAN):
        return f"{(value / WAN).quantize(CENT, ROUND_HALF_UP):f}亿元"
    return f"{value.quantize(CENT, ROUND_HALF_UP):f}万元"


RULES: Mapping[str, Callable[[Decimal, str], str]] = {
    "余": over, "整余": over_largely, "近": near, "以上": at_least, "超过": exceeding, "准确": plain,
}  # fmt: skip
MONEY = ("万元", "亿元")
ROUNDED = (
    PERCENT,
    PERMILLE,
    "元",
    BARE,
)  # units whose whole numbers may stand for what is near: 98%, 2116万元; a count is exact


def worded(value: Decimal | None, unit: str, kind: str, rule: str = "准确") -> str:
    """Return the figure as it is printed. `kind` is the indicator's; `rule` one of `RULES`, for money 万元 or 亿元."""
    if value is None:
        return NOTHING
    unit = {"工作日": "个工作日", "小时": "个小时"}.get(unit, unit)
    if kind == "rate":
        return rate(value)
    if kind == "money":
        return money(value, rule if rule in MONEY else "")
    return RULES.get(rule, plain)(value, unit)


# -- judging words that stand in a text ---------------------------------------------------------------------------


def is_true(mention: Mention, value: Decimal) -> bool:
    """Whether what the mention says is true of the value, which is in the mention's own base unit (元, 人次, %)."""
    if mention.is_range:
        return mention.low <= value <= mention.high
    number = mention.low
    for word, holds in _QUALIFIED.items():
        if word in (mention.before, mention.after) and not (word == "约" and mention.loose):
            return holds(number, value)
    if mention.loose in ("余", "多") or mention.after in ("余", "多"):
        return number < value < number + numerals.place(number)
    if mention.loose:  # 十来个, 三分之二
        return _about(number, value)
    return _exactly(mention, value)


def _about(number: Decimal, value: Decimal) -> bool:
    return abs(value - number) <= ABOUT * number


_QUALIFIED: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    **dict.fromkeys(("近", "将近", "接近"), lambda number, value: NEAR * number <= value < number),
    **dict.fromkeys(("以上", "不少于", "不低于", "不小于", "至少", "最少", "上"), lambda number, value: value >= number),
    **dict.fromkeys(("以下", "以内", "之内", "不多于", "不超过", "不高于", "最多", "至多", "不大于"),
                    lambda number, value: value <= number),
    **dict.fromkeys(("超过", "突破", "多于", "高于", "大于", "逾", "超"), lambda number, value: value > number),
    **dict.fromkeys(("不到", "不足", "不满", "少于", "低于"), lambda number, value: value < number),
    **dict.fromkeys(("约", "约为", "大约", "大概", "左右", "上下"), _about),
}  # fmt: skip


def _exactly(mention: Mention, value: Decimal) -> bool:
    """The number itself, or what it shows of it: 21.16亿元 of 2,116,149,000; of a rate less than 100 never 100 %."""
    if mention.unit in (PERCENT, PERMILLE, POINTS) and value < WHOLE <= mention.low:
        return False
    if not mention.decimals and mention.unit not in ROUNDED:
        return mention.low == value
    step = mention.times.scaleb(-mention.decimals)
    ways = (ROUND_DOWN, ROUND_HALF_UP) if mention.unit in ROUNDED else (ROUND_HALF_UP,)
    return mention.low in {_to(value, step, how) for how in ways}


def _to(value: Decimal, step: Decimal, how: str) -> Decimal:
    return (value / step).quantize(Decimal(1), how) * step
