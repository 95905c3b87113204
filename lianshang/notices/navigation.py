"""What the shell shows of this package: the number beside the bell, and whether the worker lives."""

from datetime import datetime

from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.kernel.outbox import last_beat
from lianshang.notices import queries

ENTRIES = (
    {
        "label": "群机器人",
        "url": "notices:robots",
        "roles": (Role.ADMINISTRATOR,),
        "icon": "robot",
        "order": 85,
        "group": "设置",
    },
)


def unread_count(actor: Actor) -> int:
    return queries.unread_count(actor.person) if actor.person else 0


def worker_seen_at() -> datetime | None:
    return last_beat()
