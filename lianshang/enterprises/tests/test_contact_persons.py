from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django_scopes import scope

from lianshang.directory import absences, actors
from lianshang.directory.models import Account, Park, Person, Post, Role, Unit
from lianshang.enterprises import contact_persons
from lianshang.enterprises.models import ContactPerson, Enterprise
from lianshang.kernel.refusals import Hidden, Refused

AT = datetime(2026, 11, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = timedelta(days=1)


@pytest.fixture
def park(db: None) -> Iterator[Park]:
    park = Park.objects.create(code="LZ", name="示范园区")
    with scope(park=park):
        for number in range(1, 4):
            Enterprise.objects.create(park=park, code=f"E{number:03}", name=f"示范企业{number}号有限公司")
        Unit.objects.create(park=park, code="station", name="指导站")
        yield park


def officer(park: Park, name: str, role: str = Role.INSTRUCTOR) -> Person:
    person = Person.objects.create(park=park, name=name, phone=f"137{len(name):08}")
    Post.objects.create(park=park, person=person, unit=Unit.objects.get(), role=role, since=date(2026, 1, 1))
    return person


def given(person: Person, *codes: str, by: Person, deputy: Person | None = None, at: datetime = AT) -> int:
    enterprises = list(Enterprise.objects.filter(code__in=codes))
    actor = actors.staff(by, on=AT.date())
    return contact_persons.name(enterprises, person=person, deputy=deputy, actor=actor, at=at)


def test_handing_over_ends_one_and_begins_the_next(park: Park):
    office, zhang, li = officer(park, "派单", Role.DISPATCHER), officer(park, "张三"), officer(park, "李四")
    given(zhang, "E001", "E002", by=office)

    assert given(li, "E001", by=office, at=AT + DAY) == 1
    assert given(li, "E001", by=office, at=AT + 2 * DAY) == 0

    first = Enterprise.objects.get(code="E001")
    assert contact_persons.on_call(first.pk, at=AT + DAY).person == li
    assert [(row.person, row.until) for row in contact_persons.history(first)] == [(li, None), (zhang, AT + DAY)]


def test_deputy_is_called_while_the_person_is_away(park: Park):
    office, zhang, li, wang = (
        officer(park, name, role)
        for name, role in (
            ("派单", Role.DISPATCHER),
            ("张三", Role.INSTRUCTOR),
            ("李四", Role.INSTRUCTOR),
            ("王五", Role.INSTRUCTOR),
        )
    )
    given(zhang, "E001", by=office, deputy=wang)
    given(zhang, "E002", by=office)
    absences.begin(zhang, deputy=li, since=AT.date(), until=AT.date(), actor=actors.staff(zhang, on=AT.date()), at=AT)

    called = [
        contact_persons.on_call(Enterprise.objects.get(code=code).pk, at=AT + after)
        for code in ("E001", "E002")
        for after in (timedelta(), DAY)
    ]

    assert [(one.person, one.stands_for) for one in called] == [(wang, "张三"), (zhang, ""), (li, "张三"), (zhang, "")]
    assert contact_persons.on_call(Enterprise.objects.get(code="E003").pk, at=AT) is None


def test_one_person_at_a_time_is_the_databases_rule_too(park: Park):
    zhang, first = officer(park, "张三"), Enterprise.objects.get(code="E001")
    ContactPerson.objects.create(park=park, enterprise=first, person=zhang, since=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPerson.objects.create(park=park, enterprise=first, person=zhang, since=AT)


def test_refusals(park: Park):
    office, zhang = officer(park, "派单", Role.DISPATCHER), officer(park, "张三")
    gone = Person.objects.create(park=park, name="赵六")

    with pytest.raises(Refused, match="还没有选企业"):
        given(zhang, by=office)
    with pytest.raises(Refused, match="不能是同一个人"):
        given(zhang, "E001", by=office, deputy=zhang)
    with pytest.raises(Refused, match="赵六现在没有"):
        given(gone, "E001", by=office)
    with pytest.raises(Hidden):
        given(zhang, "E001", by=zhang)


def signed_in(client: Client, person: Person) -> Client:
    client.force_login(Account.objects.create(username=f"u{person.pk}", park=person.park, person=person))
    return client


def test_page_hands_over_ticked_ones_or_all_found(client: Client, park: Park):
    office, zhang, li = officer(park, "派单", Role.DISPATCHER), officer(park, "张三"), officer(park, "李四")
    signed_in(client, office)

    nothing = client.post("/enterprises/contacts/", {"which": "ticked", "person": zhang.pk})
    ticked = client.post("/enterprises/contacts/", {"enterprise": ["E001", "E003"], "person": zhang.pk}, follow=True)
    rest = client.post("/enterprises/contacts/?of=nobody", {"which": "all", "person": li.pk}, follow=True)

    assert (nothing.status_code, "还没有选企业" in nothing.content.decode()) == (HTTPStatus.CONFLICT, True)
    assert "2 家企业已交给张三对接" in ticked.content.decode()
    assert "1 家企业已交给李四对接" in rest.content.decode()
    held = contact_persons.in_force().order_by("enterprise__code").values_list("person__name", flat=True)
    assert list(held) == ["张三", "李四", "张三"]


def test_page_shows_who_left_and_who_was_it_before(client: Client, park: Park):
    office, zhang = officer(park, "派单", Role.DISPATCHER), officer(park, "张三")
    given(zhang, "E001", by=office)
    Post.objects.filter(person=zhang).update(until=date(2026, 1, 2))

    page = signed_in(client, office).get("/enterprises/contacts/?q=E001").content.decode()

    assert "已离岗，请交接" in page
    assert "先后由谁对接" in page


@pytest.mark.parametrize("role", [Role.LIAISON, Role.AUDITOR, Role.CALLBACK_OFFICER])
def test_others_do_not_have_the_page(client: Client, park: Park, role: str):
    assert (
        signed_in(client, officer(park, "某某", role)).get("/enterprises/contacts/").status_code == HTTPStatus.NOT_FOUND
    )


def test_instructors_read_and_cannot_change(client: Client, park: Park):
    zhang = officer(park, "张三")
    signed_in(client, zhang)

    assert "交给谁" not in client.get("/enterprises/contacts/").content.decode()
    answer = client.post("/enterprises/contacts/", {"enterprise": ["E001"], "person": zhang.pk})
    assert answer.status_code == HTTPStatus.NOT_FOUND
