"""Robots of three platforms against a server that answers as they document."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from lianshang.directory.models import Park
from lianshang.kernel import vault
from lianshang.notices import delivery, outgoing, robots
from lianshang.notices.models import Robot, RobotMessage
from lianshang.notices.posting import Refusal
from lianshang.notices.tests import fake_robots
from lianshang.notices.tests.fake_robots import SECRET, TAKEN, as_platform, say
from lianshang.notices.tests.test_services import NOW, make_person, park, tell

__all__ = ["park"]
TEXT = "链上：您有 1 件待办，请登录查看：http://127.0.0.1:8000/notices/"
KINDS = ("wecom", "dingtalk", "feishu")
SIGNING = ("dingtalk", "feishu")


def make_robot(park: Park, address: str, kind: str = "wecom", secret: str = "", **more: object) -> Robot:
    return Robot.objects.create(
        park=park, name=more.pop("name", f"{kind} 群"), kind=kind, address=vault.lock(address, purpose=robots.PURPOSE),
        secret=vault.lock(secret, purpose=robots.PURPOSE), **more,
    )  # fmt: skip


def refusal(robot: Robot) -> Refusal:
    with pytest.raises(Refusal) as found:
        robots.write(robot, TEXT, at=NOW)
    robot.refresh_from_db()
    return found.value


@pytest.mark.parametrize("kind", KINDS)
def test_text_reaches_the_platform_in_its_documented_form(park, fake, kind):
    fake.behave = as_platform(kind, NOW.timestamp)
    robot = make_robot(park, fake.address(kind), kind, SECRET if kind in SIGNING else "")

    robots.write(robot, TEXT, at=NOW)

    robot.refresh_from_db()
    assert fake.texts() == [TEXT]
    assert [robot.result, robot.tried_at, robot.refused_at] == ["已发送", NOW, None]
    path, body = fake.asked[0]
    assert fake.address(kind).endswith(path.partition("&timestamp")[0])
    assert set(body) == {"wecom": {"msgtype", "text"}, "dingtalk": {"msgtype", "text"}}.get(
        kind, {"msg_type", "content", "timestamp", "sign"}
    )


@pytest.mark.parametrize("kind", SIGNING)
@pytest.mark.parametrize("number", range(8))
def test_signature_is_escaped_once_whatever_signs_it_has(park, fake, kind, number):
    at = NOW + timedelta(seconds=number)
    fake.behave = as_platform(kind, at.timestamp)

    robots.write(make_robot(park, fake.address(kind), kind, SECRET), TEXT, at=at)

    assert len(fake.asked) == 1


@pytest.mark.parametrize(("kind", "why"), [("dingtalk", "加签密钥不对"), ("feishu", "加签密钥不对")])
def test_wrong_secret_is_refused_with_status_200_and_stops_the_robot(park, fake, kind, why):
    fake.behave = as_platform(kind, NOW.timestamp)
    robot = make_robot(park, fake.address(kind), kind, "SECwrong")

    found = refusal(robot)

    assert found.final
    assert why in robot.result
    assert robot.refused_at == NOW


@pytest.mark.parametrize("kind", SIGNING)
def test_clock_that_is_an_hour_wrong_is_refused(park, fake, kind):
    fake.behave = as_platform(kind, (NOW + timedelta(hours=2)).timestamp)

    found = refusal(make_robot(park, fake.address(kind), kind, SECRET))

    assert found.final
    assert "时钟" in found.why


def test_wecom_text_keeps_to_its_bytes_between_characters(park, fake):
    fake.behave = as_platform("wecom", NOW.timestamp)

    robots.write(make_robot(park, fake.address("wecom")), "待" * 3000, at=NOW)

    assert fake.texts() == ["待" * 682]


FINAL = [
    ("wecom", 93000, "invalid webhook url, hint: [16], from ip: 1.2.3.4", "重新复制"),
    ("wecom", 40058, "text.content exceed max length 2048", "参数"),
    ("wecom", 40008, "invalid message type", "不认这种消息"),
    ("wecom", 44004, "empty content", "空的"),
    ("dingtalk", 310000, "keywords not in content", "关键词"),
    ("dingtalk", 310000, "sign not match", "加签密钥"),
    ("dingtalk", 310000, "invalid timestamp", "时钟"),
    ("dingtalk", 310000, "ip 1.2.3.4 not in whitelist", "白名单"),
    ("dingtalk", 310000, "description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳", "加签密钥"),
    ("dingtalk", 310000, "description:关键词不匹配;solution:请联系群管理员查看此机器人的关键词", "关键词"),
    ("dingtalk", 300001, "token is not exist", "access_token"),
    ("dingtalk", 400013, "群已被解散", "解散"),
    ("dingtalk", 400102, "机器人已停用", "停用"),
    ("feishu", 19001, "param invalid: incoming webhook access token invalid", "重新复制"),
    ("feishu", 19021, "sign match fail or timestamp is not within one hour from current time", "加签密钥"),
    ("feishu", 19022, "Ip Not Allowed", "白名单"),
    ("feishu", 19024, "Key Words Not Found", "关键词"),
    ("feishu", 9499, "Bad Request", "格式"),
]
LATER = [
    ("wecom", 45009, "api freq out of limit", 60),
    ("wecom", -1, "system busy", 0),
    ("dingtalk", 130101, "send too fast, exceed 20 times per minute", 600),
    ("dingtalk", 410100, "发送速度太快而限流", 600),
    ("dingtalk", -1, "系统繁忙", 0),
    ("feishu", 11232, "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]", 60),
    ("feishu", 424242, "a code that nobody documented", 0),
]


def answer(kind: str, code: int, words: str) -> dict[str, object]:
    return {"code": code, "data": {}, "msg": words} if kind == "feishu" else {"errcode": code, "errmsg": words}


@pytest.mark.parametrize(("kind", "code", "words", "why"), FINAL)
def test_lasting_refusal_in_the_body_stops_the_robot_and_says_why(park, fake, kind, code, words, why):
    fake.behave = lambda handler, path, body: answer(kind, code, words)
    robot = make_robot(park, fake.address(kind), kind)

    found = refusal(robot)

    assert found.final
    assert why in robot.result
    assert str(code) in robot.result
    assert "1.2.3.4" not in robot.result
    assert robot.refused_at == NOW


@pytest.mark.parametrize(("kind", "code", "words", "wait"), LATER)
def test_passing_refusal_in_the_body_waits_as_long_as_the_platform_asks(park, fake, kind, code, words, wait):
    fake.behave = lambda handler, path, body: answer(kind, code, words)
    robot = make_robot(park, fake.address(kind), kind)

    found = refusal(robot)

    assert [found.final, found.wait.total_seconds(), robot.refused_at] == [False, wait, None]
    assert str(code) in robot.result


@pytest.mark.parametrize(
    ("behave", "final"),
    [
        (lambda handler, path, body: say(handler, 500, b"oops"), False),
        (lambda handler, path, body: say(handler, 502, b"<html>"), False),
        (lambda handler, path, body: say(handler, 429, b"{}"), False),
        (lambda handler, path, body: say(handler, 404, b""), True),
        (lambda handler, path, body: say(handler, 403, b"forbidden"), True),
        (lambda handler, path, body: say(handler, 200, b"<html>please sign in</html>"), False),
        (lambda handler, path, body: say(handler, 200, b"[" * 60_000), False),
        (lambda handler, path, body: say(handler, 200, b'"ok"'), False),
        (lambda handler, path, body: say(handler, 200, b'{"errcode": "0"}'), False),
        (lambda handler, path, body: say(handler, 200, b'{"errcode": false}'), False),
        (lambda handler, path, body: say(handler, 200, b"{}"), False),
        (lambda handler, path, body: say(handler, 200, b""), False),
        (lambda handler, path, body: say(handler, 200, b"\xff\xfe"), False),
        (lambda handler, path, body: say(handler, 500, b'{"errcode": 0}'), False),
        (fake_robots.endless, False),
    ],
)
def test_answer_that_is_none_is_no_success(park, fake, behave, final):
    fake.behave = behave
    robot = make_robot(park, fake.address("wecom"))

    found = refusal(robot)

    assert found.final == final
    assert robot.result != "已发送"


@pytest.mark.parametrize(
    "behave",
    [
        lambda handler, path, body: say(handler, 200, b"<html>please sign in</html>"),
        lambda handler, path, body: say(handler, 307, b"", Location="/elsewhere"),
    ],
)
def test_what_is_no_robot_stops_after_a_few_tries(park, fake, behave):
    fake.behave = behave
    robot, at = make_robot(park, fake.address("wecom")), NOW
    tell(make_person(park), at=NOW, group=True)

    for _ in range(9):
        delivery.send_to_robots(park, at)
        at = RobotMessage.objects.get().not_before

    robot.refresh_from_db()
    assert len(fake.asked) == 5
    assert robot.refused_at
    assert "请核对地址" in robot.result


@pytest.mark.parametrize("behave", [fake_robots.silent, fake_robots.dribbling, fake_robots.dribbling_heads])
def test_slow_answer_is_cut_off(park, fake, monkeypatch, behave):
    monkeypatch.setattr(outgoing, "SILENCE", 0.4)
    monkeypatch.setattr(outgoing, "LONGEST", 0.8)
    fake.behave = behave

    found = refusal(make_robot(park, fake.address("wecom")))

    assert not found.final
    assert fake.heard(1)


def test_redirect_is_not_followed(park, fake):
    elsewhere = f"http://127.0.0.1:{fake.port}/elsewhere"
    fake.behave = lambda handler, path, body: (
        TAKEN["wecom"] if path == "/elsewhere" else say(handler, 307, b"", Location=elsewhere)
    )

    found = refusal(make_robot(park, fake.address("wecom")))

    assert len(fake.asked) == 1
    assert "没有照做" in found.why


def test_nobody_listens(park, fake):
    found = refusal(make_robot(park, "http://127.0.0.1:9/cgi-bin/webhook/send?key=1"))

    assert not found.final
    assert "连不上" in found.why


def test_address_is_unreadable_in_the_database_and_lost_with_the_key(park, fake, settings: LazySettings):
    robot = make_robot(park, fake.address("dingtalk"), "dingtalk", SECRET)
    stored = str(list(Robot.objects.values()))

    settings.SECRET_KEY, old = "another key of this site, long enough for everybody", settings.SECRET_KEY
    lost = refusal(robot)
    settings.SECRET_KEY_FALLBACKS = [old]
    robots.write(robot, TEXT, at=NOW)

    assert "566cc69da782ec6be1e5f2b9d0b9f4a0" not in stored
    assert SECRET not in stored
    assert lost.final
    assert robots.shown(robot) == "127.0.0.1/…f4a0"
