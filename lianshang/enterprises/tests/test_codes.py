import re
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.test import Client
from django_scopes import scope

from lianshang.directory.models import Account, Park, Person, Post, Role, Unit
from lianshang.enterprises import links
from lianshang.enterprises.models import Enterprise

TODAY = "2020-01-01"


@pytest.fixture
def park(db: None) -> Iterator[Park]:
    park = Park.objects.create(code="LZ", name="示范园区")
    with scope(park=park):
        for number in range(1, 4):
            Enterprise.objects.create(park=park, code=f"E{number:03}", name=f"示范企业{number}号有限公司")
    return park


def signed_in(client: Client, park: Park, role: str) -> Client:
    with scope(park=park):
        person = Person.objects.create(park=park, name="某某")
        unit = Unit.objects.create(park=park, code=role, name="单位")
        Post.objects.create(park=park, person=person, unit=unit, role=role, since=TODAY)
    client.force_login(Account.objects.create(username=f"{park.code}{role}", park=park, person=person))
    return client


def test_page_lists_enterprises_and_finds_by_name(client: Client, park: Park):
    signed_in(client, park, Role.DISPATCHER)

    all_of_them = client.get("/enterprises/codes/").content.decode()
    found = client.get("/enterprises/codes/?q=2号").content.decode()

    assert all_of_them.count("有限公司</a>") == 3
    assert (found.count("有限公司</a>"), "示范企业2号有限公司" in found) == (1, True)


@pytest.mark.parametrize("role", [Role.LIAISON, Role.CHAIN_CHIEF, Role.AUDITOR])
@pytest.mark.parametrize("page", ["codes/", "codes/posters/", "codes/slips/"])
def test_others_do_not_learn_of_the_pages(client: Client, park: Park, role: str, page: str):
    signed_in(client, park, role)

    assert client.get(f"/enterprises/{page}").status_code == HTTPStatus.NOT_FOUND


def test_visitors_are_sent_to_sign_in(client: Client, park: Park):
    assert client.get("/enterprises/codes/").status_code == HTTPStatus.FOUND


def test_posters_carry_whistle_links_and_never_the_enterprises_own_codes(client: Client, park: Park):
    signed_in(client, park, Role.INSTRUCTOR)

    page = client.get("/enterprises/codes/posters/").content.decode()

    with scope(park=park):
        for enterprise in Enterprise.objects.all():
            assert f"LZ-{enterprise.whistle_token}/" in page
            assert enterprise.mine_token not in page


def test_slips_carry_the_enterprises_own_code_as_people_type_it(client: Client, park: Park):
    signed_in(client, park, Role.ADMINISTRATOR)

    page = client.get("/enterprises/codes/slips/?e=E002").content.decode()

    assert page.count("企业码：") == 1
    assert re.search(r"LZ-[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)


def test_other_parks_enterprises_are_not_there(client: Client, park: Park):
    other = Park.objects.create(code="YZ", name="外园区")
    with scope(park=other):
        Enterprise.objects.create(park=other, code="E001", name="外园企业有限公司")
    signed_in(client, park, Role.DISPATCHER)

    pages = [client.get(f"/enterprises/{page}").content.decode() for page in ("codes/", "codes/posters/?e=E001")]

    assert "外园企业" not in "".join(pages)


def test_pages_go_on_by_number(client: Client, park: Park):
    with scope(park=park):
        Enterprise.objects.bulk_create(
            Enterprise(park=park, code=f"F{number:03}", name=f"批量{number:03}") for number in range(60)
        )
    signed_in(client, park, Role.DISPATCHER)

    first = client.get("/enterprises/codes/").content.decode()
    second = client.get("/enterprises/codes/?after=F046").content.decode()
    back = client.get("/enterprises/codes/?before=F047").content.decode()

    assert ("批量046" in first, "批量047" in first) == (True, False)
    assert ("批量046" in second, "批量059" in second) == (False, True)
    assert "示范企业1号" in back


def test_addresses_of_this_machine_are_known_as_such():
    assert [links.is_reachable(one) for one in ("http://127.0.0.1:8000", "https://lianshang.example")] == [False, True]
