"""Which heading of somebody else's ledger means which of our fields.

Ledgers of hotlines, message boards and parks name the same things differently. `FIELDS` lists the usual names, the
surest first; a map (JSON: our field → heading) overrides it where a ledger has names of its own.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

# Our field: what we call it, then what others do. The first name that a sheet has is taken.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "number": (
        "外部编号", "留言编号", "受理编号", "工单编号", "工单号", "诉求编号", "办件编号", "事项编号", "问题编号", "案件编号",
        "单号", "流水号", "信件编号", "登记编号", "编号",
    ),
    "title": (
        "标题", "留言主题", "留言标题", "诉求标题", "工单标题", "诉求主题", "主题", "问题标题", "事项标题", "信件标题",
        "事项名称", "诉求事项", "诉求内容摘要", "内容摘要", "摘要", "问题名称", "事项",
    ),
    "text": (
        "正文", "留言详情", "留言内容", "诉求内容", "诉求详情", "问题描述", "问题内容", "诉求描述", "工单内容", "事项内容",
        "信件内容", "反映内容", "反映问题", "具体内容", "详细内容", "内容", "具体问题", "存在问题", "企业诉求", "诉求", "详情",
        "问题", "描述",
    ),
    "asked_at": (
        "提出时间", "留言时间", "提交时间", "诉求时间", "来电时间", "反映时间", "来信时间", "受理时间", "登记时间", "收到时间",
        "接收时间", "交办时间", "派单时间", "发布时间", "创建时间", "提出日期", "受理日期", "登记日期", "收到日期", "提交日期",
        "日期", "时间",
    ),
    "answered_at": (
        "答复时间", "回复时间", "反馈时间", "办结时间", "办理完成时间", "完成时间", "办复时间", "答复日期", "回复日期",
        "反馈日期", "办结日期", "完成日期",
    ),
    "reply": (
        "答复内容", "答复意见", "回复内容", "回复意见", "反馈内容", "反馈意见", "办理结果", "处理结果", "办理意见", "处理意见",
        "办理情况", "答复", "回复",
    ),
    "progress": ("办理进展", "进展情况", "工作进展", "进展"),
    "enterprise": ("企业名称", "企业", "单位名称", "公司名称", "诉求企业", "反映企业", "诉求主体", "市场主体", "企业全称"),
    "contact": ("联系人", "联系人姓名", "反映人", "诉求人", "来电人", "企业联系人", "留言用户", "姓名"),
    "phone": ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "来电号码", "联系人电话"),
    "category": (
        "诉求类型", "诉求类别", "一级标签", "一级分类", "问题类型", "问题类别", "事项类别", "事项类型", "工单类别", "分类",
        "类别", "类型",
    ),
    "nature": ("诉求性质", "工单类型", "信件类型", "留言类型", "诉求目的", "性质"),
    "kind": ("限时类别", "办理类别", "时限类别", "难易程度", "复杂程度", "办件类型"),
    "urgency": ("紧急程度", "紧急等级", "紧急级别", "缓急程度", "缓急", "优先级"),
    "unit": (
        "主办单位", "承办单位", "主办部门", "承办部门", "处理单位", "办理单位", "责任单位", "责任部门", "牵头单位", "牵头部门",
        "办理部门", "处理部门", "首办单位",
    ),
    "co_units": ("协办单位", "协办部门", "配合单位", "配合部门"),
    "channel": ("来源渠道", "诉求来源", "问题来源", "来源", "渠道", "受理渠道", "信息来源", "受理方式"),
    "chain": ("所属产业链", "产业链"),
    "location": ("地点", "地址", "位置", "诉求地点", "事发地址", "问题地点", "企业地址", "所在地"),
    "due": ("办理时限", "办结时限", "截止时间", "限办时间", "要求办结时间", "到期时间", "办理期限"),
    "result": ("办结类型", "解决情况", "是否解决", "办理状态", "办结情况"),
    "satisfaction": ("满意度", "满意度评价", "满意情况", "是否满意", "评价结果", "评价"),
    "note": ("备注", "说明"),
}  # fmt: skip

BY_MAP = "名称不同的，可用对照表（--map）指明哪一列是什么。"

_BRACKETED = re.compile(r"[(\[【〔<].*?[)\]】〕>]")
_PADDING = re.compile(r"[\s*:、,。_\-.]+")


class Misheaded(ValueError):
    """The map or the headings cannot be used. The text is a Chinese sentence."""


def plain(heading: str) -> str:
    """A heading without what is put around it: 必填 marks, units in brackets, colons, line breaks."""
    text = unicodedata.normalize("NFKC", heading)
    return _PADDING.sub("", _BRACKETED.sub("", text)) or _PADDING.sub("", text)


def label(name: str) -> str:
    """What we call a field."""
    return FIELDS[name][0]


def load_map(text: str) -> dict[str, str]:
    """The map of a ledger from its JSON. Raises `Misheaded`."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise Misheaded(f'对照表不是 JSON：{error}。应写成 {{"asked_at": "来件时间"}} 这样。') from error
    if not isinstance(document, dict) or not all(isinstance(heading, str) for heading in document.values()):
        raise Misheaded('对照表应是“我方字段 → 表头”的 JSON 对象，写成 {"asked_at": "来件时间"} 这样。')
    if unknown := [name for name in document if name not in FIELDS]:
        known = "、".join(f"{name}（{label(name)}）" for name in FIELDS)
        raise Misheaded(f"对照表里有不认识的字段：{'、'.join(unknown)}。可用的字段：{known}。")
    return document


