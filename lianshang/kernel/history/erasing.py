"""Erases the words of one row, as the law may ask (PIPL art 47), and leaves the history whole.

The row stays: who did what when is no longer tied to what was written. Its salted hash is kept in an `Erasure`, which is a
record in the tree itself; the salt is destroyed, so nothing can be guessed from the hash. The guard of the table is away
for that one statement inside the transaction, which is why only this module may do so.
"""

from datetime import datetime

from django.db import connection, transaction

from lianshang.kernel import append_only
from lianshang.kernel.history.erasures import Erasure
from lianshang.kernel.history.forms import form_of
from lianshang.kernel.history.models import Leaf
from lianshang.kernel.history.recorded import Recorded


@transaction.atomic
def erase(row: Recorded, *, at: datetime, ground: str) -> Erasure:
    """Erase the row's words for good. Raises `ValueError` where it has none, waits to be sealed, or was erased before."""
    form = form_of(row)
    leaf = Leaf.objects.select_for_update(of=("self",)).get(park=row.park_id, ledger=form.ledger, row=row.pk)
    if leaf.index is None or not leaf.salt or not row.words:
        raise ValueError("nothing of this row can be erased, or it was erased before")
    kept = form.words(form.values_of(row), bytes(leaf.salt))
    done = Erasure.objects.create(park_id=row.park_id, ledger=form.ledger, row=row.pk, kept=kept, at=at, ground=ground)
    with append_only.lifted(connection, row._meta.db_table):
        rests = {name: form.rests[form.names.index(name)] for name in form.names[form.opens :]}
        type(row).objects.filter(park=row.park_id, pk=row.pk).update(**rests)
    Leaf.objects.filter(park=row.park_id, pk=leaf.pk).update(salt=b"")
    return done
