"""Sends e-mail, at least once: a message is put off before it is tried, and marked only after it went out."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage

from lianshang.directory.models import Park
from lianshang.kernel.outbox import every
from lianshang.notices.models import Email

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
BATCH = 20


@every(5)
def send_due(park: Park, now: datetime) -> int:
    """Send the park's waiting messages and return how many went out.

    The first failure ends the round: a mail server that is away must not hold up the worker, and the message that
    failed stands back for a while, so that it does not hold up the others.
    """
    sent = 0
    waiting = Email.objects.filter(park=park, sent_at=None, not_before__lte=now).order_by("not_before", "pk")
    for row in waiting[:BATCH]:
        if not _put_off(row, now):
            continue
        try:
            _message(row).send()
        except Exception as error:  # noqa: BLE001 mail servers fail in many ways, and their words hold addresses
            log.warning("e-mail: %s, attempt %s", type(error).__qualname__, row.attempts + 1)
            break
        Email.objects.filter(park=park, pk=row.pk).update(sent_at=now)
        sent += 1
    return sent


def _put_off(row: Email, now: datetime) -> bool:
    """Claim the message by moving its time on: whoever comes second changes no row. It is also the wait to the next try."""
    wait = min(FIRST_WAIT * 2 ** min(row.attempts, 10), LONGEST_WAIT)
    attempts = min(row.attempts + 1, 30_000)
    same = Email.objects.filter(park=row.park_id, pk=row.pk, sent_at=None, not_before=row.not_before)
    return bool(same.update(not_before=now + wait, attempts=attempts))


def _message(row: Email) -> EmailMessage:
    """A message sent twice is the same message: mail programs show it once."""
    number = f"<lianshang-{row.park_id}-{row.pk}@{settings.ADDRESS.hostname}>"
    return EmailMessage(row.subject, row.body, to=[row.to], headers={"Message-ID": number})
