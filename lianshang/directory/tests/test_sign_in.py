"""Signing in and out: to the own desk, without telling which accounts exist, slower after failures."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from lianshang.directory import second_factor, throttle
from lianshang.directory.demo_accounts import PASSWORD
from lianshang.directory.landing import DESKS
from lianshang.directory.models import Account, Park, Person, Post, Role, Unit

PAGE = "/sign-in/"
SECRET = "correct horse battery"


def account(role: str = Role.DISPATCHER, *, demo: bool = False, username: str = "zhoumin") -> Account:
    """A demo account is asked for no second factor."""
    park, _ = Park.objects.get_or_create(code="LZ", defaults={"name": "示范园区", "is_demo": demo})
    with scope(park=park):
        unit, _ = Unit.objects.get_or_create(
            park=park, code="office", defaults={"name": "综合党委办公室", "kind": "office"}
        )
        person = Person.objects.create(park=park, name="周敏")
        Post.objects.create(park=park, person=person, unit=unit, role=role, since=date(2020, 1, 1))
        return Account.objects.create(
            username=username, park=park, person=person, password=make_password(SECRET), is_demo=demo
        )


def sent(client: Client, username: str = "zhoumin", password: str = SECRET, **more: str) -> object:
    return client.post(PAGE, {"username": username, "password": password, **more})


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_sign_in_leads_each_role_to_its_desk(client: Client, role: str) -> None:
    account(role, demo=True)

    answer = client.post(PAGE, {"username": "zhoumin", "password": SECRET}, HTTP_HOST="localhost")

    assert answer.status_code == 302
    assert answer["Location"] == next(reverse(name) for name, roles in DESKS if role in roles)
    assert client.get(answer["Location"], HTTP_HOST="localhost").status_code == 200


@pytest.mark.django_db
def test_sign_in_does_not_tell_whether_the_account_exists(client: Client) -> None:
    account()

    known, unknown = sent(client, password="wrong"), sent(client, username="nobody", password="wrong")

    assert known.status_code == unknown.status_code == 422
    assert known.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


@pytest.mark.django_db
def test_sign_in_slows_down_guesses_at_one_account(client: Client) -> None:
    account()

    answers = [sent(client, password="wrong").status_code for _ in range(throttle.RULES["account"].free + 2)]
    right = sent(client)

    assert answers[-1] == 429
    assert right.status_code == 429
    assert "秒后再试" in right.content.decode()


def attacked(client: Client, username: str = "zhoumin") -> object:
    """Fail until there is waiting; return the page that says so."""
    for _ in range(throttle.RULES["account"].free + 1):
        answer = sent(client, username=username, password="wrong")
    return sent(client, username=username, password="wrong") if answer.status_code != 429 else answer


def code_of(secret: str, ago: int = 0) -> str:
    return second_factor._totp(secret).generate(int(timezone.now().timestamp()) - ago).decode()


def with_code() -> str:
    """An account with a second factor since ten minutes; return its secret."""
    owner, secret = account(), second_factor.new_secret()
    with scope(park=owner.park):
        second_factor.begin(owner, secret, code_of(secret, 600), at=timezone.now() - timedelta(seconds=600))
    return secret


@pytest.mark.django_db
def test_who_gives_the_code_at_once_need_not_wait(client: Client) -> None:
    secret = with_code()

    page, wrong = attacked(client).content.decode(), sent(client, code="000000")
    right = sent(client, code=code_of(secret))

    assert 'name="code"' in page
    assert wrong.status_code == 429
    assert (right.status_code, "_auth_user_id" in client.session) == (302, True)


@pytest.mark.django_db
def test_the_code_alone_opens_nothing_and_guesses_no_password(client: Client) -> None:
    secret = with_code()
    attacked(client)

    answers = [sent(client, password="wrong", code=code_of(secret)).status_code for _ in range(3)]

    assert answers == [422, 429, 429]  # the code counts once


@pytest.mark.django_db
def test_page_of_who_waits_does_not_tell_whether_the_account_has_a_code(client: Client) -> None:
    account()

    pages = [
        re.sub(r'"[^"]{20,}"|zhoumin|nobody|\d+', "", attacked(client, name).content.decode())
        for name in ("zhoumin", "nobody")
    ]

    assert pages[0] == pages[1]
    assert 'name="code"' not in client.get(PAGE).content.decode()


@pytest.mark.django_db
def test_sign_in_goes_on_to_the_page_that_was_asked_for(client: Client) -> None:
    account()

    ours = client.get(sent(client, next="/equation/")["Location"])
    client.logout()
    foreign = client.get(sent(client, next="https://example.org/")["Location"])

    assert ours.context["later"] == "/equation/"
    assert foreign.context["later"] == reverse("cases:desk")


@pytest.mark.django_db
def test_sign_in_keeps_the_name_but_never_the_password(client: Client) -> None:
    page = sent(client, username="zhoumin", password="wrong-secret").content.decode()

    assert 'value="zhoumin"' in page
    assert "wrong-secret" not in page


@pytest.mark.django_db
def test_sign_in_refuses_an_account_that_was_closed(client: Client) -> None:
    Account.objects.filter(pk=account().pk).update(is_active=False)

    assert sent(client).status_code == 422


@pytest.mark.django_db
def test_sign_in_shows_demo_accounts_on_this_machine_alone(client: Client) -> None:
    account(demo=True, username="demo-dispatcher")

    here = client.get(PAGE, HTTP_HOST="127.0.0.1:8000").content.decode()
    elsewhere = client.get(PAGE, HTTP_HOST="localhost", REMOTE_ADDR="192.0.2.7").content.decode()
    through = client.get(PAGE, HTTP_HOST="localhost", HTTP_X_FORWARDED_FOR="192.0.2.7").content.decode()

    assert "demo-dispatcher" in here
    assert PASSWORD in here
    assert "demo-dispatcher" not in elsewhere + through


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("door", "status"),
    [
        ({"HTTP_HOST": "127.0.0.1:8000"}, 302),
        ({"HTTP_HOST": "testserver"}, 422),
        ({"HTTP_HOST": "localhost", "REMOTE_ADDR": "192.0.2.7"}, 422),
        ({"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, 422),
    ],
)
def test_sign_in_lets_demo_accounts_in_on_this_machine_alone(client: Client, door: dict[str, str], status: int) -> None:
    account(demo=True, username="demo-dispatcher")

    answer = client.post(PAGE, {"username": "demo-dispatcher", "password": SECRET}, **door)

    assert answer.status_code == status
    assert ("只能在运行本系统的机器上" in answer.content.decode()) == (status == 422)
    assert ("_auth_user_id" in client.session) == (status == 302)


@pytest.mark.django_db
def test_sign_in_shows_no_accounts_of_a_real_park(client: Client) -> None:
    account(demo=False)

    assert "zhoumin" not in client.get(PAGE, HTTP_HOST="127.0.0.1").content.decode()


@pytest.mark.django_db
def test_sign_out_needs_a_post_and_ends_the_session(client: Client) -> None:
    account()
    sent(client)

    by_link = client.get("/sign-out/")
    by_button = client.post("/sign-out/")

    assert by_link.status_code == 405
    assert by_button["Location"] == PAGE
    assert client.get("/desk/")["Location"].startswith(PAGE)


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["zhoumin", "nobody"])
def test_an_unknown_name_costs_one_hash_as_a_known_one_does(
    client: Client, username: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account()
    hashed: list[str] = []
    plain = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *words: hashed.append("one") or plain(*words))

    sent(client, username=username, password="wrong")

    assert hashed == ["one"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("lianshang2026", False),
        ("zhoumin-20261123", False),
        ("综合党委办公室123456", False),
        ("12345678901", False),
        ("short", False),
        ("琵琶 hammock 七 drizzle", True),
        ("x9#Kq!27w$Zp", True),
    ],
)
def test_a_password_is_not_made_of_what_everybody_would_try(password: str, is_good: bool) -> None:
    found = account()

    try:
        validate_password(password, found)
        refused = False
    except ValidationError:
        refused = True

    assert refused != is_good
