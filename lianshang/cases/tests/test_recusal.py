"""Complaints and reports: nobody inside the respondents learns of one, and who made it is for the officer alone."""

from datetime import UTC, date
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from lianshang.cases import access, escalation, notices, recusal, services
from lianshang.cases.models import Case, Respondent
from lianshang.cases.tests.desks import at_desk, words
from lianshang.cases.tests.doors import all_cases, blown, park_door
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town, make_actor, make_town
from lianshang.directory.actors import Actor
from lianshang.directory.models import Post, Role, Unit
from lianshang.kernel import files
from lianshang.kernel.refusals import Refused
from lianshang.notices.models import Notice


def second_post(town: Town, actor: Actor, unit: object, role: str = Role.INSTRUCTOR) -> None:
    Post.objects.create(park=town.park, person=actor.person, unit=unit, role=role, since=date(2020, 1, 1))


def complaint(town: Town, *respondents: object, at: object = MONDAY, **more: object) -> Case:
    return town.whistle(at, nature="complaint", text="窗口人员推诿。", respondents=respondents, **more)


def told(actor: Actor) -> bool:
    return Notice.objects.filter(person=actor.person).exists()


def opens(actor: Actor, case: Case) -> bool:
    return access.cases_visible_to(actor).filter(pk=case.pk).exists()


def saved_as(actor: Actor, address: str) -> str:
    """Fetch a file and return under what name a browser saves it."""
    answer = at_desk(actor).get(address)
    b"".join(answer.streaming_content)
    return answer["Content-Disposition"]


# -- whoever has a post inside ------------------------------------------------------------------------------------------


def test_officer_with_another_post_inside_is_not_told(town: Town):
    other = make_actor(town.park, "王正", Role.COMPLAINTS_OFFICER, town.office)
    second_post(town, town.complaints, town.other)
    case = complaint(town, town.other, at=timezone.now() - HOUR)

    notices.tell_of_event(town.park, case.events.get().pk)

    assert told(other)
    assert not told(town.complaints)


def test_ladder_passes_whoever_has_another_post_inside(town: Town):
    other = make_actor(town.park, "王正", Role.COMPLAINTS_OFFICER, town.office)
    second_post(town, town.complaints, town.other)
    second_post(town, town.head, town.other)
    case = complaint(town, town.other)

    escalation.climb(town.park, case.next_due_at.replace(hour=10) + 21 * DAY)

    assert told(other)
    assert not told(town.complaints)
    assert not told(town.head)


def test_post_inside_that_has_ended_bars_nobody(town: Town):
    second_post(town, town.complaints, town.other)
    Post.objects.filter(unit=town.other, role=Role.INSTRUCTOR).update(until=date(2026, 1, 1))
    officers = Post.objects.filter(role=Role.COMPLAINTS_OFFICER)

    assert recusal.outside(officers, complaint(town, town.other), on=MONDAY.date()).count() == 1


def test_ladder_counts_posts_by_the_parks_day(town: Town):
    case = town.whistle()
    Post.objects.filter(person=town.dispatcher.person).update(since=date(2026, 11, 3))
    early = MONDAY.replace(day=3, hour=7).astimezone(UTC)
    clock = case.clocks.get(duty="accept")

    (rung, *_) = escalation.books.profile_of(case.profile_version_id).rungs("accept")

    assert town.dispatcher.person in escalation.addressees(rung, clock, case, early)


@pytest.mark.parametrize("inside", ["by another post", "by name"])
def test_complaint_that_no_officer_may_see_goes_upwards(db: None, client: Client, inside: str):
    town = make_town()
    with scope(park=town.park):
        second_post(town, town.complaints, town.other)
    accused = {"by another post": {"respondent_unit": str(town.other.pk)}, "by name": {"respondent_name": "郑义 科长"}}

    answer = blown(client, park_door(town, sealed=True), **({"respondent_name": ""} | accused[inside]))

    assert answer.status_code == 409
    assert "回避" in answer.content.decode()
    assert all_cases(town) == []


# -- whoever is named ---------------------------------------------------------------------------------------------------


def test_report_against_a_person_is_closed_to_all_of_that_name(town: Town):
    namesake = make_actor(town.park, town.chief.person.name, Role.LIAISON, town.co)
    case = complaint(town, f"链长 {town.chief.person.name} 主任", at=timezone.now() - HOUR)

    notices.tell_of_event(town.park, case.events.get().pk)

    assert {one.name for one in case.respondents.all()} == {f"链长 {town.chief.person.name} 主任"}
    assert case.accused_person_ids == {town.chief.person.pk, namesake.person.pk}
    assert [opens(actor, case) for actor in (town.chief, namesake, town.complaints)] == [False, False, True]
    assert told(town.complaints)


