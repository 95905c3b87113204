"""Erasing in time: shown first, exactly that, never below the least, on record; events and others' rows stay."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from lianshang.directory import retention
from lianshang.directory.models import Account, AuditRecord, Person, Post, RetentionPeriod, SignIn
from lianshang.directory.tests.offices import NOON, Office, browser, make_office
from lianshang.kernel.refusals import Hidden, Refused

PAGE = "/settings/retention/"


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    made = make_office()
    with scope(park=made.park):
        yield made


def signed_in(office: Office, days: int) -> SignIn:
    at = timezone.now() - timedelta(days=days)
    return SignIn.objects.create(
        park=office.park, account=office.clerk, session_key=f"k{days}", at=at, seen_at=at, address="192.0.2.1"
    )


def gone(office: Office, days: int) -> Person:
    """The clerk left so many days ago."""
    Post.objects.filter(person=office.clerk.person).update(until=timezone.localdate() - timedelta(days=days))
    Account.objects.filter(pk=office.clerk.pk).update(is_active=False)
    return office.clerk.person


def counts(office: Office) -> dict[str, int]:
    return {shown.kind.name: shown.count for shown in retention.previews(timezone.now())}


def test_the_page_shows_what_would_go_and_takes_exactly_that(office: Office) -> None:
    old, young = signed_in(office, 400), signed_in(office, 100)
    client = browser(office.security)

    shown = client.get(PAGE)
    client.post(f"{PAGE}sign_ins/erase/", {"count": "1"})

    assert "清除这 1 条" in shown.content.decode()
    assert not SignIn.objects.filter(pk=old.pk).exists()
    assert SignIn.objects.filter(pk=young.pk).exists()
    record = AuditRecord.objects.get(kind="retention")
    assert (record.person, record.what) == (office.security.person, "清除登录记录 1 条，365 天以前的")


def test_what_changed_since_is_shown_again_first(office: Office) -> None:
    signed_in(office, 400)
    signed_in(office, 500)
    client = browser(office.security)

    answers = [
        client.post(f"{PAGE}sign_ins/erase/", {"count": count}).status_code for count in ("1", "", "x", "9" * 30)
    ]

    assert answers == [409] * 4
    assert counts(office)["sign_ins"] == 2


def test_who_left_is_forgotten_but_for_the_name(office: Office) -> None:
    person = gone(office, days=400)

    retention.erase("leavers", 1, actor=office.actor("security"), at=timezone.now())

    person = Person.objects.get(pk=person.pk)
    assert (person.phone, person.phone_mark, person.email) == ("", "", "")
    assert person.name
    assert counts(office)["leavers"] == 0


def test_who_is_here_or_left_lately_or_still_signs_in_is_not(office: Office) -> None:
    gone(office, days=100)
    assert counts(office)["leavers"] == 0

    gone(office, days=400)
    Account.objects.filter(pk=office.clerk.pk).update(is_active=True)
    assert counts(office)["leavers"] == 0


def test_a_period_keeps_to_its_bounds(office: Office) -> None:
    client = browser(office.security)

    low = client.post(f"{PAGE}sign_ins/", {"days": "90"})
    right = client.post(f"{PAGE}sign_ins/", {"days": "200", "automatic": "on"})

    assert low.status_code == 422
    assert "至少保存 180 天" in low.content.decode()
    assert right.status_code == 302
    assert RetentionPeriod.objects.get().automatic
    signed_in(office, 201)
    assert counts(office)["sign_ins"] == 1


def test_the_worker_erases_alone_what_the_park_said_so_for(office: Office) -> None:
    signed_in(office, 400)
    gone(office, days=400)
    retention.keep_period("leavers", 365, automatic=True, actor=office.actor("security"), at=NOON)

    retention.erase_due(office.park, timezone.now())

    assert counts(office)["leavers"] == 0
    assert counts(office)["sign_ins"] == 1
    assert AuditRecord.objects.filter(kind="retention", person=None).count() == 1


@pytest.mark.parametrize("who", ["system", "audit", "clerk"])
def test_nobody_else_sees_or_erases(office: Office, who: str) -> None:
    client = browser(getattr(office, who))

    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}sign_ins/").status_code == 404
    assert client.post(f"{PAGE}sign_ins/erase/", {"count": "0"}).status_code == 404
    with pytest.raises(Hidden):
        retention.keep_period("sign_ins", 365, automatic=False, actor=office.actor(who), at=NOON)


def test_another_parks_rows_stay(office: Office) -> None:
    other = make_office("QX")
    with scope(park=other.park):
        theirs = signed_in(other, 400)

    retention.erase_for(office.park, "sign_ins", timezone.now())

    with scope(park=other.park):
        assert SignIn.objects.filter(pk=theirs.pk).exists()


def test_an_unknown_kind_is_refused(office: Office) -> None:
    with pytest.raises((Hidden, Refused)):
        retention.erase("events", 0, actor=office.actor("security"), at=NOON)


def test_page_says_years_and_when_the_first_falls_due(office: Office) -> None:
    signed_in(office, 100)

    page = browser(office.security).get(PAGE).content.decode()

    assert "办结后 10 年" in page
    assert "到期</span>" in page
    assert "投诉举报不列在这里" in page
