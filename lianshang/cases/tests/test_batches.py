"""One step on many cases: urging what is ticked, handing all of somebody's open cases over."""

import pytest
from django.utils import timezone

from lianshang.cases import services
from lianshang.cases.models import Assignment, CaseClock
from lianshang.cases.services import batches
from lianshang.cases.tests.desks import at_desk, hidden, words
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town
from lianshang.directory import actors
from lianshang.directory.models import Post
from lianshang.kernel import outbox
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.notices.models import Notice


def test_each_case_is_urged_and_what_is_over_is_told(town: Town):
    first, second = town.dispatched(), town.dispatched(co=True)
    over = town.answered()
    over = services.confirm(over, actor=town.holder(over), at=MONDAY + 2 * DAY, grade="satisfied")

    batch = batches.urge_all(
        [(over, None), (second, town.co), (first, None)], actor=town.chief, at=MONDAY + 3 * DAY, note="请抓紧。"
    )

    assert batch.done == [first, second]
    assert [case for case, _ in batch.left] == [over]
    assert first.events.get(verb="urge").unit == town.lead
    assert second.events.get(verb="urge").unit == town.co


def test_a_unit_without_part_in_the_case_is_not_urged(town: Town):
    case = town.dispatched(co=True)

    batch = batches.urge_all([(case, town.other)], actor=town.chief, at=MONDAY + DAY)

    assert [reason for _, reason in batch.left] == ["这个单位没有承办这件诉求，不能催办。请刷新页面再选。"]
    assert not case.events.filter(verb="urge").exists()


def test_nothing_ticked_is_told(town: Town):
    with pytest.raises(Refused, match="还没有勾选"):
        batches.urge_all([], actor=town.chief, at=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_urging_reaches_the_unit_named_or_the_office(town: Town):
    waiting, second, now = town.whistle(), town.dispatched(co=True), timezone.now()

    batches.urge_all([(waiting, None), (second, town.co)], actor=town.chief, at=now)
    outbox.run_due(now + DAY, worker="test")

    told = {(notice.person, notice.text[:2]) for notice in Notice.objects.filter(text__startswith="催办")}
    assert told == {(town.dispatcher.person, "催办"), (town.co_liaison.person, "催办")}


def test_page_urges_what_is_ticked(town: Town):
    case, co = town.dispatched(MONDAY - 60 * DAY), town.dispatched(MONDAY - 60 * DAY, co=True)
    client = at_desk(town.chief)
    page = client.get("/leader/")
    ticked = [f"{case.key}:{town.lead.pk}", f"{co.key}:{town.co.pk}", "kein-key:1", f"{case.key}x:"]

    told = client.post("/urge/", {**hidden(page), "to": ticked, "note": "本周内答复"}, follow=True)

    assert "已催办 2 件" in words(told)
    assert co.events.get(verb="urge").unit == town.co
    assert case.events.get(verb="urge").note == "本周内答复"
    assert at_desk(town.liaison).post("/urge/", {"to": ticked}).status_code == 404


def test_all_open_cases_of_a_person_go_to_a_colleague_and_clocks_go_on(town: Town):
    mine, helping, done = town.signed(), town.dispatched(co=True), town.answered()
    services.confirm(done, actor=town.holder(done), at=MONDAY + 2 * DAY, grade="satisfied")
    before = {clock.pk: (clock.due_at, clock.stopped_at) for clock in CaseClock.objects.filter(subject=mine)}

    batch = batches.hand_over_all(
        town.lead, before=town.liaison.person, to=town.colleague.person, actor=town.liaison, at=MONDAY + DAY
    )

    assert batch.done == [mine]
    assert mine.assignments.get().handled_by == town.colleague.person
    assert {clock.pk: (clock.due_at, clock.stopped_at) for clock in CaseClock.objects.filter(subject=mine)} == before
    assert helping.assignments.get(part=Assignment.Part.LEAD).handled_by is None


def test_the_whole_unit_is_handed_over_with_what_nobody_had_taken_yet(town: Town):
    town.signed(), town.dispatched(co=True)

    batch = batches.hand_over_all(
        town.lead, before=None, to=town.colleague.person, actor=town.liaison, at=MONDAY + DAY, note="调离"
    )

    assert len(batch.done) == 2
    assert not Assignment.objects.filter(unit=town.lead).exclude(handled_by=town.colleague.person).exists()


def test_a_co_units_part_is_handed_over_too(town: Town):
    case = town.dispatched(co=True)
    helper = Post.objects.create(
        park=town.park, person=town.colleague.person, unit=town.co, role="liaison", since=MONDAY.date()
    ).person

    batches.hand_over_all(town.co, before=None, to=helper, actor=town.co_liaison, at=MONDAY + DAY)

    assert case.assignments.get(unit=town.co).handled_by == helper
    assert case.assignments.get(unit=town.lead).handled_by is None


def test_handing_over_refuses_what_makes_no_sense(town: Town):
    town.signed()
    me, other = town.liaison.person, town.colleague.person

    with pytest.raises(Refused, match="同一个人"):
        batches.hand_over_all(town.lead, before=me, to=me, actor=town.liaison, at=MONDAY)
    with pytest.raises(Refused, match="没有可以交接的"):
        batches.hand_over_all(town.lead, before=other, to=me, actor=town.liaison, at=MONDAY)
    with pytest.raises(Hidden):
        batches.hand_over_all(town.lead, before=me, to=other, actor=town.outsider, at=MONDAY)


def test_a_complaint_about_whoever_hands_over_is_neither_counted_nor_touched(town: Town):
    about = town.dispatched(nature="complaint", respondents=(town.colleague.person.name,))
    other = town.dispatched()

    seen = [batches.own_open(who, town.lead, None) for who in (town.colleague, town.liaison)]
    batch = batches.hand_over_all(town.lead, before=None, to=town.liaison.person, actor=town.colleague, at=MONDAY + DAY)

    assert seen == [[other], [about, other]]
    assert (batch.done, batch.left) == ([other], [])
    assert about.assignments.get().handled_by is None


def test_page_hands_over(town: Town):
    case = town.signed()
    client = at_desk(town.liaison)
    page = client.get("/hand-over/")

    told = client.post(
        "/hand-over/",
        {**hidden(page), "before": town.liaison.person.pk, "to": town.colleague.person.pk, "note": "休产假"},
        follow=True,
    )

    assert "本单位在办 1 件，其中您经办 1 件" in words(page)
    assert "已交接 1 件" in words(told)
    assert "休产假" in case.events.get(verb="hand_over").note
    assert at_desk(town.dispatcher).get("/hand-over/").status_code == 404


def test_a_deputy_acts_for_the_unit(town: Town):
    case = town.dispatched(MONDAY)
    post = Post.objects.get(person=town.liaison.person)
    day = MONDAY.date()
    Post.objects.create(
        park=town.park,
        person=town.outsider.person,
        unit=town.lead,
        role="liaison",
        since=day,
        until=day,
        deputy_of=post,
    )

    deputy = actors.staff(town.outsider.person, on=day)

    assert services.sign(case, actor=deputy, at=MONDAY + HOUR).state == "signed"
