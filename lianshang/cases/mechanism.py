"""Which mechanism profile a park works by. Adopting one makes an edition; open cases keep the one they began with."""

from datetime import datetime

from django.db import transaction

from lianshang.cases import books, presets
from lianshang.directory.actors import Actor
from lianshang.kernel.models import Profile, ProfileVersion
from lianshang.kernel.profiles import Profile as ProfileValue


@transaction.atomic
def adopt(value: ProfileValue, *, actor: Actor, at: datetime) -> ProfileVersion:
    """Keep the profile for the actor's park and work by it from now on. The same content twice is one edition."""
    version = keep(value, actor=actor, at=at)
    Profile.objects.filter(park=actor.park, is_current=True).exclude(pk=version.profile_id).update(is_current=False)
    Profile.objects.filter(park=actor.park, pk=version.profile_id).update(is_current=True, label=value.label)
    return version


@transaction.atomic
def keep(value: ProfileValue, *, actor: Actor, at: datetime) -> ProfileVersion:
    """Keep the profile for the actor's park without working by it. The same content twice is one edition."""
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
        books.profile_of.cache_clear()  # SQLite gives the key of an edition that was taken back to the next one
    return newest


def own(name: str = "") -> ProfileVersion | None:
    """Return the park's own newest edition of that name; without a name, of the mechanism that it works by."""
    rows = (
        ProfileVersion.objects.filter(profile__name=name)
        if name
        else ProfileVersion.objects.filter(profile__is_current=True)
    )
    return rows.order_by("-number").first()


def named(name: str, *, actor: Actor, at: datetime) -> ProfileVersion:
    """Return the park's own edition of that name (empty: the one in use), else the shipped one, kept. Raises KeyError."""
    return own(name) or keep(presets.preset(name or presets.DEFAULT), actor=actor, at=at)
