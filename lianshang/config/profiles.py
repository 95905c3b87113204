"""A park's own mechanism profile from the database, for commands."""

from lianshang.kernel.profiles import Profile


def named(name: str, park: str | None) -> Profile:
    """Return the newest edition of the park's own profile of that name.

    Raises LookupError where there is none, Unusable where the database is not ready or the park is in doubt.
    """
    from django_scopes import scope

    from lianshang.cases import presets
    from lianshang.config.database import ready

    ready()
    from lianshang.config.parks import chosen
    from lianshang.kernel.models import ProfileVersion

    only = chosen(park or "")
    if only is None:
        raise LookupError(name)
    with scope(park=only):
        newest = ProfileVersion.objects.filter(profile__name=name).order_by("-number").first()
    if newest is None:
        raise LookupError(name)
    return presets.kept(newest.document)
