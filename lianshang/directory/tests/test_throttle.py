"""Guessing and spraying: waits that grow and end, for names that nobody has just the same."""

from datetime import UTC, datetime, timedelta

import pytest

from lianshang.directory import throttle
from lianshang.directory.models import Attempts
from lianshang.directory.throttle import RULES, Attempt

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
HOME = "192.0.2.1"


def attempt(name: str = "zhoumin", address: str = HOME, at: datetime = NOON, device: str = "") -> Attempt:
    return Attempt(name, address, at, device)


def guessed(one: Attempt, password: str = "") -> bool:
    """Try once and be wrong; whether the guess was looked at."""
    if throttle.claim(one, password).wait:
        return False
    throttle.failed(one, password or f"{one.account} {one.address}")
    return True


@pytest.mark.parametrize("name", ["zhoumin", "nobody"])
def test_waits_grow_and_end(name: str) -> None:
    for second in (0, 1, 1, 1, 1, 1, 4, 10):
        throttle.claim(attempt(name, at=NOON + timedelta(seconds=second)))

    waits = [throttle.claim(attempt(name, "192.0.2.9", NOON + timedelta(seconds=later))).wait for later in (10, 19)]

    assert waits[0] == 8
    assert waits[1] == 0
    assert throttle.claim(attempt("another", "192.0.2.9")).wait == 0


def test_guesses_at_one_account_stay_under_a_hundred_a_day() -> None:
    seconds = range(0, 24 * 3600, 30)

    through = sum(guessed(attempt(address=f"198.51.100.{at % 200}", at=NOON + timedelta(seconds=at))) for at in seconds)

    assert 20 < through <= 100


def test_one_address_that_tries_many_accounts_waits() -> None:
    through = [guessed(attempt(f"name{number}")) for number in range(RULES["spread"].free + 3)]

    assert through.count(True) == RULES["spread"].free + 1
    assert throttle.claim(attempt("somebody", "192.0.2.2")).wait == 0


def test_one_password_over_many_accounts_waits_from_anywhere() -> None:
    tries = [attempt(f"name{number}", f"198.51.100.{number}") for number in range(10)]

    through = [guessed(one, "Summer-2026!") for one in tries]

    assert through.count(True) == RULES["password"].free + 1
    assert throttle.claim(attempt("last", "203.0.113.5"), "another word entirely").wait == 0


def test_many_accounts_from_many_addresses_wait_together() -> None:
    tries = [attempt(f"name{number}", f"10.0.{number}.1") for number in range(RULES["everywhere"].free + 5)]

    through = sum(map(guessed, tries))

    assert through == RULES["everywhere"].free + 1


def test_a_short_spraying_lets_few_guesses_through_and_everybody_in() -> None:
    """One password and then another at two hundred names from many addresses; the long day is a rig."""
    words, names, through = ("Summer-2026!", "dangjian1"), range(200), 0

    for number in range(len(words) * len(names)):
        word, name = divmod(number, len(names))
        one = attempt(f"name{name}", f"10.{number % 40}.0.1", NOON + timedelta(seconds=number))
        through += guessed(one, words[word])
    owners = [
        throttle.claim(attempt(f"name{name}", device=f"mark{name}", at=NOON + timedelta(seconds=400))) for name in names
    ]

    assert through <= 2 * (RULES["password"].free + 10)
    assert [claim.wait for claim in owners] == [0] * len(names)


def test_one_line_with_all_its_addresses_makes_nobody_else_wait() -> None:
    tries = [attempt(f"name{number}", f"2001:db8:0:{number:x}::1") for number in range(200)]

    through = sum(map(guessed, tries))

    assert through == RULES["nearby"].free + 1
    assert throttle.claim(attempt("somebody", "203.0.113.5")).wait == 0


def test_row_that_is_cleared_away_meanwhile_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    guessed(attempt())
    cleared, lock = [], Attempts.objects.select_for_update

    def late(**how: object) -> object:
        """As another process's sign-in, between making the rows and locking them."""
        if not cleared:
            cleared.append(Attempts.objects.all().delete())
        return lock(**how)

    monkeypatch.setattr(Attempts.objects, "select_for_update", late)

    assert throttle.claim(attempt()).wait == 0
    assert Attempts.objects.get(pk=attempt().scopes()["account"]).failures == 1


def test_a_device_that_knows_the_account_is_not_kept_out_by_others() -> None:
    for number in range(200):
        guessed(attempt(address=f"10.0.{number}.1"))

    stranger, owner = attempt(address="10.1.0.1"), attempt(device="mark")

    assert throttle.claim(stranger).wait > 0
    assert throttle.claim(owner).wait == 0


def test_a_device_does_not_guess_without_end_either() -> None:
    through = sum(guessed(attempt(device="mark")) for _ in range(30))

    assert through == RULES["device"].free + 1


def test_the_right_password_clears_the_account_and_takes_its_own_try_from_the_others() -> None:
    for _ in range(3):
        guessed(attempt())
    before = dict(Attempts.objects.values_list("digest", "failures"))

    given = throttle.claim(attempt())
    failures = throttle.passed(attempt(), given)

    after = dict(Attempts.objects.values_list("digest", "failures"))
    assert failures == 3
    assert set(before) - set(after) == {attempt().scopes()["account"]}
    assert after[attempt().scopes()["address"]] == before[attempt().scopes()["address"]]


def test_unlocking_lets_an_account_try_again_at_once() -> None:
    for _ in range(RULES["account"].free + 2):
        guessed(attempt())
    waited = throttle.waiting("zhoumin", NOON)

    throttle.unlock("ZhouMin")

    assert waited > 0
    assert throttle.waiting("zhoumin", NOON) == 0
    assert throttle.claim(attempt(address="192.0.2.8")).wait == 0


def test_nothing_that_was_typed_is_kept() -> None:
    guessed(attempt(), "correct horse battery")

    kept = " ".join(map(str, Attempts.objects.values_list()))

    assert not [word for word in ("zhoumin", HOME, "horse") if word in kept]


def test_what_has_had_its_time_is_cleared_away() -> None:
    guessed(attempt())

    throttle.forget(None, NOON + timedelta(days=2))

    assert not Attempts.objects.exists()
