"""Masked names of members are shown whole for a purpose, and that they were is on record, in one transaction."""

from datetime import datetime

from django.db import transaction

from lianshang.directory import audit
from lianshang.directory.actors import Actor
from lianshang.kernel.refusals import Refused
from lianshang.organizations import access
from lianshang.organizations.models import Organization

SHORTEST = 4  # characters of a purpose


@transaction.atomic
def open_roster(organization: Organization, purpose: str, *, actor: Actor, at: datetime) -> Organization:
    """Return the organisation whose members may be named on the page that answers. Raises `Refused`, `Hidden`."""
    access.keeper(actor)
    if len(purpose.strip()) < SHORTEST:
        raise Refused("请写明用途，例如“核对党员名册”。")
    audit.note(actor, audit.Kind.OPENING, f"查看了{organization}的党员名册", purpose=purpose, at=at)
    return organization
