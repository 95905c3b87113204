import contextlib
import json
import re

import pytest

from lianshang.kernel import profiles
from lianshang.kernel.profiles import (
    Count,
    Extension,
    Limit,
    Near,
    Profile,
    ProfileFaults,
    ProfileUnreadable,
    Return,
    Rung,
    Span,
)

DUTIES = {"sign": "签收", "return_window": "退单期", "handle": "办理", "co_reply": "协办答复", "progress": "进展"}
PARTIES = {"holder": "承办人", "dispatcher": "派单员"}
COUNTS = {"due": Count("到期的", "诉求"), "in_time": Count("按期的", "诉求"), "ratings": Count("评价", "评价")}


def load(text: str) -> Profile:
    return profiles.load(text, DUTIES, parties=PARTIES, counts=COUNTS)


def make_profile(duties: str = "handle: 5 working-days", rest: str = "") -> Profile:
    indented = duties.replace("\n", "\n  ")
    return load(f"name: park\nlabel: 园区机制\nduties:\n  {indented}\n{rest}")


def faults_of(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(ProfileFaults) as raised:
        load(text)
    return [(fault.place.line, fault.place.path, fault.message) for fault in raised.value.faults]


def fault_of(duties: str = "handle: 5 working-days", rest: str = "") -> str:
    with pytest.raises(ProfileFaults) as raised:
        make_profile(duties, rest)
    assert len(raised.value.faults) == 1, raised.value
    return str(raised.value.faults[0])


PHRASES = [
    ("5 working-days", Limit("period", n=5, unit="working-days")),
    ("2 Hours", Limit("period", n=2, unit="hours")),
    ("3 working_days", Limit("period", n=3, unit="working-days")),
    ("1 working day", Limit("period", n=1, unit="working-days")),
    ("30 working-minutes", Limit("period", n=30, unit="working-minutes")),
    ("{n: 3, unit: days}", Limit("period", n=3, unit="days")),
    ("same day", Limit("same-day")),
    ("{form: same-day, or_promise: true}", Limit("same-day", or_promise=True)),
    ("same day, or promise a date", Limit("same-day", or_promise=True)),
    ("2 days or promise a date", Limit("period", n=2, unit="days", or_promise=True)),
    ("promise a date", Limit("promise")),
    ("monthly by day 20", Limit("monthly", day=20)),
    ("{form: monthly, day: 20}", Limit("monthly", day=20)),
]


@pytest.mark.parametrize(("phrase", "limit"), PHRASES)
def test_limit_is_read_from_phrase_and_from_fields(phrase, limit):
    profile = make_profile(f"handle: {phrase}")

    assert profile.limit("handle") == limit


@pytest.mark.parametrize(
    ("phrase", "at_least"),
    [
        ("lead deadline minus 2 working-days, at least 1", 1),
        ("lead deadline minus 2 working-days", 1),
        ("lead deadline minus 2 working-days, at least 0 working-days", 0),
        ("{form: before-lead, n: 2, unit: working-days, at_least: 3}", 3),
    ],
)
def test_limit_counts_back_from_the_lead(phrase, at_least):
    profile = make_profile(f"handle: 5 working-days\nco_reply: {phrase}")

    assert profile.limit("co_reply") == Limit("before-lead", n=2, unit="working-days", at_least=at_least)


@pytest.mark.parametrize(
    ("kind", "urgency", "n"),
    [
        ("一般", "普通", 5),
        ("一般", "紧急", 4),
        ("复杂", "普通", 15),
        ("复杂", "紧急", 7),
        ("", "", 5),
        ("旧类", "紧急", 4),
    ],
)
def test_limit_most_specific_wins(kind, urgency, n):
    profile = make_profile(
        "handle:\n  limit: 5 days\n  by_kind: {复杂: 15 days}\n  by_urgency: {紧急: 4 days}\n"
        "  by_kind_and_urgency: {复杂: {紧急: 7 days}}"
    )

    assert profile.limit("handle", kind, urgency) == Limit("period", n=n, unit="days")


def test_limit_of_an_unnamed_duty_is_no_clock():
    profile = make_profile("handle:\n  limit: 5 days\n  by_kind: {咨询: no limit}")

    assert profile.limit("sign") is None
    assert profile.limit("handle", "咨询", "普通") is None


def test_profile_without_more_has_the_usual_kinds_and_nothing_promised():
    profile = make_profile()

    assert (profile.kinds, profile.default_kind) == (("咨询", "一般", "复杂"), "一般")
    assert (profile.urgencies, profile.default_urgency) == (("普通", "紧急"), "普通")
    assert (profile.receipt, profile.near) == ("as-received", Near(0.8, Span(1, "working-days")))
    assert (profile.extension, profile.returns, profile.ladder, profile.rates) == (None, None, (), ())


def test_profile_default_kind_is_the_first_where_the_usual_one_is_missing():
    profile = make_profile(rest="kinds: [急, 缓]")

    assert profile.default_kind == "急"


FULL = """
extension:
  times: 1
  at_most: 10 working-days
  total: 30 working-days
  ask_before: {earliest: 4 working-days, latest: 1 working-days}
  approver: dispatcher
  kinds: [复杂]
return: {times: 1, ruled_by: dispatcher, final: true}
pauses: [{cause: 听证, basis: 行政许可法第四十五条}]
rework: {times: 2, escalate_to: dispatcher}
callback: {attempts: 3}
deferral: {approver: dispatcher, review_every: 30 days}
near: {fraction: 0.75}
ladder:
  - {duty: handle, when: 1 working-days before due, level: 提醒, reach: [holder]}
  - {when: at due, level: 催办, reach: [holder, dispatcher]}
rates: [{key: on_time, label: 按期率, numerator: in_time, denominator: due}]
"""
FULL_DUTIES = """\
return_window: 1 working-days
handle:
  limit: 5 working-days
  by_urgency: {紧急: 2 hours}
  by_kind: {复杂: 15 working-days, 咨询: no limit}
co_reply: lead deadline minus 2 working-days, at least 1"""


def test_profile_reads_windows_and_ladder():
    profile = make_profile(FULL_DUTIES, FULL)

    assert profile.extension == Extension(
        duty="handle",
        times=1,
        at_most=Span(10, "working-days"),
        total=Span(30, "working-days"),
        earliest=Span(4, "working-days"),
        latest=Span(1, "working-days"),
        approver="dispatcher",
        kinds=("复杂",),
    )
    assert profile.returns == Return(window="return_window", times=1, ruled_by="dispatcher", final=True)
    assert profile.near == Near(0.75, None)
    assert profile.rungs("handle") == (
        Rung("handle", "before", Span(1, "working-days"), "提醒", ("holder",)),
        Rung("any", "at", None, "催办", ("holder", "dispatcher")),
    )
    assert profile.rungs("sign") == profile.ladder[1:]


def test_extension_asking_time_alone_is_the_latest():
    profile = make_profile(rest="extension: {ask_before: 1 working-days}")

    assert profile.extension == Extension(duty="handle", latest=Span(1, "working-days"))


def test_document_reads_back_to_an_equal_profile():
    profile = make_profile(FULL_DUTIES, FULL)

    assert load(profile.document) == profile
    assert load(profiles.dump(profile)) == profile
    assert load(json.dumps(profiles.to_document(profile), indent="\t")) == profile


def test_digest_does_not_depend_on_how_the_file_is_written():
    one = load("name: a\nlabel: 甲\nduties: {sign: 1 hour, handle: {limit: 5 days}}")
    same = load('{"duties": {"handle": "5 days", "sign": {"n": 1, "unit": "hours"}}, "label": "甲", "name": "a"}')
    other = load("name: a\nlabel: 甲\nduties: {sign: 2 hours, handle: 5 days}")

    assert one.digest == same.digest
    assert one.digest != other.digest
    assert len(one.digest) == 64


def test_describe_says_who_does_what_until_when():
    profile = make_profile(FULL_DUTIES, FULL)

    sentences = profiles.describe(profile)

    assert "办理：5 个工作日内；咨询的，不计时；复杂的，15 个工作日内；紧急的，2 小时内。" in sentences
    assert "协办答复：主办期限前 2 个工作日，至少留 1 个工作日。" in sentences
    assert "没有规定时限、因而不计时的：签收、进展。" in sentences
    assert "任何事项到期未办：催办，告知承办人、派单员。" in sentences
    assert not any("！" in sentence or "None" in sentence for sentence in sentences)


def test_chapters_hold_every_sentence_under_its_heading():
    profile = make_profile(FULL_DUTIES, FULL)

    told = dict(profiles.chapters(profile))

    assert [sentence for sentences in told.values() for sentence in sentences] == profiles.describe(profile)
    assert all(told.values())
    assert "任何事项到期未办：催办，告知承办人、派单员。" in told["提醒和督办"]
    assert "没有规定时限、因而不计时的：签收、进展。" in told["时限"]


def test_faults_come_all_at_once_with_line_and_path():
    text = """\
name: park
labell: 园区机制
duties:
  hanlde: 5 working-days
  sign: 2 工作小时
  sign: 3 hours
  handle:
    limit: 5 working-days
    by_kind: {复杂一: 15 working-days}
callback: {attempts: 0}
"""

    found = faults_of(text)

    assert [(line, path) for line, path, _ in found] == [
        (1, ""),
        (2, "labell"),
        (4, "duties.hanlde"),
        (5, "duties.sign"),
        (6, "duties.sign"),
        (9, "duties.handle.by_kind.复杂一"),
        (10, "callback.attempts"),
    ]
    assert [message for _, _, message in found][:5] == [
        "缺少“label”。请补上。",
        "不认识“labell”。是不是“label”？",
        "不认识“hanlde”。是不是“handle”？",
        "单位“工作小时”请写成 working-hours。",
        "“sign”写了两次（第 5 行已有）。请只留一处。",
    ]


DUTY_FAULTS = [
    ("handle: soon", "看不懂时限“soon”"),
    ("handle: 2.5 hours", "看不懂时限“2.5 hours”。请写“5 working-days”这样的时长（整数）"),
    ("handle: 0 days", "时长应在 1 到 999 之间，写的是 0"),
    ("handle: 5 fortnights", "不认识单位“fortnights”"),
    ("handle: [5 days]", "看不懂时限“列表”"),
    ("handle:", "看不懂时限“”"),
    ("handle: {n: 5}", "缺少“unit”"),
    ("handle: {n: five, unit: days}", "应写 1 到 999 的整数"),
    ("handle: {form: sameday}", "是不是“same-day”"),
    ("handle: {form: monthly, day: 31}", "应写 1 到 28 的整数"),
    ("handle: monthly by day 31", "每月几日应在 1 到 28 之间"),
    ("handle: promise a date, or promise a date", "只能跟在时长或 same day 后面"),
    ("handle: lead deadline minus 2 working-days", "不能从自己倒推"),
    ("co_reply: lead deadline minus 2 working-days", "没有“handle”（办理）的时限"),
    ("handle: 5 days\nco_reply: lead deadline minus 2 days, at least 1 hours", "单位应与前面相同"),
    ("handle: {limit: 5 days, by_urgency: {特急: 1 days}}", "不认识“特急”"),
    ("handle: {limit: 5 days, by_kind: 3 days}", "这里应写成键值"),
]


@pytest.mark.parametrize(("duties", "message"), DUTY_FAULTS)
def test_fault_in_a_limit_says_how_to_mend(duties, message):
    assert message in fault_of(duties)


RATE = "{key: a, label: 甲, numerator: in_time, denominator: due}"
SECTION_FAULTS = [
    ("receipt: as-recieved", "是不是“as-received”"),
    ("default_kind: 其他", "不认识“其他”"),
    ("kinds: []", "至少一项"),
    ("kinds: [一般, 一般]", "“一般”重复"),
    ("basis:", "这里应写一段文字"),
    ("extension: {duty: sign}", "“sign”（签收）没有时限"),
    ("extension: {approver: mayor}", "不认识“mayor”"),
    ("extension: {total: 3 working-days}", "比原时限 5 个工作日还短"),
    ("extension: {ask_before: 5 working-days}", "时限本身只有 5 个工作日"),
    ("extension: {ask_before: {earliest: 1 days, latest: 2 days}}", "前后颠倒"),
    ("extension: {at_most: same day}", "看不懂时长“same day”"),
    ("return: yes", "这里应写成键值"),
    ("return: {times: 1}", "“return_window”（退单期）没有时限"),
    ("return: {window: handle, final: always}", "应写 true（是）或 false（否）"),
    ("pauses: [{basis: 某法}]", "缺少“cause”"),
    ("rework: {times: 2}", "缺少“escalate_to”"),
    ("callback: 3", "这里应写成键值"),
    ("near: {fraction: 80}", "0 与 1 之间的小数"),
    ("ladder: [{duty: sign, when: at due, level: 催办, reach: [holder]}]", "“sign”（签收）没有时限"),
    ("ladder: [{when: later, level: 催办, reach: [holder]}]", "看不懂时点“later”"),
    ("ladder: [{when: at due, level: 批评, reach: [holder]}]", "不认识“批评”"),
    ("ladder: [{when: at due, level: 催办, reach: [holdr]}]", "是不是“holder”"),
    (
        "ladder:\n- {when: at due, level: 催办, reach: [holder]}\n- {when: at due, level: 催办, reach: [dispatcher]}",
        "同一级别已有一条",
    ),
    ("rates: [{key: a, label: 甲, numerator: due, denominator: due}]", "分子与分母相同"),
    ("rates: [{key: a, label: 甲, numerator: in_time, denominator: ratings}]", "不能相除。分母可以写：due"),
    (f"rates:\n- {RATE}\n- {RATE}", "“a”已有一条定义"),
    ("? [a]\n: b", "键应是一个词"),
]


@pytest.mark.parametrize(("section", "message"), SECTION_FAULTS)
def test_fault_in_a_section_says_how_to_mend(section, message):
    assert message in fault_of(rest=section)


def test_fault_in_the_name_points_to_the_label():
    assert "标题请写在 label" in faults_of("name: 园区 机制\nlabel: 甲\nduties: {sign: 1 days}")[0][2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "最外层应是"),
        ("机制方案", "最外层应是"),
        ("- a\n- b", "最外层应是"),
        ("name: [", "第 1 行第 8 列附近不是有效的"),
        ("name: a\n\tlabel: b", "第 2 行"),
        ("a: &x {b: 1}\nc: *x", "第 2 行用了引用（*x）"),
        ("name: a\x00", "不是有效的"),
        ("a: 1\n---\nb: 2", "不是有效的"),
        ("[" * 5000, "嵌套太深"),
        ("a: " + "长" * 300_000, "不像机制方案"),
    ],
)
def test_text_that_holds_no_profile_is_unreadable(text, message):
    with pytest.raises(ProfileUnreadable, match=re.escape(message)):
        load(text)


def test_units_are_those_that_deadlines_counts():
    deadlines = pytest.importorskip("lianshang.kernel.deadlines")

    assert profiles.UNITS == deadlines.UNITS


STRANGE = [None, "x", [{}], {"n": []}]


def test_anything_anywhere_is_a_fault_and_never_a_crash():
    whole = profiles.to_document(make_profile(FULL_DUTIES, FULL))

    for changed in replacements(whole):
        with contextlib.suppress(ProfileFaults, ProfileUnreadable):
            load(json.dumps(changed, ensure_ascii=False))


def replacements(document):
    """The document with each of its parts, in turn, put into each strange shape."""
    yield from STRANGE
    parts = enumerate(document) if isinstance(document, list) else getattr(document, "items", tuple)()
    for key, part in parts:
        for changed in replacements(part):
            copy = document.copy()
            copy[key] = changed
            yield copy
