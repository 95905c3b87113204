"""An event as a Chinese sentence: who did what, to whom, until when. What people wrote is quoted beside it."""

from datetime import timedelta
from typing import Any

from lianshang.cases.models import CaseEvent
from lianshang.cases.moments import words
from lianshang.cases.states import CloseType, Grade, SuperviseGrade, Way
from lianshang.directory.models import Role

LATER = timedelta(minutes=10)  # recorded so much after it happened: said so

SENTENCES = {
    "note_down": "{who}记下草稿",
    "register": "{who}登记诉求",
    "screen": "{who}研判，等待派单",
    "reclassify": "{who}调整类别：{kind}、{urgency}",
    "refuse": "{who}决定不予受理，可走的渠道：{reference}",
    "redirect": "{who}移交：{reference}",
    "merge": "{who}并案",
    "separate": "{who}恢复单独办理",
    "relay": "合并办理已有结果，一并告知企业",
    "mistake": "{who}标为误录",
    "record_closed": "{who}补录办结",
    "acknowledge": "当时只回复收悉，不算反馈",
    "keep_record": "原台账还记有",
    "undo_import": "{who}撤销导入",
    "dispatch": "{who}派单给{unit}主办（{kind}、{urgency}）",
    "involve": "{who}请{unit}协办",
    "release": "{who}解除{unit}的协办",
    "change_lead": "{who}变更主办，{unit}不再主办",
    "ask_return": "{unit}申请退单",
    "grant_return": "{who}同意{unit}退单",
    "deny_return": "{who}不同意{unit}退单",
    "sign": "{unit}签收",
    "co_sign": "{unit}协办签收",
    "report_in": "{unit}报到（{way}）",
    "contact": "{unit}联系企业（{way}）",
    "plan": "{unit}报送办理计划{due}",
    "progress": "{unit}阶段反馈（{way}）",
    "hand_over": "{unit}换人经办",
    "co_answer": "{unit}协办答复主办单位",
    "answer": "{unit}答复：{close_type}（{way}告知）{basis}",
    "ask_extension": "{unit}申请延期{due}",
    "grant_extension": "{who}同意延期{due}",
    "deny_extension": "{who}不同意延期",
    "pause": "{who}停钟，事由：{cause}",
    "resume": "{who}恢复计时",
    "consult": "{who}提请会商",
    "conclude": "{who}会商完毕，恢复办理",
    "escalate": "重办次数已满，提级由{decider}研究",
    "defer": "{who}挂账，承诺{due}",
    "review_deferred": "{who}挂账复核",
    "resume_deferred": "{who}恢复办理",
    "terminate": "{who}终止办理",
    "approve": "{who}审核通过，待回访",
    "send_back": "{who}审核退回，要求重办",
    "confirm": "企业确认解决，评价：{grade}",
    "reject": "企业退回重办{grade_too}",
    "call_back": "{who}回访办结（{way}），评价：{grade}",
    "call_back_unsolved": "{who}回访（{way}），企业说没有解决{grade_too}",
    "miss_call": "{who}回访未接通（{way}）",
    "close_unreached": "{who}先行办结：{cause}",
    "reopen": "{who}重启，因有新情况",
    "withdraw": "企业撤回诉求",
    "supplement": "{who}补充说明",
    "urge": "{who}催办",
    "supervise": "{who}{grade}，对象：{unit}{reason}{answered_by}",
    "respond_supervision": "{unit}书面回复督办：{cause}",
    "lift_supervision": "{who}解除对{unit}的督办",
    "ask_reporter": "{who}询问来件人",
    "ask_identity": "{who}申请查看来件人身份（{cause}）",
    "open_identity": "{who}同意查看来件人身份，30 分钟内有效",
    "refuse_identity": "{who}不同意查看来件人身份",
    "see_identity": "{who}查看了来件人身份",
    "declare_interest": "{unit}签收人申报回避",
    "ask_recusal": "来件人要求{cause}回避",
    "grant_recusal": "{who}同意回避",
    "deny_recusal": "{who}不同意回避",
    "recall": "{who}收回给{unit}的派单",
    "split": "{who}拆出公开件",
    "recalendar": "日历更新，重新计算时限",
}

ROLES = dict(Role.choices)
GRADES = dict(Grade.choices) | dict(SuperviseGrade.choices)


def sentence(event: CaseEvent) -> str:
    """Return one sentence. Needs `event.actor`, `actor_unit` and `unit` at hand."""
    grade = GRADES.get(event.grade, "")
    said = SENTENCES[event.verb].format(
        who=_doer(event),
        unit=event.unit or "办理单位",
        kind=event.kind,
        urgency=event.urgency,
        reference=event.reference,
        way=dict(Way.choices).get(event.way, "未写明方式"),
        close_type=dict(CloseType.choices).get(event.close_type, ""),
        cause=ROLES.get(event.cause, event.cause),
        decider=event.cause or "综合党委",
        grade=grade or "未评价",
        grade_too=f"，评价：{grade}" if grade else "",
        due=_until(event),
        reason="".join(f"，{said}" for said in (event.cause, event.reference) if said),
        answered_by=f"，{words(event.due_at, event.at)} 前书面回复" if event.due_at else "",
        basis=f"，依据：{event.reference}" if event.reference else "",
    )
    return f"{said}。"


def _doer(event: CaseEvent) -> str:
    """Staff are told by their unit; the person stands beside the sentence."""
    if event.by == CaseEvent.By.STAFF:
        return str(event.actor_unit or event.actor or "工作人员")
    return event.get_by_display()


def _until(event: CaseEvent) -> str:
    return f"至{words(event.due_at, event.at)}" if event.due_at else ""


def entry(event: CaseEvent, files: list[dict[str, Any]] | None = None, *, laid: bool = False) -> dict[str, Any]:
    """Return the event as the timeline draws it. `laid`: a demo's history, all recorded when the demo was made."""
    late = not laid and event.recorded_at - event.at > LATER
    return {
        "sentence": sentence(event),
        "at": event.at,
        "who": " ".join(str(one) for one in (event.actor_unit, event.actor) if one) or event.get_by_display(),
        "quote": event.note,
        "files": files or [],
        "recorded_at": event.recorded_at if late else None,
    }
