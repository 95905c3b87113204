"""What Party organisations show in the navigation, by role."""

from datetime import date

from lianshang.directory.actors import Actor
from lianshang.organizations.access import READERS
from lianshang.organizations.models import Officer

ENTRIES = (
    {
        "label": "党组织",
        "url": "organizations:list",
        "roles": READERS,
        "icon": "sitemap",
        "group": "企业",
        "order": 52,
    },
    {
        "label": "两个覆盖",
        "url": "organizations:coverage",
        "roles": READERS,
        "icon": "checklist",
        "group": "企业",
        "order": 53,
    },
)


def open_without_post(actor: Actor, on: date) -> tuple[str, ...]:
    """An officer of an organisation reads their own, whether or not they are staff."""
    held = actor.person and Officer.objects.on(on).filter(person=actor.person).exists()
    return ("organizations:list",) if held else ()
