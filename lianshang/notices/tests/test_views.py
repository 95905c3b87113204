from http import HTTPStatus

import pytest
from django.test import Client

from lianshang.directory.models import Account, Park, Person
from lianshang.notices import queries
from lianshang.notices.navigation import unread_count
from lianshang.notices.tests.test_services import make_person, park, tell

__all__ = ["park"]


def sign_in(park: Park, person: Person) -> Client:
    account = Account.objects.create(username=person.name, park=park, person=person)
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def person(park: Park) -> Person:
    return make_person(park)


def test_list_shows_the_own_unread_notices_newest_first(park, person):
    read = tell(person, text="旧的")
    for name in ("甲", "乙"):
        tell(person, name, text=f"新派单{name}")
    tell(make_person(park, "李敏"), text="别人的")
    client = sign_in(park, person)
    client.post(f"/notices/{read.sequence}/")

    shown = client.get("/notices/")

    assert [notice.text for notice in shown.context["page"].rows] == ["新派单乙", "新派单甲"]
    assert "别人的" not in shown.content.decode()
    assert "旧的" in client.get("/notices/?show=all").content.decode()


def test_empty_list_says_what_will_be_here(park, person):
    client = sign_in(park, person)

    pages = [client.get(f"/notices/{query}").content.decode() for query in ("", "?show=all")]

    assert "没有未读的通知" in pages[0]
    assert "还没有通知" in pages[1]


def test_opening_marks_as_read_and_leads_on(park, person):
    notice = tell(person, url="/cases/x/")
    client = sign_in(park, person)

    answer = client.post(f"/notices/{notice.sequence}/")

    assert [answer.status_code, answer["Location"]] == [HTTPStatus.FOUND, "/cases/x/"]
    assert queries.unread_count(person) == 0


def test_reading_the_list_changes_nothing(park, person):
    tell(person)
    client = sign_in(park, person)

    client.get("/notices/")
    client.get("/notices/1/")

    assert queries.unread_count(person) == 1


def test_marking_all_leaves_what_came_after_the_page(park, person):
    for ref in "ab":
        tell(person, ref)
    client = sign_in(park, person)

    client.post("/notices/read/", {"until": "1"})
    refused = client.post("/notices/read/", {"until": "x"})

    assert refused.status_code == HTTPStatus.CONFLICT
    assert [notice.sequence for notice in queries.unread_of(person)] == [2]


def test_notice_of_a_colleague_does_not_exist(park, person):
    tell(make_person(park, "李敏"))

    answer = sign_in(park, person).post("/notices/1/")

    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_visitor_is_asked_to_sign_in(park):
    assert Client().get("/notices/").status_code == HTTPStatus.FOUND


def test_long_list_has_pages(park, person):
    for number in range(40):
        tell(person, f"case-event:{number}")
    client = sign_in(park, person)

    first = client.get("/notices/").context["page"]
    second = client.get("/notices/", {"after": first.next}).context["page"]
    back = client.get("/notices/", {"before": second.previous}).context["page"]

    assert [len(page.rows) for page in (first, second, back)] == [30, 10, 30]
    assert back.rows == first.rows


def test_shell_counts_the_unread(park, person):
    from lianshang.directory import actors

    tell(person)

    counted = [unread_count(actors.Actor("staff", park, person)), unread_count(actors.system(park))]

    assert counted == [1, 0]
