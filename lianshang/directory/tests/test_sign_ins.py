"""A sign-in ends within one request: by idling, by time, with a post, an account or a password; and by its owner."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from lianshang.directory import accounts, appointments, sign_ins
from lianshang.directory.models import ADMINISTRATORS, Account, Post, Role, SecurityRules, SignIn
from lianshang.directory.tests.offices import NOON, SECRET, Office, browser, make_account, make_office, typed

PAGE = "/desk/"


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    made = make_office()
    with scope(park=made.park):
        yield made


def aged(client: Client, **seconds: int) -> Client:
    """Make the sign-in older: `since` and `seen` lie that many seconds back."""
    session = client.session
    session[sign_ins.KEY] |= {name: session[sign_ins.KEY][name] - by for name, by in seconds.items()}
    session.save()
    return client


def is_out(client: Client) -> bool:
    return client.get(PAGE).get("Location", "").startswith("/sign-in/")


def test_idling_ends_it_and_says_so(office: Office) -> None:
    client = aged(browser(office.clerk), seen=2 * 3600 + 1)

    answer = client.get(PAGE)

    assert answer["Location"] == "/sign-in/?next=%2Fdesk%2F"
    assert "太久没有操作" in client.get(answer["Location"]).content.decode()
    assert SignIn.objects.get().ended_at is not None


def test_its_longest_time_ends_it_however_busy_one_is(office: Office) -> None:
    assert not is_out(aged(browser(office.clerk), since=11 * 3600))
    assert is_out(aged(browser(office.clerk), since=12 * 3600 + 1))


def test_somebody_who_works_stays(office: Office) -> None:
    client = aged(browser(office.clerk), seen=3600)

    client.get(PAGE)

    assert timezone.now().timestamp() - client.session[sign_ins.KEY]["seen"] < 60


def test_the_end_of_a_post_ends_it(office: Office) -> None:
    client, post = browser(office.clerk), Post.objects.get(person=office.clerk.person)

    Post.objects.filter(pk=post.pk).update(until=timezone.localdate() - timedelta(days=1))

    assert is_out(client)


def test_a_post_more_does_not(office: Office) -> None:
    client = browser(office.clerk)

    Post.objects.create(
        park=office.park, person=office.clerk.person, unit=office.unit, role=Role.LIAISON, since=NOON.date()
    )

    assert not is_out(client)
    assert len(client.session[sign_ins.KEY]["posts"]) == 2


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_a_new_administrator_signs_in_again_and_sets_up_the_second_factor(office: Office, role: str) -> None:
    client = browser(office.clerk)

    appointments.appoint(
        office.clerk.person, office.unit, role, since=NOON.date(), actor=office.actor("security"), at=NOON
    )

    assert is_out(client)
    assert typed(client, office.clerk)["Location"] == "/account/second-factor/"


def test_the_parks_day_for_second_factors_reaches_whoever_is_signed_in(office: Office) -> None:
    client, other = browser(office.clerk), browser(office.clerk)
    SecurityRules.objects.create(park=office.park, second_factor_from=timezone.localdate())

    answers = [one.get(PAGE) for one in (aged(client, seen=301), other)]

    assert [answer.get("Location") for answer in answers] == ["/account/second-factor/", None]
    assert aged(other, seen=301).get(PAGE)["Location"] == "/account/second-factor/"


@pytest.mark.parametrize("how", ["service", "row"])
def test_a_closed_account_ends_it(office: Office, how: str) -> None:
    client = browser(office.clerk)

    if how == "service":
        accounts.close(office.clerk, actor=office.actor("system"), at=NOON)
    else:
        Account.objects.filter(pk=office.clerk.pk).update(is_active=False)

    assert is_out(client)


def test_a_new_password_ends_all_but_the_own_browser(office: Office) -> None:
    here, there = browser(office.clerk), browser(office.clerk)

    form = {"old": SECRET, "new": "another horse battery", "again": "another horse battery"}
    answer = here.post("/account/password/", form)

    assert answer.status_code == 302
    assert not is_out(here)
    assert is_out(there)
    assert SignIn.objects.filter(ended_at=None).get().session_key == here.session.session_key


def test_an_ended_post_ends_it_through_the_service_too(office: Office) -> None:
    client = browser(office.clerk)

    appointments.end_post(
        Post.objects.get(person=office.clerk.person), actor=office.actor("security"), at=timezone.now()
    )

    assert is_out(client)
    assert not SignIn.objects.filter(account=office.clerk, ended_at=None).exists()


def test_the_owner_ends_one_of_them_or_all_others(office: Office) -> None:
    here, there, third = (browser(office.clerk) for _ in range(3))
    listed = here.get("/account/").context["rows"]
    other = next(row for row in listed if row.session_key == there.session.session_key)

    here.post(f"/account/sign-ins/{other.pk}/end/")
    first = [is_out(client) for client in (here, there, third)]
    here.post("/account/sign-ins/end/")

    assert first == [False, True, False]
    assert [is_out(client) for client in (here, third)] == [False, True]


def test_nobody_ends_anothers(office: Office) -> None:
    mine, theirs = browser(office.clerk), browser(office.audit)
    row = SignIn.objects.get(account=office.audit)

    mine.post(f"/account/sign-ins/{row.pk}/end/")

    assert theirs.get("/audit/").status_code == 200


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(office: Office) -> None:
    client, thief = browser(office.clerk), Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value

    client.post("/sign-out/")

    assert is_out(thief)


def test_the_session_from_before_signing_in_is_not_the_one_after(office: Office, client: Client) -> None:
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key

    typed(client, office.clerk)

    assert client.session.session_key != session.session_key


def test_a_session_that_was_not_begun_here_ends(office: Office) -> None:
    client = browser(office.clerk)
    session = client.session
    del session[sign_ins.KEY]
    session.save()

    assert is_out(client)


def test_public_pages_go_on_when_it_ends(office: Office) -> None:
    client = aged(browser(office.clerk), seen=3 * 3600)

    assert client.get("/").status_code == 200
    assert is_out(client)


def test_each_sign_in_is_on_record_with_what_failed_before(office: Office, client: Client) -> None:
    for _ in range(2):
        typed(client, office.clerk, "wrong")

    typed(client, office.clerk)

    page = browser(office.audit).get("/audit/?kind=sign_in").content.decode()
    assert "用密码登录（此前连续 2 次没有成功）" in page


def test_a_first_password_is_changed_before_anything_else(office: Office, client: Client) -> None:
    account = make_account(office.unit, "新", Role.LIAISON, must_change_password=True)

    typed(client, account)
    before = client.get(PAGE)
    weak = client.post("/account/password/", {"old": SECRET, "new": "lianshang2026", "again": "lianshang2026"})
    done = client.post("/account/password/", {"old": SECRET, "new": "琵琶 hammock 七 drizzle", "again": "琵琶 hammock 七 drizzle"})  # fmt: skip

    assert before["Location"] == "/account/password/"
    assert "容易被猜到" in weak.content.decode()
    assert done.status_code == 302
    assert client.get(PAGE).status_code == 200


def test_sessions_that_are_over_are_cleared_away(office: Office) -> None:
    client = browser(office.clerk)

    sign_ins.forget(office.park, timezone.now())
    first = is_out(client)
    sign_ins.forget(office.park, timezone.now() + timedelta(days=2))

    assert not first
    assert not Session.objects.exists()
