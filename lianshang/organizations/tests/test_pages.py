"""The pages: for readers, keepers, officers and strangers; names masked; ugly questions and forms."""

import pytest
from django.test import Client
from django_scopes import scope

from lianshang.directory.models import Account, AuditRecord, Person, Role
from lianshang.organizations.models import Incubation, Organization, Term
from lianshang.organizations.rules.kinds import Kind
from lianshang.organizations.services import officers
from lianshang.organizations.tests.factories import AT, SINCE, hall

pytestmark = pytest.mark.django_db
DAY = "2026-10-20"


@pytest.fixture
def place():
    made = hall()
    with scope(park=made.park):
        made.office.save()
        yield made


def client(place, who: str | Person) -> Client:
    person = who if isinstance(who, Person) else place.person(f"甲{who}", who)
    found = Client()
    found.force_login(Account.objects.create(park=place.park, person=person, username=f"or-{person.pk}"))
    return found


def stood(place) -> Organization:
    firm = place.firm("E001")
    made = place.branch(firm, kind=Kind.JOINT)
    place.member(made, firm, name="欧阳示远")
    return made


def pages(made: Organization) -> list[str]:
    return [f"/organizations/{rest}" for rest in ("", "?q=E001", "?ended=1", f"{made.key}/")] + [
        "/coverage/", "/coverage/?basis=job&standing=joint", "/coverage/E001/",
    ]  # fmt: skip


def test_readers_see_organisations_and_no_member_by_name(place):
    made = stood(place)
    reader = client(place, Role.AUDITOR)

    answers = [reader.get(page) for page in pages(made)]

    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert [answer for answer in answers if "欧阳示远" in answer.content.decode()] == []
    assert "欧＊＊＊" in answers[3].content.decode()


def test_the_page_says_what_of_organisational_life_falls_due(place):
    made = stood(place)

    page = client(place, Role.AUDITOR).get(f"/organizations/{made.key}/").content.decode()

    assert "组织生活应开次数" in page
    assert "民主评议党员" in page
    assert "支部委员会会议" not in page


def test_strangers_see_nothing(place):
    made = stood(place)
    for role in (Role.CENTRE_STAFF, Role.ADMINISTRATOR):
        stranger = client(place, role)
        assert [stranger.get(page).status_code for page in pages(made)] == [404] * 7
    assert Client().get(f"/organizations/{made.key}/").status_code == 302


def test_names_are_opened_by_a_keeper_for_a_purpose(place):
    made = stood(place)
    keeper, page = client(place, Role.INSTRUCTOR), f"/organizations/{made.key}/roster/"

    refused, opened = keeper.post(page, {"purpose": "看"}), keeper.post(page, {"purpose": "核对党员名册"})

    assert (refused.status_code, opened.status_code) == (422, 200)
    assert "欧阳示远" not in refused.content.decode()
    assert "欧阳示远" in opened.content.decode()
    assert [row.purpose for row in AuditRecord.objects.all()] == ["核对党员名册"]
    assert client(place, Role.AUDITOR).post(page, {"purpose": "核对党员名册"}).status_code == 404


def test_an_officer_without_a_post_of_the_staff_has_their_own_organisation(place):
    made = stood(place)
    other = place.branch(name="另一党支部")
    secretary = place.member(made, name="支书").person
    officers.appoint(made, secretary, "secretary", since=SINCE, actor=place.actor(), at=AT)
    signed_in = client(place, secretary)

    own = signed_in.get(f"/organizations/{made.key}/")

    assert own.status_code == 200
    assert "欧阳示远" in own.content.decode()
    assert 'href="/organizations/"' in own.content.decode()
    assert 'href="/coverage/"' not in own.content.decode()
    assert "另一党支部" not in signed_in.get("/organizations/").content.decode()
    assert signed_in.get(f"/organizations/{other.key}/").status_code == 404
    assert signed_in.get("/coverage/").status_code == 404
    assert signed_in.post(f"/organizations/{made.key}/do/end/", {"on": DAY, "why": "撤"}).status_code == 404


