"""Spraying for a day: ten common passwords at every account, from one address, a hundred and five thousand.

`SPRAY_ACCOUNTS` says how many accounts (10,000). What is counted is the guesses that were looked at at all; meanwhile two
hundred people sign in, each in a browser that knows the account.
"""

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest

from lianshang.directory import throttle
from lianshang.directory.throttle import Attempt

ACCOUNTS = int(os.environ.get("SPRAY_ACCOUNTS", "10000"))
COMMON = (
    "123456",
    "password",
    "Aa123456",
    "qwerty",
    "111111",
    "Liuzhi2026",
    "dangjian1",
    "abc123",
    "1qaz2wsx",
    "Spring26",
)
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
DAY = timedelta(days=1)
PEOPLE, FROM = 200, int(ip_address("10.0.0.0"))


@pytest.mark.django_db
@pytest.mark.parametrize("addresses", [1, 100, 5000])
def test_a_day_of_spraying_lets_few_guesses_through_and_everybody_in(addresses: int) -> None:
    tries = ACCOUNTS * len(COMMON)
    through: Counter[str] = Counter()

    for number in range(tries):
        word, account = divmod(number, ACCOUNTS)
        place = str(ip_address(FROM + number % addresses))
        one = Attempt(f"user{account}", place, NOON + DAY * number / tries)
        if not throttle.claim(one, COMMON[word]).wait:
            through[one.account] += 1
            throttle.failed(one, COMMON[word])
    let_in = sum(_signs_in(person) for person in range(PEOPLE))

    assert sum(through.values()) <= 1000
    assert max(through.values()) <= 100
    assert let_in == PEOPLE


def _signs_in(person: int) -> bool:
    """Somebody whose account is under attack, at the end of that day, in the browser of every day."""
    one = Attempt(f"user{person}", "192.0.2.1", NOON + DAY, device=f"mark{person}")
    claim = throttle.claim(one, "a right one")
    return not claim.wait and throttle.passed(one, claim) == 0
