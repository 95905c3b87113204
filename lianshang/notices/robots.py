"""Robots of 企业微信, 钉钉 and 飞书: how each wants a text, how it signs, and how it says no.

All three answer a refusal with HTTP 200 and a code in the body, so the status alone says nothing.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus, urlsplit

from lianshang.kernel import vault
from lianshang.notices import outgoing
from lianshang.notices.models import Robot, RobotMessage
from lianshang.notices.posting import Refusal
from lianshang.notices.robot_replies import AGAIN, BUSY, ELSEWHERE, REPLIES, STRANGE, Reply

PURPOSE = "robots"
MOST_A_MINUTE = 18  # each platform allows 20; two are left for the test button
MINUTE = timedelta(minutes=1)
WECOM_BYTES = 2048
SENT = "已发送"

Call = tuple[str, dict[str, Any]]  # address and body


@dataclass(frozen=True)
class Platform:
    """Its own hosts, how a call is made, and where the answer has its code and its words."""

    hosts: frozenset[str]
    call: Callable[[str, str, str, datetime], Call]
    code: tuple[str, ...]
    words: tuple[str, ...]


def _wecom(address: str, secret: str, text: str, at: datetime) -> Call:
    return address, {"msgtype": "text", "text": {"content": shortened(text, WECOM_BYTES)}}


def _dingtalk(address: str, secret: str, text: str, at: datetime) -> Call:
    """Signed in the address: milliseconds, and the digest escaped exactly once."""
    if secret:
        millis = str(int(at.timestamp() * 1000))
        sign = quote_plus(_digest(secret, f"{millis}\n{secret}"))
        address = f"{address}{'&' if '?' in address else '?'}timestamp={millis}&sign={sign}"
    return address, {"msgtype": "text", "text": {"content": text}}


def _feishu(address: str, secret: str, text: str, at: datetime) -> Call:
    """Signed in the body: seconds, and the digest of nothing under time and secret."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        seconds = str(int(at.timestamp()))
        body |= {"timestamp": seconds, "sign": _digest(f"{seconds}\n{secret}", "")}
    return address, body


def _digest(key: str, words: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()).decode()


PLATFORMS = {
    Robot.Kind.WECOM: Platform(frozenset({"qyapi.weixin.qq.com"}), _wecom, ("errcode",), ("errmsg",)),
    Robot.Kind.DINGTALK: Platform(frozenset({"oapi.dingtalk.com"}), _dingtalk, ("errcode",), ("errmsg",)),
    Robot.Kind.FEISHU: Platform(
        frozenset({"open.feishu.cn", "open.larksuite.com"}), _feishu, ("code", "StatusCode"), ("msg", "StatusMessage")
    ),
}


def shortened(text: str, most: int) -> str:
    """Cut the text to so many bytes of UTF-8, between characters."""
    return text.encode()[:most].decode(errors="ignore")


def write(robot: Robot, text: str, *, at: datetime, tries: int = 1) -> None:
    """Write into the chat and keep how it went on the robot. Raises `Refusal`; a final one stops the robot.

    `tries`: how often this text was tried, with this time.
    """
    try:
        _send(robot, text, at, tries)
    except Refusal as refusal:
        _note(robot, refusal.why, at=at, refused_at=at if refusal.final else robot.refused_at)
        raise
    _note(robot, SENT, at=at, refused_at=None)


def held(leader: RobotMessage, now: datetime) -> datetime | None:
    """Return until when the robot has written enough, or None."""
    written = RobotMessage.objects.filter(
        park=leader.park_id, robot=leader.robot_id, carried_by=None, sent_at__gt=now - MINUTE
    )
    times = [moment for moment in written.order_by("-sent_at").values_list("sent_at", flat=True) if moment]
    return times[MOST_A_MINUTE - 1] + MINUTE if len(times) >= MOST_A_MINUTE else None


def _send(robot: Robot, text: str, at: datetime, tries: int) -> None:
    platform = PLATFORMS[Robot.Kind(robot.kind)]
    try:
        address = vault.unlock(robot.address, purpose=PURPOSE)
        secret = vault.unlock(robot.secret, purpose=PURPOSE)
    except vault.Locked:
        raise Refusal("密钥换过，存下的地址读不出来了，请重新填写", final=True) from None
    url, body = platform.call(address, secret, text, at)
    try:
        status, answer = outgoing.post_json(url, body, platform.hosts)
    except outgoing.Forbidden as refusal:
        raise Refusal(refusal.why, final=True) from refusal
    except outgoing.Unreachable as refusal:
        raise Refusal(refusal.why) from refusal
    _judge(platform, robot.kind, status, answer, tries)


def _judge(platform: Platform, kind: str, status: int, answer: bytes, tries: int) -> None:
    """Raise `Refusal` unless the answer says in so many words that the text was taken."""
    code, words = _said(platform, answer)
    if code == 0 and status == HTTPStatus.OK:
        return
    reply = REPLIES[kind].get(code) if code is not None else None
    if reply is None:
        reply = _by_status(status, code)
    why = reply.because(words)
    told = code if code is not None else f"HTTP {status}"
    raise Refusal(f"{why}（{told}）", wait=reply.wait, final=reply.ends(tries))


def _said(platform: Platform, answer: bytes) -> tuple[int | None, str]:
    """Return the answer's code and words; None where it is not in the documented form."""
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        return None, ""
    if not isinstance(told, dict):
        return None, ""
    code = next((told[name] for name in platform.code if type(told.get(name)) is int), None)
    return code, next((str(told[name]) for name in platform.words if told.get(name)), "")


def _by_status(status: int, code: int | None) -> Reply:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return BUSY
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return ELSEWHERE
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return Reply("地址不对或已停用，请重新复制", final=True)
    return AGAIN if code is not None or status >= HTTPStatus.INTERNAL_SERVER_ERROR else STRANGE


def _note(robot: Robot, result: str, *, at: datetime, refused_at: datetime | None) -> None:
    robot.tried_at, robot.result, robot.refused_at = at, result[:100], refused_at
    rows = Robot.objects.filter(park=robot.park_id, pk=robot.pk)
    rows.update(tried_at=at, result=robot.result, refused_at=refused_at)


def shown(robot: Robot) -> str:
    """Return the address as an administrator may see it: its host and its last four characters."""
    try:
        address = vault.unlock(robot.address, purpose=PURPOSE)
    except vault.Locked:
        return "读不出来的地址"
    return f"{urlsplit(address).hostname}/…{address[-4:]}"