def test_name_that_nobody_bears_stays_a_name(town: Town):
    case = complaint(town, "某某运输公司")

    assert case.respondents.get().person is None
    assert opens(town.complaints, case)


# -- whoever had a part -------------------------------------------------------------------------------------------------


def test_unit_that_returned_a_sealed_case_cannot_read_it_any_more(town: Town):
    case = services.sign(town.dispatched(nature="complaint"), actor=town.liaison, at=MONDAY + 1.5 * HOUR, interest="")
    asked = services.ask_return(case, actor=town.liaison, at=MONDAY + 2 * HOUR, reason="不属本局职责，应由执法局办。")
    before = opens(town.liaison, asked)

    services.grant_return(asked, actor=town.complaints, at=MONDAY + 3 * HOUR, lead=town.co)

    assert before
    assert not opens(town.liaison, case)


def test_released_unit_cannot_read_a_sealed_case_any_more(town: Town):
    case = town.signed(nature="complaint", co=True)
    before = opens(town.co_liaison, case)

    services.release(case, actor=town.complaints, at=MONDAY + 3 * HOUR, unit=town.co, reason="不必协办。")

    assert before
    assert not opens(town.co_liaison, case)


def test_unit_that_answered_and_first_handler_still_read_a_sealed_case(town: Town):
    answered = town.answered(nature="complaint")
    ended = services.confirm(answered, actor=town.holder(answered), at=MONDAY + 2 * DAY, grade="satisfied")
    moved = services.change_lead(
        town.signed(nature="complaint"),
        actor=town.complaints,
        at=MONDAY + 3 * HOUR,
        lead=town.co,
        reason="执法局的事。",
    )

    assert opens(town.liaison, ended)
    assert opens(town.liaison, moved)


# -- who made it --------------------------------------------------------------------------------------------------------


@pytest.fixture
def named(town: Town, settings: object, tmp_path: object) -> Case:
    """A complaint by name, dispatched, with a file whose name tells who it was."""
    settings.MEDIA_ROOT = tmp_path
    kept = files.store(town.park, SimpleUploadedFile("示范焦化举报信.pdf", b"%PDF-1.7 one"), "示范焦化举报信.pdf")
    whistle = {"contact_name": "何经理", "files": ((kept, "示范焦化举报信.pdf"),)}
    return town.signed(timezone.now() - 4 * HOUR, nature="complaint", text="窗口推诿。", **whistle)


@pytest.mark.parametrize("rest", ["", "order/", "do/contact/"])
def test_handling_unit_never_learns_who_complained(town: Town, named: Case, rest: str):
    answer = at_desk(town.liaison).get(f"/cases/{named.key}/{rest}")

    said = words(answer) + answer.content.decode()
    assert answer.status_code == 200
    for one in ("示范焦化", "何经理", "13800000000", "138****0000", "联系人"):
        assert one not in said


def test_officer_reads_the_matter_and_not_who_complained(town: Town, named: Case):
    said = words(at_desk(town.complaints).get(named.get_absolute_url()))

    assert "窗口推诿" in said
    for one in ("示范焦化", "何经理", "13800000000", "138****0000", "举报信"):
        assert one not in said


def test_file_of_a_complaint_has_a_neutral_name(town: Town, named: Case):
    address = f"/cases/{named.key}/files/1/"

    page = at_desk(town.liaison).get(named.get_absolute_url()).content.decode()
    for_unit, for_officer = (unquote(saved_as(actor, address)) for actor in (town.liaison, town.complaints))

    assert address in page
    assert "附件1.pdf" in page
    assert ("附件1.pdf" in for_unit, "附件1.pdf" in for_officer, "举报信" in for_officer) == (True, True, False)


def test_dispatch_judges_units_as_they_are_by_now_and_not_as_the_page_had_them(town: Town):
    case, unit = town.whistle(), Unit.objects.get(pk=town.lead.pk)
    Unit.objects.filter(pk=unit.pk).update(is_active=False)

    with pytest.raises(Refused, match="已停用"):
        services.dispatch(case, actor=town.dispatcher, at=MONDAY + HOUR, lead=unit)


def test_dispatch_judges_respondents_as_they_are_by_now(town: Town):
    case = town.whistle(nature="complaint", text="某人吃拿卡要。")
    assert town.lead.pk not in case.accused_unit_ids
    Respondent.objects.create(park=town.park, case=case, unit=town.lead)

    with pytest.raises(Refused, match="与被反映对象有关"):
        services.dispatch(case, actor=town.complaints, at=MONDAY + HOUR, lead=town.lead)
