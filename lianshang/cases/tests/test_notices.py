"""Whose turn it is now is told, once; the ladder climbs in working time and never on a stopped or paused clock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lianshang.cases import escalation, notices, services
from lianshang.cases.models import CaseClock, CaseEvent, Respondent
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY
from lianshang.kernel import outbox
from lianshang.kernel.models import OutboxItem
from lianshang.notices.models import Notice, TextMessage


@pytest.fixture
def lately():
    """Not long ago by the real clock: what is told days later is history, and nobody's turn."""
    return timezone.now() - 4 * HOUR


def told(actor):
    return list(Notice.objects.filter(person=actor.person).order_by("sequence").values_list("text", flat=True))


def test_each_event_tells_those_whose_turn_it_is_and_not_the_one_who_acted(town, lately):
    case = town.signed(lately)

    for event in CaseEvent.objects.order_by("pk"):
        notices.tell_of_event(town.park, event.pk)

    assert told(town.dispatcher) == [f"新诉求待派单：{case.number} {case.title}"]
    assert told(town.liaison) == [f"新派单待签收：{case.number} {case.title}"]
    assert told(town.outsider) == []


def test_an_event_told_twice_is_told_once(town, lately):
    case = town.dispatched(lately)
    event = case.events.get(verb="dispatch")

    notices.tell_of_event(town.park, event.pk)
    notices.tell_of_event(town.park, event.pk)

    assert len(told(town.liaison)) == 1


def test_history_told_days_later_is_nobodys_turn(town):
    case = town.dispatched()

    notices.tell_of_event(town.park, case.events.get(verb="dispatch").pk)

    assert not Notice.objects.exists()


def test_every_event_leaves_its_work_in_the_outbox_and_the_worker_does_it(town, lately):
    town.signed(lately)
    assert OutboxItem.objects.filter(topic="cases.event", done_at=None).count() == 3

    done = outbox.run_due(MONDAY + 400 * DAY, worker="test")

    assert done == 3
    assert not OutboxItem.objects.filter(done_at=None).exists()
    assert told(town.liaison)


def test_a_sealed_case_is_told_to_its_officer_by_number_alone(town, lately):
    case = town.whistle(lately, nature="complaint", text="某科室吃拿卡要。")
    Respondent.objects.create(park=town.park, case=case, unit=town.lead)

    notices.tell_of_event(town.park, case.events.get().pk)

    assert told(town.complaints) == [f"新诉求待派单：{case.number}"]
    assert told(town.dispatcher) == told(town.liaison) == []


@pytest.mark.parametrize("verb", ["urge", "supervise"])
def test_urging_goes_out_as_sms_too(town, lately, settings, tmp_path, verb):
    settings.SMS = f"file:{tmp_path}/sms.jsonl"
    case = town.dispatched(lately)
    getattr(services, verb)(case, actor=town.head, at=lately + 2 * HOUR, note="请尽快办理。")

    for event in case.events.filter(verb__in=("dispatch", verb)):
        notices.tell_of_event(town.park, event.pk)

    assert TextMessage.objects.count() == 2
    assert set(TextMessage.objects.values_list("notice__person__name", flat=True)) == {"李路", "杨桥"}


def test_a_late_clock_is_told_once_for_each_rung(town):
    case = town.dispatched()
    sign = case.clocks.get(duty="sign")
    now = sign.due_at + timedelta(minutes=1)
    assert now.hour < 17

    escalation.climb(town.park, now)
    escalation.climb(town.park, now + timedelta(minutes=5))

    late = f"催办（签收）：{case.number} {case.title}"
    assert told(town.liaison) == [late]
    assert told(town.dispatcher) == [late]
    assert told(town.head) == []


def test_the_next_rung_reaches_further(town):
    case = town.dispatched()

    escalation.climb(town.park, MONDAY + 2 * DAY + HOUR)

    assert f"督办（签收）：{case.number} {case.title}" in told(town.head)


def test_at_night_only_what_is_urgent_is_told(town):
    town.dispatched()
    night = (MONDAY + DAY).replace(hour=22)

    escalation.climb(town.park, night)

    assert not Notice.objects.exists()
    assert CaseClock.objects.late(night).exists()


def test_a_paused_or_closed_case_never_climbs(town):
    case = town.answered()
    services.confirm(case, actor=town.holder(case), at=MONDAY + DAY + HOUR, grade="satisfied")
    paused = services.contact(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR)
    paused = services.pause(paused, actor=town.dispatcher, at=MONDAY + 3 * HOUR, cause="检测", reason="送检")
    CaseClock.objects.exclude(subject=paused, duty="handle").delete()

    escalation.climb(town.park, MONDAY + 60 * DAY)

    assert not Notice.objects.exists()


def test_feedback_that_the_lead_owes_is_told_to_the_lead(town):
    case = services.contact(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR)
    now = case.clocks.get(duty="feedback").due_at.replace(hour=2)  # ten o'clock in the park, on the day it falls due

    escalation.climb(town.park, now + DAY)

    assert f"催办（限期反馈）：{case.number} {case.title}" in told(town.liaison)
