"""What enterprises show in the navigation, by role."""

from lianshang.directory.models import Role
from lianshang.enterprises import contact_persons

HANDS_OUT = (Role.DISPATCHER, Role.INSTRUCTOR, Role.ADMINISTRATOR)  # who prints and hands out the codes

ENTRIES = (
    {
        "label": "专人对接",
        "url": "enterprises:contacts",
        "roles": contact_persons.READS,
        "icon": "user-heart",
        "group": "企业",
        "order": 55,
    },
    {
        "label": "吹哨二维码",
        "url": "enterprises:codes",
        "roles": HANDS_OUT,
        "icon": "qrcode",
        "group": "企业",
        "order": 60,
    },
)
