"""The base of every table whose rows are written once: with each row, its leaf, in the same transaction.

A table joins the history by this base, and by `words`, which names its columns that people fill with their own words:
those enter the leaf as one salted hash, so that they can be erased later and the leaf still stands.
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.apps import apps
from django.db import models, router, transaction

from lianshang.kernel.history import leaves
from lianshang.kernel.parks import ParkOwned, scoped


class RecordedQuerySet(models.QuerySet):
    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """As Django's; rows that might be left out cannot be vouched for."""
        if kwargs.get("ignore_conflicts") or kwargs.get("update_conflicts"):
            raise ValueError("a recorded row is written or refused")
        with transaction.atomic(using=self.db, savepoint=False):
            rows = super().bulk_create(objs, *args, **kwargs)
            leaves.write(rows)
        return rows


class Recorded(ParkOwned):
    """Abstract. Appended, never updated or deleted; in the tree within a minute."""

    words: ClassVar[Sequence[str]] = ()

    objects = scoped(RecordedQuerySet)

    class Meta(ParkOwned.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            super().save(*args, **kwargs)
            return
        with transaction.atomic(using=kwargs.get("using") or router.db_for_write(type(self)), savepoint=False):
            super().save(*args, **kwargs)
            leaves.write([self])


def ledgers() -> list[type[Recorded]]:
    """Return every table of the history, in the order of their names."""
    found = [model for model in apps.get_models() if issubclass(model, Recorded)]
    return sorted(found, key=lambda model: model._meta.label_lower)
