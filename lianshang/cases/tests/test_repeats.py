"""Going back after a whistle and sending the form again makes no second case, and loses nothing that was typed."""

import pytest
from django.test import Client

from lianshang.cases.tests.doors import WORDS, blown, enterprise_door, park_door
from lianshang.cases.tests.factories import Town, make_town
from lianshang.cases.tests.test_public import address_of, all_cases


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def visited(client: Client, page) -> Client:
    """Open the receipt, as a browser does that is led there."""
    client.get(page["Location"])
    return client


def test_same_words_from_the_same_browser_are_led_to_the_receipt(town: Town, client: Client):
    door = park_door(town)
    visited(client, blown(client, door, phone="", no_phone="on"))

    again = blown(client, door, phone="", no_phone="on")

    (case,) = all_cases(town)
    page = again.content.decode()
    assert again.status_code == 409
    assert f"受理编号 {case.number}，没有再登记一次" in page
    assert address_of(town, case) in page
    assert WORDS["text"] in page


def test_same_phone_number_in_another_browser_is_told_the_number_and_no_code(town: Town, client: Client):
    blown(client, park_door(town))

    again = blown(Client(), park_door(town))

    (case,) = all_cases(town)
    assert again.status_code == 409
    assert case.number in again.content.decode()
    assert address_of(town, case) not in again.content.decode()


def test_what_is_another_matter_is_sent_all_the_same(town: Town, client: Client):
    for door in (park_door(town), enterprise_door(town)):
        blown(client, door)
        assert blown(client, door).status_code == 409

        assert blown(client, door, another="yes").status_code == 302


def test_other_words_and_other_people_are_never_held_up(town: Town, client: Client):
    blown(client, park_door(town))

    assert blown(Client(), park_door(town), phone="13900005678").status_code == 302
    assert blown(client, park_door(town), text="厂区西门路灯也坏了两天。").status_code == 302
    assert blown(client, enterprise_door(town), phone="", no_phone="on").status_code == 302


def test_complaints_are_never_compared(town: Town, client: Client):
    door = park_door(town, sealed=True)
    words = {"respondent_unit": "other", "named": "yes", "phone": "13800001234"}

    answers = [blown(client, door, **words).status_code for _ in range(2)]

    assert answers == [302, 302]


def test_case_number_is_told_from_the_code(town: Town, client: Client):
    page = client.post("/mine/", {"code": "2026-0001"})

    assert "这是受理编号。查进度要用查询码" in page.content.decode()
