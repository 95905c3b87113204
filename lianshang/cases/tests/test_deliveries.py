"""The record on the case page: who was told what, when and how, as far as this reader may know."""

from datetime import timedelta

import pytest
from django.test import Client

from lianshang.cases import deliveries, escalation, notices
from lianshang.cases.models import CaseEvent, Respondent
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY
from lianshang.directory.models import Account, Person
from lianshang.notices import delivery
from lianshang.notices.models import Email


@pytest.fixture
def told(town):
    """A case whose signing is late: liaisons and dispatcher were told, one by e-mail."""
    Person.objects.filter(pk=town.liaison.person.pk).update(email="lilu@example.cn")
    case = town.dispatched()
    escalation.climb(town.park, case.clocks.get(duty="sign").due_at + timedelta(minutes=1))
    return case


def test_office_reads_who_was_told_on_which_channel(town, told):
    delivery.send_due(town.park, Email.objects.get().not_before)

    record = deliveries.record_of(told, town.dispatcher)

    rows = {one.who: one for one in record.told}
    assert set(rows) == {"李路", "杨桥", "周敏"}
    assert [rows["李路"].what, rows["李路"].sequence] == ["催办（签收）", 1]
    assert [(one.channel, one.problem) for one in rows["李路"].sendings] == [("邮件 l***@example.cn", "")]
    assert rows["李路"].sendings[0].sent_at
    assert rows["杨桥"].sendings == []
    assert [(alert.level, alert.told) for alert in record.alerts] == [("催办", 3)]


def test_unit_reads_its_own_row_and_of_others_the_family_name(town, told):
    record = deliveries.record_of(told, town.liaison)

    assert {one.who for one in record.told} == {"李路", "杨某", "周某"}


def test_what_failed_says_so(town, told, settings):
    settings.EMAIL_BACKEND = "lianshang.notices.tests.test_delivery.Failing"
    delivery.send_due(town.park, Email.objects.get().not_before)

    sending = next(one for one in deliveries.record_of(told, town.dispatcher).told if one.sendings).sendings[0]

    assert sending.sent_at is None
    assert sending.problem == "对方服务器没有接上"


def test_of_a_sealed_case_others_read_their_own_rows_alone(town):
    case = town.dispatched(nature="complaint", text="某科室吃拿卡要。")
    Respondent.objects.create(park=town.park, case=case, unit=town.other)
    escalation.climb(town.park, MONDAY + 2 * DAY + HOUR)

    seen = {
        name: {one.who for one in deliveries.record_of(case, getattr(town, name)).told}
        for name in ("complaints", "liaison", "outsider")
    }

    assert "李路" in seen["complaints"]
    assert seen["liaison"] == {"李路"}
    assert seen["outsider"] == set()
    assert deliveries.record_of(case, town.liaison).alerts == []


def test_sealed_case_is_announced_by_no_robot(town, fake_robot):
    case = town.dispatched(nature="complaint", text="某科室吃拿卡要。")
    for event in CaseEvent.objects.order_by("pk"):
        notices.tell_of_event(town.park, event.pk)
    escalation.climb(town.park, MONDAY + 2 * DAY + HOUR)

    assert case.sealed
    assert fake_robot.messages.count() == 0


@pytest.fixture
def fake_robot(town):
    from lianshang.notices.models import Robot

    return Robot.objects.create(park=town.park, name="群", kind="wecom", address="locked")


def test_page_shows_the_record(town, told):
    account = Account.objects.create(username="d", park=town.park, person=town.dispatcher.person)
    client = Client()
    client.force_login(account)

    page = client.get(told.get_absolute_url()).content.decode()

    assert "告知记录" in page
    assert "李路" in page
    assert "邮件 l***@example.cn" in page
    assert "lilu@example.cn" not in page
