"""Messages wait, are gathered, are never lost, and what is sent twice carries the same numbers."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db.models import Min
from django_scopes import scope
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lianshang.config.seed import seed
from lianshang.directory.models import Park, Post, Unit
from lianshang.kernel.calendars import SHANGHAI
from lianshang.kernel.tests.test_numbers import together
from lianshang.notices import delivery, hours, posting, robots, settings_services
from lianshang.notices.models import Email, NoticeRules, NoticeWish, RobotMessage, TextMessage
from lianshang.notices.tests.fake_robots import TAKEN
from lianshang.notices.tests.test_robots import answer, make_robot
from lianshang.notices.tests.test_services import make_person, park, tell

__all__ = ["park"]
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
NIGHT = MONDAY.replace(hour=22)
MORNING = MONDAY.replace(day=24, hour=9)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def open_park(park: Park) -> Park:
    seed()
    return park


class DiesAfterSending(EmailBackend):
    def send_messages(self, messages: list) -> int:
        super().send_messages(messages)
        raise SystemExit


def subjects() -> list[str]:
    return [message.subject for message in mail.outbox]


def test_what_is_told_at_night_goes_out_in_the_morning_as_one(open_park):
    person = make_person(open_park, email="wq@example.cn")
    for ref in "abc":
        tell(person, ref, at=NIGHT, email=True)

    sent = [delivery.send_due(open_park, moment) for moment in (NIGHT, MORNING - MINUTE, MORNING, MORNING + MINUTE)]

    assert sent == [0, 0, 3, 0]
    assert subjects() == ["链上：您有 3 件待办（第 1–3 条）"]
    assert "您有 3 件待办（编号 1–3），请登录查看" in mail.outbox[0].body
    assert set(Email.objects.values_list("sent_at", flat=True)) == {MORNING}


def test_urgent_goes_out_at_night_and_wakes_nothing_else(open_park):
    person = make_person(open_park, email="wq@example.cn")
    tell(person, "a", at=NIGHT, email=True)
    tell(person, "b", at=NIGHT, email=True, urgent=True)

    sent = [delivery.send_due(open_park, moment) for moment in (NIGHT, MORNING)]

    assert sent == [1, 1]
    assert subjects() == ["链上：您有 1 件紧急待办（第 2 条）", "链上：您有 1 件待办（第 1 条）"]


def test_second_message_waits_and_gathers(open_park):
    person = make_person(open_park, email="wq@example.cn")
    tell(person, "a", at=MONDAY, email=True)
    delivery.send_due(open_park, MONDAY)
    for minute in (1, 2, 20):
        tell(person, str(minute), at=MONDAY + minute * MINUTE, email=True)
        delivery.send_due(open_park, MONDAY + minute * MINUTE)

    delivery.send_due(open_park, MONDAY + 30 * MINUTE)

    assert subjects() == ["链上：您有 1 件待办（第 1 条）", "链上：您有 3 件待办（第 2–4 条）"]


def test_park_that_gathers_nothing_sends_each(open_park):
    NoticeRules.objects.create(park=open_park, working_hours=False, gather_minutes=0)
    person = make_person(open_park, email="wq@example.cn")

    for ref in "ab":
        tell(person, ref, at=NIGHT, email=True)
        delivery.send_due(open_park, NIGHT)

    assert len(mail.outbox) == 2


def test_person_chooses_hours_and_channels(open_park):
    person, other = make_person(open_park, email="wq@example.cn"), make_person(open_park, "李敏", "lm@example.cn")
    NoticeWish.objects.create(park=open_park, person=person, digest_hours="14:00")
    NoticeWish.objects.create(park=open_park, person=other, email=False)
    for one in (person, other):
        tell(one, "a", at=MONDAY, email=True)

    sent = [delivery.send_due(open_park, MONDAY), delivery.send_due(open_park, MONDAY.replace(hour=14))]

    assert sent == [0, 1]
    assert [message.to for message in mail.outbox] == [["wq@example.cn"]]


def test_what_failed_before_closing_waits_for_the_next_opening(open_park, settings):
    late = MONDAY.replace(hour=16, minute=59)
    works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "lianshang.notices.tests.test_delivery.Failing"
    tell(make_person(open_park, email="wq@example.cn"), at=late, email=True)
    delivery.send_due(open_park, late)
    settings.EMAIL_BACKEND = works

    sent = [delivery.send_due(open_park, late + step * MINUTE) for step in (1, 5, 600)]

    assert sent == [0, 0, 0]
    assert Email.objects.get().not_before == MORNING
    assert delivery.send_due(open_park, MORNING) == 1


def test_urgent_message_beside_a_plain_one_that_failed_does_not_wait_for_the_morning(open_park, settings):
    late = MONDAY.replace(hour=16, minute=59)
    works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "lianshang.notices.tests.test_delivery.Failing"
    person = make_person(open_park, email="wq@example.cn")
    tell(person, "a", at=late, email=True)
    tell(person, "b", at=late, email=True, urgent=True)
    delivery.send_due(open_park, late)
    settings.EMAIL_BACKEND = works

    sent = [delivery.send_due(open_park, late + step * MINUTE) for step in (1, 5, 600)]

    assert sent == [1, 0, 0]
    assert subjects() == ["链上：您有 1 件紧急待办（第 2 条）"]
    assert delivery.send_due(open_park, MORNING) == 1


def test_urgent_message_of_a_group_beside_a_plain_one_that_failed_does_not_wait_either(open_park, fake):
    late = MONDAY.replace(hour=16, minute=59)
    make_robot(open_park, fake.address("wecom"))
    person = make_person(open_park)
    tell(person, "a", at=late, group=True)
    tell(person, "b", at=late, group=True, urgent=True)
    fake.behave = lambda handler, path, body: answer("wecom", -1, "system busy")
    delivery.send_to_robots(open_park, late)
    fake.behave = lambda handler, path, body: TAKEN["wecom"]

    sent = [delivery.send_to_robots(open_park, late + step * MINUTE) for step in (1, 5, 600)]

    assert sent == [1, 0, 0]
    assert "紧急" in fake.texts()[-1]


def test_round_of_slow_sendings_ends_and_its_leases_and_times_count_on(open_park):
    """Each message takes five seconds, and so does each look between: the third is begun after 25, there is no fourth."""
    for number in range(5):
        tell(make_person(open_park, f"p{number}", f"p{number}@example.cn"), at=MONDAY, email=True)
    taken = iter(range(0, 1000, 5))

    sent = posting.deliver(delivery.EMAIL, open_park, MONDAY, seconds=lambda: float(next(taken)))

    assert sent == 3
    done = Email.objects.exclude(sent_at=None).order_by("sent_at").values_list("sent_at", "not_before")
    assert [(at - MONDAY).total_seconds() for at, _ in done] == [10, 20, 30]
    assert [(lease - MONDAY).total_seconds() for _, lease in done] == [65, 75, 85]


def test_message_of_a_worker_that_died_after_sending_is_the_same_with_the_same_numbers(open_park, settings):
    person = make_person(open_park, email="wq@example.cn")
    for ref in "ab":
        tell(person, ref, at=MONDAY, email=True)
    works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.DiesAfterSending"
    with pytest.raises(SystemExit):
        delivery.send_due(open_park, MONDAY)
    settings.EMAIL_BACKEND = works
    tell(person, "c", at=MONDAY + MINUTE, email=True)

    for minute in (1, 2, 40):
        delivery.send_due(open_park, MONDAY + minute * MINUTE)

    assert subjects() == [*["链上：您有 2 件待办（第 1–2 条）"] * 2, "链上：您有 1 件待办（第 3 条）"]
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 2


def test_robot_message_of_a_worker_that_died_is_the_same_with_the_same_numbers(open_park, fake, monkeypatch):
    person = make_person(open_park)
    make_robot(open_park, fake.address("wecom"), person=person)
    for ref in "ab":
        tell(person, ref, at=MONDAY, group=True)
    write = robots.write

    def write_and_die(*args: object, **kwargs: object) -> None:
        write(*args, **kwargs)
        raise SystemExit

    monkeypatch.setattr(robots, "write", write_and_die)
    with pytest.raises(SystemExit):
        delivery.send_to_robots(open_park, MONDAY)
    monkeypatch.undo()

    sent = [delivery.send_to_robots(open_park, MONDAY), delivery.send_to_robots(open_park, MONDAY + MINUTE)]

    assert sent == [0, 2]
    assert len(set(fake.texts())) == 1
    assert "（第 1–2 条）" in fake.texts()[0]


def test_rig_sees_a_message_that_is_marked_before_it_is_sent(open_park, settings, monkeypatch):
    """A planted fault: whoever marks first loses the message of a worker that dies."""
    tell(make_person(open_park, email="wq@example.cn"), at=MONDAY, email=True)
    put_off = posting.put_off

    def mark_first(row: Email, now: datetime) -> bool:
        taken = put_off(row, now)
        Email.objects.filter(pk=row.pk).update(sent_at=now)
        return taken

    monkeypatch.setattr(posting, "put_off", mark_first)
    settings.EMAIL_BACKEND = "lianshang.notices.tests.test_delivery.Failing"
    delivery.send_due(open_park, MONDAY)

    assert not Email.objects.filter(sent_at=None).exists()
    assert not mail.outbox


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_send_each_notice_once():
    park = Park.objects.create(code="LZ", name="六枝")
    with scope(park=park):
        for number in range(6):
            tell(make_person(park, f"p{number}", f"p{number}@example.cn"), at=MONDAY, email=True)

    def work() -> None:
        with scope(park=park):
            delivery.send_due(park, MONDAY)

    together(work, work, work)

    assert sorted(message.to[0] for message in mail.outbox) == [f"p{number}@example.cn" for number in range(6)]


def test_group_is_told_each_matter_once_and_without_numbers(open_park, fake):
    unit = Unit.objects.create(park=open_park, code="roads", name="交通运输局")
    people = [make_person(open_park, name) for name in ("王强", "李敏", "赵六")]
    for one in people[:2]:
        Post.objects.create(park=open_park, person=one, unit=unit, role="liaison", since=MONDAY.date())
    make_robot(open_park, fake.address("feishu"), "feishu", unit=unit)
    fake.behave = lambda handler, path, body: TAKEN["feishu"]

    for one in people:
        tell(one, "case-event:1", at=MONDAY, group=True, text="供电不稳 王强 13800000000")
    delivery.send_to_robots(open_park, MONDAY)

    assert fake.texts() == ["链上：您有 1 件待办，请登录查看：http://127.0.0.1:8000/notices/"]


def test_robot_that_refuses_for_good_stops_and_loses_nothing(open_park, fake):
    robot, person = make_robot(open_park, fake.address("wecom")), make_person(open_park)
    fake.behave = lambda handler, path, body: answer("wecom", 93000, "invalid webhook url")
    for minute in range(3):
        tell(person, str(minute), at=MONDAY + minute * MINUTE, group=True)
        delivery.send_to_robots(open_park, MONDAY + minute * MINUTE)
    asked = len(fake.asked)
    fake.behave = lambda handler, path, body: TAKEN["wecom"]
    robot.refresh_from_db()
    administrator = type("Administrator", (), {"has": lambda self, *roles: True, "park": open_park})()

    settings_services.resume(administrator, robot, at=MONDAY + 10 * MINUTE)
    sent = delivery.send_to_robots(open_park, MONDAY + 10 * MINUTE)
    sent += delivery.send_to_robots(open_park, MONDAY + 60 * MINUTE)

    assert asked == 1
    assert sent == 3
    assert not RobotMessage.objects.filter(sent_at=None).exists()


def test_paused_robot_is_told_nothing_new(open_park, fake):
    make_robot(open_park, fake.address("wecom"), paused_at=MONDAY)

    tell(make_person(open_park), at=MONDAY, group=True)

    assert not RobotMessage.objects.exists()


def test_robot_keeps_below_its_limit_a_minute(open_park, fake):
    make_robot(open_park, fake.address("wecom"))
    person = make_person(open_park)
    for number in range(40):
        tell(person, str(number), at=MONDAY + number * timedelta(seconds=1), group=True, urgent=True)
        delivery.send_to_robots(open_park, MONDAY + number * timedelta(seconds=1))
    first_minute = len(fake.asked)

    for minute in (1, 2, 3):
        delivery.send_to_robots(open_park, MONDAY + minute * MINUTE)

    assert first_minute == robots.MOST_A_MINUTE
    assert not RobotMessage.objects.filter(sent_at=None).exists()


def test_robot_whose_platform_limits_it_waits_and_holds_what_comes_after(open_park, fake):
    make_robot(open_park, fake.address("dingtalk"), "dingtalk")
    person = make_person(open_park)
    fake.behave = lambda handler, path, body: answer("dingtalk", 130101, "send too fast, exceed 20 times per minute")
    tell(person, "a", at=MONDAY, group=True)
    delivery.send_to_robots(open_park, MONDAY)
    fake.behave = lambda handler, path, body: TAKEN["dingtalk"]
    tell(person, "b", at=MONDAY + MINUTE, group=True)

    sent = [delivery.send_to_robots(open_park, MONDAY + minute * MINUTE) for minute in (1, 5, 9, 10, 41)]

    assert sent == [0, 0, 0, 1, 1]


def test_sms_is_for_reminders_of_people_without_email(open_park, settings, tmp_path: Path, caplog):
    settings.SMS = f"file:{tmp_path / 'var' / 'sms.jsonl'}"
    caplog.set_level("INFO")
    plain, mailed = make_person(open_park), make_person(open_park, "李敏", "lm@example.cn")
    for one, phone in ((plain, "13800001234"), (mailed, "13900005678")):
        type(one).objects.filter(pk=one.pk).update(phone=phone)
        one.refresh_from_db()
        tell(one, "a", at=MONDAY, email=True)
        tell(one, "b", at=MONDAY, email=True, reminder=True)

    sent = delivery.send_texts(open_park, MONDAY)

    lines = [json.loads(line) for line in (tmp_path / "var" / "sms.jsonl").read_text("utf-8").splitlines()]
    assert sent == TextMessage.objects.count() == 1
    assert [line["to"] for line in lines] == ["13800001234"]
    assert "您有 1 件待办（第 2 条）" in lines[0]["text"]
    assert "138****1234" in caplog.text
    assert "13800001234" not in caplog.text
    assert (tmp_path / "var" / "sms.jsonl").stat().st_mode & 0o077 == 0


class Unreliable(EmailBackend):
    """A mail server that is away when the next of `fails` says so."""

    fails: ClassVar[list[bool]] = []

    def send_messages(self, messages: list) -> int:
        if self.fails and self.fails.pop():
            raise ConnectionRefusedError
        return super().send_messages(messages)


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(st.tuples(st.integers(0, 60 * 30), st.booleans()), min_size=1, max_size=8),
    fails=st.lists(st.booleans(), max_size=12),
)
def test_whatever_fails_each_notice_arrives_in_the_end(open_park, settings, told, fails):
    """From one moment at which something is due to the next; only what is urgent goes out outside working hours."""
    settings.EMAIL_BACKEND, Unreliable.fails = f"{__name__}.Unreliable", fails
    person, calendar = make_person(open_park, email="wq@example.cn"), hours.calendar_of(open_park.pk)
    for number, (minute, urgent) in enumerate(sorted(told)):
        tell(person, f"{number}", at=MONDAY + minute * MINUTE, email=True, urgent=urgent)
    waiting = Email.objects.filter(notice__person=person, sent_at=None)
    rounds = 0
    while (now := waiting.aggregate(first=Min("not_before"))["first"]) and rounds < 100:
        rounds += 1
        before = len(mail.outbox)
        delivery.send_due(open_park, now)
        assert all(hours.is_open(calendar, now) or "紧急" in message.subject for message in mail.outbox[before:])

    assert not waiting.exists()
