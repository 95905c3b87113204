"""The line that each deed leaves behind, in its own transaction."""

from datetime import date, datetime

from lianshang.directory.actors import Actor
from lianshang.enterprises.models import Enterprise
from lianshang.organizations.models import Organization, OrganizationRecord


def put_down(
    actor: Actor,
    what: str,
    happened: date,
    at: datetime,
    *,
    organization: Organization | None = None,
    enterprise: Enterprise | None = None,
    note: str = "",
) -> OrganizationRecord:
    """`note` names nobody: it tells of posts, enterprises and counts."""
    return OrganizationRecord.objects.create(
        park=actor.park,
        organization=organization,
        enterprise=enterprise,
        what=what,
        happened_on=happened,
        recorded_at=at,
        by=actor.person,
        note=note[:300],
    )
