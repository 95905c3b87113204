"""What enterprises show in the navigation, by role."""

from lianshang.directory.models import Role

HANDS_OUT = (Role.DISPATCHER, Role.INSTRUCTOR, Role.ADMINISTRATOR)  # who prints and hands out the codes

ENTRIES = (
    {
        "label": "吹哨二维码",
        "url": "enterprises:codes",
        "roles": HANDS_OUT,
        "icon": "qrcode",
        "group": "企业",
        "order": 60,
    },
)