def test_a_secretary_is_appointed_by_the_name_typed(place):
    made, keeper = stood(place), client(place, Role.DISPATCHER)
    page = f"/organizations/{made.key}/do/appoint/"
    body = {"name": "欧阳示远", "position": "secretary", "since": DAY, "phone": "", "brought_by": ""}

    unknown = keeper.post(page, body | {"name": "别人"})
    done = keeper.post(page, body)

    assert (unknown.status_code, done.status_code) == (409, 302)
    assert "没有找到这个姓名" in unknown.content.decode()
    assert made.officers.get().person.name == "欧阳示远"


def test_two_of_one_name_are_told_apart_by_their_telephone(place):
    made, keeper = stood(place), client(place, Role.DISPATCHER)
    place.member(made, name="欧阳示远")
    body = {"name": "欧阳示远", "position": "secretary", "since": DAY, "phone": "", "brought_by": ""}

    answer = keeper.post(f"/organizations/{made.key}/do/appoint/", body)

    assert answer.status_code == 409
    assert "有几位同名" in answer.content.decode()


def test_an_organisation_is_founded_and_elects_through_its_pages(place):
    head = client(place, Role.COMMITTEE_HEAD)
    place.firm("E001")
    told = {
        "name": "氢能联合党支部",
        "kind": "joint",
        "approved_on": DAY,
        "enterprises": ["E001"],
        "parent": "",
        "document": "",
    }

    founded = head.post("/organizations/new/", told)
    elected = head.post(f"{founded.url}do/elect/", {"on": DAY, "groups": "2", "has_committee": "on"})

    assert (founded.status_code, elected.status_code) == (302, 302)
    assert Term.objects.get().has_committee
    assert "氢能联合党支部" in head.get("/organizations/?q=E001").content.decode()
    assert head.post("/organizations/new/", told).status_code == 409


def test_every_form_opens_and_takes_ugly_words_calmly(place):
    made, head = stood(place), client(place, Role.COMMITTEE_HEAD)
    pk = made.affiliations.get().member_id
    own = f"/organizations/{made.key}/"
    forms = [
        f"{own}do/{verb}/"
        for verb in ("cover", "elect", "move-election", "appoint", "stand-down", "venue", "end", "enter")
    ]
    forms += [f"{own}members/{pk}/do/{verb}/" for verb in ("transfer", "place", "confirm", "leave")]
    forms += [f"/coverage/E001/do/{verb}/" for verb in ("outside", "count-again", "incubate")]
    ugly = dict.fromkeys(("on", "since", "to", "joined_on"), "0001-01-01") | {"groups": "9" * 40, "enterprises": "E999"}

    assert [head.get(page).status_code for page in forms] == [200] * len(forms)
    assert {head.post(page, ugly).status_code for page in forms} == {422}
    assert head.get(f"{own}do/nothing/").status_code == 404
    assert head.get("/coverage/?after=%00&standing=zzz&basis=x&q=%3Cb%3E").status_code == 200


def test_a_gap_is_incubated_through_its_pages(place):
    made, keeper = stood(place), client(place, Role.DISPATCHER)
    owner = Person.objects.filter(posts__role=Role.DISPATCHER).first()
    begin = {"joins": made.pk, "owner": owner.pk, "instructor": "", "on": DAY}

    begun = keeper.post("/coverage/E001/do/incubate/", begin)
    page = f"/incubations/{Incubation.objects.get().key}/"
    first = keeper.post(f"{page}do/step/", {"step": "find", "on": DAY, "document": "党员名册", "note": ""})
    wrong = keeper.post(f"{page}do/step/", {"step": "find", "on": DAY, "document": "党员名册", "note": ""})

    assert (begun.status_code, first.status_code, wrong.status_code) == (302, 302, 409)
    assert "现在该办的是“商定方案”" in wrong.content.decode()
    assert "请" in keeper.get(page).content.decode()
    assert client(place, Role.LIAISON).get(f"{page}do/step/").status_code == 404
