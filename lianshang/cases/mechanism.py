"""Which mechanism profile a park works by. Adopting one makes an edition; open cases keep the one they began with."""

from datetime import datetime

from django.db import transaction

from lianshang.directory.actors import Actor
from lianshang.kernel.models import Profile, ProfileVersion
from lianshang.kernel.profiles import Profile as ProfileValue


@transaction.atomic
def adopt(value: ProfileValue, *, actor: Actor, at: datetime) -> ProfileVersion:
    """Keep the profile for the actor's park and work by it from now on. The same content twice is one edition."""
    row, _ = Profile.objects.get_or_create(park=actor.park, name=value.name, defaults={"label": value.label})
    newest = row.versions.order_by("-number").first()
    if newest is None or newest.digest != value.digest:
        newest = ProfileVersion.objects.create(
            park=actor.park,
            profile=row,
            number=newest.number + 1 if newest else 1,
            document=value.document,
            digest=value.digest,
            made_at=at,
            made_by=actor.person,
        )
    Profile.objects.filter(park=actor.park, is_current=True).exclude(pk=row.pk).update(is_current=False)
    Profile.objects.filter(park=actor.park, pk=row.pk).update(is_current=True, label=value.label)
    return newest
