"""The ladder: each rung once, never on a clock that does not run, in working time, whoever was away."""

import re
from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianshang.cases import escalation, services
from lianshang.cases.models import Case, CaseAlert, CaseClock
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, ZONE, make_actor
from lianshang.cases.tests.walker import Walker
from lianshang.directory.models import Post, Role, Unit
from lianshang.kernel.editions import calendar_of
from lianshang.kernel.models import ProfileVersion
from lianshang.kernel.profiles import ProfileUnreadable, Rung
from lianshang.kernel.tests.test_numbers import together
from lianshang.notices.hours import is_open
from lianshang.notices.models import Notice, TextMessage


def levels(actor: object) -> list[str]:
    return [
        text.partition("（")[0] for text in Notice.objects.filter(person=actor.person).values_list("text", flat=True)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_wherever_a_walk_goes_only_running_clocks_of_living_cases_are_told_of(town, seed):
    walker, random = Walker(town, seed), Random(seed)
    known: set[int] = set()

    for _ in range(60):
        walker.run(2)
        if random.random() < 0.3:
            walker.at += random.choice([HOUR, DAY, 20 * DAY])  # nobody works, the worker is away too
        escalation.climb(town.park, walker.at)
        known |= check_new(known, walker.at)

    assert known, "a walk that tells nothing proves nothing"
    assert CaseAlert.objects.count() == CaseAlert.objects.values("clock", "rung", "due_at").distinct().count()


def check_new(known: set[int], now: object) -> set[int]:
    """What was told just now: the case lives, its clock runs, the hour is right; nobody hears of a clock twice at once."""
    new = CaseAlert.objects.exclude(pk__in=known).select_related("case", "clock")
    for alert in new:
        assert escalation.lives(alert.case), alert.case.state
        assert alert.clock.stopped_at is None
        assert alert.clock.paused_at is None
        assert alert.at == now
        assert alert.case.urgency == "紧急" or is_open(calendar_of(alert.clock.calendar_version_id), now)
    told = Notice.objects.filter(made_at=now, ref__startswith="case-clock:").values_list("person", "ref")
    clocks = [(person, ref.split(":")[1]) for person, ref in told]
    assert len(clocks) == len(set(clocks))
    return {alert.pk for alert in new}


def test_after_an_outage_each_is_told_once_of_the_highest_rung(town):
    case = town.dispatched()
    now = (MONDAY + 14 * DAY).replace(hour=10)

    escalation.climb(town.park, now)
    escalation.climb(town.park, now + HOUR)

    sign = case.clocks.get(duty="sign")
    assert list(CaseAlert.objects.filter(clock=sign).values_list("level", "told")) == [("催办", 3), ("督办", 3)]
    refs = Notice.objects.filter(ref__startswith=f"case-clock:{sign.pk}:")
    assert sorted(refs.values_list("person__name", "text")) == sorted(
        [(name, f"{level}（签收）：{case.number} {case.title}")
         for name, level in (("李路", "督办"), ("杨桥", "督办"), ("周敏", "催办"), ("陈立", "督办"))]
    )  # fmt: skip


def test_rung_that_reaches_nobody_is_noted_as_such(town):
    case = town.dispatched()
    Post.objects.filter(role=Role.COMMITTEE_HEAD).update(until=MONDAY.date() - DAY)
    Post.objects.filter(role=Role.LIAISON, unit=town.lead).update(until=MONDAY.date() - DAY)

    escalation.climb(town.park, (MONDAY + 2 * DAY).replace(hour=10))

    assert CaseAlert.objects.get(clock__subject=case, clock__duty="sign", level="督办").told == 0


def test_what_fell_due_at_night_is_told_at_the_opening(town):
    town.dispatched(MONDAY.replace(hour=14, minute=0))
    case = Case.objects.get()
    due = case.clocks.get(duty="sign").due_at

    for step in range(24 * 4):
        escalation.climb(town.park, due + step * timedelta(minutes=15))

    told = CaseAlert.objects.filter(clock__duty="sign", level="催办").get().at.astimezone(ZONE)
    assert told >= due
    assert (told.hour, told.minute) == (9, 0)


def test_extension_gives_a_new_time_and_a_rung_is_told_once_for_each(town):
    case = services.contact(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR)
    near = (MONDAY + 5 * DAY).replace(hour=0)
    for hour in range(24 * 3):
        escalation.climb(town.park, near - 3 * DAY + hour * HOUR)
    assert levels(town.liaison).count("提醒") == 1
    asked_at = case.clocks.get(duty="handle").due_at - 2 * DAY
    case = services.ask_extension(case, actor=town.liaison, at=asked_at, until=MONDAY + 14 * DAY, reason="配件要订货。")
    services.grant_extension(case, actor=town.dispatcher, at=asked_at + HOUR)

    for hour in range(24 * 14):
        escalation.climb(town.park, asked_at + hour * HOUR)

    handle = case.clocks.get(duty="handle")
    told = CaseAlert.objects.filter(clock=handle, level="提醒")
    assert list(told.values_list("due_at", flat=True)) == [handle.first_due_at, handle.due_at]
    assert levels(town.liaison).count("提醒") == 2


def test_rung_that_was_told_past_the_new_time_is_not_told_again(town):
    """A calendar that is corrected moves a time that has passed to another that has passed."""
    case = town.dispatched()
    now = (MONDAY + 2 * DAY).replace(hour=10)
    escalation.climb(town.park, now)
    before = CaseAlert.objects.count()
    sign = case.clocks.get(duty="sign")

    CaseClock.objects.filter(pk=sign.pk).update(due_at=sign.due_at + HOUR)
    escalation.climb(town.park, now + HOUR)

    assert CaseAlert.objects.count() == before > 0


def test_clock_that_cannot_be_judged_silences_no_other(town, caplog):
    bad, good = town.dispatched(), town.dispatched(MONDAY + HOUR)
    edition = ProfileVersion.objects.get(pk=bad.profile_version_id)
    unreadable = ProfileVersion.objects.create(
        park=town.park, profile=edition.profile, number=99, document="[", digest="99"
    )
    Case.objects.filter(pk=bad.pk).update(profile_version=unreadable)

    with pytest.raises(ProfileUnreadable):
        escalation.climb(town.park, (MONDAY + 2 * DAY).replace(hour=10))

    assert set(CaseAlert.objects.values_list("case", flat=True)) == {good.pk}
    assert "ProfileUnreadable" in caplog.text


def test_callback_that_is_near_its_end_is_told_to_who_calls_back(town):
    case = town.answered()
    case = services.approve(case, actor=town.dispatcher, at=MONDAY + DAY + HOUR)
    clock = case.clocks.get(duty="callback")
    rung = Rung("callback", "at", None, "催办", ("holder",))

    told = list(escalation.addressees(rung, clock, case, MONDAY + 2 * DAY))
    Post.objects.filter(role=Role.CALLBACK_OFFICER).update(until=MONDAY.date() - DAY)
    alone = list(escalation.addressees(rung, clock, case, MONDAY + 2 * DAY))

    assert [told, alone] == [[town.callback.person], [town.dispatcher.person]]


def test_people_are_told_in_the_order_in_which_all_workers_count_their_notices(town):
    """Else two workers, each with a late case, wait for each other."""
    town.dispatched()

    with CaptureQueriesContext(connection) as queries:
        escalation.climb(town.park, (MONDAY + 14 * DAY).replace(hour=10))

    counted = [series for query in queries.captured_queries for series in re.findall(r"'(notice:\d+)'", query["sql"])]
    first = list(dict.fromkeys(counted))
    assert len(first) == 4
    assert first == sorted(first)


def test_ladder_reads_of_a_case_that_has_nothing_to_tell_no_words(town):
    town.dispatched(text="供电不稳")

    with CaptureQueriesContext(connection) as queries:
        escalation.climb(town.park, MONDAY + HOUR)

    assert not [query for query in queries.captured_queries if '"text"' in query["sql"]]


def test_superior_unit_of_the_holder_is_told_but_not_of_sealed_cases(town):
    above = Unit.objects.create(park=town.park, code="above", name="分管领导", kind=Unit.Kind.SUPERIOR)
    Unit.objects.filter(pk=town.lead.pk).update(parent=above)
    leader = make_actor(town.park, "高远", Role.CHAIN_CHIEF, above)
    rung = Rung("sign", "at", None, "督办", ("superior",))
    reach = {}

    for nature in ("help", "complaint"):
        case = town.dispatched(nature=nature)
        clock = case.clocks.get(duty="sign")
        reach[nature] = list(escalation.addressees(rung, clock, case, MONDAY + DAY))

    assert reach == {"help": [leader.person], "complaint": []}


def test_case_that_ends_while_the_ladder_climbs_is_not_told_of(town):
    """The clock was read before the case ended: under the lock it is read again."""
    case = town.dispatched()
    stale = case.clocks.get(duty="sign")
    services.withdraw(case, actor=town.holder(case), at=MONDAY + 2 * HOUR, reason="已自行解决。")

    told = escalation.tell_reached(stale, (MONDAY + 2 * DAY).replace(hour=10))

    assert told == []
    assert not Notice.objects.filter(ref__startswith="case-clock:").exists()


@pytest.mark.parametrize("verb", ["pause", "defer"])
def test_clock_that_is_stopped_meanwhile_is_not_told_of(town, verb):
    case = services.contact(town.signed(), actor=town.liaison, at=MONDAY + 2 * HOUR)
    stale = case.clocks.get(duty="handle")
    if verb == "pause":
        services.pause(case, actor=town.dispatcher, at=MONDAY + 3 * HOUR, cause="检测", reason="送检")
    else:
        services.defer(case, actor=town.head, at=MONDAY + DAY, reason="等管网改造。", promised_at=MONDAY + 60 * DAY)

    assert escalation.tell_reached(stale, (MONDAY + 21 * DAY).replace(hour=10)) == []


def test_reminder_may_go_as_sms_and_never_names_the_matter(town, settings, tmp_path):
    settings.SMS = f"file:{tmp_path}/sms.jsonl"
    case = town.dispatched()

    escalation.climb(town.park, case.clocks.get(duty="sign").due_at + timedelta(minutes=1))

    assert set(TextMessage.objects.values_list("to", flat=True)) == {"13900000000"}


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_tell_each_rung_once():
    from django_scopes import scope

    from lianshang.cases.tests.factories import make_town

    town = make_town()
    with scope(park=town.park):
        town.dispatched()
    now = (MONDAY + 2 * DAY).replace(hour=10)

    def work() -> None:
        with scope(park=town.park):
            escalation.climb(town.park, now)

    together(work, work, work)

    with scope(park=town.park):
        sign = CaseClock.objects.get(duty="sign")
        assert list(CaseAlert.objects.filter(clock=sign).values_list("rung", flat=True).order_by("rung")) == [1, 2]
        assert (
            Notice.objects.filter(person=town.dispatcher.person, ref__startswith=f"case-clock:{sign.pk}").count() == 1
        )
