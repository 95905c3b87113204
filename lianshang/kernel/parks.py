"""Park-owned rows: every query names the park, or raises.

`scope(park=…)` (django-scopes) is opened by the middleware, by commands and by the worker for each park in turn.
Inside it every manager filters by the park, saves and locked reads included (`base_manager_name`), which is what
keeps parks apart and what lets the tables be distributed by park later.
"""

from functools import lru_cache
from typing import Any

from django.db import models
from django_scopes import ScopedManager, get_scope


def scoped(queryset: type[models.QuerySet] = models.QuerySet) -> models.Manager:
    """Return a manager over `queryset` that raises outside a park's scope."""
    strict: Any = type(ScopedManager(_manager_class=models.Manager.from_queryset(queryset), park="park"))

    class Scoped(strict):
        """As it comes, but that the first condition of all our queries is worked out once for each model and park."""

        def get_queryset(self) -> models.QuerySet:
            scope = getattr(self, "_override_scope", None) or get_scope()
            park = scope.get("park")
            if not scope.get("_enabled", True) or not isinstance(park, models.Model):
                return super().get_queryset()
            return _rows_of(self._queryset_class, self.model, park.pk).using(self._db)

    return Scoped()


@lru_cache(maxsize=2000)
def _rows_of(queryset: type[models.QuerySet], model: type[models.Model], park_id: int) -> models.QuerySet:
    return queryset(model).filter(park=park_id)


class ParkOwned(models.Model):
    """A row of one park. Unique constraints on such rows include `park`; references stay inside the park."""

    park = models.ForeignKey(
        "directory.Park", models.RESTRICT, verbose_name="园区", related_name="+", db_index=False
    )  # no index of its own: it would find all rows of the park, and SQLite took it for a short cut; others begin with it

    objects = scoped()

    class Meta:
        abstract = True
        base_manager_name = "objects"
