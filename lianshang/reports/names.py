"""The names by which a template speaks of figures: {{ 受理诉求_今年以来_余 }} is a figure, its time and its wording.

A figure's name is its label without signs. Time and wording may be left out: then it is the briefing's own period, or the
day for what stands at a day, and the exact number. An unknown name is answered with a sentence.
"""

import difflib
import re
from dataclasses import dataclass

from lianshang.indicators import periods
from lianshang.indicators.registry import REGISTRY, Indicator
from lianshang.reports import wording
from lianshang.reports.models.briefings import PLACEHOLDER

TIMES = (periods.IN_PERIOD, periods.THIS_YEAR, periods.RECENT_YEARS, periods.CUMULATIVE, periods.TO_DATE)
RULES = (*wording.RULES, *wording.MONEY)
WORDS = {
    "园区": "园区名称", "时段": "简报的时段，如 2026年11月", "截至日": "如 2026年11月23日", "年": "时段的年份，如 2026",
    "标题": "简报标题", "主送": "主送单位，可以空着", "落款": "谁写的", "成文日期": "截至日，不补零",
}  # fmt: skip


class UnknownName(ValueError):
    """The name speaks of no figure. The message is a Chinese sentence."""


@dataclass(frozen=True)
class Slot:
    """A figure in a template, as it was named."""

    name: str
    figure: Indicator
    kind: str
    rule: str


def short(one: Indicator) -> str:
    """Return the figure's label as a name: 超期反馈（点名） → 超期反馈点名."""
    return re.sub(r"[^\w]|_", "", one.label)


def known() -> dict[str, Indicator]:
    """Return the figures by name."""
    return {short(one): one for one in REGISTRY.values()}


def slot(name: str) -> Slot:
    """Return what a name speaks of. Raises `UnknownName`."""
    label, *more = name.split("_")
    figures = known()
    if label not in figures:
        near = difflib.get_close_matches(label, [*figures, *WORDS], n=1, cutoff=0.5)
        raise UnknownName(f"“{name}”不认识{f'，是不是“{near[0]}”' if near else ''}。可用的名称见下面的表。")
    one, kind, rule = figures[label], "", "准确"
    for word in more:
        if word in TIMES:
            kind = word
        elif word in RULES:
            rule = word
        else:
            raise UnknownName(f"“{name}”里的“{word}”不认识。时段可写 {'、'.join(TIMES)}，措辞可写 {'、'.join(RULES)}。")
    kind = kind or (periods.IN_PERIOD if periods.IN_PERIOD in one.period_kinds else one.period_kinds[0])
    if kind not in one.period_kinds:
        raise UnknownName(f"“{one.label}”没有“{kind}”的口径，可以用{'、'.join(one.period_kinds)}。")
    return Slot(name, one, kind, rule)


def used(text: str) -> list[str]:
    """Return the names in a text, each once, in their order."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def faults(text: str) -> list[str]:
    """Return what is wrong with a template's text, as Chinese sentences; empty where it can be written."""
    found = []
    for name in used(text):
        try:
            if name not in WORDS:
                slot(name)
        except UnknownName as no:
            found.append(str(no))
    if re.search(r"\{%|%\}|\{#", text):
        found.append("正文里只能用 {{ 名称 }}，不能写 {% %} 一类的语句。")
    rest = PLACEHOLDER.sub("", text)
    if "{{" in rest or "}}" in rest:
        found.append("有 {{ 或 }} 没有成对。请检查占位符。")
    return found
