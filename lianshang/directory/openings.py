"""A masked value is shown whole for a purpose, and that it was is on record, in one transaction."""

from datetime import datetime

from django.db import transaction

from lianshang.directory import accounts, audit
from lianshang.directory.actors import Actor
from lianshang.directory.models import Person
from lianshang.kernel.refusals import Refused

SHORTEST = 4  # characters of a purpose


@transaction.atomic
def open_contact(who: Person, purpose: str, *, actor: Actor, at: datetime) -> tuple[str, str]:
    """Return telephone number and mail address of a colleague. Raises `Refused` without a purpose, and `Hidden`."""
    found = accounts.person(actor, who.pk)
    if len(purpose.strip()) < SHORTEST:
        raise Refused("请写明用途，例如“核对调岗通知的电话”。")
    audit.note(actor, audit.Kind.OPENING, "查看了人员的完整电话和邮箱", about=found, purpose=purpose, at=at)
    return found.phone, found.email
