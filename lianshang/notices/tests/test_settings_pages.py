"""Pages on which administrators and people set how messages go out."""

from http import HTTPStatus

import pytest
from django.test import Client

from lianshang.directory.models import Park, Person, Post, Unit
from lianshang.notices.forms import RobotForm
from lianshang.notices.models import NoticeRules, NoticeWish, Robot, RobotMessage
from lianshang.notices.tests.fake_robots import SECRET, TAKEN
from lianshang.notices.tests.test_robots import answer, make_robot
from lianshang.notices.tests.test_services import NOW, make_person, park, tell
from lianshang.notices.tests.test_views import sign_in

__all__ = ["park"]


@pytest.fixture
def unit(park: Park) -> Unit:
    return Unit.objects.create(park=park, code="office", name="办公室", kind=Unit.Kind.OFFICE)


@pytest.fixture
def administrator(park: Park, unit: Unit) -> Client:
    person = make_person(park, "管理员")
    Post.objects.create(park=park, person=person, unit=unit, role="administrator", since=NOW.date().replace(year=2020))
    return sign_in(park, person)


def filled(fake, kind: str = "dingtalk", **changes: str) -> dict[str, str]:
    facts = {"name": "工作群", "kind": kind, "address": fake.address(kind), "secret": SECRET, "unit": "", "person": ""}
    return facts | changes


def test_robot_is_added_and_its_secrets_are_never_shown_again(administrator, fake):
    administrator.post("/settings/robots/add/", filled(fake))

    robot = Robot.objects.get()
    pages = [administrator.get(url).content.decode() for url in ("/settings/robots/", f"/settings/robots/{robot.pk}/")]
    assert "工作群" in pages[0]
    assert "127.0.0.1/…f4a0" in pages[1]
    assert all("566cc69da782ec6be1e5f2b9d0b9f4a0" not in page and SECRET not in page for page in pages)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"address": "https://evil.example/robot/send"}, "不认识 evil.example"),
        ({"address": "https://169.254.169.254/"}, "不认识 169.254.169.254"),
        ({"address": "http://oapi.dingtalk.com/robot/send"}, "https://"),
        ({"address": ""}, "请填写Webhook 地址"),
        ({"kind": "wecom"}, "没有加签密钥"),
    ],
)
def test_robot_that_cannot_be_is_refused(administrator, fake, changes, sentence):
    page = administrator.post("/settings/robots/add/", filled(fake) | changes)

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in page.content.decode()
    assert not Robot.objects.exists()


def test_robot_refused_for_its_name_keeps_what_was_pasted(administrator, fake, park):
    make_robot(park, fake.address("wecom"), name="工作群")

    page = administrator.post("/settings/robots/add/", filled(fake)).content.decode()

    assert "已有同名的机器人" in page
    assert "566cc69da782ec6be1e5f2b9d0b9f4a0" in page


def test_name_given_twice_at_the_same_time_is_refused_in_words(administrator, fake, park, monkeypatch):
    """Somebody else is done between the check and the writing."""
    other = make_robot(park, fake.address("wecom"), name="别的群")
    check = RobotForm._check_address

    def check_while_somebody_adds(form: RobotForm, data: dict[str, object]) -> None:
        check(form, data)
        make_robot(park, fake.address("wecom"), name=str(data["name"]))

    monkeypatch.setattr(RobotForm, "_check_address", check_while_somebody_adds)
    answers = [
        administrator.post("/settings/robots/add/", filled(fake)),
        administrator.post(f"/settings/robots/{other.pk}/", filled(fake, name="新群")),
    ]

    assert [one.status_code for one in answers] == [HTTPStatus.UNPROCESSABLE_ENTITY] * 2
    assert all("已有同名的机器人" in one.content.decode() for one in answers)
    assert sorted(Robot.objects.values_list("name", flat=True)) == sorted(["别的群", "工作群", "新群"])


def test_test_message_tells_how_it_went(administrator, fake, park):
    robot = make_robot(park, fake.address("wecom"))
    fake.behave = lambda handler, path, body: answer("wecom", 93000, "invalid webhook url")
    refused = administrator.post(f"/settings/robots/{robot.pk}/test/", follow=True).content.decode()
    fake.behave = lambda handler, path, body: TAKEN["wecom"]

    taken = administrator.post(f"/settings/robots/{robot.pk}/test/", follow=True).content.decode()

    assert "测试消息没有发出去：机器人的地址不对" in refused
    assert "▲ 已停发" in refused
    assert "测试消息已发出" in taken
    assert "▲" not in taken


def test_robot_pauses_and_resumes(administrator, fake, park):
    robot = make_robot(park, fake.address("wecom"))

    administrator.post(f"/settings/robots/{robot.pk}/pause/")
    tell(make_person(park), group=True)
    paused = administrator.get("/settings/robots/").content.decode()
    administrator.post(f"/settings/robots/{robot.pk}/resume/")
    tell(make_person(park), group=True)

    robot.refresh_from_db()
    assert "已暂停" in paused
    assert robot.paused_at is None
    assert RobotMessage.objects.count() == 1


def test_address_stays_where_it_is_left_empty(administrator, fake, park):
    robot = make_robot(park, fake.address("dingtalk"), "dingtalk", SECRET, refused_at=NOW)

    administrator.post(f"/settings/robots/{robot.pk}/", filled(fake, address="", secret="", name="新名"))

    before, robot.name = robot.address, ""
    robot.refresh_from_db()
    assert [robot.name, robot.address, robot.refused_at] == ["新名", before, None]


def test_park_sets_its_rules(administrator, park):
    administrator.post("/settings/robots/", {"gather_minutes": "15"})

    rules = NoticeRules.objects.get()
    assert [rules.working_hours, rules.gather_minutes] == [False, 15]


def test_robots_are_for_administrators(park, fake):
    robot = make_robot(park, fake.address("wecom"))
    client = sign_in(park, make_person(park))

    answers = [client.get("/settings/robots/"), client.get(f"/settings/robots/{robot.pk}/"),
               client.post(f"/settings/robots/{robot.pk}/test/"), client.get("/settings/robots/add/")]  # fmt: skip

    assert {one.status_code for one in answers} == {HTTPStatus.NOT_FOUND}
    assert fake.asked == []


def test_person_sets_channels_and_hours(park):
    person = make_person(park, email="wq@example.cn")
    client = sign_in(park, person)

    client.post("/notices/wishes/", {"digest_hours": "14:30，9:00", "quiet_from": "12:00", "quiet_until": "14:00"})

    wish = NoticeWish.objects.get(person=person)
    assert [wish.email, wish.digest_hours, f"{wish.quiet_from:%H:%M}"] == [False, "09:00 14:30", "12:00"]
    assert "09:00 14:30" in client.get("/notices/wishes/").content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"digest_hours": "25:00"}, "请写成 9:00 14:30"),
        ({"digest_hours": "1:00 2:00 3:00 4:00 5:00"}, "最多 4 个"),
        ({"quiet_from": "12:00"}, "有起有止"),
        ({"quiet_from": "12:00", "quiet_until": "12:00"}, "起止相同"),
    ],
)
def test_wish_that_cannot_be_is_refused(park, typed, sentence):
    client = sign_in(park, make_person(park))

    page = client.post("/notices/wishes/", {"email": "on"} | typed)

    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in page.content.decode()
    assert not NoticeWish.objects.exists()


def test_list_numbers_the_notices(park):
    person: Person = make_person(park)
    tell(person)

    assert "第 1 条" in sign_in(park, person).get("/notices/").content.decode()
