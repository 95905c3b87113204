from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from lianshang.directory import absences, actors
from lianshang.directory.models import Park, Person, Post, Role, Unit
from lianshang.kernel import outbox
from lianshang.notices.models import Notice

AT = datetime(2026, 11, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.django_db(transaction=True)
def test_who_is_away_and_who_stands_in_are_both_told():
    park = Park.objects.create(code="LZ", name="示范园区")
    with scope(park=park):
        unit = Unit.objects.create(park=park, code="power", name="供电所")
        zhang, li = (Person.objects.create(park=park, name=name) for name in ("张三", "李四"))
        for person in (zhang, li):
            Post.objects.create(park=park, person=person, unit=unit, role=Role.LIAISON, since=date(2026, 1, 1))
        day = AT.date()
        absences.begin(zhang, deputy=li, since=day, until=day, actor=actors.staff(zhang, on=day), at=AT)

        outbox.run_due(AT, worker="test")

        assert sorted((notice.person.name, notice.text) for notice in Notice.objects.select_related("person")) == [
            ("张三", "11月2日至11月2日由李四代理您"),
            ("李四", "11月2日至11月2日请代理张三"),
        ]
