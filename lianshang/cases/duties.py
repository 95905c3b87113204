"""The words that a mechanism profile may use about cases: duties with clocks, whom a ladder reaches, what rates count.

Each is a closed list, so that a misspelt word is a fault and never a clock that silently does not run.
"""

from lianshang.kernel.profiles import Count

DUTIES = {
    "accept": "受理派单",
    "sign": "签收",
    "contact": "首次联系",
    "report_in": "报到",
    "return_window": "退单期",
    "handle": "办理",
    "co_reply": "协办答复",
    "feedback": "限期反馈",
    "stage_feedback": "阶段反馈",
    "plan": "报送节点计划",
    "progress": "月度进展",
    "ruling": "裁定",
    "review": "审核",
    "callback": "回访",
    "rework": "重办",
    "promise": "承诺办成",
    "defer_review": "挂账复核",
    "supervision": "回复督办",
}

LEAD_DUTY = "handle"
EXTENSIBLE = (LEAD_DUTY, "rework", "promise")  # what an extension may be about: the lead's own deadlines
DECIDERS = ("dispatcher", "committee_head", "chain_chief")  # who sees the whole open ledger and may decide in it

PARTIES = {
    "holder": "承办人",  # whoever holds the clock; the others are the roles of the directory
    "superior": "承办单位的上级",  # who leads the unit above the one that holds it
    "dispatcher": "派单员",
    "committee_head": "综合党委负责人",
    "chain_chief": "链长",
    "liaison": "部门联络员",
    "callback_officer": "回访员",
    "complaints_officer": "投诉举报专办员",
    "instructor": "党建指导员",
    "centre_staff": "服务中心工作人员",
    "task_force": "工作专班成员",
    "reporting_clerk": "统计员",
    "auditor": "监督员",
    "administrator": "系统管理员",
}

COUNTS = {
    "dispatches": Count("期内的派单", "派单"),
    "dispatches_due": Count("期内签收到期的派单", "派单"),
    "signed_in_time": Count("其中按时签收的", "派单"),
    "returned": Count("其中退单的", "派单"),
    "contacts_due": Count("期内首次联系到期、且留有联系方式的诉求", "诉求"),
    "contacted_in_time": Count("其中按时真正联系上的", "诉求"),
    "deadlines_due": Count("期内有效期限到期的诉求（应办结）", "诉求"),
    "closed_in_time": Count("其中在有效期限内办结的", "诉求"),
    "extended": Count("其中延过期的", "诉求"),
    "accepted": Count("截至期末累计受理的诉求", "诉求"),
    "closed": Count("其中截至期末已办结的", "诉求"),
    "answered": Count("期内答复的诉求", "诉求"),
    "reworked": Count("其中退回重办的", "诉求"),
    "feedbacks_due": Count("期内到期的全部反馈义务", "反馈"),
    "fed_back_in_time": Count("其中按时反馈的（最终或阶段反馈）", "反馈"),
    "solving_answers": Count("回访中对“是否解决”的有效回答", "解决情况回答"),
    "solved": Count("其中回答已解决的", "解决情况回答"),
    "ratings": Count("有效评价", "评价"),
    "satisfied": Count("其中非常满意、满意和基本满意的", "评价"),
}
