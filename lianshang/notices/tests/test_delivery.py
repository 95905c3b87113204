from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from lianshang.directory.models import Park
from lianshang.kernel.outbox import TICKS
from lianshang.notices import delivery, posting
from lianshang.notices.models import Email
from lianshang.notices.tests.test_services import NOW, make_person, park, tell

__all__ = ["park"]


class Failing(EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages: object) -> int:
        raise ConnectionRefusedError("wq@example.cn")


class DiesAfterSending(EmailBackend):
    def send_messages(self, messages: list) -> int:
        super().send_messages(messages)
        raise SystemExit


def write(park: Park, *names: str) -> None:
    for name in names:
        tell(make_person(park, name, f"{name}@example.cn"), email=True)


def test_waiting_email_goes_out_once(park):
    write(park, "a", "b")

    sent = [delivery.send_due(park, NOW), delivery.send_due(park, NOW + timedelta(days=1))]

    assert sent == [2, 0]
    assert [message.to for message in mail.outbox] == [["a@example.cn"], ["b@example.cn"]]
    assert set(Email.objects.values_list("sent_at", flat=True)) == {NOW}


def test_email_waits_longer_each_time_the_server_is_away(park, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    write(park, "a")
    waits, at = [], NOW

    for _ in range(8):
        delivery.send_due(park, at)
        row = Email.objects.get()
        waits.append((row.not_before - at) // timedelta(minutes=1))
        at = row.not_before

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert [row.attempts, row.sent_at] == [8, None]


def test_failure_ends_the_round_and_lets_the_others_go_next(park, settings):
    write(park, "a", "b")
    works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Failing"
    delivery.send_due(park, NOW)
    settings.EMAIL_BACKEND = works

    sent = delivery.send_due(park, NOW + timedelta(seconds=5))

    assert sent == 1
    assert [message.to for message in mail.outbox] == [["b@example.cn"]]


def test_email_of_a_worker_that_died_goes_out_again_as_the_same_message(park, settings):
    write(park, "a")
    works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.DiesAfterSending"
    with pytest.raises(SystemExit):
        delivery.send_due(park, NOW)
    settings.EMAIL_BACKEND = works

    sent = [delivery.send_due(park, NOW), delivery.send_due(park, NOW + timedelta(minutes=1))]

    assert sent == [0, 1]
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1


def test_second_worker_does_not_take_the_same_email(park):
    write(park, "a")
    row, same = Email.objects.get(), Email.objects.get()

    assert [posting.put_off(row, NOW), posting.put_off(same, NOW)] == [True, False]


def test_worker_sends_by_itself():
    assert "lianshang.notices.delivery.send_due" in TICKS
