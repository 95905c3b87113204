from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from lianshang.directory import actors
from lianshang.directory.models import Park, Person, Post, Role, Unit
from lianshang.enterprises import contact_persons
from lianshang.enterprises.models import Enterprise
from lianshang.kernel import outbox
from lianshang.notices.models import Notice

AT = datetime(2026, 11, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = timedelta(days=1)


@pytest.fixture
def park(transactional_db: None) -> Iterator[Park]:
    park = Park.objects.create(code="LZ", name="示范园区")
    with scope(park=park):
        Unit.objects.create(park=park, code="station", name="指导站")
        for number in range(1, 4):
            Enterprise.objects.create(park=park, code=f"E{number:03}", name=f"示范企业{number}号有限公司")
        yield park


def officer(park: Park, name: str, role: str = Role.INSTRUCTOR) -> Person:
    person = Person.objects.create(park=park, name=name)
    Post.objects.create(park=park, person=person, unit=Unit.objects.get(), role=role, since=date(2026, 1, 1))
    return person


def test_all_concerned_are_told_once(park: Park):
    office, zhang, li, wang = (
        officer(park, "派单", Role.DISPATCHER), officer(park, "张三"), officer(park, "李四"), officer(park, "王五")
    )  # fmt: skip
    actor, every = actors.staff(office, on=AT.date()), list(Enterprise.objects.order_by("code"))
    contact_persons.name(every[:2], person=zhang, deputy=None, actor=actor, at=AT)
    contact_persons.name(every, person=li, deputy=wang, actor=actor, at=AT + DAY)

    outbox.run_due(AT + 2 * DAY, worker="test")

    assert sorted((notice.person.name, notice.text) for notice in Notice.objects.select_related("person")) == [
        ("张三", "2 家企业已交给李四对接"),
        ("张三", "请对接企业 2 家"),
        ("李四", "请对接企业 3 家"),
        ("王五", "请替补对接企业 3 家，对接人李四"),
    ]


def test_former_one_who_becomes_the_deputy_is_told_of_both(park: Park):
    office, zhang, li = officer(park, "派单", Role.DISPATCHER), officer(park, "张三"), officer(park, "李四")
    actor, every = actors.staff(office, on=AT.date()), list(Enterprise.objects.order_by("code"))
    contact_persons.name(every, person=zhang, deputy=None, actor=actor, at=AT)
    contact_persons.name(every, person=li, deputy=zhang, actor=actor, at=AT + DAY)

    outbox.run_due(AT + 2 * DAY, worker="test")

    assert sorted(Notice.objects.filter(person=zhang, made_at=AT + DAY).values_list("text", flat=True)) == [
        "3 家企业已交给李四对接",
        "请替补对接企业 3 家，对接人李四",
    ]
