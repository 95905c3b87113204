"""Park-owned rows: every query names the park, or raises.

`scope(park=…)` (django-scopes) is opened by the middleware, by commands and by the worker for each park in turn.
Inside it every manager filters by the park, saves and locked reads included (`base_manager_name`), which is what
keeps parks apart and what lets the tables be distributed by park later.
"""

from django.db import models
from django_scopes import ScopedManager


def scoped(queryset: type[models.QuerySet] = models.QuerySet) -> models.Manager:
    """Return a manager over `queryset` that raises outside a park's scope."""
    return ScopedManager(_manager_class=models.Manager.from_queryset(queryset), park="park")


class ParkOwned(models.Model):
    """A row of one park. Unique constraints on such rows include `park`; references stay inside the park."""

    park = models.ForeignKey(
        "directory.Park", models.RESTRICT, verbose_name="园区", related_name="+", db_index=False
    )  # no index of its own: it would find all rows of the park, and SQLite took it for a short cut; others begin with it

    objects = scoped()

    class Meta:
        abstract = True
        base_manager_name = "objects"
