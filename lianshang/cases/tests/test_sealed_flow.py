"""The steps that complaints and reports alone know: every one × every role, and what each refuses."""

import pytest

from lianshang.cases import books, identities, openings, services
from lianshang.cases.flow import FLOW
from lianshang.cases.models import Case, Recusal, Respondent
from lianshang.cases.sealed_steps import SEALED_STEPS
from lianshang.cases.services import recusals
from lianshang.cases.states import State
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town, make_actor
from lianshang.cases.tests.test_flow import PEOPLE, verdict
from lianshang.directory.models import Role
from lianshang.kernel.refusals import Hidden, Refused

LATER = MONDAY + 3 * HOUR
OFFICER, HEAD, LEAD = {"complaints"}, {"head"}, {"liaison", "colleague"}
WHO = {
    "ask_reporter": OFFICER | LEAD,
    "ask_identity": OFFICER | HEAD,
    "open_identity": OFFICER | HEAD,
    "refuse_identity": OFFICER | HEAD,
    "see_identity": OFFICER | HEAD,
    "declare_interest": LEAD,
    "ask_recusal": {"holder"},
    "grant_recusal": HEAD,
    "deny_recusal": HEAD,
    "recall": OFFICER,
    "split": OFFICER | {"holder"},
}


def named(town: Town, **more: object) -> Case:
    return town.signed(nature="complaint", contact_name="何经理", **more)


def dispatched(town: Town, **more: object) -> Case:
    return town.dispatched(nature="complaint", **more)


# -- who may ------------------------------------------------------------------------------------------------------------


def test_every_sealed_step_is_decided_for_every_role(town: Town):
    assert set(WHO) == {move.name for move in SEALED_STEPS}
    case = dispatched(town)
    expected = {(name, who): who in WHO[name] for name in WHO for who in PEOPLE}

    found = {(name, who): verdict(case, name, town.actor(who, case)) != "hidden" for name in WHO for who in PEOPLE}

    assert found == expected


def test_no_sealed_step_is_anybodys_inside_the_respondents(town: Town):
    case = dispatched(town)
    for actor in (town.complaints, town.head, town.liaison):
        Respondent.objects.create(park=town.park, case=case, person=actor.person)
    case = Case.objects.get(pk=case.pk)

    allowed = [
        name for name in WHO for who in ("complaints", "head", "liaison") if verdict(case, name, getattr(town, who)) != "hidden"
    ]  # fmt: skip

    assert allowed == []


# -- who it is ----------------------------------------------------------------------------------------------------------


def test_identity_opens_for_the_asker_alone_after_somebody_of_the_other_role_agreed_and_for_half_an_hour(town: Town):
    case = services.ask_identity(named(town), actor=town.complaints, at=LATER, reason="要当面核对票据。")
    case = services.open_identity(case, actor=town.head, at=LATER + HOUR)
    case = services.see_identity(case, actor=town.complaints, at=LATER + HOUR + openings.OPEN_FOR / 2)
    events = list(case.events.order_by("ordinal"))

    def reads(actor: object, after: object) -> bool:
        return openings.may_read(events, actor, LATER + HOUR + after)

    assert reads(town.complaints, openings.OPEN_FOR * 0.6)
    assert not reads(town.complaints, openings.OPEN_FOR)
    assert not reads(town.head, openings.OPEN_FOR * 0.6)
    assert identities.who_made(case).name == "何经理"


def test_nobody_agrees_with_oneself_nor_somebody_of_the_same_role(town: Town):
    both = make_actor(town.park, "齐二", Role.COMPLAINTS_OFFICER, town.office)
    other = make_actor(town.park, "王正", Role.COMPLAINTS_OFFICER, town.office)
    case = services.ask_identity(named(town), actor=both, at=LATER, reason="要当面核对。")

    for actor in (both, other, town.complaints):
        with pytest.raises(Refused, match="两个不同岗位"):
            services.open_identity(case, actor=actor, at=LATER)
    with pytest.raises(Hidden):
        services.open_identity(case, actor=town.dispatcher, at=LATER)


@pytest.mark.parametrize("how", ["not asked", "not agreed", "refused", "too late", "another's"])
def test_identity_stays_shut(town: Town, how: str):
    case, at, looks = named(town), LATER + HOUR, town.complaints
    if how != "not asked":
        case = services.ask_identity(case, actor=town.complaints, at=LATER, reason="要核对。")
    if how == "refused":
        case = services.refuse_identity(case, actor=town.head, at=LATER, reason="可以在回执上问。")
    if how in ("too late", "another's"):
        case = services.open_identity(case, actor=town.head, at=LATER)
    looks = town.head if how == "another's" else looks
    at = LATER if how == "another's" else at

    with pytest.raises(Refused, match="没有为您打开"):
        services.see_identity(case, actor=looks, at=at)


def test_wish_without_a_reason_or_for_an_anonymous_one_is_refused(town: Town):
    nobody = dispatched(town, enterprise=None, contact_phone="", anonymous=True)

    with pytest.raises(Refused, match="为什么"):
        services.ask_identity(named(town), actor=town.complaints, at=LATER, reason=" ")
    with pytest.raises(Refused, match="匿名"):
        services.ask_identity(nobody, actor=town.complaints, at=LATER, reason="要核对。")


