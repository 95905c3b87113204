"""What the style guide shows: every component with plain values, to be looked at and tested."""

from datetime import datetime, timedelta
from typing import Any

from django import forms


class SampleForm(forms.Form):
    """One field of each shape."""

    text = forms.CharField(
        label="说说是什么事",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写清时间、地点和想要的结果，不用写得正式。",
    )
    kind = forms.ChoiceField(
        label="哪一类事", choices=[("power", "用电"), ("road", "道路运输"), ("staff", "用工")], widget=forms.RadioSelect
    )
    unit = forms.ChoiceField(label="主办单位", choices=[("", "请选择"), ("power", "供电所"), ("traffic", "交通运输局")])
    phone = forms.CharField(label="联系电话", help_text="只用来就这件事联系您。")
    photo = forms.FileField(
        label="照片", required=False, widget=forms.FileInput(attrs={"accept": "image/*", "data-photos": ""})
    )
    agree = forms.BooleanField(label="把进度也告诉企业负责人", required=False)


def steps(now: datetime) -> list[dict[str, Any]]:
    hour, day = timedelta(hours=1), timedelta(days=1)
    return [
        {"label": "已收到", "state": "done", "happened_at": now - day, "promised_at": None},
        {
            "label": "派单给供电所",
            "state": "done",
            "happened_at": now - day + hour,
            "promised_at": now - day + 2 * hour,
        },
        {
            "label": "签收并联系您",
            "state": "current",
            "promised_at": now + 3 * hour,
            "note": "联络员陈工，0851-0000 0000",
        },
        {"label": "答复", "state": "coming", "promised_at": now + 5 * day, "provisional": True},
        {"label": "会商", "state": "skipped"},
        {"label": "您确认解决", "state": "coming"},
    ]


def events(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "sentence": "供电所答复：已更换变压器跌落保险。",
            "at": now - timedelta(hours=2),
            "who": "供电所 陈工",
            "quote": "今天 10:20 更换完毕，已带载试运行一小时，电压正常。",
            "files": [{"name": "检修单.pdf", "url": "#", "size": 182_340}],
        },
        {"sentence": "综合党委办公室派单给供电所，协办：园区管委会。", "at": now - timedelta(days=1), "who": "李敏"},
        {
            "sentence": "示例焦化有限公司吹哨。",
            "at": now - timedelta(days=400),
            "who": "企业",
            "recorded_at": now - timedelta(days=399),
        },
    ]


def rows(now: datetime) -> list[dict[str, Any]]:
    lights = [
        ("late", "已超 2 天", -timedelta(days=2)),
        ("near", "还有 3 小时", timedelta(hours=3)),
        ("normal", "还有 4 个工作日", timedelta(days=5)),
        ("paused", "等企业补材料", None),
        ("met", "", -timedelta(days=3)),
    ]
    matters = [
        "厂区北门断电，焦炉鼓风机停机",
        "化工大道夜间货车排队两公里",
        "新到二十名技工没有宿舍",
        "排污许可变更材料缺一份",
        "公交站点离三号门太远",
    ]
    states = ["办理中", "待签收", "办理中", "办理中", "已办结"]
    return [
        {
            "state": state,
            "left": left,
            "due_at": now + due if due else None,
            "provisional": state == "normal",
            "matter": matter,
            "number": f"2026-{123 + index:04}",
            "enterprise": "示例焦化有限公司",
            "holder": "供电所",
            "stage": stage,
        }
        for index, ((state, left, due), matter, stage) in enumerate(zip(lights, matters, states, strict=True))
    ]


def samples(now: datetime) -> dict[str, Any]:
    """Return the context of both guides at the moment `now`."""
    faulty = SampleForm({"text": "", "phone": "12"})
    faulty.add_error("phone", "电话号码少了几位。请再核对。")
    return {
        "form": SampleForm(),
        "faulty": faulty,
        "steps": steps(now),
        "events": events(now),
        "rows": rows(now),
        "now": now,
        "states": ["normal", "near", "late", "paused", "met", "missed", "none"],
        "tomorrow": now + timedelta(days=1),
        "filters": [
            {"label": "在办", "count": 23, "url": "?", "current": True, "tone": ""},
            {"label": "临期", "count": 4, "url": "?state=near", "tone": "near"},
            {"label": "超期", "count": 1, "url": "?state=late", "tone": "late"},
            {"label": "已办结", "count": 118, "url": "?state=closed", "tone": ""},
        ],
        "facts": [("编号", "2026-0123"), ("企业", "示例焦化有限公司"), ("来源", "扫码"), ("协办", "")],
    }
