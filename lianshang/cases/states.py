"""The words of a case: what is true of it, what it is about, how it ended."""

from django.db.models import TextChoices


class State(TextChoices):
    DRAFT = "draft", "草稿"
    REGISTERED = "registered", "待派单"
    SCREENED = "screened", "已研判"
    DISPATCHED = "dispatched", "待签收"
    SIGNED = "signed", "已签收"
    IN_PROGRESS = "in_progress", "办理中"
    RETURN_REQUESTED = "return_requested", "退单待裁定"
    CONSULTING = "consulting", "会商中"
    EXTENSION_REQUESTED = "extension_requested", "延期待批"
    DEFERRED = "deferred", "挂账"
    ANSWERED = "answered", "已答复"
    CALLBACK = "callback", "待回访"
    REWORK = "rework", "退回重办"
    REOPENED = "reopened", "已重启"
    CLOSED = "closed", "已办结"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    REDIRECTED = "redirected", "已移交"
    WITHDRAWN = "withdrawn", "已撤回"
    MERGED = "merged", "已并案"


ENDED = (State.CLOSED, State.NOT_ACCEPTED, State.REDIRECTED, State.WITHDRAWN, State.MERGED)
OPEN = tuple(state for state in State if state not in ENDED and state != State.DRAFT)
WITH_UNIT = (  # a lead unit is at it
    State.DISPATCHED,
    State.SIGNED,
    State.IN_PROGRESS,
    State.RETURN_REQUESTED,
    State.CONSULTING,
    State.EXTENSION_REQUESTED,
    State.DEFERRED,
    State.REWORK,
    State.REOPENED,
)


class Nature(TextChoices):
    """诉求性质. A complaint is of one's own interest, a report of another's breach; both are sealed."""

    INQUIRY = "inquiry", "咨询"
    HELP = "help", "求助"
    SUGGESTION = "suggestion", "建议"
    OPINION = "opinion", "意见"
    COMPLAINT = "complaint", "投诉"
    REPORT = "report", "举报"


SEALED = (Nature.COMPLAINT, Nature.REPORT)


class Channel(TextChoices):
    QR = "qr", "扫码"
    WEB = "web", "网页"
    PHONE = "phone", "电话"
    CHAT = "chat", "企业微信群"
    VISIT = "visit", "走访"
    MEETING = "meeting", "联席会议"
    CENTRE = "centre", "党群服务中心"
    IMPORT = "import", "台账导入"


class CloseType(TextChoices):
    SOLVED = "solved", "已解决"
    PARTLY = "partly", "部分解决"
    EXPLAINED = "explained", "解释说明"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    REDIRECTED = "redirected", "导入法定途径"
    WITHDRAWN = "withdrawn", "撤回"
    MERGED = "merged", "并案"
    TERMINATED = "terminated", "终止办理"
    MISTAKEN = "mistaken", "误录"
    UNSTATED = "unstated", "历史补录"
    UNDONE = "undone", "导入已撤销"


VOID = (CloseType.MISTAKEN, CloseType.UNDONE)  # no matter: in no list, no count, and nothing is learned of it
ANSWERS = (CloseType.SOLVED, CloseType.PARTLY, CloseType.EXPLAINED)


class Grade(TextChoices):
    VERY_SATISFIED = "very_satisfied", "非常满意"
    SATISFIED = "satisfied", "满意"
    FAIR = "fair", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"
    VERY_DISSATISFIED = "very_dissatisfied", "非常不满意"


class Way(TextChoices):
    """How somebody was reached, came, or was told."""

    PAGE = "page", "回执页"
    PHONE = "phone", "电话"
    ONSITE = "onsite", "现场"
    ONLINE = "online", "线上"
    EMAIL = "email", "邮件"
    LETTER = "letter", "书面"


class SuperviseGrade(TextChoices):
    DAILY = "daily", "日常督办"
    LISTED = "listed", "挂牌督办"
    INTERVIEW = "interview", "约谈督办"
