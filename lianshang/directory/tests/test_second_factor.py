"""动态口令: the published vectors, one use of each code, paper codes, and the way through the pages."""

from base64 import b32encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from lianshang.directory import second_factor
from lianshang.directory.models import Account, RecoveryCode, SecondFactor, SecurityRules
from lianshang.directory.tests.offices import NOON, Office, browser, make_office, typed
from lianshang.kernel.refusals import Refused

STEP = timedelta(seconds=second_factor.STEP)
RFC = b32encode(b"12345678901234567890").decode()  # RFC 6238, appendix B, of eight digits the last six


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    made = make_office()
    with scope(park=made.park):
        yield made


def code(secret: str, at: datetime = NOON) -> str:
    step = int(at.timestamp()) // second_factor.STEP
    return second_factor._totp(secret).generate(step * second_factor.STEP).decode()


def begun(account: Account, at: datetime = NOON) -> tuple[str, list[str]]:
    secret = second_factor.new_secret()
    return secret, second_factor.begin(account, secret, code(secret, at), at=at)


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_standard(seconds: int, digits: str) -> None:
    assert code(RFC, datetime.fromtimestamp(seconds, UTC)) == digits


def test_a_code_counts_once_and_so_do_those_before_it(office: Office) -> None:
    secret, _ = begun(office.clerk)
    later = NOON + 2 * STEP

    answers = [
        second_factor.accepts(office.clerk, code(secret, at), at=later) for at in (NOON, later, later, later - STEP)
    ]

    assert answers == [False, True, False, False]


def test_a_clock_may_be_off_by_half_a_minute_and_no_more(office: Office) -> None:
    secret, _ = begun(office.clerk)
    now = NOON + 20 * STEP

    answers = [second_factor.accepts(office.clerk, code(secret, now + off * STEP), at=now) for off in (-2, 2, -1, 1)]

    assert answers == [False, False, True, True]


def test_a_paper_code_counts_once_however_it_is_typed(office: Office) -> None:
    _, papers = begun(office.clerk)

    answers = [second_factor.accepts(office.clerk, typed, at=NOON) for typed in (papers[0].lower(), papers[0], "ABCDE")]

    assert answers == [True, False, False]
    assert second_factor.left(office.clerk) == len(papers) - 1


def test_new_papers_end_the_old_ones(office: Office) -> None:
    _, old = begun(office.clerk)

    new = second_factor.new_papers(office.clerk, at=NOON)

    assert not second_factor.accepts(office.clerk, old[0], at=NOON)
    assert second_factor.accepts(office.clerk, new[0], at=NOON)


def test_what_is_kept_reads_like_nothing(office: Office) -> None:
    secret, papers = begun(office.clerk)

    kept = " ".join(map(str, [*SecondFactor.objects.values_list(), *RecoveryCode.objects.values_list()]))

    assert not [word for word in (secret, *papers, *(one.replace("-", "") for one in papers)) if word in kept]


def test_a_wrong_code_begins_nothing(office: Office) -> None:
    with pytest.raises(Refused, match="口令不对"):
        second_factor.begin(office.clerk, second_factor.new_secret(), "000000", at=NOON)

    assert not SecondFactor.objects.exists()


