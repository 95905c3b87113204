"""For whoever stands inside the respondents there is no complaint: not a byte differs, whatever becomes of it."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from lianshang.cases import access, notices, roles, services
from lianshang.cases.models import Case, Respondent
from lianshang.cases.tests.desks import at_desk
from lianshang.cases.tests.doors import all_cases, blown, park_door
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town, make_actor
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role, Unit
from lianshang.enterprises.models import Enterprise

PAGES = (
    "/desk/", "/leader/", "/leader/more/", "/cases/", "/cases/?q=推诿", "/cases/?state=open", "/equation/", "/themes/?show=all",
    "/notices/", "/exports/", "/drafts/", "/interests/", "/cases/new/similar/?text=窗口人员推诿", "/equation/sealed/",
)  # fmt: skip
MINTED = re.compile(
    r'(csrfmiddlewaretoken" value=|idempotency_key" value=|nonce=|csrf-token" content=)"[^"]*"|\d{1,2}:\d{2}'
)


def seen(actor: Actor, *more: str) -> list[tuple[int, str, str]]:
    """Return what each page answers, without what is minted anew each time."""
    client = at_desk(actor)
    answers = [client.get(address) for address in (*PAGES, *more)]
    return [(one.status_code, MINTED.sub("", one.content.decode()), one.get("ETag", "")) for one in answers]


def course(town: Town, case: Case) -> None:
    """Let the complaint go its whole way, everybody told."""
    now = timezone.now()
    case = services.dispatch(case, actor=town.complaints, at=now - 4 * HOUR, lead=town.lead)
    case = services.sign(case, actor=town.liaison, at=now - 3 * HOUR, interest="")
    case = services.ask_reporter(case, actor=town.complaints, at=now - 3 * HOUR, note="大约几点？")
    case = services.supplement(case, actor=town.holder(case), at=now - 2 * HOUR, note="夜里。")
    case = services.answer(case, actor=town.liaison, at=now - HOUR, note="已核实，责令整改。")
    for event in case.events.all():
        notices.tell_of_event(town.park, event.pk)


@pytest.mark.parametrize("inside", ["unit", "name", "interest"])
def test_accused_sees_the_same_bytes_whether_or_not_there_is_a_complaint(town: Town, inside: str):
    head = make_actor(town.park, "尤敏", Role.COMMITTEE_HEAD, town.other)
    everyone = (town.outsider, head) if inside == "unit" else (head,)
    town.whistle(timezone.now() - DAY)
    if inside == "interest":
        for actor in everyone:
            services.declare_interest_in(actor=actor, at=MONDAY, relation="kin", name="某某运输公司")
    absent = f"/cases/{'0' * 8}-0000-4000-8000-{'0' * 12}/"
    before = {actor.person.pk: seen(actor, absent) for actor in everyone}

    about = {"unit": (town.other,), "name": ("钱税 科员", "尤敏"), "interest": ("某某运输公司",)}[inside]
    case = town.whistle(timezone.now() - 5 * HOUR, nature="report", text="窗口人员推诿。", respondents=about)
    course(town, case)

    for actor in everyone:
        assert seen(actor, case.get_absolute_url()) == before[actor.person.pk]


def test_the_comparison_notices_a_complaint_that_may_be_seen(town: Town):
    """Otherwise it would prove nothing."""
    before = seen(town.head)

    services.ask_recusal(
        case := town.dispatched(timezone.now() - DAY, nature="report"),
        actor=town.holder(case), at=timezone.now(), whose="officer", reason="亲戚。",
    )  # fmt: skip

    assert seen(town.head) != before


def test_numbers_of_open_cases_go_on_as_if_there_were_no_complaint(town: Town):
    first = town.whistle()
    town.whistle(nature="report")

    assert [first.number, town.whistle().number] == ["2026-0001", "2026-0002"]


def test_door_and_guards_agree_on_who_is_inside(town: Town):
    """What is asked of all cases at once, and what is asked of one: declared interests, names, lines, enterprises."""
    firm = Enterprise.objects.create(park=town.park, code="E2", name="某某气站有限公司")
    below = Unit.objects.create(park=town.park, code="below", name="税务所", parent=town.other)
    heads = [make_actor(town.park, name, Role.COMMITTEE_HEAD, town.co) for name in ("甲一", "乙二", "丙三", "丁四")]
    for actor, given in zip(
        heads, ({"unit": below}, {"enterprise": firm}, {"name": "刘某"}, {"unit": town.lead}), strict=True
    ):
        services.declare_interest_in(actor=actor, at=MONDAY, relation="kin", **given)
    cases = [
        town.whistle(nature="report", respondents=(one,))
        for one in (town.other, below, firm, "某某气站有限公司的老板", "刘某", "乙二", town.lead, "没有的人")
    ]

    found = {
        (actor.person.name, case.pk): access.cases_visible_to(actor).filter(pk=case.pk).exists()
        for actor in heads
        for case in cases
    }
    guards = {(actor.person.name, case.pk): not roles.accused(actor, case) for actor in heads for case in cases}

    assert found == guards
    assert set(found.values()) == {True, False}


# -- upwards ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whom", ["综合党委办公室", "陈立"])
def test_complaint_about_the_committee_is_not_stored_where_nobody_is_above(town: Town, client: Client, whom: str):
    answer = blown(client, park_door(town, sealed=True), respondent_name=whom)

    assert answer.status_code == 409
    assert "没有留存" in answer.content.decode()
    assert all_cases(town) == []
    assert not Respondent.objects.exists()


def test_complaint_about_the_committee_is_for_the_authority_above_alone(town: Town, client: Client):
    above = Unit.objects.create(
        park=town.park, code="superior", name="上级党委", kind=Unit.Kind.SUPERIOR, phone="0858-1"
    )
    officer = make_actor(town.park, "上官正", Role.COMPLAINTS_OFFICER, above)
    page = client.get(park_door(town, sealed=True)).content.decode()

    answer = blown(client, park_door(town, sealed=True), respondent_unit=str(town.office.pk), respondent_name="")

    assert "由上级党委（0858-1）直接受理" in page
    assert answer.status_code == 302
    (case,) = all_cases(town)
    for actor in (town.complaints, town.head, town.dispatcher):
        assert at_desk(actor).get(case.get_absolute_url()).status_code == 404
    assert at_desk(officer).get(case.get_absolute_url()).status_code == 200
