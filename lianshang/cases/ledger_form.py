"""The form to fill in: an Excel file with the headings that we know, lists to choose from, and how it is filled in.

What has a list offers it and refuses other words; units and enterprises, which an old ledger may name otherwise, only
warn. Codes and telephone numbers are text from the start, so that no digit is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from lianshang.cases.headings import label
from lianshang.cases.ledger_rows import LONGEST, NATURES
from lianshang.cases.states import CloseType, Grade
from lianshang.kernel.profiles import Profile
from lianshang.kernel.tables import letter

ROWS = 5_000  # lines that are prepared
MOST_LISTED = 5_000  # names that a list offers; more are typed
FORM, HOW, LISTS = "填报", "填写说明", "名单"
HEADER = 0
TEXT, DAY = "text", "date"


@dataclass(frozen=True)
class Field:
    """A column of the form. `choices` names a list; `strict`: nothing else is taken."""

    name: str
    said: str
    example: str
    width: int = 14
    kind: str = TEXT
    needed: bool = False
    choices: str = ""
    strict: bool = True


FIELDS = (
    Field("number", "原来的编号。同一个编号只导入一次，没有可不填。", "示例（不导入）", 16),
    Field("asked_at", "企业提出的日期，如 2026-03-04；知道钟点的写 2026-03-04 09:30。", "2026-03-04 09:30", 17, DAY, needed=True),
    Field("title", "一句话说清什么事，最多 80 个字。标题和正文至少填一个。", "东门路灯不亮", 24, needed=True),
    Field("text", "完整的诉求。", "厂区东门路灯坏了三天，夜班出车看不清。", 40),
    Field("enterprise", "企业全称。可从名单里选；名单里没有的也可以填。", "示范焦化有限公司", 26, choices="enterprise", strict=False),
    Field("contact", "企业联系人姓名。", "张三", 10),
    Field("phone", "手机或座机。这一列是文本，区号前的 0 不会丢。", "0858-5310000", 16),
    Field("nature", "投诉、举报按保密件登记，不进公开台账。不填按求助。", "求助", 10, choices="nature"),
    Field("category", "诉求类型，按本园区习惯的说法。", "基础设施", 12),
    Field("kind", "决定办理时限。不填按现行机制的默认类别。", "", 10, choices="kind"),
    Field("urgency", "不填按普通。", "普通", 10, choices="urgency"),
    Field("unit", "主办单位全称。可从名单里选；已撤并的单位照原名填。", "交通运输局", 20, choices="unit", strict=False),
    Field("co_units", "多个单位用顿号隔开。", "综合行政执法局、税务局", 22),
    Field("progress", "还没有答复的，写办到哪一步。", "", 24),
    Field("reply", "给企业的答复。只写“已收悉”的不算答复。", "已更换灯具 12 盏，恢复照明。", 36),
    Field("answered_at", "答复的日期。有答复时间和内容的按当时办结，没有的从提出那天计时。", "2026-03-06 16:00", 17, DAY),
    Field("result", "怎么办结的。", "已解决", 12, choices="result", strict=False),
    Field("satisfaction", "企业自己的评价，没有评价不要代填。", "满意", 10, choices="satisfaction", strict=False),
    Field("note", "其他要留下的话。", "", 24),
)  # fmt: skip
GENERAL = (
    "一行一件，填在“填报”表里；表头不要改，用不着的列空着。",
    "带 * 的列要填：提出时间必填；标题、正文至少填一个。",
    "以“示例”开头的那一行不会导入，可以留着。",
    "日期填真正的日期，不要写“三月四日”“昨天”；年份写四位。",
    "不要合并单元格，不要在中间留空行，不要另加合计行；有的话能认出来，会提示。",
    "填好后在“导入台账”上传：先对照表头、逐行检查，确认后才导入，导入后能整批撤销。",
    "不得填入涉密信息。",
)


def write(path: Path, *, profile: Profile, units: Sequence[str], enterprises: Sequence[str]) -> None:
    """Write the form with the words of this park."""
    lists = {
        "nature": NATURES, "kind": tuple(profile.kinds), "urgency": tuple(profile.urgencies), "unit": tuple(units),
        "enterprise": tuple(enterprises) if len(enterprises) <= MOST_LISTED else (),
        "result": tuple(CloseType.labels[:3]), "satisfaction": tuple(Grade.labels),
    }  # fmt: skip
    book = xlsxwriter.Workbook(str(path))
    page, how = book.add_worksheet(FORM), book.add_worksheet(HOW)
    places = _lists(book, lists)
    _form(book, page, places)
    _how(book, how, lists)
    book.close()


def _form(book: xlsxwriter.Workbook, page: Any, places: dict[str, str]) -> None:
    heads = {
        needed: book.add_format({
            "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1,
            "bg_color": "#DCE6F1" if needed else "#EDEFF2",
        })
        for needed in (True, False)
    }  # fmt: skip
    kinds = {TEXT: book.add_format({"num_format": "@"}), DAY: book.add_format({"num_format": "yyyy-mm-dd hh:mm"})}
    grey = book.add_format({"font_color": "#7A8591", "italic": False, "num_format": "@"})
    page.set_row(HEADER, 30)
    page.freeze_panes(HEADER + 1, 0)
    for at, field in enumerate(FIELDS):
        page.set_column(at, at, field.width, kinds[field.kind])
        page.write_string(HEADER, at, f"{label(field.name)}{'（*）' if field.needed else ''}", heads[field.needed])
        if field.example:
            page.write_string(HEADER + 1, at, field.example, grey)
        if rule := _rule(field, places):
            page.data_validation(HEADER + 2, at, HEADER + 1 + ROWS, at, rule)


def _rule(field: Field, places: dict[str, str]) -> dict[str, Any]:
    """What a spreadsheet checks while one types."""
    told = {"input_title": label(field.name), "input_message": field.said[:255]}
    if field.kind == DAY:
        return told | {
            "validate": "custom",
            "value": f"=AND(ISNUMBER({_first(field)}),{_first(field)}>DATE(1990,1,1))",
            "error_title": "要填日期",
            "error_message": "请填日期，如 2026-03-04 或 2026-03-04 09:30。",
        }
    if field.choices in places:
        return told | {
            "validate": "list",
            "source": places[field.choices],
            "error_type": "stop" if field.strict else "information",
            "error_title": "名单里没有",
            "error_message": "请从名单里选。" if field.strict else "名单里没有这个名称。确认无误可以照填。",
        }
    if field.name in LONGEST and LONGEST[field.name] <= 100:  # noqa: PLR2004 longer ones are not typed by mistake
        return told | {
            "validate": "length", "criteria": "<=", "value": LONGEST[field.name],
            "error_title": "太长", "error_message": f"最多 {LONGEST[field.name]} 个字。",
        }  # fmt: skip
    return told | {"validate": "any"}


def _first(field: Field) -> str:
    return f"{letter(FIELDS.index(field))}{HEADER + 3}"


def _lists(book: xlsxwriter.Workbook, lists: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """The lists stand on a hidden sheet: named in a rule they may be no longer than 255 characters."""
    page = book.add_worksheet(LISTS)
    page.hide()
    places = {}
    for at, (name, words) in enumerate((name, words) for name, words in lists.items() if words):
        for line, word in enumerate(words):
            page.write_string(line, at, word)
        places[name] = f"={LISTS}!${letter(at)}$1:${letter(at)}${len(words)}"
    return places


def _how(book: xlsxwriter.Workbook, page: Any, lists: dict[str, tuple[str, ...]]) -> None:
    bold, wrap = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 72)
    page.set_column(2, 2, 40)
    for line, words in enumerate(GENERAL):
        page.merge_range(line, 0, line, 2, f"{line + 1}. {words}", wrap)
    start = len(GENERAL) + 1
    for at, words in enumerate(("列", "怎么填", "可以填")):
        page.write_string(start, at, words, bold)
    for line, field in enumerate(FIELDS, start + 1):
        named = lists.get(field.choices, ())
        short = "、".join(named) if len(named) <= 12 else f"从名单里选，共 {len(named)} 个"  # noqa: PLR2004
        page.write_string(line, 0, f"{label(field.name)}{'（*）' if field.needed else ''}", bold)
        page.write_string(line, 1, field.said, wrap)
        page.write_string(line, 2, short, wrap)
