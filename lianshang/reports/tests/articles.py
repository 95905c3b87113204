"""True articles of the demo park, and the same with faults planted: made from the records, so that they fit no one day.

A slot is «key|period|style»; what stands in it is written from the reading: by style, in figures, in Chinese numerals,
full-width, with 余, 以上, 近 or as a range. `planted` writes something else there, each time of another kind.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal

from lianshang.directory.models import Park
from lianshang.indicators import registry, scopes
from lianshang.indicators.registry import REGISTRY

YEAR, MONTH, NOW, ALL = "今年以来", "当期", "到目前", "累计"
SLOT = re.compile(r"«([\w.]+)\|(\w+)\|(\w+)»")

BRIEFING = """企业诉求办理情况
（2026年11月简报）
一、总体情况。今年以来，园区落实“企业吹哨、党委响应、部门报到”，按照黔府发〔2026〕5号和《条例》第四十五条，共受理企业诉求«cases.intake|今年以来|件»，已办结«cases.closed|今年以来|件»，服务企业«cases.enterprises|今年以来|家»。
其中，今年以来按期反馈«cases.in_time|今年以来|件»，依法在办«cases.lawfully_open|今年以来|件»，超期反馈«cases.breaches|今年以来|件»，已反馈«cases.fed_back|今年以来|余»。
二、时限情况。今年以来，限期反馈率«cases.feedback_rate|今年以来|率»，按时签收率«cases.sign_rate|今年以来|率»，响应率«cases.contact_rate|今年以来|率»，按期办结率«cases.handle_rate|今年以来|率»，首办负责率«cases.first_handler_rate|今年以来|率»，退单率«cases.return_rate|今年以来|率»。
三、企业评价。今年以来，解决率«cases.solve_rate|今年以来|率»，评价非常满意«cases.grade.very_satisfied|今年以来|次»、满意«cases.grade.satisfied|今年以来|次»。
四、本月情况。11月23日召开调度会。本月受理诉求«cases.intake|当期|件»，办结«cases.closed|当期|件»，限期反馈率«cases.feedback_rate|当期|率»。目前在办«cases.open|到目前|件»，超期在办«cases.overdue|到目前|件»，挂账«cases.deferred|到目前|件»。
联系电话0858-1234567，服务热线12345。"""

SPEECH = """在链上服务推进会上的发言
各位代表：今年以来，企业吹哨«cases.intake|今年以来|汉字件»，我们办结«cases.closed|今年以来|汉字件»，解决问题«cases.solved|今年以来|余个»，涉及企业«cases.enterprises|今年以来|汉字家»。限时反馈率达到«cases.feedback_rate|今年以来|百分之»，按时办结率达到«cases.handle_rate|今年以来|百分之»，满意率为«cases.satisfaction|今年以来|百分之»。
我们办理用时«cases.median_days|今年以来|工作日»，重启«cases.reopened|今年以来|件次»，批准延期«cases.extended|今年以来|件次»，督办«cases.supervised|今年以来|件次»，如实挂账«cases.deferrals|今年以来|件次»，重办率«cases.rework_rate|今年以来|率»。
截至目前，正在办理«cases.open|到目前|汉字件»，其中逾期未办«cases.overdue|到目前|汉字件»。
今年以来，企业评价基本满意«cases.grade.fair|今年以来|次»，评价不满意«cases.grade.dissatisfied|今年以来|次»，评价非常不满意«cases.grade.very_dissatisfied|今年以来|次»，回访未联系上«cases.unreached|今年以来|件»；协办按期答复率«cases.co_reply_rate|今年以来|率»，承诺兑现率«cases.promise_rate|今年以来|率»。
企业反映，一站式服务、一次办成是最大的变化。"""

REPORT = """关于链上服务机制运行情况的报告
机制运行以来，累计受理诉求«cases.intake|累计|以上件»，累计办结诉求«cases.closed|累计|近件»，累计服务企业«cases.enterprises|累计|全角家»，累计已反馈«cases.fed_back|累计|区间件»。办结率«cases.closure_rate|累计|率»。
综合党委在走访中累计解决问题«cases.solved.committee|累计|余个»；召开党政企联席会议，累计解决问题«cases.solved.meeting|累计|个»（含交叉）。
2026年，按时签收率«cases.sign_rate|今年以来|全角率»，及时联系率«cases.contact_rate|今年以来|率»，解决率«cases.solve_rate|今年以来|百分之»，满意率«cases.satisfaction|今年以来|率»，首办率«cases.first_handler_rate|今年以来|率»，挂账按时复核率«cases.defer_review_rate|今年以来|率»。
2026年11月，受理诉求«cases.intake|当期|全角件»，办结«cases.closed|当期|汉字件»，涉及企业«cases.enterprises|当期|家»，按期反馈«cases.in_time|当期|件»，依法在办«cases.lawfully_open|当期|件»，超期反馈«cases.breaches|当期|件»，按期办结率«cases.handle_rate|当期|率»，退单率«cases.return_rate|当期|率»，办结用时«cases.median_days|当期|工作日»。
目前在办诉求«cases.open|到目前|以上件»。下一步，按“1+5+N”抓实三会一课。"""

ARTICLES = {"briefing": BRIEFING, "speech": SPEECH, "report": REPORT}


def read(park: Park, day: date, clock: datetime, key: str, kind: str) -> Decimal:
    """Return the true value of a slot."""
    scope = scopes.as_of(park, None, day, clock=clock)
    value = registry.read(key, scope, registry.period(REGISTRY[key], scope, kind)).value
    assert value is not None, f"{key} has nothing to measure: choose another figure"
    return value


def true(article: str, park: Park, day: date, clock: datetime) -> str:
    return SLOT.sub(lambda slot: _written(read(park, day, clock, slot[1], slot[2]), slot[3]), article)


def planted(
    article: str, park: Park, day: date, clock: datetime, wrong: Iterable[int]
) -> tuple[str, list[tuple[int, int]]]:
    """Return the article with a fault in each of those slots (counted from 0), and where the faults stand."""
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    at, chosen = 0, set(wrong)
    for number, slot in enumerate(SLOT.finditer(article)):
        pieces.append(article[at : slot.start()])
        value = read(park, day, clock, slot[1], slot[2])
        words = _falsified(value, slot[3], number) if number in chosen else _written(value, slot[3])
        start = sum(map(len, pieces))
        if number in chosen:
            places.append((start, start + len(words)))
        pieces.append(words)
        at = slot.end()
    return "".join([*pieces, article[at:]]), places


def _written(value: Decimal, style: str) -> str:  # noqa: PLR0911 one line for each style
    """A true wording of the value."""
    if style.endswith("率"):
        text = f"{value.quantize(Decimal('0.01'), ROUND_DOWN).normalize():f}%"
        return _wide(text) if style.startswith("全角") else text
    if style == "百分之":
        return f"百分之{chinese(value)}"
    if style == "工作日":
        return f"{value.normalize():f}个工作日"
    number, tens = int(value), int(value) // 10 * 10
    unit = "件" if style == "余" else style.lstrip("汉字余以上近全角区间") or "件"
    if style.startswith("汉字"):
        return f"{chinese(value)}{unit}"
    if style.startswith("余"):
        return f"{tens}余{unit}" if number > tens >= 10 else f"{number}{unit}"
    if style.startswith("以上"):
        return f"{tens}{unit}以上"
    if style.startswith("近"):
        return f"近{tens + 10}{unit}"
    if style.startswith("区间"):
        return f"{tens}—{tens + 10}{unit}"
    return _wide(f"{number}{unit}") if style.startswith("全角") else f"{number}{unit}"


def _falsified(value: Decimal, style: str, number: int) -> str:
    """Something that is not true of the value: off by one, ten times, turned round, the next ten, up to a whole hundred."""
    if style.endswith("率") or style == "百分之":
        return _written(_false_rate(value, number), style)
    if style.startswith(("余", "以上", "近", "区间")):
        tens = int(value) // 10 * 10
        unit = style.lstrip("余以上近区间") or "件"
        false = {
            "余": f"{tens + 10}余{unit}", "以": f"{tens + 10}{unit}以上", "近": f"近{tens}{unit}",
            "区": f"{tens + 10}—{tens + 20}{unit}",
        }  # fmt: skip
        return false[style[0]]
    kinds: tuple[Callable[[int], int], ...] = (
        lambda n: n + 1, lambda n: max(n - 1, 0) if n else 2, lambda n: 10 * n if n else 3, lambda n: _turned(n), lambda n: n + 10,
    )  # fmt: skip
    return _written(Decimal(kinds[number % len(kinds)](int(value))), style)


def _false_rate(value: Decimal, number: int) -> Decimal:
    """Up to 100, a hundredth off, figures turned round."""
    if value >= 100:
        return Decimal("99.5") - number % 3
    return (Decimal(100), value + Decimal("0.02"), value - Decimal("1.3"))[number % 3]


def _turned(number: int) -> int:
    turned = int(str(number)[::-1])
    return turned if turned != number else number + 9


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isdigit() or char in "%." else char for char in text)


def chinese(value: Decimal) -> str:
    """Spell a number below a thousand, decimals figure by figure."""
    names = "零一二三四五六七八九"
    number, part = int(value), f"{value.normalize():f}".partition(".")[2]
    hundreds, tens, ones = number // 100, number % 100 // 10, number % 10
    words = f"{names[hundreds]}百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else names[tens]) + "十"
    elif hundreds and ones:
        words += "零"
    words += names[ones] if ones or not number else ""
    return words + ("点" + "".join(names[int(digit)] for digit in part) if part else "")