# -- who stands aside ---------------------------------------------------------------------------------------------------


def test_signing_needs_an_answer_and_none_is_signed_at_once(town: Town):
    case = dispatched(town)

    with pytest.raises(Refused, match="利害关系"):
        services.sign(case, actor=town.liaison, at=LATER)
    signed = services.sign(case, actor=town.liaison, at=LATER, interest="")

    assert signed.state == State.SIGNED
    assert not Recusal.objects.exists()


def test_declared_interest_blocks_staff_until_it_is_decided_and_the_reporter_never(town: Town):
    case = services.sign(dispatched(town), actor=town.liaison, at=LATER, interest="被反映人是我表弟。")

    assert case.state == State.DISPATCHED
    for verb, actor, more in (
        ("sign", town.colleague, {"interest": ""}),
        ("ask_reporter", town.complaints, {"note": "哪一天？"}),
        ("recall", town.complaints, {"reason": "改派。"}),
    ):
        with pytest.raises(Refused, match="回避在等决定"):
            getattr(services, verb)(case, actor=actor, at=LATER, **more)
    services.supplement(case, actor=town.holder(case), at=LATER, note="又想起一件事。")


def test_whoever_stood_aside_does_not_have_the_case_and_a_colleague_carries_on(town: Town):
    case = services.sign(dispatched(town), actor=town.liaison, at=LATER, interest="被反映人是我表弟。")

    case = services.grant_recusal(case, actor=town.head, at=LATER, people=[town.liaison.person])

    assert town.liaison.person.pk in case.accused_person_ids
    with pytest.raises(Hidden):
        services.sign(case, actor=town.liaison, at=LATER, interest="")
    assert services.sign(case, actor=town.colleague, at=LATER, interest="").state == State.SIGNED


def test_denied_recusal_lets_the_same_person_sign(town: Town):
    case = services.sign(dispatched(town), actor=town.liaison, at=LATER, interest="与被反映单位的人同乡。")

    case = services.deny_recusal(case, actor=town.head, at=LATER, reason="同乡不构成利害关系。")

    assert services.sign(case, actor=town.liaison, at=LATER, interest="").state == State.SIGNED
    with pytest.raises(Refused, match="没有等决定的回避"):
        services.deny_recusal(case, actor=town.head, at=LATER, reason="再说一次。")


def test_officer_stands_aside_only_where_another_is_left(town: Town):
    case = named(town)
    case = services.ask_recusal(case, actor=town.holder(case), at=LATER, whose="officer", reason="他是被反映人的亲戚。")

    with pytest.raises(Refused, match="另行指定"):
        services.grant_recusal(case, actor=town.head, at=LATER, people=[town.complaints.person])
    other = make_actor(town.park, "王正", Role.COMPLAINTS_OFFICER, town.office)
    case = services.grant_recusal(case, actor=town.head, at=LATER, people=[town.complaints.person])

    assert verdict(case, "ask_reporter", town.complaints) == "hidden"
    assert verdict(case, "ask_reporter", other) == "allowed"


def test_one_recusal_waits_at_a_time_and_nobody_decides_on_oneself(town: Town):
    case = named(town)
    holder = town.holder(case)
    case = services.ask_recusal(case, actor=holder, at=LATER, whose="handler", reason="他们一伙的。")

    with pytest.raises(Refused, match="已有一项回避"):
        services.ask_recusal(case, actor=holder, at=LATER, whose="officer", reason="都回避。")
    with pytest.raises(Refused, match="本人"):
        services.grant_recusal(case, actor=town.head, at=LATER, people=[town.head.person])
    assert recusals.meant(case) == {town.liaison.person.pk}


def test_order_is_taken_back_before_it_is_signed_for_and_another_unit_is_sent(town: Town):
    case = services.recall(dispatched(town), actor=town.complaints, at=LATER, reason="联络员都要回避。")

    assert case.state == State.SCREENED
    assert not case.clocks.running().filter(unit=town.lead).exists()
    again = services.dispatch(case, actor=town.complaints, at=LATER + HOUR, lead=town.co)
    assert (again.state, again.lead_unit) == (State.DISPATCHED, town.co)


def test_steps_of_complaints_are_nobodys_in_an_open_case(town: Town):
    case = town.dispatched()

    assert {verdict(case, name, town.actor(who, case)) for name in WHO for who in PEOPLE} == {"hidden"}
    assert FLOW.offered(case, town.holder(case))


def test_clocks_of_a_complaint_are_rebuilt_as_they_were(town: Town):
    case = services.sign(dispatched(town), actor=town.liaison, at=LATER, interest="亲戚。")
    case = services.grant_recusal(case, actor=town.head, at=LATER, people=[town.liaison.person])
    case = services.recall(case, actor=town.complaints, at=LATER + DAY, reason="改派。")
    case = services.dispatch(case, actor=town.complaints, at=LATER + 2 * DAY, lead=town.co)

    facts = [
        sorted((one.duty, one.unit_id, one.started_at, one.due_at, one.stopped_at) for one in book.clocks)
        for book in (books.live(case), books.rebuilt(case))
    ]
    assert facts[0] == facts[1]
