"""活动阵地: the six things of a venue, seen on a day."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from lianshang.directory.actors import Actor
from lianshang.kernel.refusals import Refused
from lianshang.organizations import access
from lianshang.organizations.models import Organization, VenueItem
from lianshang.organizations.services.bodies import locked, not_ahead
from lianshang.organizations.services.records import put_down


@transaction.atomic
def look_at(
    organization: Organization, seen: Mapping[str, tuple[bool, str]], *, on: date, actor: Actor, at: datetime
) -> int:
    """Write down item → (is there, evidence) as seen that day; return how many are there. Raises `Refused`, `Hidden`."""
    access.keeper(actor)
    row = locked(organization)
    not_ahead(on, at, "查看日期")
    bare = [VenueItem.Item(item).label for item, (there, evidence) in seen.items() if there and not evidence.strip()]
    if bare:
        raise Refused(f"{'、'.join(bare)}还没有写凭据。请写在哪里、是什么，例如“办公楼二楼会议室”。")
    VenueItem.objects.bulk_create(
        VenueItem(
            park=actor.park, organization=row, item=item, is_there=there, evidence=evidence.strip(), seen_on=on,
            seen_by=actor.person, recorded_at=at,
        )
        for item, (there, evidence) in seen.items()
    )  # fmt: skip
    count = sum(there for there, _ in seen.values())
    put_down(actor, "查看活动阵地", on, at, organization=row, note=f"{len(seen)} 项中具备 {count} 项")
    return count
