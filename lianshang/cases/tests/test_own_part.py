"""Inside a unit the person may change, never the clock; and who has several posts acts for the unit that is in the case."""

from datetime import date

import pytest

from lianshang.cases import services
from lianshang.cases.forms.dispatching import sendable
from lianshang.cases.models import Respondent
from lianshang.cases.tests.desks import address, at_desk, done, words
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town, make_actor
from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.directory.models import Post, Role, Unit
from lianshang.kernel.refusals import Hidden, Refused


def also(town: Town, actor: Actor, role: str, unit: Unit) -> Actor:
    """Return the actor with another post, held since later."""
    Post.objects.create(park=town.park, person=actor.person, unit=unit, role=role, since=date(2021, 1, 1))
    return actors.staff(actor.person, on=MONDAY.date())


def acted_for(case) -> Unit:
    return case.events.get(ordinal=case.version).actor_unit


def dues(case) -> list:
    return list(case.clocks.order_by("pk").values_list("duty", "unit", "started_at", "due_at", "stopped_at"))


@pytest.mark.parametrize("part", ["lead", "co"])
def test_handing_over_changes_the_person_and_no_clock(town: Town, part: str):
    case = town.signed(co=True)
    unit, actor = (town.lead, town.liaison) if part == "lead" else (town.co, town.co_liaison)
    colleague = make_actor(town.park, "卢新", Role.LIAISON, unit)
    before = dues(case)

    case = services.hand_over(case, actor=actor, at=MONDAY + DAY, to=colleague.person, unit=unit, note="外出培训。")

    assert case.assignments.get(unit=unit).handled_by == colleague.person
    assert dues(case) == before
    assert case.events.get(verb="hand_over").unit == unit


def test_who_hands_over_need_not_say_for_which_unit(town: Town):
    case, colleague = town.signed(co=True), make_actor(town.park, "卢新", Role.LIAISON, town.co)

    page = done(at_desk(town.co_liaison), case, "hand_over", to=colleague.person.pk)

    assert page.status_code == 302
    assert case.assignments.get(unit=town.co).handled_by == colleague.person
    assert case.assignments.get(unit=town.lead).handled_by == town.liaison.person


def test_who_serves_for_two_units_of_a_case_says_for_which(town: Town):
    case, both = town.signed(co=True), also(town, town.liaison, Role.LIAISON, town.co)
    client = at_desk(both)
    assert "哪个单位的经办" in words(client.get(address(case, "hand_over")))

    done(client, case, "hand_over", to=town.co_liaison.person.pk, unit=town.co.pk)

    assert case.assignments.get(unit=town.co).handled_by == town.co_liaison.person


def test_nobody_hands_over_anothers_part_or_to_a_stranger(town: Town):
    case = town.signed(co=True)
    to = {"at": MONDAY + DAY, "to": town.colleague.person}

    with pytest.raises(Hidden):
        services.hand_over(case, actor=town.co_liaison, unit=town.lead, **to)
    with pytest.raises(Refused, match="杨桥不是综合行政执法局的联络员"):
        services.hand_over(case, actor=town.co_liaison, unit=town.co, **to)
    with pytest.raises(Refused, match="现在就由李路经办"):
        services.hand_over(case, actor=town.colleague, at=MONDAY + DAY, to=town.liaison.person)


def test_a_complaint_is_never_handed_to_whom_it_is_about(town: Town):
    case = town.signed(nature="complaint", text="某人吃拿卡要。")
    Respondent.objects.create(park=town.park, case=case, person=town.colleague.person)

    with pytest.raises(Refused, match="应当回避"):
        services.hand_over(case, actor=town.liaison, at=MONDAY + DAY, to=town.colleague.person)


def test_with_two_posts_one_acts_for_the_unit_that_is_in_the_case(town: Town):
    both = also(town, town.outsider, Role.LIAISON, town.lead)
    assert both.unit == town.other

    case = services.sign(town.dispatched(), actor=both, at=MONDAY + 1.5 * HOUR)
    assert acted_for(case) == town.lead

    elsewhere = services.urge(town.signed(), actor=also(town, town.chief, Role.LIAISON, town.co), at=MONDAY + DAY)
    assert acted_for(elsewhere) == town.office


def test_with_a_post_at_the_office_its_own_steps_are_the_offices(town: Town):
    both = also(town, town.co_liaison, Role.DISPATCHER, town.office)
    case = services.dispatch(town.whistle(), actor=both, at=MONDAY + HOUR, lead=town.co)
    assert acted_for(case) == town.office

    case = services.sign(case, actor=both, at=MONDAY + 1.5 * HOUR)

    assert acted_for(case) == town.co


def test_first_handler_answers_for_its_own_unit(town: Town):
    both = also(town, town.liaison, Role.LIAISON, town.other)
    case = services.change_lead(town.signed(), actor=town.dispatcher, at=MONDAY + DAY, lead=town.co, reason="职责调整")
    case = services.sign(case, actor=town.co_liaison, at=MONDAY + DAY + HOUR)

    case = services.answer(case, actor=both, at=MONDAY + 2 * DAY, note="首办单位统一答复：路灯已修复。")

    assert acted_for(case) == town.lead


def test_complaint_is_not_sent_to_a_unit_whose_liaisons_it_is_about(town: Town):
    case = town.whistle(nature="complaint", text="某人吃拿卡要。")
    Respondent.objects.create(park=town.park, case=case, person=town.co_liaison.person)

    with pytest.raises(Refused, match="综合行政执法局在岗的联络员都要回避"):
        services.dispatch(case, actor=town.complaints, at=MONDAY + HOUR, lead=town.co)
    assert services.dispatch(case, actor=town.complaints, at=MONDAY + HOUR, lead=town.other).lead_unit == town.other


def test_unit_whose_liaisons_are_all_inside_is_not_offered(town: Town):
    case = town.whistle(nature="complaint", text="某人吃拿卡要。")
    Respondent.objects.create(park=town.park, case=case, person=town.co_liaison.person)
    before = set(sendable(case, MONDAY + HOUR))

    another = make_actor(town.park, "新来的", Role.LIAISON, town.co)

    assert town.co not in before
    assert town.other in before
    assert set(sendable(case, MONDAY + HOUR)) - before == {another.unit}
    assert town.co in set(sendable(town.whistle(), MONDAY + HOUR))
