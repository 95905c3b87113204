"""A server that answers as the three platforms do, or does not, on a port of this machine."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "SECaf0a31b7/+with=signs"
PATIENCE = 20  # seconds, on a machine that is busy
TAKEN = {"wecom": {"errcode": 0, "errmsg": "ok"}, "dingtalk": {"errcode": 0, "errmsg": "ok"},
         "feishu": {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}}  # fmt: skip


@dataclass
class Fake:
    """`behave` answers the next requests: with a document, or by itself on the handler."""

    port: int = 0
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    behave: Callable[[BaseHTTPRequestHandler, str, dict[str, Any]], Any] = lambda handler, path, body: TAKEN["wecom"]

    def address(self, kind: str) -> str:
        path = {
            "wecom": "/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
            "dingtalk": "/robot/send?access_token=566cc69da782ec6be1e5f2b9d0b9f4a0",
            "feishu": "/open-apis/bot/v2/hook/5b7c1f0e-1111-2222-3333-444455556666",
        }[kind]
        return f"http://127.0.0.1:{self.port}{path}"

    def heard(self, count: int) -> bool:
        """Wait until so many asked, for a caller may hang up before this server had its turn; True if no more did."""
        until = time.monotonic() + PATIENCE
        while len(self.asked) < count and time.monotonic() < until:
            time.sleep(0.01)
        return len(self.asked) == count

    def texts(self) -> list[str]:
        return [
            body["text"]["content"] if body.get("msgtype") == "text" else body["content"]["text"]
            for _, body in self.asked
        ]


@contextmanager
def serving() -> Iterator[Fake]:
    fake = Fake()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.asked.append((self.path, body))
            answer = fake.behave(self, self.path, body)
            if answer is not None:
                say(self, 200, json.dumps(answer).encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *args: None  # type: ignore[method-assign] # the caller hangs up where it is told to
    server.daemon_threads = True
    fake.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def say(handler: BaseHTTPRequestHandler, status: int, content: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(content)


def as_platform(kind: str, now: Callable[[], float]) -> Callable[..., Any]:
    """Behave as the platform: check the form of the message and, where it signs, the signature and its time."""

    def behave(handler: BaseHTTPRequestHandler, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu}[kind](path, body, now())

    return behave


def _digest(key: str, words: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()).decode()


def _wecom(path: str, body: dict[str, Any], now: float) -> dict[str, Any]:
    content = body["text"]["content"].encode()
    if len(content) > 2048:
        return {"errcode": 40058, "errmsg": "text.content exceed max length 2048"}
    return TAKEN["wecom"]


def _dingtalk(path: str, body: dict[str, Any], now: float) -> dict[str, Any]:
    """The query is unescaped once, as servers do."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    if abs(int(asked.get("timestamp", "0")) / 1000 - now) > 3600:
        return {"errcode": 310000, "errmsg": "invalid timestamp"}
    if asked.get("sign") != _digest(SECRET, f"{asked['timestamp']}\n{SECRET}"):
        return {"errcode": 310000, "errmsg": "sign not match"}
    return TAKEN["dingtalk"]


def _feishu(path: str, body: dict[str, Any], now: float) -> dict[str, Any]:
    stamp = body.get("timestamp", "0")
    if abs(int(stamp) - now) > 3600 or body.get("sign") != _digest(f"{stamp}\n{SECRET}", ""):
        return {
            "code": 19021,
            "data": {},
            "msg": "sign match fail or timestamp is not within one hour from current time",
        }
    return TAKEN["feishu"]


def silent(handler: BaseHTTPRequestHandler, path: str, body: dict[str, Any]) -> None:
    """Answer nothing for longer than anybody waits."""
    time.sleep(2)


def dribbling(handler: BaseHTTPRequestHandler, path: str, body: dict[str, Any]) -> None:
    """Never silent for long, and never done."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    _drip(handler)


def dribbling_heads(handler: BaseHTTPRequestHandler, path: str, body: dict[str, Any]) -> None:
    """The same before the answer has begun."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _drip(handler)


def _drip(handler: BaseHTTPRequestHandler) -> None:
    for _ in range(60):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def endless(handler: BaseHTTPRequestHandler, path: str, body: dict[str, Any]) -> None:
    say(handler, 200, b" " * 200_000)
