"""What cases show in the navigation, by role."""

from lianshang.directory.models import Role

WORKERS = (Role.DISPATCHER, Role.LIAISON, Role.CALLBACK_OFFICER, Role.COMPLAINTS_OFFICER)
OUTSIDE = (Role.INSTRUCTOR, Role.CENTRE_STAFF, Role.TASK_FORCE)
LEADERS = (Role.COMMITTEE_HEAD, Role.CHAIN_CHIEF)
OVERSEERS = (*LEADERS, Role.DISPATCHER)  # who sees all that is late, and urges
READERS = (*LEADERS, Role.DISPATCHER, Role.LIAISON, Role.CALLBACK_OFFICER, Role.REPORTING_CLERK, Role.AUDITOR)
SETTERS = (Role.ADMINISTRATOR, Role.DISPATCHER)  # who sets how the park works
NOTES = (*WORKERS, *OUTSIDE)  # whoever meets enterprises may note down what they say
DRAFTS = (*NOTES, Role.COMMITTEE_HEAD)  # the head reads the complaints that a chat brought
SEALED_KEEPERS = (Role.COMPLAINTS_OFFICER, Role.COMMITTEE_HEAD)
INTERESTED = (*WORKERS, *OUTSIDE, *LEADERS)  # who may come upon complaints in their work

ENTRIES = (
    {"label": "全局", "url": "cases:leader", "key": "a", "roles": OVERSEERS, "icon": "eye", "order": 15},
    {"label": "收件箱", "url": "cases:desk", "key": "d", "roles": (*WORKERS, *OUTSIDE), "icon": "inbox", "order": 10},
    {"label": "诉求清单", "url": "cases:list", "key": "l", "roles": READERS, "icon": "list-details", "order": 20},
    {"label": "反馈等式", "url": "cases:equation", "key": "e", "roles": READERS, "icon": "equal", "order": 25},
    {
        "label": "保密件等式",
        "url": "cases:equation-sealed",
        "roles": SEALED_KEEPERS,
        "icon": "equal",
        "order": 26,
    },
    {"label": "专题", "url": "cases:themes", "key": "t", "roles": READERS, "icon": "stack-2", "order": 27},
    {"label": "登记诉求", "url": "cases:new", "key": "n", "roles": NOTES, "icon": "phone-incoming", "order": 30},
    {"label": "转登记草稿", "url": "cases:drafts", "key": "w", "roles": DRAFTS, "icon": "messages", "order": 31},
    {
        "label": "导入台账",
        "url": "cases:import",
        "roles": (Role.DISPATCHER, Role.REPORTING_CLERK, Role.ADMINISTRATOR),
        "icon": "file-import",
        "order": 40,
        "group": "数据",
    },
    {
        "label": "导出记录",
        "url": "cases:exports",
        "roles": (*READERS, Role.AUDIT_ADMIN),
        "icon": "file-export",
        "order": 45,
        "group": "数据",
    },
    {"label": "常用语", "url": "cases:phrases", "roles": WORKERS, "icon": "quote", "order": 77, "group": "设置"},
    {
        "label": "交接",
        "url": "cases:hand-over",
        "key": "h",
        "roles": (Role.LIAISON,),
        "icon": "replace-user",
        "order": 78,
        "group": "设置",
    },
    {
        "label": "利害关系申报",
        "url": "cases:interests",
        "roles": INTERESTED,
        "icon": "scale",
        "order": 79,
        "group": "设置",
    },
    {
        "label": "机制方案",
        "url": "cases:profiles",
        "roles": SETTERS,
        "icon": "adjustments-horizontal",
        "order": 80,
        "group": "设置",
    },
    {
        "label": "派单目录",
        "url": "cases:catalogue",
        "roles": SETTERS,
        "icon": "sitemap",
        "order": 82,
        "group": "设置",
    },
    {
        "label": "工作日历",
        "url": "cases:calendars",
        "roles": SETTERS,
        "icon": "calendar-event",
        "order": 81,
        "group": "设置",
    },
    {
        "label": "文书模板",
        "url": "cases:document-templates",
        "roles": SETTERS,
        "icon": "file-text",
        "order": 82,
        "group": "设置",
    },
    {
        "label": "企业微信应用",
        "url": "cases:wecom",
        "roles": (Role.ADMINISTRATOR,),
        "icon": "message-2",
        "order": 86,
        "group": "设置",
    },
)

PUBLIC = (
    {
        "label": "我要吹哨",
        "url": "cases:whistle-here",
        "text": "说清一件事，一分钟；交了就知道谁来办",
        "icon": "speakerphone",
        "order": 10,
    },
    {
        "label": "我的吹哨",
        "url": "cases:mine",
        "text": "凭查询码看进度、补充、确认或退回",
        "icon": "search",
        "order": 20,
    },
    {
        "label": "机制试算",
        "url": "cases:trial",
        "text": "拿以前的台账，看哪些承诺做得到",
        "icon": "scale",
        "order": 30,
    },
)
