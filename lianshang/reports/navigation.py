"""What reports show in the navigation, by role."""

from lianshang.reports.access import READERS

ENTRIES = (
    {"label": "驾驶舱", "url": "reports:cockpit", "roles": READERS, "icon": "dashboard", "order": 37, "group": "数据"},
    {"label": "简报", "url": "reports:briefings", "roles": READERS, "icon": "file-text", "order": 50, "group": "数据"},
    {
        "label": "核对文稿",
        "url": "reports:articles",
        "roles": READERS,
        "icon": "list-check",
        "order": 51,
        "group": "数据",
    },
)
