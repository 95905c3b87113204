from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from lianshang.directory import absences, actors
from lianshang.directory.actors import Actor
from lianshang.directory.models import Absence, Account, AuditRecord, Park, Person, Post, Role, Unit
from lianshang.kernel.refusals import Hidden, Refused

AT = datetime(2026, 11, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
MONDAY = AT.date()
DAY = timedelta(days=1)


@pytest.fixture
def park(db: None) -> Iterator[Park]:
    park = Park.objects.create(code="LZ", name="示范园区")
    with scope(park=park):
        yield park


def officer(park: Park, name: str, unit: str = "供电所", role: str = Role.LIAISON) -> Person:
    person = Person.objects.create(park=park, name=name)
    place, _ = Unit.objects.get_or_create(park=park, code=unit.encode().hex()[:20], defaults={"name": unit})
    Post.objects.create(park=park, person=person, unit=place, role=role, since=date(2026, 1, 1))
    return person


def acting(person: Person, on: date = MONDAY) -> Actor:
    return actors.staff(person, on=on)


def away(person: Person, deputy: Person, days: int = 2, **more: object) -> Absence:
    more.setdefault("actor", acting(person))
    return absences.begin(person, deputy=deputy, since=MONDAY, until=MONDAY + days * DAY, at=AT, **more)


def test_deputy_holds_the_same_posts_for_those_days_and_no_longer(park: Park):
    zhang, li = officer(park, "张三"), officer(park, "李四")
    unit = zhang.posts.get().unit_id

    away(zhang, li, days=2)

    held = [Post.objects.in_force(MONDAY + n * DAY).filter(person=li, unit=unit).count() for n in (-1, 0, 2, 3)]
    assert held == [1, 2, 2, 1]
    assert absences.standing_in([zhang.pk, li.pk], on=MONDAY) == {zhang.pk: li}
    assert absences.standing_in([zhang.pk], on=MONDAY + 3 * DAY) == {}


def test_coming_back_early_takes_the_posts_back_at_once(park: Park):
    zhang, li = officer(park, "张三"), officer(park, "李四")
    absence = away(zhang, li, days=9)

    absences.end(absence, actor=acting(zhang, MONDAY + DAY), at=AT + DAY)

    assert Post.objects.in_force(MONDAY + DAY).filter(person=li).count() == 1
    assert absences.standing_in([zhang.pk], on=MONDAY) == {zhang.pk: li}
    with pytest.raises(Refused, match="已经结束"):
        absences.end(absence, actor=acting(zhang), at=AT + DAY)


def test_posts_of_personal_trust_are_not_passed_on(park: Park):
    zhang, li = officer(park, "张三", role=Role.COMPLAINTS_OFFICER), officer(park, "李四", role=Role.DISPATCHER)

    away(zhang, li)

    assert not Post.objects.filter(person=li, role=Role.COMPLAINTS_OFFICER).exists()


def test_nobody_takes_the_posts_of_the_committees_head(park: Park):
    head = officer(park, "书记", unit="办公室", role=Role.COMMITTEE_HEAD)
    office = officer(park, "派单", unit="办公室", role=Role.DISPATCHER)
    other = officer(park, "同事", unit="办公室", role=Role.DISPATCHER)

    with pytest.raises(Refused, match="由自己代理"):
        away(head, office, actor=acting(office))
    away(head, other)

    assert not Post.objects.filter(role=Role.COMMITTEE_HEAD).exclude(person=head).exists()


def test_only_colleagues_of_the_unit_stand_in(park: Park):
    zhang, stranger = officer(park, "张三"), officer(park, "王五", unit="交通局")

    with pytest.raises(Refused, match="同单位"):
        away(zhang, stranger)


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [(1, 0, "早于开始"), (-1, 3, "从今天或以后"), (0, 400, "最多登记一年")],
)
def test_days_that_make_no_sense_are_refused(park: Park, since: int, until: int, told: str):
    zhang, li = officer(park, "张三"), officer(park, "李四")

    with pytest.raises(Refused, match=told):
        absences.begin(
            zhang, deputy=li, since=MONDAY + since * DAY, until=MONDAY + until * DAY, actor=acting(zhang), at=AT
        )


def test_nobody_is_away_twice_or_deputises_while_away(park: Park):
    zhang, li, wang = (officer(park, name) for name in ("张三", "李四", "王五"))
    away(zhang, li)

    with pytest.raises(Refused, match="已登记由李四代理"):
        away(zhang, wang)
    with pytest.raises(Refused, match="也外出"):
        away(wang, zhang)
    with pytest.raises(Refused, match="正代理别人"):
        away(li, wang)


def test_others_cannot_send_a_colleague_away_but_the_office_can(park: Park):
    zhang, li = officer(park, "张三"), officer(park, "李四")
    office = officer(park, "赵六", unit="办公室", role=Role.DISPATCHER)

    with pytest.raises(Hidden):
        away(zhang, li, actor=acting(li))
    assert away(zhang, li, actor=acting(office)).entered_by == office


def test_system_administrator_gives_out_no_posts_by_the_way(park: Park):
    zhang, li = officer(park, "张三"), officer(park, "李四")
    system = officer(park, "钱七", unit="办公室", role=Role.ADMINISTRATOR)

    with pytest.raises(Hidden):
        away(zhang, li, actor=acting(system))

    assert not Post.objects.filter(person=li).exclude(deputy_of=None).exists()


def test_posts_given_and_taken_by_the_way_are_on_record(park: Park):
    zhang, li = officer(park, "张三"), officer(park, "李四")

    absences.end(away(zhang, li), actor=acting(zhang), at=AT)

    kept = AuditRecord.objects.order_by("pk").values_list("kind", "person", "about")
    assert list(kept) == [("post", zhang.pk, li.pk)] * 2


def test_page_enters_shows_and_ends_an_absence(client: Client, park: Park):
    zhang, li = officer(park, "张三"), officer(park, "李四")
    client.force_login(Account.objects.create(username="z", park=park, person=zhang))
    today = timezone.localdate()
    days = {"since": today.isoformat(), "until": (today + DAY).isoformat()}

    refused = client.post("/absences/", {**days, "until": (today - DAY).isoformat(), "deputy": li.pk})
    made = client.post("/absences/", {**days, "deputy": li.pk}, follow=True)

    assert (refused.status_code, "早于开始" in refused.content.decode()) == (HTTPStatus.CONFLICT, True)
    assert "张三外出，李四代理" in made.content.decode()
    row = Absence.objects.get()
    assert "已回岗" in client.post(f"/absences/{row.pk}/end/", follow=True).content.decode()


def test_page_of_somebody_elses_absence_is_not_there(client: Client, park: Park):
    zhang, li = officer(park, "张三"), officer(park, "李四")
    client.force_login(Account.objects.create(username="l", park=park, person=li))

    assert client.get(f"/absences/?person={zhang.pk}").status_code == HTTPStatus.NOT_FOUND
    row = away(zhang, li)
    assert client.post(f"/absences/{row.pk}/end/").status_code == HTTPStatus.NOT_FOUND