def test_sign_in_asks_for_the_code_and_lets_in_with_it(office: Office, client: Client) -> None:
    secret, _ = begun(office.clerk)

    door = typed(client, office.clerk)
    before = client.get("/desk/")
    wrong = client.post("/sign-in/code/", {"code": "000000"})
    right = client.post("/sign-in/code/", {"code": code(secret, timezone.now())})

    assert door["Location"] == "/sign-in/code/"
    assert before["Location"].startswith("/sign-in/")
    assert wrong.status_code == 422
    assert right["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_the_same_code_does_not_open_a_second_browser(office: Office) -> None:
    secret, _ = begun(office.clerk)
    first, second = Client(), Client()
    for one in (first, second):
        typed(one, office.clerk)
    digits = code(secret, timezone.now())

    answers = [one.post("/sign-in/code/", {"code": digits}).status_code for one in (first, second)]

    assert answers == [302, 422]


def test_guessing_codes_gets_slow(office: Office, client: Client) -> None:
    begun(office.clerk)
    typed(client, office.clerk)

    answers = [client.post("/sign-in/code/", {"code": "000000"}).status_code for _ in range(7)]

    assert answers == [422] * 6 + [429]


def test_guessing_codes_elsewhere_keeps_no_owner_out(office: Office, client: Client) -> None:
    typed(client, office.clerk)
    client.post("/sign-out/")
    secret, _ = begun(office.clerk)
    thief = Client()
    typed(thief, office.clerk)
    waits = [thief.post("/sign-in/code/", {"code": "000000"}) for _ in range(7)][-1]

    typed(client, office.clerk)
    answer = client.post("/sign-in/code/", {"code": code(secret, timezone.now())})

    assert (waits.status_code, answer.status_code) == (429, 302)
    assert "备用码也要等" in waits.content.decode()


def test_the_second_step_needs_the_first(client: Client, office: Office) -> None:
    begun(office.clerk)

    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"
    assert client.post("/sign-in/code/", {"code": "123456"})["Location"] == "/sign-in/"


def test_a_password_changed_between_the_steps_ends_them(office: Office, client: Client) -> None:
    begun(office.clerk)
    typed(client, office.clerk)
    office.clerk.set_password("another horse battery")
    office.clerk.save()

    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"


def test_whoever_should_is_asked_and_may_put_it_off(office: Office, client: Client) -> None:
    asked = typed(client, office.clerk)
    page = client.get(asked["Location"])

    assert asked["Location"].startswith("/account/second-factor/")
    assert "以后再说" in page.content.decode()
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("who", ["system", "security", "audit"])
def test_an_administrator_sees_nothing_before_it_is_set_up(office: Office, client: Client, who: str) -> None:
    typed(client, getattr(office, who))

    answers = [client.get(page) for page in ("/people/", "/audit/", "/settings/sign-in/", "/")]

    assert {answer["Location"] for answer in answers} == {"/account/second-factor/"}
    assert "以后再说" not in client.get("/account/second-factor/").content.decode()


def test_from_the_parks_day_on_everybody_must(office: Office, client: Client) -> None:
    SecurityRules.objects.create(park=office.park, second_factor_from=timezone.localdate())

    typed(client, office.clerk)

    assert client.get("/desk/")["Location"] == "/account/second-factor/"


def test_setting_up_leads_past_the_papers_to_the_desk(office: Office, client: Client) -> None:
    typed(client, office.security)
    page = client.get("/account/second-factor/")
    secret = "".join(page.context["letters"])

    wrong = client.post("/account/second-factor/", {"code": "000000"})
    right = client.post("/account/second-factor/", {"code": code(secret, timezone.now())})
    papers = client.get("/account/codes/")
    done = client.post("/account/codes/")

    assert "".join(wrong.context["letters"]) == secret
    assert right["Location"] == "/account/codes/"
    assert len(papers.context["codes"]) == 10
    assert client.get(done["Location"]).status_code == 200
    assert client.get("/account/codes/")["Location"] == "/account/"


@pytest.mark.parametrize(("current", "status"), [("", 422), ("000000", 422), ("paper", 302)])
def test_an_open_browser_alone_replaces_no_second_factor(office: Office, current: str, status: int) -> None:
    old, papers = begun(office.clerk)
    client = browser(office.clerk)
    new = "".join(client.get("/account/second-factor/").context["letters"])
    form = {"code": code(new, timezone.now()), "current": papers[0] if current == "paper" else current}

    answer = client.post("/account/second-factor/", form)

    kept = second_factor.accepts(office.clerk, code(old, timezone.now()), at=timezone.now())
    assert (answer.status_code, kept) == (status, status == 422)


def test_a_slip_in_the_new_code_costs_no_current_one(office: Office) -> None:
    _, papers = begun(office.clerk)
    client = browser(office.clerk)
    client.get("/account/second-factor/")

    client.post("/account/second-factor/", {"code": "000000", "current": papers[0]})

    assert second_factor.left(office.clerk) == len(papers)


def test_an_open_browser_alone_prints_no_codes(office: Office) -> None:
    secret, old = begun(office.clerk)
    client = browser(office.clerk)

    without = [client.post("/account/codes/renew/", form) for form in ({}, {"code": "000000"})]
    left = second_factor.left(office.clerk)
    given = client.post("/account/codes/renew/", {"code": code(secret, timezone.now())})

    assert [answer.status_code for answer in without] == [422, 422]
    assert (left, given["Location"]) == (len(old), "/account/codes/")
    assert not second_factor.accepts(office.clerk, old[0], at=timezone.now())


def test_a_lost_key_is_said_and_who_helps(office: Office, client: Client, settings: object) -> None:
    begun(office.clerk)
    settings.SECRET_KEY = "another key " * 6
    typed(client, office.clerk)

    answer = client.post("/sign-in/code/", {"code": "123456"})

    assert answer.status_code == 422
    assert "请联系安全管理员清除" in answer.content.decode()


def test_a_demo_account_is_never_asked(office: Office, client: Client) -> None:
    Account.objects.filter(pk=office.security.pk).update(is_demo=True)

    answer = client.post("/sign-in/", {"username": office.security.username, "password": "correct horse battery"}, HTTP_HOST="localhost")  # fmt: skip

    assert answer["Location"] == "/people/"


def test_the_secret_of_a_set_up_stands_locked_in_the_session(office: Office) -> None:
    client = browser(office.clerk)

    secret = "".join(client.get("/account/second-factor/").context["letters"])

    assert secret not in str(dict(client.session))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_send_one_code_at_once_one_is_let_in() -> None:
    office = make_office()
    with scope(park=office.park):
        secret, papers = begun(office.clerk)
    later = NOON + 2 * STEP
    sent = [code(secret, later)] * 4 + [papers[0]] * 4

    with ThreadPoolExecutor(len(sent)) as pool:
        answers = list(pool.map(lambda digits: _sent_apart(office, digits, later), sent))

    assert [answers[:4].count(True), answers[4:].count(True)] == [1, 1]


def _sent_apart(office: Office, digits: str, at: datetime) -> bool:
    try:
        with scope(park=office.park):
            return second_factor.accepts(office.clerk, digits, at=at)
    finally:
        connection.close()
