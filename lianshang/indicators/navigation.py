"""What figures show in the navigation, by role."""

from lianshang.directory.models import Role

READERS = (
    Role.COMMITTEE_HEAD,
    Role.CHAIN_CHIEF,
    Role.DISPATCHER,
    Role.LIAISON,
    Role.CALLBACK_OFFICER,
    Role.REPORTING_CLERK,
    Role.AUDITOR,
)

ENTRIES = (
    {"label": "指标", "url": "indicators:figures", "roles": READERS, "icon": "chart-bar", "order": 38, "group": "数据"},
)
