"""The pages of the chain with the shipped park on record."""

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from lianshang.chain import services
from lianshang.chain.tests.parks import demo_park
from lianshang.directory.actors import system
from lianshang.directory.models import Account, Park, Person, Post, Role, Unit
from lianshang.enterprises.models import Enterprise, Output

pytestmark = pytest.mark.django_db

PAGES = (
    "", "map/", "map/picture/", "balance/", "products/COG/", "processes/", "processes/CDQ/", "critical/",
    "enterprises/E005/", "candidates/", "what-if/",
)  # fmt: skip
UGLY = (
    "map/?stage=nowhere&product=%3Cscript%3E", "map/?q=%25%5C", "balance/?q=%3Cb%3E&show=x", "candidates/?view=zzz",
    "what-if/?stop=E999", "what-if/?resize=E025:RAIL_OP:nan", "what-if/?attract=ACID_S:1e999", "what-if/?price=COG",
    "what-if/?resize-what=E025:RAIL_OP&resize-size=abc", "what-if/?attract=ACID_S:0", f"what-if/?{'stop=E001&' * 30}",
    "what-if/?attract=ACID_S:1&attract=ACID_S:2",
)  # fmt: skip


@pytest.fixture
def park():
    made = Park.objects.create(code="CH", name="链上园区", is_demo=True)
    with scope(park=made):
        yield made


def lay_out(park: Park) -> None:
    at, found = timezone.now(), demo_park()
    services.adopt(found.network, found.substitutes, found.regional, actor=system(park), at=at, note="随产品提供")
    roles = {"E001": Enterprise.ChainRole.LEADER}
    firms = Enterprise.objects.bulk_create(
        Enterprise(
            park=park, code=each.code, name=each.name, stage=each.stage, sector=each.sector, is_demo=True,
            chain_role=roles.get(each.code, Enterprise.ChainRole.CHAIN),
        )
        for each in found.enterprises.values()
    )  # fmt: skip
    known = {firm.code: firm for firm in firms}
    period = {"starts_on": "2025-01-01", "ends_on": "2025-12-31", "source": "演示数据"}
    Output.objects.bulk_create(
        Output(park=park, enterprise=known[code], value=each.output_value, **period)
        for code, each in found.enterprises.items()
    )
    told = [
        services.Statement(known[each.enterprise], each.process, each.capacity, each.level) for each in found.activities
    ]
    services.state(told, source="演示数据", actor=system(park), at=at)


def client(park: Park, role: str) -> Client:
    unit = Unit.objects.get_or_create(park=park, code="office", defaults={"name": "办公室"})[0]
    person = Person.objects.create(park=park, name=role)
    Post.objects.create(park=park, person=person, role=role, unit=unit, since="2020-01-01")
    found = Client()
    found.force_login(Account.objects.create(park=park, person=person, username=f"ch-{role}"))
    return found


def test_pages_answer_readers_and_mark_demo_figures(park):
    lay_out(park)
    reader = client(park, Role.CHAIN_CHIEF)

    answers = {page: reader.get(f"/chain/{page}") for page in PAGES}

    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(PAGES, 200)
    assert all("演示数据" in answer.content.decode() for answer in answers.values())


def test_pages_take_ugly_questions_calmly(park):
    lay_out(park)
    reader = client(park, Role.TASK_FORCE)

    answers = [reader.get(f"/chain/{page}") for page in UGLY]

    assert [answer.status_code for answer in answers] == [200] * len(UGLY)
    assert not any("<script>" in answer.content.decode().split("</head>")[1].split("<main")[1] for answer in answers)
    assert "没有编号为“E999”的企业" in answers[4].content.decode()


def test_pages_of_nothing_are_missing(park):
    lay_out(park)
    reader = client(park, Role.DISPATCHER)
    nothing = ("products/NOPE/", "products/ENV_AIR/", "processes/NOPE/", "enterprises/NOPE/")

    assert {reader.get(f"/chain/{page}").status_code for page in nothing} == {404}


@pytest.mark.parametrize("role", [Role.LIAISON, Role.AUDITOR, Role.INSTRUCTOR, Role.ADMINISTRATOR])
def test_pages_do_not_exist_for_others(park, role):
    stranger = client(park, role)

    assert {stranger.get(f"/chain/{page}").status_code for page in PAGES} == {404}


def test_pages_without_a_catalogue_say_what_to_do(park):
    answer = client(park, Role.DISPATCHER).get("/chain/").content.decode()

    assert "园区还没有产业链目录" in answer


def test_overview_says_reason_and_remedy(park):
    lay_out(park)

    answer = client(park, Role.COMMITTEE_HEAD).get("/chain/").content.decode()

    assert "园区一年要用 53.6 万t，只产 32.24 万t，缺 21.36 万t（39.9%）。" in answer
    assert "富余的硫磺（1,159.2 t）经“硫磺/脱硫液制酸”可产硫酸(98%) 3,512.7 t，抵园区需要的 87.5%" in answer


def test_what_if_shows_what_hangs_by_the_water(park):
    lay_out(park)

    answer = client(park, Role.DISPATCHER).get("/chain/what-if/?stop=E007&name=断水").content.decode()

    assert "171,161 万元" in answer
    assert "沙盘：断水" in answer
    assert "示范清源供水有限公司停产" in answer


def test_pages_say_how_far_the_coefficients_carry_a_finding(park):
    lay_out(park)
    reader = client(park, Role.CHAIN_CHIEF)

    product, balance = (reader.get(f"/chain/{page}").content.decode() for page in ("products/TAR/", "balance/?q=TAR"))

    assert "系数在高低之间怎么取都成立。" in product
    assert "（系数高低之间" in product
    assert 'data-label="系数高低之间"' in balance
