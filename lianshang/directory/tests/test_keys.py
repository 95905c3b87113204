"""Keys of single letters: on at first, off for whoever switches them off, on again."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from lianshang.directory.tests.offices import Office, browser, make_office

OFF = "data-keyless"


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    made = make_office()
    with scope(park=made.park):
        yield made


def page(client: Client) -> str:
    return client.get(reverse("directory:account")).content.decode()


def test_keys_are_on_until_they_are_switched_off_and_on_again(office: Office) -> None:
    client = browser(office.clerk)

    before = page(client)
    client.post(reverse("directory:keys"), {"keys": "off"})
    off = page(client)
    client.post(reverse("directory:keys"), {"keys": "on"})

    assert OFF not in before
    assert OFF in off
    assert OFF not in page(client)


def test_keys_of_one_person_are_no_matter_of_another_at_the_same_computer(office: Office) -> None:
    client, other = browser(office.clerk), browser(office.security)
    client.post(reverse("directory:keys"), {"keys": "off"})

    other.cookies.update({name: one for name, one in client.cookies.items() if name.startswith("keys-")})

    assert OFF in page(client)
    assert OFF not in page(other)


def test_visitors_switch_nothing(office: Office) -> None:
    answer = Client().post(reverse("directory:keys"), {"keys": "off"})

    assert answer.status_code in (302, 403, 404)
    assert not any(name.startswith("keys-") for name in answer.cookies)
