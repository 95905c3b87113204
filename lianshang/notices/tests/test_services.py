from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django_scopes import scope

from lianshang.directory.models import Park, Person
from lianshang.kernel.refusals import Hidden
from lianshang.kernel.tests.test_numbers import together
from lianshang.notices import queries, services
from lianshang.notices.models import Email, Notice

NOW = datetime(2026, 11, 23, 5, 5, tzinfo=UTC)  # in working hours, and for the three hours after it


@pytest.fixture
def park(db: None) -> Iterator[Park]:
    park = Park.objects.create(code="LZ", name="六枝")
    with scope(park=park):
        yield park


def make_person(park: Park, name: str = "王强", email: str = "") -> Person:
    return Person.objects.create(park=park, name=name, email=email)


def sequences(people: Iterable[Person]) -> list[list[int]]:
    """Return the numbers of each one's notices."""
    return [[one.sequence for one in queries.notices_of(person).order_by("sequence")] for person in people]


def tell_all(people: Iterable[Person], ref: str = "case-event:1") -> dict[int, Notice]:
    return services.tell_all(people, topic="case.dispatched", ref=ref, text="新派单", url="/cases/x/", at=NOW)


def tell(person: Person, ref: str = "case-event:1", **changes: object) -> Notice:
    facts = {
        "topic": "case.dispatched", "text": "新派单：供电不稳（2026-0123）", "url": "/cases/x/", "at": NOW,
    }  # fmt: skip
    return services.tell(person, ref=ref, **{**facts, **changes})


def test_person_is_told_once_of_each_thing(park):
    person, colleague = make_person(park), make_person(park, "李敏")

    told = [
        tell(person),
        tell(person),
        tell(person, topic="case.overdue"),
        tell(person, "case-event:2"),
        tell(colleague),
    ]

    assert told[0] == told[1]
    assert [notice.sequence for notice in told] == [1, 1, 2, 3, 1]
    assert Notice.objects.count() == 4


def test_email_says_that_there_is_something_and_never_what(park):
    person = make_person(park, email="wq@example.cn")

    tell(person, urgent=True, email=True)
    tell(person, urgent=True, email=True)

    row = Email.objects.get()
    assert [row.to, row.subject, row.not_before] == ["wq@example.cn", "链上：您有 1 件紧急待办", NOW]
    assert "您有 1 件紧急待办（编号 1），请登录查看" in row.body
    assert "/notices/" in row.body
    assert all(word not in row.body + row.subject for word in ("供电", "2026-0123", "王强", "/cases/"))


def test_no_email_without_address_without_wish_or_without_server(park, settings: LazySettings):
    tell(make_person(park), email=True)
    tell(make_person(park, email="a@example.cn"))
    settings.EMAIL_BACKEND = services.NO_EMAIL
    tell(make_person(park, email="b@example.cn"), email=True)

    assert not Email.objects.exists()
    assert Notice.objects.count() == 3


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "cases/"])
def test_notice_leads_nowhere_else(park, url):
    with pytest.raises(ValueError, match="this site"):
        tell(make_person(park), url=url)


def test_read_notice_is_no_longer_counted(park):
    person = make_person(park)
    for event in range(3):
        tell(person, f"case-event:{event}")

    services.read(person, 2, at=NOW)
    services.read(person, 2, at=NOW + timedelta(hours=1))

    assert queries.unread_count(person) == 2
    assert queries.notice_of(person, 2).read_at == NOW


def test_notice_of_a_colleague_is_hidden(park):
    person, colleague = make_person(park), make_person(park, "李敏")
    tell(person)

    with pytest.raises(Hidden):
        services.read(colleague, 1, at=NOW)

    assert queries.unread_count(person) == 1


def test_all_are_read_up_to_the_last_one_shown(park):
    person, colleague = make_person(park), make_person(park, "李敏")
    for event in range(3):
        tell(person, f"case-event:{event}")
    tell(colleague)

    count = services.read_until(person, 2, at=NOW)

    assert [count, queries.unread_count(person), queries.unread_count(colleague)] == [2, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_person_is_told_once_by_two_workers_at_the_same_time():
    park = Park.objects.create(code="LZ", name="六枝")
    with scope(park=park):
        person = make_person(park)

    def work() -> None:
        with scope(park=park):
            tell(person)
            tell(person, "case-event:2")

    together(work, work, work)

    with scope(park=park):
        assert [notice.sequence for notice in queries.notices_of(person).order_by("sequence")] == [1, 2]


def test_several_are_told_once_each_though_some_were_told_before(park):
    people = [make_person(park, name) for name in ("王强", "李敏", "赵一")]
    before = tell(people[0])
    tell(people[1], "case-event:0")

    told = tell_all([*people, people[2]])
    again = tell_all(people)

    assert told[people[0].pk] == before
    assert again == told
    assert tell_all([]) == {}
    assert sequences(people) == [[1], [1, 2], [1]]


@pytest.mark.django_db(transaction=True)
def test_several_are_told_once_each_by_workers_at_the_same_time():
    park = Park.objects.create(code="LZ", name="六枝")
    with scope(park=park):
        people = [make_person(park, name) for name in ("王强", "李敏", "赵一", "周二")]
        tell(people[0])

    def work(some: list[Person]) -> None:
        with scope(park=park):
            tell_all(some)
            tell_all(some, "case-event:2")

    together(lambda: work(people), lambda: work(people[1:]), lambda: work(people[::-1]))

    with scope(park=park):
        assert sequences(people) == [[1, 2]] * 4