def recogniser(mapping: Mapping[str, str] | None = None) -> Callable[[str], bool]:
    """Whether a cell is a heading that we or the map know: finds the row of headings."""
    known = {plain(name) for names in FIELDS.values() for name in names}
    known |= {plain(heading) for heading in (mapping or {}).values()}
    return among(known)


def among(known: Iterable[str]) -> Callable[[str], bool]:
    """Whether a cell is one of these plain headings; may be handed to another process."""
    return partial(_is_among, frozenset(known))


def _is_among(known: frozenset[str], cell: str) -> bool:
    return plain(cell) in known


def columns(headings: Sequence[str], mapping: Mapping[str, str] | None = None) -> dict[str, int]:
    """Our fields that the headings have, with their columns from 0. Raises `Misheaded` where the map names none of them.

    What the map names is taken as it says; no column means two fields.
    """
    places: dict[str, int] = {}
    for at, heading in enumerate(headings):
        if heading:
            places.setdefault(plain(heading), at)
    found = _mapped(headings, places, mapping or {})
    for name, usual in FIELDS.items():
        free = (places[key] for key in map(plain, usual) if key in places and places[key] not in found.values())
        if name not in found and (column := next(free, None)) is not None:
            found[name] = column
    return found


def missing(headings: Sequence[str], needed: Iterable[str]) -> str:
    """The sentence for a sheet that lacks what is needed."""
    there = "、".join(heading for heading in headings if heading) or "没有表头"
    return f"这张表缺少需要的列。表头有：{there}；需要：{'；'.join(needed)}。{BY_MAP}"


def usual(name: str, most: int = 4) -> str:
    """A field by its usual headings, for such a sentence."""
    return f"{label(name)}（如{'、'.join(FIELDS[name][1 : most + 1])}）"


def _mapped(headings: Sequence[str], places: Mapping[str, int], mapping: Mapping[str, str]) -> dict[str, int]:
    if lost := [heading for heading in mapping.values() if plain(heading) not in places]:
        there = "、".join(heading for heading in headings if heading) or "没有表头"
        raise Misheaded(f"对照表指定的列在表里没有：{'、'.join(lost)}。表头有：{there}。")
    return {name: places[plain(heading)] for name, heading in mapping.items()}
