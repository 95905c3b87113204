"""Tables that were there before the history was: their rows are taken in as they stand, once.

Once a head was signed there is a history, and a row without a leaf was not written by us: nobody takes it in any more. A
table with rows that joins later says so in a migration of its own, which calls `take_in`; one that is made new needs nothing.
"""

from collections.abc import Iterator
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet
from django_scopes import scopes_disabled

from lianshang.kernel.history.erasures import Erasure
from lianshang.kernel.history.forms import form_of
from lianshang.kernel.history.leaves import leaf_of
from lianshang.kernel.history.models import Checkpoint, Leaf
from lianshang.kernel.history.reading import every
from lianshang.kernel.history.recorded import Recorded, ledgers

BATCH = 2000  # rows


def adopt() -> int:
    """Write leaves for the rows of each table that has none, unless a head was signed; return how many.

    A table with a single leaf has joined: rows without one were not written by us, and stay a fault. An erasure is
    always written with its leaf.
    """
    with scopes_disabled(), transaction.atomic():
        if Checkpoint.objects.exists():
            return 0
        return sum(take_in(model) for model in ledgers() if model is not Erasure and not _has_joined(model))


def _has_joined(model: type[Recorded]) -> bool:
    return QuerySet(Leaf).filter(ledger=form_of(model).ledger).exists()


def take_in(model: type[Recorded]) -> int:
    """Write leaves for all rows of the table, which has none; return how many."""
    count = 0
    with transaction.atomic():
        waiting = _leaves(model)
        while some := list(islice(waiting, BATCH)):
            count += len(Leaf.objects.bulk_create(some))
    return count


def _leaves(model: type[Recorded]) -> Iterator[Leaf]:
    form = form_of(model)
    park = form.names.index("park_id")
    return (leaf_of(form, values, values[park]) for values in every(form))
