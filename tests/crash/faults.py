"""Faults that are planted into the child, one at a time: the rig has to find each of them. Nothing of this is in a release."""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from lianshang.cases.models import CaseEvent
from lianshang.kernel import files, idempotency, outbox
from lianshang.kernel.history import leaves
from lianshang.kernel.models import IdempotencyKey
from lianshang.notices import posting


def key_after_the_work() -> None:
    """The form acts, and only then the key is kept: between the two it would act again."""

    def first(form: Any, run: Callable[[], Any]) -> Any:
        if IdempotencyKey.objects.filter(park=form.park, key=form.key).exists():
            raise idempotency._Repeated
        response = run()
        location = form.secret.encrypt(response["Location"].encode()).decode()
        transaction.on_commit(
            lambda: IdempotencyKey.objects.create(
                park=form.park, actor=form.actor, key=form.key, route=form.route, location=location
            )
        )
        return response

    idempotency._first = first


def done_before_it_is_told() -> None:
    """The outbox marks its item in a commit of its own, and tells afterwards."""

    def run(park: Any, claim: Any, now: Any) -> bool:
        outbox._own(park, claim).update(done_at=now, lease_until=None)
        outbox.HANDLERS[claim.topic](park, claim.subject)
        return True

    outbox._run = run


def sent_before_it_is_sent() -> None:
    """The e-mail is marked as sent, and leaves the house afterwards."""
    put_off = posting.put_off

    def marked(row: Any, now: Any) -> bool:
        claimed = put_off(row, now)
        posting._message(row).update(sent_at=now)
        return claimed

    posting.put_off = marked


def event_in_its_own_transaction() -> None:
    """The case is committed with its new state, its event a moment later."""
    save = CaseEvent.save

    def later(event: Any, **how: Any) -> None:
        _commit_and_begin_again()
        save(event, **how)

    CaseEvent.save = later


def leaf_after_the_commit() -> None:
    """A row of the history is committed, and only then what vouches for it."""
    write = leaves.write
    leaves.write = lambda rows: transaction.on_commit(lambda: write(rows))


def _commit_and_begin_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("COMMIT")
        cursor.execute("BEGIN")
        for name in filter(None, connection.savepoint_ids):
            cursor.execute(connection.ops.savepoint_create_sql(name))


def row_before_the_file() -> None:
    """The attachment's row is committed, its bytes are written afterwards."""
    write = files._write
    files._write = lambda path, content: transaction.on_commit(lambda: write(path, content))


FAULTS = {
    "cases.services.submit": (key_after_the_work, row_before_the_file),
    "cases.services.sign": (event_in_its_own_transaction, leaf_after_the_commit),
    "cases.notices.tell_of_event": (done_before_it_is_told,),
    "notices.delivery.send_due": (sent_before_it_is_sent,),
}
