"""Erases the words of rows, as the law may ask (PIPL art 47), and leaves the history whole.

A row stays: who did what when is no longer tied to what was written. Its salted hash is kept in an `Erasure`, which is a
record in the tree itself; the salt is destroyed, so nothing can be guessed from the hash. The guard of the table is away
for one statement inside the transaction, which is why only this module may do so.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from lianshang.kernel import append_only
from lianshang.kernel.history.erasures import Erasure
from lianshang.kernel.history.forms import Form, form_of
from lianshang.kernel.history.models import Leaf
from lianshang.kernel.history.recorded import Recorded

AT_ONCE = 500  # rows of one transaction's piece


def erasable(rows: QuerySet) -> QuerySet:
    """Return those that have words which can be erased: they stand in the tree, and were not erased before."""
    form = form_of(rows.model)
    held = Leaf.objects.filter(park=OuterRef("park"), ledger=form.ledger, row=OuterRef("pk"), index__isnull=False)
    rests = Q(**_rests(form))
    return rows.filter(~rests, Exists(held.exclude(salt=b"")))


@transaction.atomic
def erase_all(rows: QuerySet, *, at: datetime, ground: str) -> int:
    """Erase the words of those that are `erasable`, of the park in scope; return how many."""
    form, done = form_of(rows.model), 0
    with append_only.lifted(connection, rows.model._meta.db_table):
        while some := list(erasable(rows).order_by("pk")[:AT_ONCE]):
            _erase(form, some, at=at, ground=ground)
            done += len(some)
    return done


@transaction.atomic
def erase(row: Recorded, *, at: datetime, ground: str) -> Erasure:
    """Erase the row's words for good. Raises `ValueError` where it has none, waits to be sealed, or was erased before."""
    model: Any = type(row)
    if not erase_all(model.objects.filter(park=row.park_id, pk=row.pk), at=at, ground=ground):
        raise ValueError("nothing of this row can be erased, or it was erased before")
    return Erasure.objects.get(park=row.park_id, ledger=form_of(row).ledger, row=row.pk)


def _erase(form: Form, rows: list[Any], *, at: datetime, ground: str) -> None:
    model: Any = form.model
    park, keys = rows[0].park_id, [row.pk for row in rows]
    leaves = Leaf.objects.select_for_update(of=("self",)).filter(park=park, ledger=form.ledger, row__in=keys)
    salts = dict(leaves.order_by("pk").values_list("row", "salt"))
    kept = {row.pk: form.words(form.values_of(row), bytes(salts[row.pk])) for row in rows}
    Erasure.objects.bulk_create(
        Erasure(park_id=park, ledger=form.ledger, row=key, kept=words, at=at, ground=ground)
        for key, words in kept.items()
    )
    model.objects.filter(park=park, pk__in=keys).update(**_rests(form))
    Leaf.objects.filter(park=park, ledger=form.ledger, row__in=keys).update(salt=b"")


def _rests(form: Form) -> dict[str, Any]:
    """Return the columns of words as they are when nothing was said."""
    return {name: form.rests[form.names.index(name)] for name in form.names[form.opens :]}
