"""What the directory shows in the navigation."""

from lianshang.directory import accounts, appointments, audit

ENTRIES = (
    {"label": "外出代理", "url": "directory:absences", "icon": "calendar-user", "group": "设置", "order": 79},
    {
        "label": "人员与岗位", "url": "directory:people", "roles": accounts.READS, "icon": "users", "group": "设置",
        "order": 87,
    },
    {
        "label": "登录规则", "url": "directory:security", "roles": appointments.ASSIGNS, "icon": "shield-lock",
        "group": "设置", "order": 88,
    },
    {
        "label": "保存期限",
        "url": "directory:retention",
        "roles": appointments.ASSIGNS,
        "icon": "hourglass",
        "group": "设置",
        "order": 89,
    },
    {"label": "审计记录", "url": "directory:audit", "roles": audit.READS, "icon": "eye-check", "order": 12},
    {"label": "我的账号", "url": "directory:account", "icon": "user-circle", "group": "设置", "order": 95},
)  # fmt: skip
